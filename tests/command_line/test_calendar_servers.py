"""Programs whose sessions go into calendars on a server: run by the command line, read back by a client of people's."""

import re
from datetime import UTC, datetime

import pytest

from mentorkit import clock
from servers.calendars import PASSWORD, USER
from tests.command_line.conftest import PEOPLE

PROGRAM = """\
program = { name = "Pilot", starts = 2027-01-11, length = "12 weeks", coordinator = "c@x.org" }
roster.file = "people.csv"
model.use = "one-on-one"
sessions = { count = 3, cadence = "every 2 weeks", book = "all" }
matching.rules = {}

[timeline.hello]
when = "start"
to = ["everyone", "coordinator"]
message = "messages/hello"
"""
CHANNELS = """
[channels.calendars]
use = "caldav"
url = "URL/{login}/mentoring/"
user = "USER"
password = { file = "calendar-password" }
allow_private = true

[channels.files]
use = "outbox"

[answers]
files = ["answers.csv", "mail"]
"""
LOGINS = {"1": "ada", "2": "ben", "4": "dev", "5": "eva"}


@pytest.fixture
def calendars(calendar_server):
    for person in LOGINS.values():
        calendar_server.calendar(person)
    return calendar_server


@pytest.fixture
def run(folder, mentorkit, monkeypatch, calendars):
    """Give what runs a command at a moment; everybody but Finn has a calendar."""
    header, *rows = PEOPLE.splitlines()
    people = [f"{header},capacity,login", *(f"{row},2,{LOGINS.get(row.split(',')[0], '')}" for row in rows)]
    (folder / "people.csv").write_text("\n".join(people) + "\n")
    (folder / "pilot.toml").write_text(PROGRAM + CHANNELS.replace("URL", calendars.url).replace("USER", USER))
    (folder / "calendar-password").write_text(f"{PASSWORD}\n")
    (folder / "messages").mkdir()
    (folder / "messages/hello.md").write_text("---\nsubject: Hello\n---\nHello.\n")

    def asked(command, *words, at):
        monkeypatch.setattr(clock, "now", lambda: datetime.fromisoformat(at).replace(tzinfo=UTC))
        return mentorkit(command, "pilot.toml", *words)

    return asked


def sessions(folder):
    rows = [row.split(",") for row in (folder / "pilot.run" / "schedule.csv").read_text().splitlines()]
    return [dict(zip(rows[0], row, strict=False)) for row in rows[1:]]


def found(calendars):
    """Return what everybody finds: by login, UID and begin, in UTC."""
    return {
        login: {one["uid"]: (datetime.fromisoformat(one["starts"]), one["sequence"]) for one in entries}
        for login, entries in calendars.entries(*LOGINS.values()).items()
        if entries
    }


def wanted(rows, but=()):
    """Return what they should find by the schedule."""
    found = {}
    for row in rows:
        for person in row["people"].split(";"):
            if person in LOGINS and person not in but:
                uid, starts = f"{row['session']}@pilot.mentorkit", datetime.fromisoformat(row["starts_utc"])
                found.setdefault(LOGINS[person], {})[uid] = (starts, 0)
    return found


