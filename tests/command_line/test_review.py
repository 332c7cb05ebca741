"""`match --review`: the file that a coordinator decides on."""

import csv
import io

import pytest
from openpyxl import load_workbook

PEOPLE = """\
id,name,email,role,skills,wants
8,=Ada,ada@example.org,mentor,python,
9,Ben,ben@example.org,mentor,negotiation,
1,Dev,dev@example.org,mentee,,python
2,Eva,eva@example.org,mentee,,negotiation
3,Finn,finn@example.org,mentee,,python
"""
CRITERIA = '[matching.criteria.skills]\nkind = "overlap"\nmentee = "wants"\nmentor = "skills"\n'
NOW = ("--at", "2027-01-11T10:00")


@pytest.fixture
def review(folder, mentorkit):
    """Return a function that reviews with FILE, and returns the command's result and the file's rows."""
    (folder / "people.csv").write_text(PEOPLE)
    with (folder / "pilot.toml").open("a") as program:
        program.write(CRITERIA)

    def run(name: str = "review.csv", *more: str):
        ran = mentorkit("match", "pilot.toml", "--review", name, *NOW, *more)
        return ran, rows(folder / name)

    return run


def rows(path):
    if path.suffix == ".xlsx":
        return [[cell or "" for cell in row] for row in load_workbook(path).active.iter_rows(values_only=True)]
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"))))


def pairs(found):
    return {(row[1], row[3], row[-1]) for row in found[1:]}


def decide(folder, person: str, word: str, partner: str = "", name: str = "review.csv"):
    """Write a decision as LibreOffice in German does: semicolons, no mark."""
    found = rows(folder / name)
    for row in found:
        if row[3] == person:
            row[-1], row[1] = word, partner or row[1]
    written = io.StringIO()
    csv.writer(written, delimiter=";").writerows(found)
    (folder / name).write_bytes(written.getvalue().encode())


def test_the_file_shows_relationships_and_who_has_nobody(folder, review):
    ran, found = review()
    assert 0 == ran.code, ran.err
    assert "mentorkit publish pilot.toml --review review.csv" in ran.out
    assert ["relationship", "mentor", "mentor name", "mentee", "mentee name", "score", "reasons", "decision"] == found[
        0
    ]
    by_mentee = {row[3]: row for row in found[1:]}
    assert ["9", "Ben", "2", "Eva", "100.0", "skills 100.0", ""] == by_mentee["2"][1:]
    alone = by_mentee["1"] if not by_mentee["1"][0] else by_mentee["3"]
    assert ["", "", ""] == alone[:3]
    assert alone[6].startswith("unmatched: ")
    together = by_mentee["1"] if by_mentee["1"][0] else by_mentee["3"]
    assert "'=Ada" == together[2]
    assert {"pilot.toml", "people.csv", "review.csv"} == {one.name for one in folder.iterdir()}
    before = (folder / "review.csv").read_bytes()
    review()
    assert before == (folder / "review.csv").read_bytes()


@pytest.mark.parametrize("name", ["review.csv", "review.xlsx"])
def test_decisions_are_kept_and_solved_with(folder, review, name):
    _, found = review(name)
    if name == "review.csv":
        decide(folder, "2", "FORBID")
    else:
        book = load_workbook(folder / name)
        number = next(row[0].row for row in book.active.iter_rows() if row[3].value == "2")
        book.active.cell(number, len(found[0])).value = "FORBID"
        book.save(folder / name)
    ran, found = review(name)
    assert 0 == ran.code, ran.err
    assert ["", "9", "Ben", "2", "Eva", "", "forbidden by this review", "forbid"] == ["", *found[-1][1:]]
    assert ("9", "2", "") not in pairs(found)
    ran, again = review(name)
    assert (0, found) == (ran.code, again)


def test_a_coordinator_can_pin_somebody_who_has_nobody(folder, review):
    _, found = review()
    alone = next(row[3] for row in found[1:] if not row[0])
    decide(folder, alone, "Pin", "9")
    ran, found = review()
    assert 0 == ran.code, ran.err
    assert ("9", alone, "pin") in pairs(found)
    assert ("9", alone, "pin") in pairs(review()[1])


