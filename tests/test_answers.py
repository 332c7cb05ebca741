"""Files of events: what is read, what is told about the rest."""

import csv
import io
from datetime import UTC
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorkit.answers import read_told
from mentorkit.command_line.boundary import run_command
from mentorkit.core.happenings import EVENT_KINDS, Told
from mentorkit.core.program import AnswersFile
from mentorkit.core.written_dates import written_moment
from mentorkit.loading.loader import load_program
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import a_moment, a_program, a_roster, program_folder

ROSTER = Path(__file__).parent / "data" / "rosters" / "adventureworks.csv"
NOW = a_moment("2027-03-31T12:00:00Z")
HEADER = "id,at,person,kind,subject,value\n"


def read(folder, content, at=NOW, **options):
    """Return what files say, given as text, bytes or a dict of them by name."""
    files = content if isinstance(content, dict) else {"answers.csv": content}
    program_folder(folder, files)
    named = [AnswersFile(str(folder / name), name) for name in files]
    return read_told(named, a_program(), a_roster(), at, **options)


def found(reading):
    return [(one.severity, one.code, one.file, one.line) for one in reading.diagnostics]


def test_a_row_is_an_event_with_the_place_it_stands_in(tmp_path):
    rows = "e1,2027-03-02T16:00,17,met,,\ne2,2027-03-02T16:00:00+01:00,18,answered,midpoint.how,a; b\n"
    reading = read(tmp_path, HEADER + rows)
    assert (
        Told("e1", a_moment("2027-03-02T16:00:00Z"), "17", "met", "", "", "answers.csv", 2),
        Told("e2", a_moment("2027-03-02T15:00:00Z"), "18", "answered", "midpoint.how", "a; b", "answers.csv", 3),
    ) == reading.told
    assert () == reading.diagnostics


@pytest.mark.parametrize(
    "content",
    [
        "ID;At;Person;Kind\r\ne1;2027-07-02 16:00;17;MET\r\n".encode("utf-8-sig"),
        b"kind\tperson\tat\tid\nmet\t17\t2027-07-02T16:00\te1\n",
        'id,at,person,kind,\n"e1"," 2027-07-02T15:00:00.25Z ",17,Met,\n',
    ],
)
def test_files_as_spreadsheets_and_forms_write_them(tmp_path, content):
    (told,) = read(tmp_path, content, a_moment("2027-08-01T00:00:00Z")).told
    assert Told("e1", a_moment("2027-07-02T15:00:00Z"), "17", "met", "", "", "answers.csv", 2) == told


def test_a_workbook_with_typed_cells(tmp_path):
    book = openpyxl.Workbook()
    for row in (["id", "at", "person", "kind"], [1, a_moment("2027-03-02T16:30"), 17.0, "met"]):
        book.active.append(row)
    book.save(tmp_path / "answers.xlsx")
    reading = read_told([AnswersFile(str(tmp_path / "answers.xlsx"), "answers.xlsx")], a_program(), a_roster(), NOW)
    assert (Told("1", a_moment("2027-03-02T16:30:00Z"), "17", "met", "", "", "answers.xlsx", 2),) == reading.told


def test_a_day_is_its_beginning_in_the_programs_zone():
    assert a_moment("2027-06-01T23:00:00Z") == written_moment("2027-06-02", "Europe/London")
    for text in ("02.06.2027", "2027-13-01", "2027-06-02T24:00", "0001-01-01T00:00+02:00", "9999-12-31T23:00-09:00"):
        with pytest.raises(ValueError, match=r".*"):
            written_moment(text, "Europe/London")


def test_a_meeting_with_a_day_alone_is_pointed_out(tmp_path):
    rows = "e1,2027-03-02,17,met,,\ne2,2027-03-02,18,missed,,\ne3,2027-03-02,19,met,r1-2,\ne4,2027-03-02,20,left,,\n"
    reading = read(tmp_path, HEADER + rows)
    assert [("warning", "event-time-missing", "answers.csv", 2)] == found(reading)
    assert reading.diagnostics[0].message.startswith("2 rows say met or missed")
    assert 4 == len(reading.told)


