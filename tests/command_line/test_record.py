"""`mentorkit record`: what is written down, what follows, what is refused."""

import csv
import json
import re
from pathlib import Path

import openpyxl
import pytest

from mentorkit.command_line.record import command
from mentorkit.core.happenings import EVENT_KINDS
from mentorkit.guarding.one_runner import one_runner
from mentorkit.ledger import read_history
from mentorkit.testing import a_moment, program_folder

DATA = Path(__file__).parent.parent / "data" / "rosters"
GUIDE = Path(__file__).parent.parent.parent / "docs" / "how-to" / "leavers-and-late-joiners.md"
FIRST = "2027-01-11T10:00"
LATER = "2027-02-20T12:00"
HEADER = "id,at,person,kind,subject,value\n"


@pytest.fixture
def ran(mentorkit):
    """Return the function that runs commands, after a first run has matched everybody who can be."""
    assert 0 == mentorkit("run", "pilot.toml", "--at", FIRST).code
    return mentorkit


def ledger(folder):
    return read_history(folder / "pilot.run" / "ledger.sqlite")


def matches(folder):
    with (folder / "pilot.run" / "matches.csv").open(encoding="utf-8", newline="") as file:
        return {(row["relationship"], row["person"]): row for row in csv.DictReader(file)}


def record(ran, *arguments, at=LATER):
    return ran("record", "pilot.toml", *arguments, "--at", at)


def test_a_leaver_ends_their_relationship_and_its_coming_sessions(folder, ran):
    told = record(ran, "left", "--person", "1", "--value", "new job")
    assert 0 == told.code, told.err
    assert "Ada Osei (1)" in told.out
    assert "1 relationship ends" in told.out
    assert re.search(r"\d sessions are canceled", told.out)
    assert "tell people: mentorkit run pilot.toml" in told.out
    (ended,) = {one for one, row in matches(folder).items() if row["state"] == "ended (left)" and one[1] == "1"}
    schedule = (folder / "pilot.run" / "schedule.csv").read_text()
    coming = [line for line in schedule.splitlines() if ended[0] in line and ",2027-03" in line]
    assert coming
    assert all(line.endswith(",canceled") for line in coming)
    (event,) = ledger(folder).events
    assert ("1", "left", "new job") == (event.person, event.kind, event.value)


def test_the_document_has_stable_keys(ran):
    document = record(ran, "left", "--person", "1", "--id", "hr-1", "--json").document
    assert ["recorded", "known", "ended", "left", "sessions", "superseded"] == list(document)
    event = {"id": "hr-1", "at": "2027-02-20T12:00:00Z", "person": "1", "kind": "left", "subject": "", "value": ""}
    assert [event] == document["recorded"]
    assert ["left"] == [one["reason"] for one in document["ended"]]
    assert {"canceled"} == {one["state"] for one in document["sessions"]}
    again = record(ran, "left", "--person", "1", "--id", "hr-1", "--json").document
    assert {"recorded": [], "known": ["hr-1"], "ended": [], "left": [], "sessions": [], "superseded": []} == again


def test_said_twice_at_the_same_moment_it_is_one_event(folder, ran):
    first = record(ran, "requested", "--person", "4", "--value", "somebody from Sales")
    second = record(ran, "Requested", "--person", " 4 ", "--value", "somebody from Sales")
    assert (0, 0) == (first.code, second.code)
    assert "1 event recorded already" in second.out
    assert "tell people" not in second.out
    other = record(ran, "requested", "--person", "4", "--value", "somebody else")
    assert "recorded: 1 requested" in other.out
    assert 2 == len(ledger(folder).events)


def test_the_same_id_for_another_event_is_refused(folder, ran):
    record(ran, "left", "--person", "1", "--id", "hr-1")
    refused = record(ran, "left", "--person", "2", "--id", "hr-1")
    assert 2 == refused.code
    assert "hr-1" in refused.err
    assert 1 == len(ledger(folder).events)


def test_a_session_is_held_and_another_moved(folder, ran):
    held = record(ran, "met", "--person", "4")
    assert 0 == held.code, held.err
    assert "1 session held" in held.out
    assert "tell people" not in held.out
    moved = record(ran, "moved", "--person", "4", "--value", "2027-03-09T15:00")
    assert 0 == moved.code, moved.err
    assert "1 session moves" in moved.out
    assert "Tue 2027-03-09 15:00 (Europe/Madrid)" in moved.out
    states = [one.state for one in ledger(folder).sessions if "4" in one.session.people]
    assert (1, 1) == (states.count("held"), states.count("moved"))
    assert ",2027-03-09T14:00:00Z,60,Europe/Madrid," in (folder / "pilot.run" / "schedule.csv").read_text()