def test_a_decision_over_a_rule_names_the_rule(folder, review):
    with (folder / "pilot.toml").open("a") as program:
        program.write('[matching.rules.other-skills]\nkind = "different"\ncolumn = "name"\n')
    (folder / "people.csv").write_text(PEOPLE.replace("Eva", "Ben"))
    _, found = review()
    alone = next(row for row in found[1:] if row[3] == "2")
    assert "other-skills" in alone[6]
    decide(folder, "2", "pin", "9")
    decided = {row[3]: row for row in review()[1][1:]}
    assert ("9", "overrides other-skills; skills 100.0", "pin") == (decided["2"][1], decided["2"][6], decided["2"][7])
    assert not any("overrides" in row[6] for one, row in decided.items() if one != "2")


def test_everything_that_is_wrong_is_told_with_its_line(folder, review):
    _, before = review()
    content = (
        "relationship;mentor;mentor name;mentee;mentee name;score;reasons;decision\n"
        "r1;9;;2;;;;keep\nr2;9;;2;;;;forbid\nr3;77;;1;;;;keep\nr4;1;;2;;;;pin\nr5;8;;1;;;;maybe\n;;;3;;;;pin\n"
    )
    (folder / "review.csv").write_text(content)
    ran, _ = review()
    assert 2 == ran.code
    told = [line.partition(": error")[0] for line in ran.err.splitlines() if ": error[" in line]
    assert [f"review.csv:{line}" for line in (3, 4, 5, 6, 7)] == sorted(told)
    assert content == (folder / "review.csv").read_text()
    assert before


def test_decisions_against_the_rules_are_told_in_words_of_the_file(folder, review):
    with (folder / "pilot.toml").open("a") as program:
        program.write('[matching.rules.never]\npairs = [["2", "8"]]\n')
    (folder / "review.csv").write_text(
        "relationship,mentor,mentor name,mentee,mentee name,score,reasons,decision\n,8,,2,,,,pin\n"
    )
    ran, _ = review()
    assert 2 == ran.code
    assert '2 and 8 are kept together by the review file, and must not be by "never"' in ran.err


def test_no_other_file_is_overwritten(folder, review, mentorkit):
    for name, content in (("people.csv", PEOPLE), ("notes.csv", "hello\n")):
        (folder / name).write_text(content)
        ran = mentorkit("match", "pilot.toml", "--review", name, *NOW)
        assert (2, content) == (ran.code, (folder / name).read_text())
        assert "no review file" in ran.err
    ran = mentorkit("match", "pilot.toml", "--review", "review.ods", *NOW)
    assert 2 == ran.code
    assert ".csv or .xlsx" in ran.err


def test_json_is_the_document_of_match(review):
    ran, found = review("review.csv", "--json")
    assert {row[0] for row in found[1:]} - {""} == {one["id"] for one in ran.document["relationships"]}


def test_an_intake_knows_who_has_left_and_whom_they_left(folder, review, mentorkit):
    review()
    assert 0 == mentorkit("run", "pilot.toml", *NOW).code
    assert [] == [row for row in review("intake.csv")[1][1:] if row[0]]
    header, *people = PEOPLE.splitlines()
    left = [f"{line},{'2027-01-15' if line.startswith('9,') else ''}" for line in people]
    (folder / "people.csv").write_text(
        "\n".join([f"{header},left_on", *left, "10,Cem,cem@example.org,mentor,python,,", ""])
    )
    later = ("match", "pilot.toml", "--review", "intake.csv", "--at", "2027-01-18T10:00")
    ran = mentorkit(*later)
    assert 0 == ran.code, ran.err
    found = rows(folder / "intake.csv")
    assert {("10", "2", "")} == {row for row in pairs(found) if row[0]}
    assert "the longest waiting come first: 1 are in turn, 1 behind them" in ran.out
    (folder / "events.csv").write_text("id,at,person,kind,subject,value\n1,2027-01-17T10:00,10,moved,nonsense,\n")
    with (folder / "pilot.toml").open("a") as program:
        program.write('[answers]\nfiles = ["events.csv"]\n')
    ran = mentorkit(*later)
    assert 2 == ran.code
    assert "events.csv:2" in ran.err
