import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from mentorkit.calendars import calendars
from mentorkit.core.contracts import Role
from mentorkit.core.history import History, KnownRelationship, KnownSession
from mentorkit.core.program import Agenda, Length, Program, Series
from mentorkit.core.relationships import Member, Relationship
from mentorkit.core.sessions import Session
from mentorkit.core.zones import to_utc
from mentorkit.testing import a_moment, a_person, a_program, a_roster

ROLES = (Role("mentor", "mentor", served=False), Role("mentee", "mentee", served=True))
ROSTER = a_roster(
    a_person("m", "mentor", name="Ada Lovelace", timezone="Europe/London"),
    a_person("e", "mentee", name="Bo Ek", timezone="America/New_York"),
    a_person("alone", "mentee"),
)
HOUR = timedelta(hours=1)
PUBLISHED = a_moment("2027-01-11T09:00:00+00:00")
PAIR = KnownRelationship(
    Relationship("r1", (Member("m", "mentor"), Member("e", "mentee")), 81.3), "published", PUBLISHED
)


def a_session(number: int, local: str, zone: str = "Europe/London", **changes: object) -> Session:
    start = datetime.fromisoformat(local)
    starts = to_utc(start, zone)
    return evolve(
        Session(f"r1-{number}", "r1", "sessions", number, start, zone, starts, 60, ("m", "e"), "Room 1"), **changes
    )


WINTER, SUMMER = a_session(1, "2027-01-25T09:00"), a_session(2, "2027-04-05T09:00")


def a_history(*sessions: Session | KnownSession, **changes: object) -> History:
    known = tuple(one if isinstance(one, KnownSession) else KnownSession(one) for one in sessions)
    return evolve(History(ledger_id="l7", relationships=(PAIR,), sessions=known), **changes)


def drawn(history: History, program: Program | None = None, person: str = "m") -> list[icalendar.Event]:
    content = calendars(program or a_program(), ROLES, ROSTER, history)[person]
    return list(icalendar.Calendar.from_ical(content).walk("VEVENT"))


def booking(book: str) -> Program:
    agendas = (Agenda("agendas/1.md", "First meeting", "# First meeting\n\n- Talk; listen, ask\n"),)
    return a_program(series=(Series("sessions", 2, (Length(2, "weeks"),), agendas=agendas, book=book),))  # type: ignore[arg-type]


def test_everybody_with_sessions_has_one_event_for_each():
    drawings = calendars(a_program(), ROLES, ROSTER, a_history(SUMMER, WINTER))
    assert ["e", "m"] == list(drawings)
    first, second = drawn(a_history(SUMMER, WINTER))
    assert "r1-1@pilot.mentorkit" == first["UID"]
    assert WINTER.starts == first["DTSTART"].dt
    assert WINTER.starts + HOUR == first["DTEND"].dt
    assert PUBLISHED == first["DTSTAMP"].dt
    assert (0, "CONFIRMED", "OPAQUE", "Room 1") == (
        first["SEQUENCE"],
        first["STATUS"],
        first["TRANSP"],
        first["LOCATION"],
    )
    assert a_moment("2027-04-05T08:00:00+00:00") == second["DTSTART"].dt


def test_an_event_says_with_whom_and_when_on_the_readers_clocks_and_what_about():
    (mine,) = drawn(a_history(WINTER), booking("all"))
    (theirs,) = drawn(a_history(WINTER), booking("all"), "e")
    assert "Pilot: session 1 with Bo Ek (mentee)" == mine["SUMMARY"]
    assert "Pilot: session 1 with Ada Lovelace (mentor)" == theirs["SUMMARY"]
    assert (
        "Monday 25 January 2027, 04:00 (America/New_York), 60 minutes\n\nWith Ada Lovelace (mentor)\n\n"
        "First meeting\n\n- Talk; listen, ask"
    ) == theirs["DESCRIPTION"]


def test_an_agenda_stands_in_a_calendar_as_plain_text_in_the_programs_words():
    text = "# Start\n\n*One* hour:\n\n"
    text += "- **20 min** The {{ words.mentor }}\n  1. [asks](https://a.example)\n- rest\n\nEnd.\n"
    series = Series("sessions", 1, (Length(2, "weeks"),), agendas=(Agenda("agendas/1.md", "Start", text),))
    (event,) = drawn(a_history(WINTER), a_program(series=(series,), words={"mentor": "road_captain_"}))
    shown = event["DESCRIPTION"].partition("\n\n")[2].partition("\n\n")[2]
    plain = "Start\n\nOne hour:\n\n- 20 min The road_captain_\n  1. asks (https://a.example)\n- rest\n\nEnd."
    assert plain == shown


def test_a_calendar_has_the_agenda_in_its_readers_language():
    agenda = Agenda("1.md", "Start", "# Start", translations=(Agenda("1.de.md", "Anfang", "# Anfang", "de"),))
    series = Series("sessions", 1, (Length(2, "weeks"),), agendas=(agenda,))
    people = a_roster(a_person("m", "mentor", language="de"), a_person("e", "mentee", language="fr"))
    made = calendars(a_program(series=(series,)), ROLES, people, a_history(WINTER))
    shown = [
        str(icalendar.Calendar.from_ical(made[person]).walk("VEVENT")[0]["DESCRIPTION"]).split() for person in "me"
    ]
    assert ["Anfang", "Start"] == [words[-1] for words in shown]


