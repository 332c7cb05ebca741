"""Who pauses and who has left, by events and by the roster's columns."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from mentorkit.core.history import Event, History
from mentorkit.core.standing import Standing, standing
from mentorkit.testing import a_moment, a_person, a_roster

NOON = a_moment("2027-01-11T12:00:00+00:00")
TODAY = date(2027, 1, 11)
NOBODY = Standing()
PAUSED = Standing(paused=frozenset({"17"}))
LEFT = Standing(left=frozenset({"17"}))


def stands(*events: tuple[str, str], on: date | None = TODAY, own: tuple[str, ...] = (), **columns: date) -> Standing:
    """Return the standing after events of a person, given as kind and value; kinds in `own` came from the roster."""
    said = (
        Event(f"{'mentorkit:' if kind in own else ''}{n}", _at(n), "17", kind, "", value)
        for n, (kind, value) in enumerate(events)
    )
    return standing(a_roster(a_person("17", "mentor", **columns)), History(events=tuple(said)), on)


def _at(number: int) -> datetime:
    return NOON + timedelta(minutes=number)


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([], NOBODY),
        ([("paused", "")], PAUSED),
        ([("paused", "2027-01-12")], PAUSED),
        ([("paused", "2027-01-11")], NOBODY),
        ([("paused", ""), ("resumed", "")], NOBODY),
        ([("left", "")], LEFT),
        ([("left", ""), ("resumed", "")], NOBODY),
        ([("left", ""), ("resumed", ""), ("paused", "")], PAUSED),
        ([("left", ""), ("met", "")], LEFT),
    ],
)
def test_the_latest_word_holds_and_a_pause_ends_on_its_day(events, expected):
    assert expected == stands(*events)


def test_without_a_day_a_pause_has_not_ended():
    assert PAUSED == stands(("paused", "2027-01-01"), on=None)


@pytest.mark.parametrize(("day", "expected"), [(date(2027, 1, 10), LEFT), (TODAY, NOBODY)])
def test_leaving_by_the_roster_holds_from_the_day_after_before_any_event_says_so(day, expected):
    assert expected == stands(left_on=day)


@pytest.mark.parametrize(("day", "expected"), [(date(2027, 1, 12), PAUSED), (TODAY, NOBODY)])
def test_a_pause_by_the_roster_holds_before_its_day(day, expected):
    assert expected == stands(paused_until=day)


def test_what_is_recorded_afterwards_stands_over_the_column_that_was_taken_up():
    taken = [("left", "2027-01-11"), ("resumed", "")]
    assert NOBODY == stands(*taken, own=("left",), left_on=TODAY)
    assert LEFT == stands(*taken, own=("left",), left_on=date(2027, 1, 12), on=date(2027, 1, 13))


def test_a_leaving_day_before_they_were_taken_in_again_is_taken_up():
    hand = [("left", ""), ("resumed", "")]
    assert NOBODY == stands(*hand, left_on=date(2027, 1, 10))
    assert LEFT == stands(*hand, left_on=date(2027, 1, 11), on=date(2027, 1, 12))
    assert LEFT == stands(("paused", ""), ("resumed", ""), left_on=date(2027, 1, 10))