def test_every_problem_of_every_row_at_once(tmp_path):
    rows = (
        "e1,2027-03-02T16:00,17,pausd,,\n"
        ",yesterday,,left,,\n"
        "e3,2027-03-02T16:00,17,left,,,\n"
        "Mentorkit:left:p1,2027-03-02T16:00,17,left,,\n"
        "e5,2027-03-02T16:00,17,left,,,extra\n"
        f"{'x' * 201},2027-03-02T16:00,17,left,,\n"
    )
    reading = read(tmp_path, HEADER + rows)
    assert [
        ("error", "event-kind", "answers.csv", 2),
        ("error", "event-incomplete", "answers.csv", 3),
        ("error", "event-at", "answers.csv", 3),
        ("error", "event-id", "answers.csv", 5),
        ("error", "row-ragged", "answers.csv", 6),
        ("error", "event-id", "answers.csv", 7),
    ] == found(reading)
    assert 'did you mean "paused"?' == reading.diagnostics[0].help
    assert "the event has no id or person" == reading.diagnostics[1].message
    assert ["e3"] == [one.id for one in reading.told]


def test_columns_are_ours_and_once(tmp_path):
    reading = read(tmp_path, "id,when,persn,kind,kind\ne1,2027-03-02,17,met,met\n")
    messages = [one.message for one in reading.diagnostics]
    assert [
        'a file of events has no column "when"',
        'a file of events has no column "persn"',
        "a file of events needs a column at",
        "a file of events needs a column person",
        "there are 2 columns kind",
    ] == messages
    assert 'did you mean "person"?' in reading.diagnostics[1].help
    assert () == reading.told


def test_text_in_a_column_without_a_header_is_not_dropped_in_silence(tmp_path):
    assert [("error", "answers-header", "answers.csv", 2)] == found(
        read(tmp_path, "id,at,person,kind,\ne1,2027-03-02T16:00,17,left,moved away\n")
    )


def test_an_id_counts_once_and_stands_for_one_event(tmp_path):
    row = "e1,2027-03-02T16:00,17,met,,\n"
    same = read(tmp_path, {"a.csv": HEADER + row + row, "b.csv": HEADER + row.replace("16:00", "16:00:00Z")})
    assert ((), ["a.csv"]) == (same.diagnostics, [one.where for one in same.told])
    other = read(tmp_path, {"a.csv": HEADER + row, "b.csv": HEADER + "\n" + row.replace("met", "missed")})
    problem = next(one for one in other.diagnostics if one.is_error)
    assert ("event-id-twice", "b.csv", 3) == (problem.code, problem.file, problem.line)
    assert "a.csv, line 2" in problem.message


def test_what_lies_in_the_future_is_left_for_later(tmp_path):
    rows = "e1,2027-03-31T13:00,17,left,,\ne2,2027-03-31T13:01,17,resumed,,\ne3,2027-04-01,17,left,,\n"
    reading = read(tmp_path, HEADER + rows)
    assert ["e1"] == [one.id for one in reading.told]
    assert [("note", "events-later", "answers.csv", 3)] == found(reading)
    assert reading.diagnostics[0].message.startswith("2 events")


@pytest.mark.parametrize("content", [None, ""])
def test_a_file_that_is_not_there_yet_is_a_note_unless_it_must_be(tmp_path, content):
    if content is not None:
        program_folder(tmp_path, {"answers.csv": content})
    file = AnswersFile(str(tmp_path / "answers.csv"), "answers.csv")
    assert [("note", "answers-none")] == [one[:2] for one in found(read_told([file], a_program(), a_roster(), NOW))]
    assert ["error"] == [one[0] for one in found(read_told([file], a_program(), a_roster(), NOW, must_exist=True))]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("id,at\ne1,é\n".encode("cp1252"), "file-encoding"),
        (HEADER.encode("utf-16"), "file-encoding"),
        ("id\0,at,person,kind\n", "file-encoding"),
        (b"PK\x03\x04not a workbook", "workbook-unreadable"),
        (HEADER + '"e1,2027\n', "csv-malformed"),
    ],
)
def test_files_that_cannot_be_read_are_errors(tmp_path, content, code):
    reading = read(tmp_path, content)
    assert [("error", code)] == [one[:2] for one in found(reading)]
    assert "encoding =" not in reading.diagnostics[0].help


def test_no_more_than_fifty_problems_of_a_file(tmp_path):
    reading = read(tmp_path, HEADER + "".join(f"e{number},soon,17,met,,\n" for number in range(90)))
    assert (51, "and 40 more errors in answers.csv") == (len(reading.diagnostics), reading.diagnostics[-1].message)


