from __future__ import annotations

import pytest
from attrs import evolve

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
        return RosterFacts(200, {"mentor": 80, "mentee": 100}, {"mentor": places, "mentee": 100}, levels=4)

    assert {"career-growth": 3, "quick-win": 0} == MODEL.fit(["career-growth", "quick-win"], facts(100)).goals
    (short,) = MODEL.fit([], facts(50)).gates
    (nearly,) = MODEL.fit([], facts(95)).gates
    assert ("80 mentors offer 50 places for 100 mentees: 50 more are needed", True, False) == (
        short.says,
        short.blocks,
        nearly.blocks,
    )
    assert () == MODEL.fit([], facts(100)).gates


def test_it_takes_months_and_an_hour_of_each_month() -> None:
    facts = RosterFacts(2, {"mentor": 1, "mentee": 1}, {"mentor": 1, "mentee": 1}, 2, weeks=8, hours=0.5)

    assert [-2, -2] == [one.points for one in MODEL.fit([], facts).modifiers]
    assert () == MODEL.fit([], evolve(facts, weeks=12, hours=1)).modifiers


def test_it_says_whom_to_ask_for_what_the_roster_lacks() -> None:
    lacks = MODEL.fit([], RosterFacts(2, filled={"wants": 0.5, "manager_id": 0.0})).lacks

    assert [("manager_id", "HR"), ("skills", "the people, as they sign up")] == [(one.what, one.whom) for one in lacks]
