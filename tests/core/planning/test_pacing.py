"""Quiet hours and bounds: what waits, until when, and what can never happen."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from attrs import evolve, frozen
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.deliveries import Transmission
from mentorkit.core.history import History, KnownTransmission
from mentorkit.core.moments import parse_at_most, parse_quiet_hours
from mentorkit.core.plan import Paced, Waiting
from mentorkit.core.planning.pacing import Spread, quiet_until, spread
from mentorkit.core.program import INVITATION, AtMost, Pacing
from mentorkit.testing import a_person, a_program, a_roster, a_transmission

NOON = datetime(2027, 1, 11, 12, tzinfo=UTC)
NIGHT = (time(20), time(7))
TWO_A_WEEK = parse_at_most("2 per week")
ROSTER = a_roster(a_person("1"), a_person("2", timezone="Asia/Tokyo"), a_person("3", timezone="America/New_York"))
NUMBERS = {"1": 1, "2": 2, "3": 3, "contact:desk": 4}
ZONES = {1: "Europe/London", 2: "Asia/Tokyo", 3: "America/New_York", 4: "Europe/London"}


def one(key: str, number: int = 1, due: datetime = NOON, **changes: object) -> Transmission:
    return a_transmission(key, number, str(number), due=due, zone=ZONES[number], **changes)


def known(key: str, number: int, state: str, at: datetime, **changes: object) -> KnownTransmission:
    return evolve(KnownTransmission(key, state, "hello", number, at, changed=at), **changes)  # type: ignore[arg-type]


def spaced(
    pacing: Pacing,
    *due: Transmission,
    before: tuple[KnownTransmission, ...] = (),
    waiting: tuple[Waiting, ...] = (),
    at: datetime = NOON,
) -> Spread:
    history = History(numbers=NUMBERS, transmissions={item.key: item for item in before})
    return spread(a_program(pacing=pacing), ROSTER, history, due, waiting, at)


def test_without_pacing_everything_goes_out() -> None:
    assert Spread((one("a"),), ()) == spaced(Pacing(), one("a"))


@pytest.mark.parametrize(
    ("zone", "local", "until"),
    [
        ("Europe/London", "2027-01-11T19:59", None),
        ("Europe/London", "2027-01-11T20:00", "2027-01-12T07:00"),
        ("Europe/London", "2027-01-12T06:59", "2027-01-12T07:00"),
        ("Europe/London", "2027-01-12T07:00", None),
        ("Asia/Kathmandu", "2027-01-11T23:30", "2027-01-12T07:00"),
        ("Europe/Berlin", "2027-03-27T23:00", "2027-03-28T07:00"),
        ("Pacific/Apia", "2011-12-29T21:00", "2011-12-31T07:00"),
    ],
)
def test_quiet_hours_are_the_recipients(zone: str, local: str, until: str | None) -> None:
    at = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    expected = None if until is None else datetime.fromisoformat(until).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    assert expected == quiet_until(NIGHT, zone, at)


@pytest.mark.parametrize(
    ("hours", "at", "until"),
    [
        ((time(12), time(13)), "2027-01-11T12:00", "2027-01-11T13:00"),
        ((time(12), time(13)), "2027-01-11T11:59", None),
        ((time(12), time(13)), "2027-01-11T13:00", None),
        ((time(23), time(1, 30)), "2027-10-31T00:15", "2027-10-31T00:30"),  # 01:15 in summer time
        ((time(23), time(1, 30)), "2027-10-31T00:45", None),
        ((time(23), time(1, 30)), "2027-10-31T01:15", "2027-10-31T01:30"),  # 01:15 once more
    ],
)
def test_quiet_hours_by_day_and_where_the_clocks_go_back(hours: tuple[time, time], at: str, until: str | None) -> None:
    expected = None if until is None else datetime.fromisoformat(until).replace(tzinfo=UTC)
    assert expected == quiet_until(hours, "Europe/London", datetime.fromisoformat(at).replace(tzinfo=UTC))


def test_in_the_quiet_hours_of_one_the_others_get_theirs() -> None:
    found = spaced(Pacing(NIGHT), one("a", 1), one("b", 2), one("c", 3), one("d", 4))
    assert ["a", "c", "d"] == [item.key for item in found.due]
    seven_in_tokyo = datetime(2027, 1, 11, 22, tzinfo=UTC)
    assert (Paced("b", "b", 2, seven_in_tokyo, "quiet-hours"),) == found.paced


def test_over_the_bound_the_newest_wait_until_there_is_room() -> None:
    days = [NOON - timedelta(days=number) for number in (9, 6, 3)]
    had = tuple(known(f"old{number}", 1, "sent", day) for number, day in enumerate(days))
    due = [one(f"s{hour}", 1, NOON - timedelta(hours=hour)) for hour in (1, 3, 2)]
    found = spaced(Pacing(at_most=TWO_A_WEEK), *due, before=had)
    assert () == found.due
    week = timedelta(days=7)
    expected = [("s3", days[1] + week), ("s2", days[2] + week), ("s1", days[1] + 2 * week)]
    assert expected == [(item.key, item.until) for item in found.paced]
    assert ["s3"] == [item.key for item in spaced(Pacing(at_most=TWO_A_WEEK), *due, before=had[:2]).due]


def test_a_run_every_morning_may_begin_a_second_earlier_than_yesterday() -> None:
    daily = Pacing(at_most=parse_at_most("1 per day"))
    yesterday = (known("old", 1, "sent", NOON - timedelta(days=1) + timedelta(seconds=2)),)
    assert (one("a"),) == spaced(daily, one("a"), before=yesterday).due
    a_minute_later = (known("old", 1, "sent", NOON - timedelta(days=1) + timedelta(minutes=1)),)
    waits = spaced(daily, one("a"), before=a_minute_later)
    assert [NOON + timedelta(minutes=1)] == [item.until for item in waits.paced]


@pytest.mark.parametrize("state", ["sent", "in_doubt", "at_risk"])
def test_what_may_have_arrived_counts(state: str) -> None:
    had = tuple(known(f"old{number}", 1, state, NOON) for number in range(2))
    assert () == spaced(Pacing(at_most=TWO_A_WEEK), one("a"), before=had).due


@pytest.mark.parametrize("change", [{"state": "failed"}, {"state": "expired"}, {"number": 2}, {"step": INVITATION}])
def test_what_did_not_arrive_or_is_no_message_to_them_does_not(change: dict[str, object]) -> None:
    had = tuple(evolve(known(f"old{number}", 1, "sent", NOON), **change) for number in range(2))  # type: ignore[arg-type]
    assert 1 == len(spaced(Pacing(at_most=TWO_A_WEEK), one("a"), before=had).due)


def test_invitations_and_contacts_have_no_bound() -> None:
    had = tuple(known(f"old{number}", number, "sent", NOON) for number in (1, 4))
    desk = one("desk", 4)
    desk = evolve(desk, recipient=evolve(desk.recipient, kind="contact", id="desk"))
    invitation = one("i", 1, step=INVITATION)
    assert (desk, invitation) == spaced(Pacing(at_most=parse_at_most("1 per day")), desk, invitation, before=had).due


def test_what_an_earlier_run_left_waits_likewise() -> None:
    left = (known("a", 1, "due", NOON - timedelta(days=1)), known("b", 1, "sent", NOON), known("c", 1, "sent", NOON))
    found = spaced(Pacing(at_most=TWO_A_WEEK), before=left, waiting=(Waiting("a", "hello", 1),))
    assert (Paced("a", "hello", 1, NOON + timedelta(days=7), "at-most"),) == found.paced
    assert () == found.waiting


@pytest.mark.parametrize("text", ["2", "0 per week", "two per week", "2 per year", "2 per 2 weeks", "-1 per day"])
def test_what_is_no_bound_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match='write "2 per week"'):
        parse_at_most(text)


@pytest.mark.parametrize("text", ["20:00", "20:00-20:00", "20-7", "25:00-07:00"])
def test_what_are_no_quiet_hours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\d"):
        parse_quiet_hours(text)


def test_what_will_be_one_message_waits_for_room_for_one() -> None:
    had = tuple(known(f"old{days}", 1, "sent", NOON - timedelta(days=days)) for days in (6, 3))
    due = [one(f"s{hour}", 1, NOON - timedelta(hours=hour)) for hour in (1, 2, 3)]
    found = spaced(Pacing(at_most=TWO_A_WEEK, digest=True), *due, before=had)
    assert {NOON + timedelta(days=1)} == {item.until for item in found.paced}
    assert 3 == len(spaced(Pacing(at_most=TWO_A_WEEK, digest=True), *due, before=had, at=NOON + timedelta(days=1)).due)


# ---------------------------------------------------------------------------------------------------------------- laws


@frozen
class Run:
    """So many minutes after the one before, with what becomes of what it sends."""

    gap: int
    outcomes: tuple[str, ...]


MESSAGES = st.lists(
    st.tuples(st.sampled_from([1, 2, 3]), st.integers(0, 14 * 24), st.integers(1, 12 * 24)), min_size=1, max_size=12
)
OUTCOMES = st.lists(st.sampled_from(["sent", "sent", "sent", "deferred", "in_doubt", "failed"]), min_size=1, max_size=5)
RUNS = st.lists(st.builds(Run, st.integers(0, 60 * 40), OUTCOMES.map(tuple)), min_size=1, max_size=25)
PACINGS = st.builds(
    Pacing,
    st.sampled_from([None, NIGHT, (time(1), time(5)), (time(12), time(11))]),
    st.sampled_from([None, AtMost(1, timedelta(days=1)), AtMost(2, timedelta(days=7)), AtMost(3, timedelta(days=2))]),
    st.booleans(),
)


@given(MESSAGES, RUNS, PACINGS)
@settings(max_examples=150, deadline=None)
def test_over_any_runs_nothing_is_twice_too_much_at_night_or_lost(
    messages: list[tuple[int, int, int]], runs: list[Run], pacing: Pacing
) -> None:
    everything = {
        f"m{index}": one(
            f"m{index}",
            number,
            NOON + timedelta(hours=due),
            expires=NOON + timedelta(hours=due + lasts),
        )
        for index, (number, due, lasts) in enumerate(messages)
    }
    ledger: dict[str, KnownTransmission] = {}
    went_out: list[tuple[str, int, datetime]] = []
    at = NOON
    for run in runs:
        at += timedelta(minutes=run.gap)
        for key, item in everything.items():
            if item.expires <= at and (key not in ledger or ledger[key].state == "deferred"):
                ledger[key] = known(key, item.recipient.number, "expired", at)
        due = tuple(item for key, item in everything.items() if key not in ledger and item.due <= at)
        left = tuple(Waiting(key, "hello", item.number) for key, item in ledger.items() if item.state == "deferred")
        found = spaced(pacing, *due, before=tuple(ledger.values()), waiting=left, at=at)
        going = [item.key for item in (*found.due, *found.waiting)]
        assert sorted([*going, *(item.key for item in found.paced)]) == sorted(
            [*(item.key for item in due), *(item.key for item in left)]
        )
        assert all(item.until > at for item in found.paced)
        _check_order(found, everything, going)
        bundles: dict[int, str] = {}
        for index, key in enumerate(going):
            number = everything[key].recipient.number
            state = run.outcomes[index % len(run.outcomes)]
            bundle = bundles.setdefault(number, key) if pacing.digest else key
            ledger[key] = known(key, number, state, at, due=everything[key].due, bundle=bundle)
            if state in ("sent", "in_doubt"):
                went_out.append((key, number, at))
                assert not _is_quiet(pacing, ZONES[number], at)
    assert len({key for key, _, _ in went_out}) == len(went_out)
    _check_bound(pacing, went_out)


def _is_quiet(pacing: Pacing, zone: str, at: datetime) -> bool:
    if pacing.quiet_hours is None:
        return False
    begins, ends = (60 * hour.hour + hour.minute for hour in pacing.quiet_hours)
    local = at.astimezone(ZoneInfo(zone))
    since = (60 * local.hour + local.minute - begins) % 1440
    return since < (ends - begins) % 1440


def _check_order(found: Spread, everything: dict[str, Transmission], going: list[str]) -> None:
    """Nobody gets a newer message while an older one waits for want of room."""
    for item in found.paced:
        if item.reason == "at-most":
            theirs = [everything[key] for key in going if everything[key].recipient.number == item.number]
            assert all((other.due, other.key) < (everything[item.key].due, item.key) for other in theirs)


def _check_bound(pacing: Pacing, went_out: list[tuple[str, int, datetime]]) -> None:
    if pacing.at_most is None:
        return
    for number in ZONES:
        moments = [at for _, to, at in went_out if to == number]
        moments = sorted(set(moments)) if pacing.digest else sorted(moments)
        for index, first in enumerate(moments[: -pacing.at_most.number]):
            assert moments[index + pacing.at_most.number] - first >= pacing.at_most.within
