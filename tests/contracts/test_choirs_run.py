"""A model that wants free seats filled, in one local file, by the command line: who comes, what they get, reviews."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from mentorkit.command_line.boundary import run_command
from mentorkit.testing import program_folder

PLUGIN = Path(__file__).with_name("choirs_plugin.py")
PROGRAM = """\
plugins.files = ["choirs_plugin.py"]
roster.file = "people.csv"
model.use = "choirs"
sessions = { count = 3, cadence = "every 4 weeks", place = { column = "meeting_link" } }

[program]
name = "Choirs"
starts = 2027-01-11
length = "12 weeks"
timezone = "Europe/Oslo"
coordinator = "c@example.org"

[matching.criteria.voice]
kind = "same"
column = "voice"
between = ["singer", "conductor"]

[matching.rules.apart]
kind = "never"
pairs = [["s2", "s6"]]

[timeline.welcome]
when = "match at 08:00"
to = ["singer", "conductor"]
message = "messages/welcome"

[timeline.joined]
when = "member-joins at 08:00"
to = ["singer", "conductor", "coordinator"]
message = "messages/joined"

[timeline.reminder]
when = "session - 2 days at 08:00"
to = ["singer", "conductor"]
message = "messages/welcome"
"""
PEOPLE = """\
id,name,role,voice,meeting_link,working_hours
c1,Cora,conductor,high,room 1,
c2,Carl,conductor,low,room 2,
s1,Sam,singer,high,,
s2,Sol,singer,high,,
s3,Sue,singer,high,,
"""
LATER = "s5,Stan,singer,low,,\ns6,Siv,singer,high,,\ns7,Sky,singer,high,,\n"
WELCOME = "---\nsubject: With {{ partners | map(attribute='name') | join(' and ') }}\n---\nHello.\n"
NAMES = "relationship.joined | map(attribute='name') | join(' and ') if relationship else ''"
JOINED = f"---\nsubject: Hear {{{{ {NAMES} }}}}\n---\nHi.\n"


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    files = {"people.csv": PEOPLE, "p.toml": PROGRAM, "messages/welcome.md": WELCOME, "messages/joined.md": JOINED}
    program_folder(tmp_path, {**files, "choirs_plugin.py": PLUGIN.read_text()})
    monkeypatch.chdir(tmp_path)


def do(capfd, *arguments):
    capfd.readouterr()
    assert 0 == run_command(list(arguments))
    return capfd.readouterr().out


def begun(capfd, program=PROGRAM):
    Path("p.toml").write_text(program)
    do(capfd, "run", "p.toml", "--at", "2027-01-11T10:00")
    if 'publish = "review"' in program:
        do(capfd, "publish", "p.toml", "--at", "2027-01-11T11:00")
        do(capfd, "run", "p.toml", "--at", "2027-01-11T12:00")
    Path("people.csv").write_text(PEOPLE + LATER)


def rows():
    with Path("p.run/matches.csv").open() as file:
        return {one["person"]: (one["starts"], one["ends"], one["state"]) for one in csv.DictReader(file)}


def subjects(day):
    """Return the subjects of what went out on a day, by recipient."""
    found = {}
    for path in sorted(Path("p.run/outbox").glob(f"{day}*.eml")):
        step, number = path.name.split(".")[1:3]
        found[step, number] = next(line for line in path.read_text().splitlines() if line.startswith("Subject"))[9:]
    return found


def test_the_seat_of_a_singer_who_left_goes_to_whom_the_rules_allow_and_who_sings_best_with_the_conductor(capfd):
    begun(capfd)
    do(capfd, "record", "p.toml", "left", "--person", "s3", "--at", "2027-01-20T09:00")

    plan = json.loads(do(capfd, "plan", "p.toml", "--json", "--at", "2027-01-20T10:00"))
    do(capfd, "run", "p.toml", "--at", "2027-01-20T10:00")

    (joining,) = plan["rearranged_joinings"]
    assert ("s7", "singer") == (joining["id"], joining["role"])  # not s5, who sings low, nor s6, who is kept from s2
    changed = [one["people"] for one in plan["rearranged_changed_sessions"]]
    assert changed
    assert all({"c1", "s1", "s2", "s7"} == set(people) for people in changed)
    assert ("2027-01-11", "2027-01-20", "ended (left)") == rows()["s3"]
    assert ("2027-01-20", "2027-04-05", "active") == rows()["s7"]
    assert ("2027-01-11", "2027-04-05", "active") == rows()["s1"]


def test_who_joins_gets_what_belongs_to_the_match_and_the_others_hear_of_them_and_get_nothing_again(capfd):
    begun(capfd)
    do(capfd, "record", "p.toml", "left", "--person", "s3", "--at", "2027-01-20T09:00")
    do(capfd, "run", "p.toml", "--at", "2027-01-20T10:00")
    do(capfd, "run", "p.toml", "--at", "2027-01-20T11:00")

    found = subjects("20270120")

    assert {"welcome", "joined"} == {step for step, _ in found}
    assert ["With Cora and Sam and Sol"] == [text for (step, _), text in found.items() if step == "welcome"]
    assert ["Hear Sky"] * 4 == [text for (step, _), text in found.items() if step == "joined"]


def test_sessions_keep_their_time_and_have_one_more_in_them_with_a_higher_sequence(capfd):
    begun(capfd)
    do(capfd, "run", "p.toml", "--at", "2027-01-18T10:00")
    before = Path("p.run/schedule.csv").read_text()
    do(capfd, "record", "p.toml", "left", "--person", "s3", "--at", "2027-01-20T09:00")
    do(capfd, "run", "p.toml", "--at", "2027-01-20T10:00")

    after = Path("p.run/schedule.csv").read_text()

    coming = [line for line in after.splitlines() if "s7" in line]
    assert 2 == len(coming)  # the first one is over
    assert [line.replace("s1;s2;s7", "s1;s2;s3") for line in coming] == [
        line for line in before.splitlines() if line.split(",")[2] in ("2", "3")
    ]
    assert "SEQUENCE:2" in Path("p.run/calendars/s1.ics").read_text()  # once without, once with somebody else
    assert 2 == Path("p.run/calendars/s7.ics").read_text().count("BEGIN:VEVENT")


def test_a_conductor_is_replaced_by_one_who_stands_by_and_brings_a_room(capfd):
    begun(capfd)
    do(capfd, "record", "p.toml", "left", "--person", "c1", "--at", "2027-01-20T09:00")
    do(capfd, "run", "p.toml", "--at", "2027-01-20T10:00")

    calendar = Path("p.run/calendars/s1.ics").read_text()

    assert "active" == rows()["c2"][2]
    assert (0, 2) == (calendar.count("LOCATION:room 1") - 1, calendar.count("LOCATION:room 2"))


def test_one_no_takes_one_person_out_and_they_are_not_put_together_again(capfd):
    begun(capfd)
    do(capfd, "record", "p.toml", "declined", "--person", "s3", "--at", "2027-01-20T09:00")
    do(capfd, "run", "p.toml", "--at", "2027-01-20T10:00")
    do(capfd, "record", "p.toml", "left", "--person", "s7", "--at", "2027-01-25T09:00")

    plan = json.loads(do(capfd, "plan", "p.toml", "--json", "--at", "2027-01-25T10:00"))

    assert "ended (declined)" == rows()["s3"][2]
    assert ["s5"] == [one["id"] for one in plan["rearranged_joinings"]]


def test_who_is_back_takes_their_own_seat_before_everybody(capfd):
    begun(capfd)
    do(capfd, "record", "p.toml", "left", "--person", "s3", "--at", "2027-01-20T09:00")
    do(capfd, "record", "p.toml", "resumed", "--person", "s3", "--at", "2027-01-20T09:30")

    plan = json.loads(do(capfd, "plan", "p.toml", "--json", "--at", "2027-01-20T10:00"))

    assert ["s3"] == [one["id"] for one in plan["rearranged_joinings"]]


def test_under_review_a_run_leaves_the_seat_free_and_says_so_and_publish_fill_fills_it(capfd):
    begun(capfd, PROGRAM.replace("[program]", '[matching]\npublish = "review"\n\n[program]', 1))
    do(capfd, "record", "p.toml", "left", "--person", "s3", "--at", "2027-01-20T09:00")
    do(capfd, "run", "p.toml", "--at", "2027-01-20T10:00")
    assert "s7" not in rows()

    needs = json.loads(do(capfd, "status", "p.toml", "--json", "--at", "2027-01-20T11:00"))["needs"]
    published = json.loads(do(capfd, "publish", "p.toml", "--fill", "--json", "--at", "2027-01-20T12:00"))

    (vacant,) = [one for one in needs if one["kind"] == "vacant"]
    assert ("1 singer", ["c1", "s1", "s2"]) == (vacant["detail"], vacant["people"])
    assert ["s7"] == [one["id"] for one in published["joined"]]
    assert "active" == rows()["s7"][2]


def test_where_nobody_fits_the_seat_waits_for_somebody_and_the_coordinator_is_told(capfd):
    begun(capfd)
    for number, person in enumerate(("s5", "s6", "s7", "s3")):
        do(capfd, "record", "p.toml", "left", "--person", person, "--at", f"2027-01-20T09:0{number}")
    do(capfd, "run", "p.toml", "--at", "2027-01-20T10:00")
    status = do(capfd, "status", "p.toml", "--at", "2027-01-21T10:00")
    Path("people.csv").write_text(PEOPLE + LATER + "s8,Sten,singer,low,,\n")
    do(capfd, "run", "p.toml", "--at", "2027-02-01T10:00")

    assert "free seats that nobody takes yet" in status
    assert ("2027-02-01", "2027-04-05", "active") == rows()["s8"]


def test_whom_the_sessions_do_not_suit_is_named(capfd):
    begun(capfd)
    Path("people.csv").write_text(PEOPLE + LATER.replace("s7,Sky,singer,high,,", "s7,Sky,singer,high,,05:00-06:00"))
    do(capfd, "record", "p.toml", "left", "--person", "s3", "--at", "2027-01-12T11:00")

    capfd.readouterr()
    assert 0 == run_command(["plan", "p.toml", "--at", "2027-01-12T12:00"])
    said = capfd.readouterr().err

    assert "joins-at-a-bad-time" in said
    assert "3 of 3 sessions to come" in said


def test_a_saved_plan_that_fills_a_seat_is_refused_when_somebody_else_would_take_it_by_now(capfd):
    begun(capfd)
    do(capfd, "record", "p.toml", "left", "--person", "s3", "--at", "2027-01-20T09:00")
    do(capfd, "plan", "p.toml", "--out", "plan.json", "--at", "2027-01-20T10:00")
    Path("people.csv").write_text(PEOPLE + LATER.replace("s7,Sky,singer,high,,", "s7,Sky,singer,low,,"))

    assert 2 == run_command(["run", "p.toml", "--plan", "plan.json", "--at", "2027-01-20T11:00"])
    assert "s7" not in rows()