def test_people_are_told_by_the_next_run_and_not_before(folder, ran):
    outbox = folder / "pilot.run" / "outbox"
    before = sorted(path.name for path in outbox.iterdir())
    record(ran, "declined", "--person", "4")
    assert before == sorted(path.name for path in outbox.iterdir())
    assert 0 == ran("run", "pilot.toml", "--at", "2027-02-20T13:00").code


def test_runs_take_the_answers_files_and_every_row_counts_once(folder, ran):
    program = (folder / "pilot.toml").read_text() + '[answers]\nfiles = ["answers.csv"]\n'
    rows = "a1,2027-02-01T10:00,4,met,,\na2,2027-02-02T10:00,1,left,their mentee,why\na3,2027-09-03,5,paused,,\n"
    program_folder(folder, {"pilot.toml": program, "answers.csv": HEADER + rows})
    for at in ("2027-02-20T10:00", "2027-02-20T11:00"):
        done = ran("run", "pilot.toml", "--at", at)
        assert 0 == done.code, done.err
        assert ["a1", "a2"] == sorted(one.id for one in ledger(folder).events)
    assert ["a1", "a2"] == record(ran, "--from", "answers.csv", "--json").document["known"]
    program_folder(folder, {"answers.csv": HEADER + rows.replace("met", "missed")})
    named = ran("run", "pilot.toml", "--at", "2027-02-20T12:00")
    assert 0 == named.code
    assert "answers.csv:2: warning[event-conflict]" in named.err
    refused = ran("record", "pilot.toml", "--from", "answers.csv", "--at", "2027-02-20T12:00")
    assert (2, True) == (refused.code, "answers.csv:2: error[event-conflict]" in refused.err)


def test_a_row_that_cannot_be_taken_stops_nobodys_mail_and_no_status_page(folder, ran):
    program = (folder / "pilot.toml").read_text() + '[answers]\nfiles = ["answers.csv"]\n'
    rows = "a1,2027-02-01T10:00,4,met,,\na2,someday,5,met,,\na3,2027-02-01T11:00,99,met,,\n"
    program_folder(folder, {"pilot.toml": program, "answers.csv": HEADER + rows})
    done = ran("run", "pilot.toml", "--at", "2027-02-20T10:00")
    assert (0, ["a1"]) == (done.code, [one.id for one in ledger(folder).events])
    assert "answers.csv:3: warning[event-at]" in done.err
    assert "answers.csv:4: warning[event-unknown-person]" in done.err
    assert 0 == ran("status", "pilot.toml", "--at", "2027-02-20T10:00").code
    assert 2 == ran("check", "pilot.toml", "--at", "2027-02-20T10:00").code


def test_somebody_who_is_not_in_the_roster_any_more_can_leave(folder, ran):
    people = (folder / "people.csv").read_text().splitlines()
    program_folder(folder, {"people.csv": "\n".join(row for row in people if not row.startswith("2,"))})
    document = record(ran, "left", "--person", "2", "--json").document
    assert ["left"] == [one["reason"] for one in document["ended"]]


def test_while_somebody_holds_the_program_nothing_is_recorded(folder, ran):
    with one_runner(folder / "pilot.run", a_moment("2027-02-20T12:00:00Z")):
        refused = record(ran, "left", "--person", "1")
    assert (2, "") == (refused.code, refused.out)
    assert () == ledger(folder).events


def test_before_the_first_run_the_ledger_is_made_and_the_run_goes_on_with_it(folder, mentorkit):
    told = mentorkit("record", "pilot.toml", "left", "--person", "1", "--at", FIRST)
    assert 0 == told.code, told.err
    assert (folder / "pilot.lock").is_file()
    assert 0 == mentorkit("run", "pilot.toml", "--at", "2027-01-11T11:00").code
    assert all(person != "1" for _, person in matches(folder))
    assert 1 == len(ledger(folder).events)