@pytest.mark.parametrize(
    ("language", "program", "summary", "told"),
    [
        (
            "de",
            "en",
            "Pilot: Treffen 1 mit Bo Ek (mentee)",
            "Montag, 25. Januar 2027, 09:00 Uhr (Europe/London), 60 Minuten",
        ),
        (
            "fr-CA",
            "en",
            "Pilot: séance 1 avec Bo Ek (mentee)",
            "lundi 25 janvier 2027, 09:00 (Europe/London), 60 minutes",
        ),
        (
            "",
            "es",
            "Pilot: sesión 1 con Bo Ek (mentee)",
            "lunes 25 de enero de 2027, 09:00 (Europe/London), 60 minutos",
        ),
        (
            "pl",
            "pl",
            "Pilot: session 1 with Bo Ek (mentee)",
            "Monday 25 January 2027, 09:00 (Europe/London), 60 minutes",
        ),
    ],
)
def test_a_calendar_speaks_its_owners_language_else_the_programs(language, program, summary, told):
    ada, *others = ROSTER.people
    people = a_roster(evolve(ada, values={**ada.values, "language": language}), *others)
    made = calendars(a_program(language=program), ROLES, people, a_history(WINTER), {WINTER.id: "e"})["m"]
    (event,) = icalendar.Calendar.from_ical(made).walk("VEVENT")
    when, who, leading = str(event["DESCRIPTION"]).split("\n\n")
    assert (summary, told) == (event["SUMMARY"], when)
    assert (summary.split()[3].capitalize(), "Bo Ek") == (who.split()[0], " ".join(leading.split()[-2:]))


def test_days_in_an_agenda_are_told_in_the_agendas_language():
    text = "# Start\n\n{{ program.starts }}"
    agenda = Agenda("1.md", "Start", text, translations=(Agenda("1.de.md", "Anfang", text, "de"),))
    series = Series("sessions", 1, (Length(2, "weeks"),), agendas=(agenda,))
    people = a_roster(a_person("m", "mentor", language="de"), a_person("e", "mentee", language="fr"))
    made = calendars(a_program(series=(series,)), ROLES, people, a_history(WINTER))
    shown = [str(icalendar.Calendar.from_ical(made[one]).walk("VEVENT")[0]["DESCRIPTION"]) for one in "me"]
    assert ["Montag, 11. Januar 2027", "Monday 11 January 2027"] == [one.splitlines()[-1] for one in shown]


def test_words_rename_roles_and_many_partners_are_cut_short():
    people = [a_person(f"e{i}", "mentee", name=f"Person {i}") for i in range(5)]
    members = (Member("m", "mentor"), *(Member(person.id, "mentee") for person in people))
    group = evolve(PAIR, relationship=Relationship("r1", members, 50.0))
    session = evolve(WINTER, people=tuple(member.person for member in members))
    history = a_history(session, relationships=(group,))
    program = a_program(words={"mentee": "explorer"})
    content = calendars(program, ROLES, a_roster(*people, *ROSTER.people), history)["m"]
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    expected = "Pilot: session 1 with Person 0 (explorer), Person 1 (explorer), Person 2 (explorer) and 2 more"
    assert expected == event["SUMMARY"]


@pytest.mark.parametrize(
    ("book", "expected"),
    [
        ("all", [("CONFIRMED", "OPAQUE")] * 2),
        ("first", [("CONFIRMED", "OPAQUE")]),
        ("suggest", [("TENTATIVE", "TRANSPARENT")] * 2),
    ],
)
def test_a_series_books_as_it_says(book, expected):
    events = drawn(a_history(WINTER, SUMMER), booking(book))
    assert expected == [(event["STATUS"], event["TRANSP"]) for event in events]


def test_a_series_that_books_nothing_gives_no_calendar():
    assert {} == calendars(booking("none"), ROLES, ROSTER, a_history(WINTER))


def test_what_is_only_proposed_is_in_no_calendar():
    proposed = evolve(PAIR, state="proposed", published_at=None)
    assert {} == calendars(a_program(), ROLES, ROSTER, a_history(WINTER, relationships=(proposed,)))


def test_a_move_keeps_the_uid_and_raises_sequence_and_stamp():
    changed = a_moment("2027-01-20T10:00:00+00:00")
    moved, other = drawn(a_history(KnownSession(WINTER, "moved", 2, 2, changed), SUMMER))
    assert ("r1-1@pilot.mentorkit", 2, changed, "CONFIRMED") == (
        moved["UID"],
        moved["SEQUENCE"],
        moved["DTSTAMP"].dt,
        moved["STATUS"],
    )
    assert (0, PUBLISHED) == (other["SEQUENCE"], other["DTSTAMP"].dt)