def test_sessions_come_move_and_go_in_peoples_own_calendars(folder, run, calendars):
    assert 0 == run("check", at="2027-01-04T10:00:00").code
    ran = run("run", "--yes", "--json", at="2027-01-04T10:00:00")
    assert 0 == ran.code, ran.err
    rows = sessions(folder)
    first = wanted(rows)
    assert first == found(calendars)
    assert set(LOGINS.values()) == first.keys()
    assert {"calendar-invitation"} == {one["step"] for one in ran.document["sent"] if one["channel"] == "calendars"}
    mails = [one.read_text(errors="replace") for one in (folder / "pilot.run/outbox").glob("*calendar-invitation*")]
    assert sum("6" in row["people"].split(";") for row in rows) == len(mails)  # of Finn no calendar is known
    assert all("finn@example.org" in one for one in mails)
    assert 0 == run("run", "--yes", at="2027-01-04T11:00:00").code

    row = next(one for one in rows if "5" in one["people"].split(";"))
    said = ("--person", "5", "--subject", row["session"], "--value", "2027-01-15T15:00")
    assert 0 == run("record", "moved", *said, at="2027-01-05T10:00:00").code
    assert 0 == run("run", "--yes", at="2027-01-05T11:00:00").code
    moved = found(calendars)
    uid = f"{row['session']}@pilot.mentorkit"
    both = [LOGINS[one] for one in row["people"].split(";")]
    assert 2 == len(both)
    for login, entries in first.items():
        new = (datetime(2027, 1, 15, 15, tzinfo=UTC), 1)  # by the clocks of the program, in London
        assert entries | ({uid: new} if login in both else {}) == moved[login]

    assert 0 == run("record", "left", "--person", "4", at="2027-01-06T10:00:00").code
    assert 0 == run("run", "--yes", at="2027-01-06T11:00:00").code
    over = {f"{one['session']}@pilot.mentorkit" for one in rows if "4" in one["people"].split(";")}
    after = found(calendars)
    assert moved["dev"] == after["dev"]  # nothing reaches somebody who has left
    for login in LOGINS.values():
        if login != "dev":
            left = {one: entry for one, entry in moved.get(login, {}).items() if one not in over}
            assert left == after.get(login, {}), login


def test_a_server_that_lets_nobody_in_gets_everything_later_and_once(folder, run, calendars):
    (folder / "calendar-password").write_text("wrong\n")
    ran = run("run", "--yes", at="2027-01-04T10:00:00")
    assert 1 == ran.code
    assert "401 Unauthorized" in ran.out + ran.err
    (folder / "calendar-password").write_text(f"{PASSWORD}\n")
    assert 0 == run("run", "--yes", at="2027-01-04T10:10:00").code
    assert wanted(sessions(folder)) == found(calendars)


def test_what_is_repeated_since_its_answer_was_lost_is_there_once(folder, run, calendars):
    text = (folder / "pilot.toml").read_text()
    with calendars.losing_answers(2) as way:
        (folder / "pilot.toml").write_text(text.replace(calendars.url, way.url))
        first = run("run", "--yes", "--json", at="2027-01-04T10:00:00")
        assert 2 == len(first.document["deferred"])
        second = run("run", "--yes", "--json", at="2027-01-04T10:30:00")
        assert (0, 2) == (second.code, len(second.document["sent"]))
    expected = wanted(sessions(folder))
    assert sum(map(len, expected.values())) == len(way.changes) == len(set(way.changes))
    assert expected == found(calendars)


def test_what_may_have_arrived_is_taken_out_when_its_reason_is_gone(folder, run, calendars):
    text = (folder / "pilot.toml").read_text()
    with calendars.losing_answers(1) as way:
        (folder / "pilot.toml").write_text(text.replace(calendars.url, way.url))
        run("run", "--yes", at="2027-01-04T10:00:00")
        ((_, lost), *_) = way.changes
        _, login, _, name = lost.split("/")
        session = name.partition("@")[0].partition("%")[0]
        (row,) = [one for one in sessions(folder) if one["session"] == session]
        (other,) = [one for one in row["people"].split(";") if LOGINS.get(one) != login]
        run("record", "left", "--person", other, at="2027-01-05T10:00:00")
        assert 0 == run("run", "--yes", at="2027-01-05T10:10:00").code
        assert 0 == run("run", "--yes", at="2027-01-06T10:10:00").code
    uid = f"{session}@pilot.mentorkit"
    assert ("DELETE", lost) in way.changes
    assert uid not in found(calendars).get(login, {})


def test_it_needs_a_channel_for_messages_beside_it_and_a_yes(folder, run):
    refused = run("run", at="2027-01-04T10:00:00")
    planned = run("plan", at="2027-01-04T10:00:00").out
    assert ["15", "3"] == re.findall(r"^  (?:calendars|files) +([0-9]+) messages$", planned, re.MULTILINE)
    assert 0 != refused.code
    assert "--yes" in refused.out + refused.err
    text = (folder / "pilot.toml").read_text()
    (folder / "pilot.toml").write_text(text.partition("[channels.files]")[0])
    alone = run("check", at="2027-01-04T10:00:00")
    assert 2 == alone.code
    assert "channel-carries-none" in alone.out + alone.err