def test_what_the_roster_says_is_left_to_the_run(folder, ran):
    people = (folder / "people.csv").read_text().splitlines()
    left = [f"{row},{'2027-02-01' if row.startswith('2,') else ''}" for row in people[1:]]
    program_folder(folder, {"people.csv": "\n".join([f"{people[0]},left_on", *left])})
    document = record(ran, "requested", "--person", "4", "--json").document
    assert ["requested"] == [one["kind"] for one in document["recorded"]]
    assert [] == document["ended"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "say what happened"),
        (["left"], "--person ID"),
        (["lefft", "--person", "1"], 'did you mean "left"?'),
        (["vanished", "--person", "1"], "it is accepted, answered, declined, ended,"),
        (["left", "--from", "x.csv"], "leave KIND out"),
        (["--from", "x.csv", "--person", "1", "--id", "e1"], "leave --person, --id out"),
        (["--from", "x.csv"], "there is no file x.csv"),
        (["left", "--person", "1", "--id", "mentorkit:left:p1"], "error[event-id]"),
        (["left", "--person", "99"], "99"),
        (["left", "--person", "Ada Osei"], "did you mean the id 1?"),
        (["left", "--person", "Ada@example.org"], "did you mean the id 1?"),
        (["ended", "--person", "1"], "error[event-unknown-subject]"),
    ],
)
def test_what_cannot_be_recorded_is_refused_and_leaves_nothing(folder, mentorkit, arguments, told):
    refused = record(mentorkit, *arguments)
    assert 2 == refused.code
    assert "" == refused.out
    assert told in re.sub(r"\s+", " ", refused.err)
    assert ["people.csv", "pilot.toml"] == sorted(path.name for path in folder.iterdir())


def test_what_is_about_nothing_is_refused_and_leaves_the_ledger_as_it_is(folder, ran):
    before = ledger(folder)
    moved = record(ran, "moved", "--person", "4", "--value", "next week")
    assert (2, "") == (moved.code, moved.out)
    assert '"next week" is no time' in moved.err
    ended = record(ran, "ended", "--person", "1", "--subject", "r0")
    assert (2, "") == (ended.code, ended.out)
    assert 'no relationship or session "r0"' in ended.err
    assert before == ledger(folder)


def test_several_relationships_are_listed_with_their_partners(folder, mentorkit):
    people = (
        (folder / "people.csv").read_text().replace(",role\n", ",role,capacity\n").replace("mentor\n", "mentor,3\n")
    )
    people = re.sub(r"mentee$", "mentee,", people, flags=re.MULTILINE).replace("2,Ben", "#2,Ben")
    program_folder(folder, {"people.csv": "\n".join(row for row in people.splitlines() if not row.startswith("#"))})
    assert 0 == mentorkit("run", "pilot.toml", "--at", FIRST).code
    refused = mentorkit("record", "pilot.toml", "ended", "--person", "1", "--at", LATER)
    assert 2 == refused.code
    assert "Finn Berg" in refused.err
    assert "Eva Novak" in refused.err
    for known in ledger(folder).relationships:
        assert known.relationship.id in refused.err


def test_a_file_is_recorded_whole_or_not_at_all(folder, ran):
    rows = "e1,2027-02-01,4,requested,,x\ne2,2027-02-01,99,left,,\ne3,soon,5,left,,\n"
    program_folder(folder, {"changes.csv": HEADER + rows})
    refused = record(ran, "--from", "changes.csv")
    assert 2 == refused.code
    assert "changes.csv:4: error[event-at]" in refused.err
    assert () == ledger(folder).events
    program_folder(folder, {"changes.csv": HEADER + rows.replace("soon", "2027-02-02")})
    refused = record(ran, "--from", "changes.csv")
    assert "changes.csv:3: error[" in refused.err
    assert () == ledger(folder).events


def test_a_file_with_nothing_to_record_makes_no_run_folder(folder, mentorkit):
    program_folder(folder, {"changes.csv": HEADER + "e1,2027-05-01,4,left,,\n"})
    told = mentorkit("record", "pilot.toml", "--from", "changes.csv", "--at", FIRST)
    assert (0, "There are no events to record.\n") == (told.code, told.out)
    assert "events-later" in told.err
    assert not (folder / "pilot.run").exists()


def test_hostile_values_command_no_terminal_and_no_spreadsheet(folder, ran):
    program_folder(folder, {"changes.csv": HEADER + 'e1,2027-02-01,4,ended,,"=cmd|\x1b[2J\u202e"\n'})
    told = record(ran, "--from", "changes.csv")
    assert 0 == told.code, told.err
    assert "\x1b" not in told.out
    assert "\u202e" not in told.out
    assert "ended (=cmd" in (folder / "pilot.run" / "matches.csv").read_text()


