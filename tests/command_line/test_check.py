"""`check` names everything that another command would refuse, once, with its place."""

import openpyxl
import pytest

from mentorkit.testing import program_folder

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


STEP = '[timeline.hello]\nwhen = "{}"\nto = "mentee"\nmessage = "messages/closing"\n'


@pytest.mark.parametrize(
    ("when", "code", "hint"),
    [
        ("begin + 3 days", "column-missing", "write "),
        ("hire_dat + 3 days", "column-missing", 'did you mean "hire_date"?'),
        ("hire_date + 30 days", "column-missing", "add the column"),
        ("department + 3 days", "column-not-dates", "under [roster.columns]"),
    ],
)
def test_a_step_that_hangs_on_no_date_column_is_an_error(mentorkit, program, when, code, hint):
    line = program(STEP.format(when)) + 1
    ran = mentorkit("check", "pilot.toml", "--json")
    assert [(code, "error", line, "timeline.hello.when")] == problems(ran, "error")
    assert hint in next(one["help"] for one in ran.document["problems"] if one["code"] == code)


def test_a_step_that_hangs_on_a_date_column_is_none(mentorkit, folder, program):
    program(STEP.format("hire_date + 3 days"))
    people = (folder / "people.csv").read_text().splitlines()
    dated = [people[0] + ",hire_date", *(f"{row},2026-12-0{at}" for at, row in enumerate(people[1:], start=1))]
    (folder / "people.csv").write_text("\n".join(dated) + "\n")
    assert [] == problems(mentorkit("check", "pilot.toml", "--json"), "error", "warning")


TEMPLATE = """\
format = 1
[template]
name = "own"
version = "1"
[program]
length = "24 weeks"
[privacy]
sensitive = ["salary"]
[messages]
columns = ["salary_band"]
[sessions]
count = 1
place = { column = "room" }
[matching.criteria.skills]
kind = "overlap"
mentee = "wants"
mentor = "skills"
[timeline.hello]
when = "hire_date + 3 days"
to = "mentee"
message = "messages/hello"
[timeline.announcement]
when = "match"
to = "mentee"
message = "messages/hello"
"""


def test_what_a_template_names_and_the_roster_lacks_is_left_out_with_a_note(mentorkit, folder):
    program_folder(folder, {"own/template.toml": TEMPLATE, "own/messages/hello.md": "---\nsubject: Hi\n---\nHi.\n"})
    (folder / "pilot.toml").write_text('extends = "./own"\n' + (folder / "pilot.toml").read_text())
    ran = mentorkit("check", "pilot.toml", "--json")
    assert (0, []) == (ran.code, problems(ran, "error", "warning"))
    assert {
        ("step-left-out", "note", 19, "timeline.hello.when"),
        ("column-absent", "note", 8, "privacy.sensitive"),
        ("column-absent", "note", 10, "messages.columns"),
        ("column-absent", "note", 13, "sessions.place.column"),
    } == {one for one in problems(ran, "note") if one[0] != "timezone-default"}
    assert "hello" not in mentorkit("plan", "pilot.toml", *AT).out


@pytest.mark.parametrize(
    ("text", "code", "severity", "path", "near"),
    [
        ('[privacy]\nsensitive = ["deparment"]\n', "column-missing", "error", "privacy.sensitive", "department"),
        ('[privacy]\nsensitive = ["religion"]\n', "column-absent", "warning", "privacy.sensitive", ""),
        ('[messages]\ncolumns = ["levle"]\n', "column-missing", "error", "messages.columns", "level"),
        ('[roster.capacity]\nmentor = "levels"\n', "column-missing", "error", "roster.capacity.mentor", "level"),
        ('[roster.eligible]\nlevle = 3\n', "column-missing", "error", "roster.eligible.levle", "level"),
        (
            '[matching.criteria.x]\nkind = "same"\ncolumn = "level"\nonly_if = { hobies = "chess" }\n',
            "column-not-in-roster",
            "error",
            "matching.criteria.x",
            "hobbies",
        ),
    ],
)  # fmt: skip
def test_a_misspelled_column_is_never_silent(mentorkit, folder, program, text, code, severity, path, near):
    (folder / "people.csv").write_text((folder / "people.csv").read_text().replace("manager_id,role", "hobbies,role"))
    program("\n" + text)
    ran = mentorkit("check", "pilot.toml", "--json")
    [problem] = [one for one in ran.document["problems"] if one["severity"] != "note"]
    assert (code, severity, path) == (problem["code"], problem["severity"], problem["path"])
    assert (f'did you mean "{near}"?' in problem["help"]) == bool(near)
    assert "pilot.toml" == problem["file"]


