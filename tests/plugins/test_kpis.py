"""The bundled key figures, on counts made by hand."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from mentorkit.core.contracts import AnswerFacts, Kpi, KpiFacts, Measure, RelationshipFacts, RequestFacts
from mentorkit.plugin_loading import build_catalogue
from mentorkit_kpis import mentorkit_kpis
from mentorkit_kpis.lives import RetentionOptions
from mentorkit_kpis.surveys import Asked

FACTS = KpiFacts(
    participants={"mentor": 10, "mentee": 20},
    matched={"mentor": 9, "mentee": 18},
    active={"mentor": 8, "mentee": 15},
    served_roles=("mentee",),
    offering_roles=("mentor",),
    relationships_started=18,
    relationships_ended_early=3,
    sessions_planned_so_far=40,
    sessions_held=34,
    sessions_reported=36,
    attendances=150,
    attendances_told=180,
    days_to_match=(10, 20),
    days_to_first_session=(7, 14, 21),
    eligible=50,
    signed_up=30,
    related=27,
    heard=20,
    weeks=20,
    cadence_days=28,
    requests=RequestFacts(7, 3, 12, 9, 8, 2, (1, 3, 8)),
    relationships=(
        RelationshipFacts(100, 100, True, 42.0),
        RelationshipFacts(100, 100, True, 43.0),
        RelationshipFacts(100, 30, False, 80.0),
        RelationshipFacts(10, 10, True),
    ),
)


def measure(name: str, options: Any = None, **changes: Any) -> Measure:
    kpi = next(kpi for kpi in mentorkit_kpis() if kpi.name == name)
    return kpi.measure(options, evolve(FACTS, **changes))


def answers(kind: str, counts: dict[str, int], small: int = 5, **changes: Any) -> dict[str, Any]:
    facts = AnswerFacts(kind, changes.pop("scale", (1, 5)), 60, sum(counts.values()), counts, small, **changes)
    return {"options": Asked("closing", "it"), "questions": {"closing.it": facts}}


@pytest.mark.parametrize(
    ("name", "numerator", "denominator"),
    [
        ("match-rate", 18, 20),
        ("mentor-utilization", 8, 10),
        ("session-completion", 34, 40),
        ("attendance", 150, 180),
        ("days-to-match", 30, 2),
        ("days-to-first-session", 42, 3),
        ("cancellation-rate", 2, 36),
        ("early-end-rate", 3, 18),
        ("participation-rate", 30, 50),
        ("response-rate", 20, 27),
        ("fill-rate", 9, 12),
        ("topics-unserved", 2, 8),
        ("repeat-requests", 3, 7),
        ("days-to-answer", 12, 3),
        ("active-pair-rate", 1, 3),
        ("retention", 2, 3),
    ],
)
def test_each_is_numerator_by_denominator(name: str, numerator: int, denominator: int) -> None:
    assert Measure(numerator, denominator) == measure(name)
    assert numerator / denominator == measure(name).value


def test_a_share_of_nobody_has_no_value() -> None:
    assert (
        measure("match-rate", participants={"mentor": 0, "mentee": 0}, matched={"mentor": 0, "mentee": 0}).value is None
    )
    assert measure("days-to-match", days_to_match=()).value is None


def test_sessions_nobody_spoke_of_do_not_count_as_missed() -> None:
    assert measure("session-completion", sessions_held=0, sessions_reported=0).value is None


def test_sessions_reported_as_missed_do_count() -> None:
    assert measure("session-completion", sessions_held=0, sessions_reported=2).value == 0


def test_among_peers_everybody_is_served() -> None:
    peers = {"participants": {"peer": 8}, "matched": {"peer": 6}, "active": {"peer": 6}}

    assert Measure(6, 8) == measure("match-rate", served_roles=("peer",), offering_roles=(), **peers)
    assert measure("mentor-utilization", served_roles=("peer",), offering_roles=(), **peers).value is None


@given(people=st.integers(1, 500), matched=st.integers(0, 500))
def test_shares_stay_between_nothing_and_everything(people: int, matched: int) -> None:
    value = measure("match-rate", participants={"mentee": people}, matched={"mentee": min(matched, people)}).value

    assert value is not None
    assert 0 <= value <= 1


def test_they_come_in_by_the_entry_point() -> None:
    offered = build_catalogue().kpis

    assert {kpi.name for kpi in mentorkit_kpis()} <= set(offered)
    assert all(isinstance(offered[kpi.name].implementation, Kpi) for kpi in mentorkit_kpis())
    bounded_above = {kpi.name for kpi in mentorkit_kpis() if kpi.at_most}
    days = {"days-to-match", "days-to-first-session", "days-to-answer"}
    assert {*days, "cancellation-rate", "topics-unserved", "early-end-rate"} == bounded_above


def test_every_one_says_what_it_counts() -> None:
    for kpi in mentorkit_kpis():
        options = Asked("closing", "it") if kpi.options is Asked else kpi.options() if kpi.options else None
        made = kpi.measure(options, FACTS)
        assert made.counted
        assert made.among


def test_retention_asks_only_those_that_are_old_enough() -> None:
    assert Measure(4, 4) == measure("retention", RetentionOptions(weeks=1))
    assert Measure(2, 3) == measure("retention", RetentionOptions(weeks=5))
    assert measure("retention", RetentionOptions(weeks=30)).value is None


def test_who_meets_cannot_be_told_before_anybody_has_said_so() -> None:
    silent = tuple(evolve(one, days_since_met=None) for one in FACTS.relationships)
    assert measure("active-pair-rate", relationships=silent, sessions_reported=0).value is None
    assert 0 == measure("active-pair-rate", relationships=silent, sessions_reported=1).value


def test_the_mean_of_a_scale() -> None:
    assert Measure(96, 22) == measure("survey-mean", **answers("scale", {"1": 0, "3": 7, "4": 0, "5": 15}, small=5))


def test_a_mean_gives_no_small_count_away() -> None:
    few = answers("scale", {"1": 1, "3": 7, "5": 15})
    assert Measure(95, 23) == measure("survey-mean", **few)
    assert Measure(97, 23) == measure("survey-mean", **answers("scale", {"1": 1, "3": 7, "5": 15}, small=1))


def test_promoters_minus_detractors() -> None:
    marks = {"0": 5, "6": 5, "7": 5, "8": 5, "9": 10, "10": 10}
    assert 25 == measure("nps", **answers("scale", marks, scale=(0, 10))).value
    assert -100 == measure("nps", **answers("scale", {"0": 9}, scale=(0, 10))).value
    assert measure("nps", **answers("scale", {"1": 5}, scale=(1, 5))).value is None


@pytest.mark.parametrize(
    ("yes", "no", "told"),
    [
        (30, 10, Measure(30, 40)),
        (38, 2, Measure(36, 40, "at least")),
        (2, 38, Measure(4, 40, "at most")),
        (4, 4, Measure(0, 0, "withheld")),
        (40, 0, Measure(40, 40)),
        (0, 0, Measure(0, 0)),
    ],
)
def test_goals_that_are_reached(yes: int, no: int, told: Measure) -> None:
    assert told == measure("goal-attainment", **answers("yes-no", {"yes": yes, "no": no}))


@pytest.mark.parametrize("name", ["survey-mean", "nps", "goal-attainment"])
def test_too_few_answers_are_not_told(name: str) -> None:
    kept = answers("scale" if name != "goal-attainment" else "yes-no", {}, withheld=True, scale=(0, 10))
    assert Measure(0, 0, "withheld") == measure(name, **kept)
    assert measure(name, Asked("closing", "something-else")).value is None