def test_a_canceled_session_stays_as_canceled():
    at = a_moment("2027-02-01T12:00:00+00:00")
    ended = evolve(PAIR, state="ended", ended_at=at, reason="left")
    (event,) = drawn(a_history(KnownSession(SUMMER, "canceled", 1, 0, at), relationships=(ended,)))
    assert ("CANCELLED", "TRANSPARENT", 1) == (event["STATUS"], event["TRANSP"], event["SEQUENCE"])
    assert at == event["DTSTAMP"].dt


def test_the_order_of_what_is_known_does_not_matter():
    assert calendars(a_program(), ROLES, ROSTER, a_history(WINTER, SUMMER)) == calendars(
        a_program(), ROLES, ROSTER, a_history(SUMMER, WINTER)
    )


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=100)


@given(name=names, place=names, minute=st.integers(0, 60 * 24 * 360))
def test_any_words_read_back_with_the_same_times(name, place, minute):
    starts = a_moment("2027-01-01T00:00:00+00:00") + timedelta(minutes=minute)
    session = evolve(WINTER, starts=starts, local=starts.replace(tzinfo=None), zone="UTC", place=place)
    roster = a_roster(a_person("m", "mentor"), a_person("e", "mentee", name=name))
    content = calendars(a_program(), ROLES, roster, a_history(session))["m"]
    (event,) = icalendar.Calendar.from_ical(content).walk("VEVENT")
    assert (starts, starts + HOUR) == (event["DTSTART"].dt, event["DTEND"].dt)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    allowed = {b"BEGIN", b"END", b"PRODID", b"VERSION", b"CALSCALE", b"X-WR-CALNAME", b"UID", b"DTSTAMP", b"SEQUENCE"}
    allowed |= {b"DTSTART", b"DTEND", b"SUMMARY", b"DESCRIPTION", b"LOCATION", b"STATUS", b"TRANSP"}
    unfolded = content.replace(b"\r\n ", b"").split(b"\r\n")
    assert allowed >= {line.partition(b":")[0].partition(b";")[0] for line in unfolded if line}


def khal_list(folder: Path, content: bytes, zone: str, first: str, last: str) -> list[str]:
    """Import a calendar into khal, as a person would, and list it on the clocks of a zone."""
    (folder / "vdir").mkdir()
    (folder / "mine.ics").write_bytes(content)
    config = folder / "config"
    config.write_text(
        f"[calendars]\n[[c]]\npath = {folder}/vdir\ntype = calendar\n[locale]\nlocal_timezone = {zone}\n"
        f"default_timezone = {zone}\ntimeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        f"datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n[default]\ndefault_calendar = c\n"
        f"[sqlite]\npath = {folder}/khal.db\n"
    )
    command = [str(Path(sys.executable).with_name("khal")), "-c", str(config)]
    environment = {"HOME": str(folder), "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin", "TZ": "Asia/Kolkata"}

    def khal(*arguments: str) -> str:
        done = subprocess.run(
            [*command, *arguments], check=True, capture_output=True, text=True, env=environment, timeout=60
        )
        return done.stdout

    khal("import", "--batch", "-a", "c", str(folder / "mine.ics"))
    listed = khal("list", "--format", "{start} {end-time} {title}", "--day-format", "", first, last)
    return [line for line in listed.splitlines() if line.strip()]


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Australia/Lord_Howe"])
def test_a_calendar_program_shows_the_right_local_times_across_clock_changes(tmp_path, zone):
    days = ["2027-03-09", "2027-03-23", "2027-04-06"]
    sessions = [a_session(number, f"{day}T09:00") for number, day in enumerate(days, 1)]
    expected = []
    for session in sessions:
        starts, ends = (moment.astimezone(ZoneInfo(zone)) for moment in (session.starts, session.starts + HOUR))
        title = f"Pilot: session {session.number} with Bo Ek (mentee)"
        expected.append(f"{starts:%Y-%m-%d %H:%M} {ends:%H:%M} {title}")
    content = calendars(a_program(), ROLES, ROSTER, a_history(*sessions))["m"]
    assert expected == khal_list(tmp_path, content, zone, "2027-03-01", "2027-04-30")


@pytest.mark.parametrize("book", ["all", "suggest"])
def test_the_library_would_write_the_same_bytes(book: str) -> None:
    """Lines are kept and put together here, since most are the same for many people."""
    canceled = KnownSession(SUMMER, "canceled")
    long = evolve(WINTER, place="Übungsraum " * 12)
    content = calendars(booking(book), ROLES, ROSTER, a_history(long, canceled))["m"]
    assert icalendar.Calendar.from_ical(content).to_ical() == content


def test_a_line_that_many_people_share_is_written_once() -> None:
    from mentorkit import calendars as module

    calendars(a_program(), ROLES, ROSTER, a_history(WINTER, SUMMER))
    written = module._line.cache_info().misses
    calendars(a_program(), ROLES, ROSTER, a_history(WINTER, SUMMER))
    assert written == module._line.cache_info().misses