def test_a_misspelled_column_for_the_place_of_sessions_is_an_error(mentorkit, program):
    line = program('[sessions]\ncount = 1\nplace = { column = "locaton" }\n') + 2
    ran = mentorkit("check", "pilot.toml", "--json")
    assert [("column-missing", "error", line, "sessions.place.column")] == problems(ran, "error")


@pytest.mark.parametrize("condition", ["{ at_least = 3 }", "{ at_most = 2027-01-01 }", '{ within = "14 days" }'])
def test_a_bound_on_a_column_of_texts_is_an_error(mentorkit, program, condition):
    line = program(f'[roster.eligible]\nname = {{ not = "Ada" }}\n[roster.roles.mentee]\nskills = {condition}\n') + 3
    found = problems(mentorkit("check", "pilot.toml", "--json"), "error")
    assert ("condition-unfit", "error", line, "roster.roles.mentee.skills") in found


@pytest.mark.parametrize(
    ("text", "path", "words"),
    [
        ("[roster.eligible]\nlevel = 9\n", "roster.eligible.level", "nobody meets roster.eligible.level"),
        (
            '[roster.roles.mentor]\nlevel = { at_least = 4 }\ndepartment = "Legal"\n[roster.roles.mentee]\nlevel = 2\n',
            "roster.roles.mentor.department",
            "nobody takes part as mentor: nobody meets roster.roles.mentor.department",
        ),
        (
            '[roster.roles.mentor]\nlevel = 4\ndepartment = "Finance"\n[roster.roles.mentee]\nlevel = 2\n',
            "roster.roles.mentor",
            "nobody takes part as mentor: nobody meets all of roster.roles.mentor together",
        ),
        ("[roster.roles.mentee]\nlevel = 2\n", "roster.roles", "there is no [roster.roles.mentor]"),
    ],
)  # fmt: skip
def test_a_role_that_nobody_takes_is_an_error_that_names_the_condition(mentorkit, program, text, path, words):
    program("\n" + text)
    ran = mentorkit("check", "pilot.toml", "--json")
    assert (2, [("role-empty", "error", path)]) == (
        ran.code,
        [(code, severity, path) for code, severity, _, path in problems(ran, "error", "warning")],
    )
    [problem] = [one for one in ran.document["problems"] if one["code"] == "role-empty"]
    assert words in problem["message"]


def test_a_role_column_that_says_nothing_of_a_role_is_named(mentorkit, folder):
    people = (folder / "people.csv").read_text().replace(",mentor\n", ",mentee\n")
    (folder / "people.csv").write_text(people)
    ran = mentorkit("check", "pilot.toml")
    assert 2 == ran.code
    assert "error[role-empty]: nobody takes part as mentor: no cell of the column role says mentor" in ran.err


def test_an_empty_role_is_no_error_while_people_still_sign_up(mentorkit, folder):
    people = (folder / "people.csv").read_text().replace(",mentor\n", ",mentee\n")
    program = (folder / "pilot.toml").read_text()
    program = program.replace("starts =", "opens = 2026-11-30\nsignup_closes = 2026-12-18\nstarts =")
    (folder / "people.csv").write_text(people)
    (folder / "pilot.toml").write_text(program)
    early = mentorkit("check", "pilot.toml", "--json", "--at", "2026-12-01")
    assert (0, ["role-empty"]) == (early.code, [one[0] for one in problems(early, "error", "warning")])
    assert 2 == mentorkit("check", "pilot.toml", "--at", "2026-12-19").code


def test_a_role_that_everybody_left_stops_no_program_that_was_matched(mentorkit, folder):
    assert 0 == mentorkit("run", "pilot.toml", *AT).code
    people = (folder / "people.csv").read_text().replace(",mentor\n", ",mentee\n")
    (folder / "people.csv").write_text(people)
    ran = mentorkit("run", "pilot.toml", *AT)
    assert (0, True) == (ran.code, "warning[role-empty]" in ran.err)


