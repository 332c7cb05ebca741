"""The bundled key figures, on counts made by hand."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from mentorkit.core.contracts import Kpi, KpiFacts, Measure
from mentorkit.plugin_loading import build_catalogue
from mentorkit_kpis import mentorkit_kpis

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
    days_to_match=(10, 20),
    days_to_first_session=(7, 14, 21),
)


def measure(name: str, **changes: Any) -> Measure:
    kpi = next(kpi for kpi in mentorkit_kpis() if kpi.name == name)
    return kpi.measure(None, evolve(FACTS, **changes))


@pytest.mark.parametrize(
    ("name", "numerator", "denominator"),
    [
        ("match-rate", 18, 20),
        ("mentor-utilization", 8, 10),
        ("session-completion", 34, 40),
        ("days-to-match", 30, 2),
        ("days-to-first-session", 42, 3),
        ("early-end-rate", 3, 18),
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
    assert {"days-to-match", "days-to-first-session", "early-end-rate"} == {
        kpi.name for kpi in mentorkit_kpis() if kpi.at_most
    }
