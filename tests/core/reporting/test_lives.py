"""How relationships live and the program comes along, as of any moment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import process_time
from typing import Any

from attrs import evolve

from mentorkit.core.history import Event, History, KnownRelationship, KnownSession, RosterSeen
from mentorkit.core.program import KpiUse, Length, Privacy, Series
from mentorkit.core.relationships import Relationship
from mentorkit.core.reporting.as_of import as_of, last_known
from mentorkit.core.reporting.counting import make_report
from mentorkit.core.reporting.figures import MonthFigures, TrendFigures
from mentorkit.core.reporting.kpis import kpi_facts
from mentorkit.core.reporting.lives import cadence_days, relationship_facts
from mentorkit.core.reporting.trend import trend_figures
from mentorkit.core.sessions import Session
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import a_person, a_program, a_relationship, a_roster

CATALOGUE = build_catalogue()
ROLES = CATALOGUE.models["one-on-one"].implementation.roles
PROGRAM = a_program(privacy=Privacy(small_cells=1))  # 2027-01-11 to 2027-06-28
MATCHED = datetime(2027, 1, 4, 9, tzinfo=UTC)
AT = datetime(2027, 3, 22, 12, tzinfo=UTC)
ONE, TWO = (a_relationship((f"m{n}", "mentor"), (f"e{n}", "mentee")) for n in (1, 2))
ROSTER = a_roster(*(a_person(f"{kind}{n}", role) for n in (1, 2) for kind, role in (("m", "mentor"), ("e", "mentee"))))


def published(one: Relationship, at: datetime = MATCHED, **changes: Any) -> KnownRelationship:
    return KnownRelationship(one, changes.pop("state", "published"), at, **changes)


def session(one: Relationship, number: int, starts: datetime, state: Any = "held") -> KnownSession:
    local = starts.replace(tzinfo=None)
    made = Session(f"{one.id}-{number}", one.id, "sessions", number, local, "Europe/London", starts, 60, ())
    return KnownSession(made, state)


def test_relationships_live_from_their_first_day_to_their_end() -> None:
    ended = published(TWO, state="ended", ended_at=datetime(2027, 2, 1, tzinfo=UTC), reason="left")
    held = session(ONE, 1, datetime(2027, 3, 15, 12, tzinfo=UTC))

    one, two = relationship_facts(PROGRAM, History(relationships=(published(ONE), ended), sessions=(held,)), AT)

    assert (70, 70, True, 7.0) == (one.possible_days, one.lived_days, one.live, one.days_since_met)
    assert (70, 21, False, None) == (two.possible_days, two.lived_days, two.live, two.days_since_met)


def test_after_the_program_everything_is_as_of_its_last_day() -> None:
    (one,) = relationship_facts(PROGRAM, History(relationships=(published(ONE),)), AT + timedelta(days=300))

    assert (168, True) == (one.possible_days, one.live)


def test_who_says_that_they_have_met_has_met() -> None:
    met = Event("1", AT - timedelta(days=2), "e1", "met", ONE.id)

    (one,) = relationship_facts(PROGRAM, History(relationships=(published(ONE),), events=(met,)), AT)

    assert 2.0 == one.days_since_met


def test_the_longest_step_is_the_cadence() -> None:
    assert 28 == cadence_days(PROGRAM)
    assert cadence_days(a_program(series=())) is None
    assert 31 == cadence_days(a_program(series=(Series("sessions", 3, (Length(1, "months"),)),)))


def test_who_was_heard_of_are_people_who_said_something_themselves() -> None:
    events = (
        Event("1", AT, "e1", "met", ""),
        Event("mentorkit:paused:p3:2027-02-01", AT, "e2", "paused", ""),
        Event("2", AT, "stranger", "requested", ""),
    )
    facts = kpi_facts(
        PROGRAM, ROLES, ROSTER, History(relationships=(published(ONE), published(TWO)), events=events), AT
    )

    assert (1, 4) == (facts.heard, facts.related)


def test_the_invited_who_take_part() -> None:
    people = (a_person("1", "mentor"), a_person("2"), evolve(a_person("3", "mentee"), eligible=False))

    facts = kpi_facts(PROGRAM, ROLES, a_roster(*people), History(), AT)

    assert (1, 2) == (facts.signed_up, facts.eligible)


def test_what_happened_later_has_not_happened_yet() -> None:
    ended = published(ONE, state="ended", ended_at=AT + timedelta(days=3), reason="left", end_noted=AT)
    later = Event("1", AT + timedelta(days=1), "e1", "met", ONE.id)
    history = History(
        relationships=(ended, published(TWO, AT + timedelta(hours=1))),
        events=(later,),
        sessions=(session(ONE, 1, AT + timedelta(days=1)), session(TWO, 1, AT - timedelta(days=1))),
        occasions={"match": MATCHED, "second": AT + timedelta(hours=1)},
    )

    seen = as_of(history, AT)

    assert (published(ONE),) == seen.relationships
    assert () == seen.events
    assert ["planned"] == [one.state for one in seen.sessions]
    assert ["match"] == list(seen.occasions)
    assert history == as_of(history, AT + timedelta(days=9))
    assert AT + timedelta(days=1) == last_known(history)
    assert last_known(History()) is None


def test_a_session_held_before_its_time_stays_held() -> None:
    early = session(ONE, 1, AT + timedelta(days=1))
    told = Event("1", AT, "e1", "met", early.session.id)

    assert (early,) == as_of(History(relationships=(published(ONE),), sessions=(early,), events=(told,)), AT).sessions


def test_the_trend_is_what_there_was_at_the_end_of_each_month() -> None:
    ended = published(TWO, state="ended", ended_at=datetime(2027, 2, 20, tzinfo=UTC), reason="left")
    history = History(
        relationships=(published(ONE), ended),
        sessions=(
            session(ONE, 1, datetime(2027, 1, 20, tzinfo=UTC)),
            session(ONE, 2, datetime(2027, 3, 1, tzinfo=UTC)),
        ),
        rosters=(RosterSeen(datetime(2026, 12, 9, tzinfo=UTC), "a", 9, 3), RosterSeen(MATCHED, "b", 9, 4)),
    )

    assert (
        TrendFigures("2026-12", 3, 0, 0, 0),
        TrendFigures("2027-01", 4, 2, 2, 1),
        TrendFigures("2027-02", 4, 2, 1, 1),
        TrendFigures("2027-03", 4, 2, 1, 2),
    ) == trend_figures(PROGRAM, ROLES, ROSTER, history, AT)


def test_the_trend_tells_no_more_than_the_sessions_by_month() -> None:
    days = [datetime(2027, 1, 20, tzinfo=UTC)] * 6 + [datetime(2027, 2, 3, tzinfo=UTC)] + [AT] * 6
    history = History(
        relationships=(published(ONE),), sessions=tuple(session(ONE, number, day) for number, day in enumerate(days, 1))
    )
    program = evolve(PROGRAM, privacy=Privacy(small_cells=5))

    made = make_report(program, ROLES, ROSTER, CATALOGUE, history, AT + timedelta(hours=2))

    assert (MonthFigures("2027-01", "2027-02", 7, 7), MonthFigures("2027-03", "2027-03", 6, 6)) == made.sessions.months
    assert [None, 7, 13] == [point.held for point in made.trend]


def test_the_trend_ends_with_the_program() -> None:
    points = trend_figures(PROGRAM, ROLES, ROSTER, History(relationships=(published(ONE),)), AT + timedelta(days=300))

    assert ("2027-06", 1) == (points[-1].month, points[-1].active)
    assert () == trend_figures(PROGRAM, ROLES, ROSTER, History(), AT)


def test_two_thousand_pairs_are_counted_at_once() -> None:
    pairs = [a_relationship((f"m{n}", "mentor"), (f"e{n}", "mentee")) for n in range(2000)]
    people = [a_person(f"{kind}{n}", role) for n in range(2000) for kind, role in (("m", "mentor"), ("e", "mentee"))]
    days = [datetime(2027, 1, 12, 10, tzinfo=UTC) + timedelta(days=14 * number) for number in range(7)]
    history = History(
        relationships=tuple(map(published, pairs)),
        sessions=tuple(session(one, number, day) for one in pairs for number, day in enumerate(days, 1)),
        events=tuple(Event(f"{n}", MATCHED, f"e{n % 2000}", "met", f"{pairs[n % 2000].id}-1") for n in range(20000)),
        occasions={"match": MATCHED},
        seen={person.id: MATCHED for person in people},
        numbers={person.id: number for number, person in enumerate(people)},
    )
    program = evolve(
        PROGRAM, kpis=(KpiUse("active-pair-rate", "active-pair-rate"), KpiUse("response-rate", "response-rate"))
    )

    begun = process_time()
    made = make_report(program, ROLES, a_roster(*people), CATALOGUE, history, AT)

    assert 2 > process_time() - begun, "seconds of work; it takes a quarter of one"
    assert [1.0, 0.5] == [one.value for one in made.kpis]