def test_two_hundred_events_about_the_people_of_a_real_roster(tmp_path):
    with ROSTER.open(encoding="utf-8-sig", newline="") as file:
        people = [row[0] for row in list(csv.reader(file))[1:]]
    rows = [
        [f"e{n}", f"2027-03-{n % 28 + 1:02}T10:00", people[n % len(people)], EVENT_KINDS[n % len(EVENT_KINDS)], "", ""]
        for n in range(200)
    ]
    written = io.StringIO()
    csv.writer(written, delimiter=";").writerows([HEADER.strip().split(","), *rows])
    reading = read(tmp_path, {"excel.csv": written.getvalue().encode("utf-8-sig"), "again.csv": written.getvalue()})
    assert () == reading.diagnostics
    assert [(row[0], row[2], row[3]) for row in rows] == [(one.id, one.person, one.kind) for one in reading.told]


_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)


@given(_TEXT, _TEXT)
def test_hostile_cells_stay_text(tmp_path_factory, person, value):
    written = io.StringIO()
    row = ["e1", "2027-03-02T16:00", f"p{person}", "requested", "", value]
    csv.writer(written).writerows([HEADER.strip().split(","), row])
    reading = read(tmp_path_factory.mktemp("hostile"), written.getvalue())
    assert () == reading.diagnostics
    assert reading.told[0].person.startswith("p")
    assert len(reading.told[0].value) <= len(value)


def test_a_formula_is_a_text(tmp_path):
    (told,) = read(tmp_path, HEADER + 'e1,2027-03-02T16:00,17,requested,,"=HYPERLINK(""x"")"\n').told
    assert '=HYPERLINK("x")' == told.value


@given(st.datetimes(a_moment("2000-01-01"), a_moment("2090-01-01")))
def test_a_moment_is_read_as_it_was_written(moment):
    whole = moment.replace(microsecond=0, tzinfo=UTC)
    assert whole == written_moment(whole.isoformat(), "Asia/Tokyo")
    assert whole == written_moment(whole.replace(tzinfo=None).isoformat(" "), "UTC")


PROGRAM = """\
program = { name = "P", starts = 2027-01-11 }
roster.file = "people.csv"
model.use = "one-on-one"
"""
PEOPLE = "id,role,email\n1,mentor,a@example.org\n2,mentee,b@example.org\n"


def test_the_program_names_its_files_and_they_need_not_be_there(tmp_path):
    text = PROGRAM + '[answers]\nfiles = ["answers.csv", "forms/midpoint.xlsx"]\n'
    program_folder(tmp_path, {"p.toml": text, "people.csv": PEOPLE})
    program = load_program(tmp_path / "p.toml", build_catalogue()).program
    assert (
        tuple(AnswersFile(str(tmp_path / name), name) for name in ("answers.csv", "forms/midpoint.xlsx"))
        == program.answers
    )
    without = load_program(program_folder(tmp_path, {"p.toml": PROGRAM}) / "p.toml", build_catalogue()).program
    assert () == without.answers
    assert without.digest != program.digest
    moved = program_folder(tmp_path / "elsewhere", {"p.toml": text, "people.csv": PEOPLE})
    assert load_program(moved / "p.toml", build_catalogue()).program.digest == program.digest


def test_a_template_may_only_name_files_of_its_own_folder(tmp_path, capfd):
    template = '[template]\nname = "t"\nversion = "1"\n[answers]\nfiles = ["../answers.csv"]\n'
    about = 'extends = "./t"\n' + PROGRAM.replace("starts", 'length = "24 weeks", starts')
    program_folder(tmp_path, {"p.toml": about, "people.csv": PEOPLE, "t/template.toml": template})
    assert 2 == run_command(["check", str(tmp_path / "p.toml")])
    assert "t/template.toml:5:10: error[outside-folder]" in capfd.readouterr().err


def test_files_that_are_no_names_are_refused(tmp_path, capfd):
    program_folder(tmp_path, {"p.toml": PROGRAM + 'answers.files = [""]\nanswers.file = "x"\n', "people.csv": PEOPLE})
    assert 2 == run_command(["check", str(tmp_path / "p.toml")])
    told = capfd.readouterr().err
    assert 'did you mean "files"?' in told
    assert 2 == told.count("error[")
