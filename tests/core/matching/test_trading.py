"""What objectives cost each other, compared with all matchings there are."""

from __future__ import annotations

from collections import Counter
from itertools import product
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.diagnostics import error
from mentorkit.core.errors import ProgramError
from mentorkit.core.history import History
from mentorkit.core.matching.solving import MatchingOutcome, match
from mentorkit.core.matching.trading import Trade, trade_off, values
from mentorkit.core.program import CriterionUse, Program, RuleUse
from mentorkit.core.relationships import Certificate, Matching
from mentorkit.core.roster import Person, Roster
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import a_person, a_program, a_roster
from mentorkit_criteria.seniority import SeniorityGapOptions

CATALOGUE = build_catalogue()
SKILLS = CriterionUse("skills", "overlap", 1, "wants", "skills", ("mentee", "mentor"))
GAP = RuleUse("gap", "seniority-gap", SeniorityGapOptions(at_least=1))
COVERAGE, SCORE, WORST, LOAD = "coverage", "total-score", "worst-off", "even-load"


def a_program_for(*objective: str) -> Program:
    program = a_program()
    return evolve(program, matching=evolve(program.matching, criteria=(SKILLS,), rules=(GAP,), objective=objective))


def mentee(person: str, wants: str, level: int = 2) -> Person:
    return a_person(person, "mentee", wants=frozenset(wants), level=level)


def mentor(person: str, skills: str, level: int = 4, places: int = 1) -> Person:
    return a_person(person, "mentor", places=places, skills=frozenset(skills), level=level)


def traded(roster: Roster, *objective: str) -> tuple[Trade, ...]:
    def make(names: tuple[str, ...]) -> MatchingOutcome:
        return match(a_program_for(*names), roster, CATALOGUE, History())

    return trade_off(objective, make(objective), make)


def test_placing_everybody_can_cost_points() -> None:
    roster = a_roster(
        mentee("e1", "ab"), mentee("e2", "c", 3), mentor("m1", "ab", 4), mentor("m2", "d", 3)
    )  # e2 can only have m1
    (trade,) = traded(roster, COVERAGE, SCORE)
    assert Trade(COVERAGE, SCORE, 0.0, 100.0, matched=2, matched_without=1, proven=True) == trade
    assert 100.0 == trade.amount


def test_an_even_load_can_cost_points_and_points_an_even_load() -> None:
    roster = a_roster(mentee("e1", "ab"), mentee("e2", "ab"), mentor("m1", "ab", places=2), mentor("m2", "a"))
    before, after = traded(roster, COVERAGE, LOAD, SCORE)
    assert "without coverage, matching nobody would be best" == before.reason
    assert before.amount is None
    assert (LOAD, SCORE, 50.0, 150.0, 200.0) == (after.objective, after.costs, after.amount, after.value, after.without)
    assert (2.0, 4, 2) == tuple(
        getattr(traded(roster, COVERAGE, SCORE, LOAD)[1], name) for name in ("amount", "value", "without")
    )


def test_one_objective_costs_nothing() -> None:
    assert () == traded(a_roster(mentee("e1", "a"), mentor("m1", "a")), COVERAGE)


def test_what_is_not_proven_is_called_so() -> None:
    unsure = MatchingOutcome(Matching((), (), (), Certificate("random", False, 3, 100.0)), (), ())
    (trade,) = trade_off((COVERAGE, SCORE), unsure, lambda _names: unsure)
    assert Trade(COVERAGE, SCORE, 100.0, 100.0, matched=3, matched_without=3) == trade
    assert 0.0 == trade.amount


def test_an_objective_that_makes_no_sense_alone_is_told_with_the_reason() -> None:
    made = MatchingOutcome(Matching((), (), (), Certificate("picky", True, 0, 0.0)), (), ())

    def refuse(_names: tuple[str, ...]) -> MatchingOutcome:
        raise ProgramError([error("unknown-objective", "it is not known")])

    (trade,) = trade_off((COVERAGE, WORST), made, refuse)
    assert ("it is not known", None, None) == (trade.reason, trade.value, trade.amount)


@st.composite
def rosters(draw: st.DrawFn) -> Roster:
    tags = st.sets(st.sampled_from("abcd"), min_size=1, max_size=3).map("".join)
    level = st.integers(1, 4)
    mentees = [mentee(f"e{n}", draw(tags), draw(level)) for n in range(draw(st.integers(1, 4)))]
    mentors = [
        mentor(f"m{n}", draw(tags), draw(level), draw(st.integers(1, 3))) for n in range(draw(st.integers(1, 3)))
    ]
    return a_roster(*mentees, *mentors)


def everything(roster: Roster) -> list[dict[str, Any]]:
    """Return how far each objective is reached in every allowed matching."""
    mentees, mentors = ([one for one in roster.people if role in one.roles] for role in ("mentee", "mentor"))
    found = []
    for chosen in product([None, *mentors], repeat=len(mentees)):
        pairs = [(e, m) for e, m in zip(mentees, chosen, strict=True) if m is not None]
        loads = Counter(m.id for _e, m in pairs)
        if any(loads[one.id] > one.places["mentor"] for one in mentors):
            continue
        if any(m.values["level"] <= e.values["level"] for e, m in pairs):  # type: ignore[operator]
            continue
        scores = [_tenths(e, m) for e, m in pairs]
        found.append(
            {
                COVERAGE: len(pairs),
                SCORE: sum(scores) / 10,
                WORST: min(scores) / 10 if scores else None,
                LOAD: sum(load * load for load in loads.values()),
            }
        )
    return found


def _tenths(one: Person, other: Person) -> int:
    wants, skills = one.values["wants"], other.values["skills"]
    assert isinstance(wants, frozenset)
    assert isinstance(skills, frozenset)
    return int(1000 * len(wants & skills) / len(wants) + 0.5)


def best(matchings: list[dict[str, Any]], objective: tuple[str, ...], of: str) -> Any:
    def worth(one: dict[str, Any]) -> list[float]:
        return [-one[LOAD] if name == LOAD else (one[name] if one[name] is not None else 101) for name in objective]

    return max(matchings, key=worth)[of]


@settings(max_examples=60)
@given(
    rosters(),
    st.sampled_from(
        [
            (COVERAGE, SCORE),
            (SCORE, COVERAGE),
            (COVERAGE, WORST, SCORE),
            (COVERAGE, LOAD, SCORE),
            (COVERAGE, SCORE, LOAD),
            (COVERAGE, SCORE, WORST),
            (COVERAGE, LOAD, WORST, SCORE),
        ]
    ),
)
def test_each_cost_is_what_the_best_of_all_matchings_differ_by(roster: Roster, objective: tuple[str, ...]) -> None:
    matchings = everything(roster)
    for trade in traded(roster, *objective):
        assert pytest.approx(best(matchings, objective, trade.costs)) == trade.value
        if trade.reason:
            assert COVERAGE == trade.objective
            continue
        rest = tuple(name for name in objective if name != trade.objective)
        assert pytest.approx(best(matchings, rest, trade.costs)) == trade.without
        assert trade.proven
        assert trade.amount is None or trade.amount >= 0


def test_values_of_an_empty_matching() -> None:
    outcome = match(a_program_for(COVERAGE), a_roster(mentee("e1", "a", 4), mentor("m1", "a", 1)), CATALOGUE, History())
    assert {COVERAGE: 0, SCORE: 0.0, WORST: None, LOAD: 0, "fewest-changes": 0} == values(outcome)