BROKEN = {
    "a target that is no share": ('[kpis.match-rate]\ntarget = "most"\n', "kpis.match-rate.target"),
    "a message that is not there": (STEP.format("match").replace("closing", "nothing"), "timeline.hello.message"),
    "a rule with a wrong option": ('[matching.rules.same]\ncolum = "level"\n', "matching.rules.same"),
    "a criterion without columns": ('[matching.criteria.x]\nkind = "same"\n', "matching.criteria.x"),
    "no such matcher": ('[matching]\nuse = "optimum"\n', "matching.use"),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_problems_of_program_roster_and_messages_are_told_in_one_go(mentorkit, folder, program, broken):
    text, path = BROKEN[broken]
    program("\n" + text + '[timeline.bye]\nwhen = "end"\nto = "mentee"\nmessage = "messages/bye"\n')
    people = (folder / "people.csv").read_text().replace("Europe/Oslo", "Europe/Olso")
    program_folder(folder, {"people.csv": people, "messages/bye.md": "---\nsubject: Bye\n---\nBye {{ me.nme }}\n"})
    ran = mentorkit("check", "pilot.toml", "--json")
    found = problems(ran, "error")
    assert any(one[3].startswith(path) for one in found)
    assert ["cell-not-a-zone", "message-unknown-name"] == sorted(one[0] for one in found if not one[3].startswith(path))


@pytest.mark.parametrize("wrong", ['timezone = "Europe/Londn"', 'coordinator = "nobody"', "starts = 7"])
def test_a_wrong_key_of_the_program_hides_no_problem_of_the_roster(mentorkit, folder, wrong):
    key = wrong.partition(" ")[0]
    lines = (folder / "pilot.toml").read_text().splitlines()
    (folder / "pilot.toml").write_text("\n".join(wrong if one.startswith(key) else one for one in lines) + "\n")
    (folder / "people.csv").write_text((folder / "people.csv").read_text().replace("Europe/Oslo", "Europe/Olso"))
    ran = mentorkit("check", "pilot.toml", "--json")
    assert {f"program.{key}", ""} == {one[3] for one in problems(ran, "error")}
    assert "cell-not-a-zone" in [one[0] for one in problems(ran, "error")]


@pytest.mark.parametrize(
    "wrong",
    [
        ("[model]", "[roster.columns]\nlevel = 7\n[model]"),
        ('file = "people.csv"', "file = 7"),
        ('"one-on-one"', '"one-on-on"'),
        ("format = 1", 'extends = "nothing"'),
    ],
)
def test_the_roster_is_not_judged_by_a_program_that_does_not_say_how_to_read_it(mentorkit, folder, wrong):
    (folder / "pilot.toml").write_text((folder / "pilot.toml").read_text().replace(*wrong))
    (folder / "people.csv").write_text("name,role\nAda,mentor\n")
    ran = mentorkit("check", "pilot.toml", "--json")
    assert (2, {"pilot.toml"}) == (ran.code, {one["file"] for one in ran.document["problems"]})


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("[matching.rules.seniority-gap]\nat_least = 3\nat_most = 1\n", "matching.rules.seniority-gap"),
        ("[kpis.match-rate]\ntarget = 95\n", "kpis.match-rate.target"),
        ("[kpis.match-rate]\ntarget = -0.5\n", "kpis.match-rate.target"),
        ("[kpis.days-to-match]\ntarget = -1\n", "kpis.days-to-match.target"),
        ('[matching.criteria.x]\nkind = "near"\ncolumn = "level"\nspan = 0\n', "matching.criteria.x"),
        (
            '[matching.criteria.x]\nkind = "near"\ncolumn = "level"\nspan = 2\nweight = 0\n',
            "matching.criteria.x.weight",
        ),
    ],
)
def test_settings_that_nothing_can_meet_are_errors(mentorkit, program, text, path):
    program("\n" + text)
    ran = mentorkit("check", "pilot.toml", "--json")
    [problem] = [one for one in ran.document["problems"] if one["severity"] == "error"]
    assert ("wrong-value", path, "pilot.toml") == (problem["code"], problem["path"], problem["file"])


def test_targets_that_can_be_met_are_none(mentorkit, program):
    program("\n[kpis.match-rate]\ntarget = 1\n[kpis.days-to-match]\ntarget = 14\n")
    assert 0 == mentorkit("check", "pilot.toml").code


RECIPES = """
[roster.columns]
hire_date = { column = "Hired", format = "DD.MM" }
level = { column = "Grade", order = ["AO", "ao"], split = ";" }
name = { split = ";" }
department = { column = "level", format = "%d.%m.%Y" }
title = { column = "level", format = "DD.MM.YYYY YY" }
location = { column = "level", format = "D.M.YYYY" }
country = { column = "level", format = "YYYY-DD-MM" }
left_on = { column = "Left", format = "MM/DD/YY" }
"""


def test_all_that_is_wrong_with_recipes_is_told_at_once_and_placed(mentorkit, program):
    line = program(RECIPES) + 1
    found = problems(mentorkit("check", "pilot.toml", "--json"), "error")
    assert sorted(
        [
            ("wrong-value", "error", line + 1, "roster.columns.hire_date.format"),
            ("wrong-value", "error", line + 2, "roster.columns.level"),
            ("wrong-value", "error", line + 2, "roster.columns.level.order"),
            ("wrong-value", "error", line + 3, "roster.columns.name"),
            ("wrong-value", "error", line + 4, "roster.columns.department.format"),
            ("wrong-value", "error", line + 5, "roster.columns.title.format"),
            ("wrong-value", "error", line + 6, "roster.columns.location.format"),
            ("wrong-value", "error", line + 7, "roster.columns.country.format"),
        ]
    ) == sorted(found)


