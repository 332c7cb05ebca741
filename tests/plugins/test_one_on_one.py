from __future__ import annotations

import pytest

from mentorkit.core.relationships import Member, Relationship
from mentorkit.core.roster import RosterFacts
from mentorkit_models.one_on_one import OneOnOne

MODEL = OneOnOne()


@pytest.mark.parametrize(
    ("levels", "mentors", "mentees"),
    [
        ([], set(), set()),
        ([3.0], set(), {3.0}),
        ([1.0, 2.0], {2.0}, {1.0}),
        ([1.0, 2.0, 5.0], {5.0}, {1.0, 2.0}),
        ([1.0, 2.0, 5.0, 6.0], {5.0, 6.0}, {1.0, 2.0}),
    ],
)
def test_the_upper_half_of_the_levels_are_mentors(
    levels: list[float], mentors: set[float], mentees: set[float]
) -> None:
    assert {"mentor": mentors, "mentee": mentees} == MODEL.roles_by_level(levels)


def test_the_pair_counts_as_who_wants_and_who_offers() -> None:
    members = (Member("9", "mentor"), Member("1", "mentee"))
    assert [(members[1], members[0])] == MODEL.counted_pairs(None, members)
    assert MODEL.on_leaving(None, Relationship("r", members, 1.0), "9") == "end"


def test_it_suits_careers_and_needs_mentors() -> None:
    def facts(places: int) -> RosterFacts:
        return RosterFacts(200, {"mentor": 80, "mentee": 100}, {"mentor": places, "mentee": 100})

    assert MODEL.fit(["career-growth"], facts(100)).score == 1.0
    assert MODEL.fit(["career-growth"], facts(50)).score == 0.5
    assert MODEL.fit(["quick-win"], facts(100)).score < MODEL.fit(["leadership"], facts(100)).score
    assert "the mentors have 50 places for 100 mentees" in MODEL.fit([], facts(50)).reasons
    assert "one-on-one mentoring serves leadership" in MODEL.fit(["leadership"], facts(50)).reasons