def test_two_hundred_events_of_a_real_roster_count_once_in_every_format(folder, mentorkit):
    program_folder(folder, {"people.csv": (DATA / "adventureworks.csv").read_bytes()})
    assert 0 == mentorkit("run", "pilot.toml", "--at", FIRST).code
    kinds = ("met", "missed", "requested", "accepted")
    matched = sorted({person for _, person in matches(folder)})
    told = [
        [f"form-{n}", f"2027-02-{n % 18 + 1:02}T10:00", matched[n % len(matched)], kinds[n % 4], "", ""]
        for n in range(200)
    ]
    write_csv(folder / "answers.csv", told)
    first = record(mentorkit, "--from", "answers.csv", "--json")
    assert 0 == first.code, first.err
    assert sorted(row[0] for row in told) == sorted(one["id"] for one in first.document["recorded"])
    write_csv(folder / "excel.csv", told, delimiter=";", encoding="utf-8-sig")
    write_xlsx(folder / "answers.xlsx", told)
    for name in ("answers.csv", "excel.csv", "answers.xlsx"):
        again = record(mentorkit, "--from", name, "--json")
        assert (0, [], 200) == (again.code, again.document["recorded"], len(again.document["known"]))
    assert 200 == len(ledger(folder).events)


def write_csv(path, rows, delimiter=",", encoding="utf-8"):
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([HEADER.strip().split(","), *rows])


def write_xlsx(path, rows):
    book = openpyxl.Workbook()
    for row in [HEADER.strip().split(","), *rows]:
        book.active.append(row)
    book.save(path)


def test_the_help_lists_every_kind():
    assert set(EVENT_KINDS) <= set(re.findall(r"[a-z]+", command.help))


def test_the_guide_plays(tmp_path, mentorkit):
    text = GUIDE.read_text(encoding="utf-8")
    (changes,) = re.findall(r"```csv\n(.*?)```", text, re.DOTALL)
    (answers,) = re.findall(r"```toml\n(\[answers\].*?)```", text, re.DOTALL)
    program = 'program = { name = "Aurora", starts = 2027-01-11, timezone = "Europe/London" }\n'
    program += 'roster.file = "people.csv"\nmodel.use = "one-on-one"\n'
    people = "id,name,role,email\n" + "".join(
        f"{person},Person {person},{role},p{person}@example.org\n"
        for role, ids in (("mentor", (17, 18, 19, 20)), ("mentee", (41, 42, 43, 44)))
        for person in ids
    )
    program_folder(tmp_path, {"aurora.toml": program + answers, "people.csv": people, "changes.csv": changes})
    shown = [line.removeprefix("$ mentorkit ") for line in re.findall(r"^\$ mentorkit .*$", text, re.MULTILINE)]
    assert 8 < len(shown)
    assert 0 == mentorkit("run", "aurora.toml", "--at", FIRST).code
    for number, line in enumerate(shown):
        arguments = [part.strip('"') for part in re.findall(r'"[^"]*"|\S+', line)]
        done = mentorkit(*arguments, "--at", f"2027-03-01T{10 + number // 4}:{number % 4}0")
        assert 0 == done.code, (line, done.err)
    history = read_history(tmp_path / "aurora.run" / "ledger.sqlite")
    assert {"left", "resumed", "paused", "moved", "declined"} == {event.kind for event in history.events}
    assert {"left", "declined"} <= {known.reason for known in history.relationships}


def test_json_is_one_document_whatever_was_read(folder, ran):
    program_folder(folder, {"changes.csv": HEADER + "e1,2027-05-01,4,left,,\n"})
    told = record(ran, "--from", "changes.csv", "--json")
    assert [] == json.loads(told.out)["recorded"]
    assert "events-later" in told.err


def test_what_happened_before_today_is_told_from_today_on(folder, mentorkit):
    mentorkit("run", "pilot.toml", "--at", "2027-01-11T10:00")
    ran = mentorkit("record", "pilot.toml", "left", "--person", "4", "--when", "2027-01-14", "--at", "2027-01-29T10:00")
    assert 0 == ran.code, ran.err
    told = mentorkit("run", "pilot.toml", "--json", "--at", "2027-01-29T11:00").document
    assert "early-end" in {one["step"] for one in told["sent"]}
    assert not [one for one in told["expired"] if one["step"] == "early-end"]
    matches = (folder / "pilot.run" / "matches.csv").read_text()
    assert "2027-01-14,ended (left)" in matches or "2027-01-15,ended (left)" in matches


def test_what_has_not_happened_yet_is_refused(folder, mentorkit):
    mentorkit("run", "pilot.toml", "--at", "2027-01-11T10:00")
    late = ("--when", "2027-01-14", "--at", "2027-01-12T10:00")
    ran = mentorkit("record", "pilot.toml", "left", "--person", "4", *late)
    assert (2, True) == (ran.code, "has not come yet" in ran.err)
