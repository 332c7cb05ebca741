"""Relationships with a last day of their own: they end on it, in the first run after it, and never early."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.contracts import Role
from mentorkit.core.happenings import Ending, Told
from mentorkit.core.history import COMPLETED, History, KnownRelationship, KnownSession, KnownTransmission
from mentorkit.core.learning import Learned, applied, learn
from mentorkit.core.matching.pooling import parted
from mentorkit.core.matching.waiting import waiting
from mentorkit.core.moments import parse_when
from mentorkit.core.phases import relationship_state
from mentorkit.core.program import Length, Series, Step
from mentorkit.core.reporting.kpis import kpi_facts
from mentorkit.core.scheduling.placing import schedule
from mentorkit.core.sessions import BEYOND_THEIRS, Session
from mentorkit.core.timeline.laying_out import Calendar, occurring
from mentorkit.core.zones import to_local
from mentorkit.testing import a_catalogue, a_message, a_person, a_program, a_relationship, a_roster
from mentorkit_models.one_on_one import OneOnOne

CATALOGUE = a_catalogue(models=[OneOnOne()])
ROLES = (Role("mentor", "mentor", served=False), Role("mentee", "mentee", served=True))
PUBLISHED = datetime(2027, 1, 10, 12, tzinfo=UTC)
UNTIL = date(2027, 1, 24)
ITS_END = datetime(2027, 1, 24, 23, tzinfo=UTC)  # 24:00 in Berlin
PAIR = evolve(a_relationship(("17", "mentor"), ("42", "mentee")), until=UNTIL)
ROSTER = a_roster(a_person("17", "mentor"), a_person("42", "mentee"), a_person("43", "mentee"))
PROGRAM = a_program(timezone="Europe/Berlin")


def a_session(number: int, starts: datetime) -> KnownSession:
    local = to_local(starts, "Europe/Berlin")
    return KnownSession(
        Session(f"{PAIR.id}-{number}", PAIR.id, "sessions", number, local, "Europe/Berlin", starts, 60, ("17", "42"))
    )


HISTORY = History(
    numbers={"17": 1, "42": 2, "43": 3},
    occasions={"round-1": PUBLISHED},
    relationships=(KnownRelationship(PAIR, "published", PUBLISHED),),
    sessions=(a_session(1, ITS_END - timedelta(hours=10)), a_session(2, ITS_END + timedelta(days=3))),
)


def learned(at: datetime, *told: Told, history: History = HISTORY, roster: Any = ROSTER) -> Learned:
    return learn(PROGRAM, roster, CATALOGUE, history, told, at)


def over(history: History = HISTORY) -> History:
    return applied(history, learned(ITS_END, history=history).happening)


def test_it_ends_in_the_first_run_after_its_last_day_and_once() -> None:
    assert () == learned(ITS_END - timedelta(seconds=1)).happening.endings
    late = ITS_END + timedelta(days=9)
    found = learned(late).happening
    assert (Ending(PAIR.id, ITS_END, late, COMPLETED),) == found.endings
    assert [(f"mentorkit:completed:{PAIR.id}", ITS_END, "ended", COMPLETED)] == [
        (one.id, one.at, one.kind, one.value) for one in found.events
    ]
    assert [(f"{PAIR.id}-2", "canceled")] == [(one.session.id, one.state) for one in found.sessions]
    assert not learned(late, history=applied(HISTORY, found)).happening


@pytest.mark.parametrize(("day", "reason"), [(date(2027, 1, 20), "left"), (date(2027, 1, 30), COMPLETED)])
def test_who_leaves_before_it_ends_it_and_who_leaves_after_it_does_not(day: date, reason: str) -> None:
    people = [evolve(one, values={**one.values, "left_on": day}) if one.id == "42" else one for one in ROSTER.people]
    (ending,) = learned(datetime(2027, 2, 8, tzinfo=UTC), roster=a_roster(*people)).happening.endings
    assert reason == ending.reason


def test_what_waits_to_be_sent_is_still_sent() -> None:
    delivery = f"pulse/{PAIR.id}-1/p2/mentee/{PAIR.id}"
    waits = KnownTransmission("pulse", "due", "pulse", 2, ITS_END, deliveries=(delivery,))
    history = evolve(HISTORY, transmissions={"pulse": waits}, deliveries={delivery: "due"})
    assert () == learned(ITS_END, history=history).happening.superseded


def test_it_is_neither_early_nor_parted_and_nobody_of_it_waits() -> None:
    history = over()
    facts = kpi_facts(PROGRAM, ROLES, ROSTER, history, ITS_END)
    assert 0 == facts.relationships_ended_early
    (only,) = facts.relationships
    assert only.possible_days == only.lived_days
    assert () == parted(PROGRAM, history)
    assert [("43", "mentee")] == [(one.person, one.role) for one in waiting(ROLES, ROSTER, history)]
    filled = evolve(history, occasions={**history.occasions, "intake-2027-01-14": PUBLISHED + timedelta(days=4)})
    assert {"43"} == {one.person for one in waiting(ROLES, ROSTER, filled)}
    for_some = evolve(history, occasions={**history.occasions, "again-2027-02-08": ITS_END})
    assert {"43"} == {one.person for one in waiting(ROLES, ROSTER, for_some)}
    later = evolve(history, occasions={**history.occasions, "round-2": ITS_END})
    assert {"42", "43"} == {one.person for one in waiting(ROLES, ROSTER, later)}


@pytest.mark.parametrize(
    ("at", "state"),
    [(ITS_END - timedelta(seconds=1), "active"), (ITS_END, "ended"), (PUBLISHED, "published")],
)
def test_its_state_follows_its_own_last_day(at: datetime, state: str) -> None:
    assert state == relationship_state(PROGRAM, HISTORY.relationships[0], at)


def test_messages_hang_on_its_own_last_day_and_its_last_session_is_asked_about_after_it() -> None:
    def due(when: str, history: History) -> list[str]:
        step = Step("step", parse_when(when), ("mentee",), a_message())
        calendar = Calendar(history.relationships, history.sessions, PUBLISHED)
        found = occurring(evolve(PROGRAM, timeline=(step,)), ROSTER, ROLES, calendar)
        return [f"{to_local(one.due, 'Europe/Berlin'):%m-%d}" for one in found]

    for history in (HISTORY, over()):
        assert ["01-24"] == due("relationship-end", history)
        assert ["01-26"] == due("relationship-end + 2 days", history)
        assert "01-25" in due("session 1 + 1 day", history)
    assert ["01-17"] == due("midpoint of relationship", HISTORY)
    assert [] == due("midpoint of relationship", over())


def test_an_event_of_its_time_is_about_it_although_another_has_begun() -> None:
    following = KnownRelationship(
        evolve(PAIR, id="r2", until=date(2027, 2, 7)), "published", ITS_END + timedelta(hours=9)
    )
    history = over(evolve(HISTORY, relationships=(*HISTORY.relationships, following)))
    met = Told("e1", ITS_END - timedelta(hours=8), "42", "met")
    (event,) = learned(ITS_END + timedelta(days=2), met, history=history).happening.events
    assert f"{PAIR.id}-1" == event.subject
    later = evolve(met, at=ITS_END + timedelta(days=1))
    (event,) = learned(ITS_END + timedelta(days=2), later, history=history).happening.events
    assert "r2" == event.subject


def test_nobody_moves_a_session_behind_it() -> None:
    moved = Told("e1", PUBLISHED + timedelta(days=1), "42", "moved", value="2027-01-25T10:00")
    (problem,) = learned(PUBLISHED + timedelta(days=2), moved).diagnostics
    assert "it lies after their last day, 2027-01-24" in problem.message


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 40), st.integers(1, 8), st.integers(1, 3))
def test_no_session_is_ever_laid_behind_it(days: int, count: int, weeks: int) -> None:
    until = PROGRAM.starts + timedelta(days=days)
    program = evolve(PROGRAM, series=(Series("sessions", count, (Length(weeks, "weeks"),)),))
    found = schedule(program, ROSTER, ROLES, [(evolve(PAIR, until=until), PUBLISHED)], ())
    assert count == len(found.sessions) + len(found.unplaced)
    assert all(one.local.date() <= until for one in found.sessions)
    assert all(one.beyond for one in found.unplaced if one.reason.startswith(BEYOND_THEIRS))
