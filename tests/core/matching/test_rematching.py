"""A rematch of everyone: as good as matching afresh, and among equals those stay together who are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import product

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.history import History, KnownRelationship
from mentorkit.core.matching import match
from mentorkit.core.program import CriterionUse, Program
from mentorkit.core.roster import Person
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import a_person, a_program, a_relationship, a_roster

CATALOGUE = build_catalogue()
SKILLS = CriterionUse("skills", "overlap", 1, "wants", "skills", ("mentee", "mentor"))
WHEN = datetime(2026, 6, 1, tzinfo=UTC)
COVERAGE_FIRST = ("coverage", "total-score")

Pair = tuple[str, str]


def the_program(objective: tuple[str, ...] = COVERAGE_FIRST) -> Program:
    program = a_program()
    return evolve(program, matching=evolve(program.matching, criteria=(SKILLS,), rules=(), objective=objective))


def having_published(pairs: Iterable[Pair]) -> History:
    together = (a_relationship((mentor, "mentor"), (mentee, "mentee")) for mentee, mentor in sorted(pairs))
    return History(relationships=tuple(KnownRelationship(one, "published", WHEN) for one in together))


def rematched(
    people: Sequence[Person], pairs: Iterable[Pair], objective: tuple[str, ...] = COVERAGE_FIRST
) -> set[Pair]:
    program = the_program(objective)
    outcome = match(program, a_roster(*people), CATALOGUE, having_published(pairs), rematch=True)
    assert outcome.matching.certificate.exact
    return {one.people("mentee") + one.people("mentor") for one in outcome.matching.relationships}


def points(mentee: Person, mentor: Person) -> int:
    return round(1000 * len(mentee.values["wants"] & mentor.values["skills"]) / len(mentee.values["wants"]))


def all_matchings(mentees: Sequence[Person], mentors: Sequence[Person]) -> Iterable[set[Pair]]:
    for choice in product((None, *mentors), repeat=len(mentees)):
        if all(choice.count(mentor) <= mentor.places["mentor"] for mentor in mentors):
            yield {(e.id, m.id) for e, m in zip(mentees, choice, strict=True) if m is not None}


@st.composite
def programs_that_go_on(draw: st.DrawFn) -> tuple[list[Person], list[Person], set[Pair]]:
    """Draw mentees, mentors with places for all of them together, and who is in a published relationship."""
    tags = st.frozensets(st.sampled_from("ab"), min_size=1)
    mentees = [a_person(f"e{i}", "mentee", wants=draw(tags)) for i in range(draw(st.integers(1, 4)))]
    places = draw(st.lists(st.integers(1, 2), min_size=1, max_size=4).filter(lambda all_: sum(all_) >= len(mentees)))
    mentors = [a_person(f"m{i}", "mentor", places=many, skills=draw(tags)) for i, many in enumerate(places)]
    return mentees, mentors, draw(st.sampled_from(list(all_matchings(mentees, mentors))))


@settings(max_examples=120, deadline=None)
@given(programs_that_go_on(), st.sampled_from([COVERAGE_FIRST, (*COVERAGE_FIRST, "fewest-changes"), ("coverage",)]))
def test_among_the_best_matchings_as_many_published_pairs_are_kept_as_can_be(
    life: tuple[list[Person], list[Person], set[Pair]], objective: tuple[str, ...]
) -> None:
    mentees, mentors, published = life
    score = {(e.id, m.id): points(e, m) for e in mentees for m in mentors}

    def worth(pairs: set[Pair]) -> tuple[int, int, int]:
        return len(pairs), sum(score[pair] for pair in pairs), len(pairs & published)

    best = max(worth(pairs) for pairs in all_matchings(mentees, mentors))
    assert best == worth(rematched([*mentees, *mentors], published, objective))


@settings(max_examples=60, deadline=None)
@given(programs_that_go_on())
def test_where_changes_matter_more_than_points_pairs_part_for_a_place_alone(
    life: tuple[list[Person], list[Person], set[Pair]],
) -> None:
    mentees, mentors, published = life
    score = {(e.id, m.id): points(e, m) for e in mentees for m in mentors}

    def worth(pairs: set[Pair]) -> tuple[int, int, int]:
        return len(pairs), len(pairs & published), sum(score[pair] for pair in pairs)

    best = max(worth(pairs) for pairs in all_matchings(mentees, mentors))
    found = rematched([*mentees, *mentors], published, ("coverage", "fewest-changes", "total-score"))
    assert best == worth(found)


@settings(max_examples=30, deadline=None)
@given(programs_that_go_on())
def test_with_nothing_published_wanting_few_changes_changes_nothing(
    life: tuple[list[Person], list[Person], set[Pair]],
) -> None:
    mentees, mentors, _ = life
    assert rematched([*mentees, *mentors], ()) == rematched(
        [*mentees, *mentors], (), ("coverage", "fewest-changes", "total-score")
    )


@pytest.mark.parametrize("kept", ["e1", "e2"])
@pytest.mark.parametrize("newcomers", [0, 1])
def test_where_places_have_become_too_few_a_pair_stays_rather_than_another_of_equals_comes(
    kept: str, newcomers: int
) -> None:
    mentees = [a_person(f"e{number}", "mentee", wants=frozenset("a")) for number in range(1, 3 + newcomers)]
    other = "e1" if kept == "e2" else "e2"
    mentor = a_person("m1", "mentor", skills=frozenset("a"))
    no_mentor_now = evolve(a_person("m2", "mentor", skills=frozenset("a")), roles=())
    found = rematched([*mentees, mentor, no_mentor_now], {(kept, "m1"), (other, "m2")})
    assert {(kept, "m1")} == found