def test_recipes_of_a_source_are_placed_in_it(mentorkit, folder):
    program = (folder / "pilot.toml").read_text().replace("[roster]", "[[roster.sources]]")
    program = program.replace("[model]", 'columns = { level = { column = "level", format = "D" } }\n[model]')
    (folder / "pilot.toml").write_text(program)
    ran = mentorkit("check", "pilot.toml", "--json")
    assert [("wrong-value", "roster.sources[0].columns.level.format")] == [
        (code, path) for code, _, _, path in problems(ran, "error")
    ]


def test_who_chooses_and_is_not_in_the_roster_is_not_said_to_be_chosen(mentorkit, folder):
    lists = '[matching]\nuse = "stable"\n[matching.options]\nlists = { "77" = ["1", "2"], "4" = ["99"] }\n'
    (folder / "pilot.toml").write_text((folder / "pilot.toml").read_text() + lists)
    told = mentorkit("check", "pilot.toml").err
    assert '"77" stands in 2 choices, but not in the roster' in told
    assert '"99" stands in one choice, but not in the roster' in told


HIRED = ("hire_date", "2015-01-01", "2015-01-01", "2027-02-01", "2027-02-01", "2027-03-01")
NEWCOMERS = """
[roster.roles.mentor]
hire_date = { longer_ago = "26 weeks" }

[roster.roles.mentee]
hire_date = { within = "90 days", longer_ago = "0 days" }
"""


@pytest.fixture
def hired(folder):
    """Give the program newcomers who are hired when it has begun, matched week by week where it has intakes."""
    people = (folder / "people.csv").read_text().splitlines()
    (folder / "people.csv").write_text("".join(f"{row},{day}\n" for row, day in zip(people, HIRED, strict=True)))

    def write(intake: str) -> None:
        program = (folder / "pilot.toml").read_text()
        (folder / "pilot.toml").write_text(f"{program}{NEWCOMERS}{intake}")

    return write


def test_nobody_new_today_stops_no_program_that_takes_people_in_later(mentorkit, hired):
    hired('[matching]\nintake = "every monday"\n')
    early = mentorkit("check", "pilot.toml", "--json", "--at", "2027-01-11")
    assert (0, ["role-empty"]) == (early.code, [one[0] for one in problems(early, "error", "warning")])
    assert 0 == mentorkit("run", "pilot.toml", *AT).code
    late = mentorkit("check", "pilot.toml", "--json", "--at", "2027-03-15")
    assert (0, []) == (late.code, problems(late, "error", "warning"))


def test_nobody_yet_stops_no_program_that_matches_again_in_later_rounds(mentorkit, folder):
    people = (folder / "people.csv").read_text().splitlines()
    (folder / "people.csv").write_text("".join(f"{row},{day}\n" for row, day in zip(people, HIRED, strict=True)))
    program = (folder / "pilot.toml").read_text().replace("one-on-one", "peer")
    rounds = '[model.options]\nrounds = "4 weeks"\n[roster.roles.peer]\n'
    newly = 'hire_date = { within = "60 days", longer_ago = "0 days" }\n'
    (folder / "pilot.toml").write_text(f"{program}{rounds}{newly}")
    early = mentorkit("check", "pilot.toml", "--json", "--at", "2027-01-11")
    assert (0, True) == (early.code, "role-empty" in [one[0] for one in problems(early, "warning")])
    assert 0 == mentorkit("run", "pilot.toml", *AT).code
    assert 0 == mentorkit("run", "pilot.toml", "--at", "2027-02-10T10:00").code
    assert 2 == len((folder / "pilot.run" / "matches.csv").read_text().splitlines()[1:])


def test_nobody_new_is_an_error_where_nobody_comes_later(mentorkit, hired):
    hired("")
    ran = mentorkit("check", "pilot.toml", "--at", "2027-01-11")
    assert (2, True) == (ran.code, "error[role-empty]: nobody takes part as mentee" in ran.err)


def test_after_the_last_intake_an_empty_role_is_an_error_again(mentorkit, hired):
    hired('[matching]\nintake = "every monday"\n')
    ran = mentorkit("check", "pilot.toml", "--at", "2035-01-01")
    assert (2, True) == (ran.code, "error[role-empty]: nobody takes part as mentee" in ran.err)
