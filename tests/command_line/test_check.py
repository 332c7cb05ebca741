"""`check` names everything that another command would refuse, once, with its place."""

import openpyxl
import pytest

AT = ("--at", "2027-01-11T10:00")


@pytest.fixture
def program(folder):
    """Return a function that adds text to the program file, and returns the number of its first new line."""

    def add(text: str) -> int:
        before = (folder / "pilot.toml").read_text()
        (folder / "pilot.toml").write_text(before + text)
        return before.count("\n") + 1

    return add


def told(ran):
    """Return code, severity, line and path of each problem."""
    return [(one["code"], one["severity"], one["line"], one["path"]) for one in ran.document["problems"]]


def problems(ran, *severities):
    return [one for one in told(ran) if one[1] in severities]


BOTH_MENTEES = '[matching.rules.x]\nkind = "always"\npairs = [["4", "5"]]\n'


@pytest.mark.parametrize("command", ["check", "match", "plan", "run", "status"])
def test_pairs_that_cannot_be_are_refused_by_every_command_alike(mentorkit, program, command):
    line = program(BOTH_MENTEES)
    ran = mentorkit(command, "pilot.toml", *AT)
    assert 2 == ran.code
    assert 1 == ran.err.count("[always-without-role]")
    assert f"pilot.toml:{line}:" in ran.err
    assert "help: look at [roster.roles]" in ran.err


@pytest.mark.parametrize("command", ["check", "match", "plan"])
def test_warnings_about_pairs_are_placed_and_said_once(mentorkit, program, command):
    line = program('[matching.rules.apart]\nkind = "never"\npairs = [["4", "nobody"]]\n')
    ran = mentorkit(command, "pilot.toml", *AT)
    assert 0 == ran.code
    assert 1 == ran.err.count("[pair-unknown-person]")
    assert f"pilot.toml:{line}:17: warning[pair-unknown-person]" in ran.err


def test_pairs_that_are_forbidden_name_the_rule_that_wants_them(mentorkit, program):
    line = program(
        '[matching.rules.never]\npairs = [["4", "1"]]\n\n[matching.rules.wanted]\nkind = "always"\n'
        'pairs = [["1", "4"], ["2", "2"]]\n'
    )
    assert [
        ("always-forbidden", "error", line + 3, "matching.rules.wanted"),
        ("pair-with-oneself", "error", line + 3, "matching.rules.wanted"),
    ] == sorted(problems(mentorkit("check", "pilot.toml", "--json"), "error"))


def test_what_is_matched_already_is_not_refused_for_pairs_that_no_longer_fit(mentorkit, folder, program):
    program('[matching.rules.x]\nkind = "always"\npairs = [["1", "4"]]\n')
    assert 0 == mentorkit("run", "pilot.toml", *AT).code
    people = (folder / "people.csv").read_text().replace("Europe/London,1,mentee", "Europe/London,1,mentor")
    (folder / "people.csv").write_text(people)
    ran = mentorkit("run", "pilot.toml", *AT)
    assert (0, False) == (ran.code, "always-without-role" in ran.err)


@pytest.mark.parametrize("roster", ['file = "peple.csv"', 'file = "people.xlsx"\nsheet = "Staff"'])
def test_nothing_is_said_about_the_columns_of_a_roster_that_cannot_be_read(mentorkit, folder, roster):
    workbook = openpyxl.Workbook()
    workbook.save(folder / "people.xlsx")
    own = '[matching.criteria.skills]\nmentee = "wnts"\nmentor = "skils"\nkind = "overlap"\n'
    program = (folder / "pilot.toml").read_text().replace('file = "people.csv"', roster) + own
    (folder / "pilot.toml").write_text(program)
    codes = [code for code, *_ in problems(mentorkit("check", "pilot.toml", "--json"), "error", "warning")]
    assert codes in (["file-missing"], ["sheet-unknown"])
