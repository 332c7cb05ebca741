"""`mentorkit init` by options and at a terminal; the expected value comes first."""

from __future__ import annotations

import re
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mentorkit import clock
from mentorkit.command_line import init
from mentorkit.command_line.boundary import run_command
from mentorkit.loading.loader import load_program
from mentorkit.plugin_loading import build_catalogue

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
PILOT = str(EXAMPLES / "pilot" / "people.csv")
EXPORT = """Personalnummer;Vorname;Nachname;E-Mail;Stufe;Eintritt;Vorgesetzter
1;Ada;Berg;ada@example.org;Leitung;03.04.2015;
2;Jan;Adler;jan@example.org;Fachkraft;05.06.2019;1
3;Uwe;Storch;uwe@example.org;Fachkraft;07.08.2021;1
4;Eva;Reh;eva@example.org;Leitung;28.01.2012;
"""
SAID = ["--goal", "career-growth", "--coordinator", "office@example.org", "--starts", "2027-01-11"]


def written(folder: Path) -> dict[str, Any]:
    return tomllib.loads((folder / "program.toml").read_text(encoding="utf-8"))


def test_what_it_writes_passes_check(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    more = ["--model", "one-on-one", "--weeks", "12", "--timezone", "Europe/London", "--sponsor", "ceo@example.org"]
    more += ["--rule", "other-department", "--word", "mentor=guide", "--name", "Aurora"]

    assert 0 == run_command(["init", str(tmp_path / "aurora"), *SAID, "--roster", PILOT, *more])
    assert 0 == run_command(["check", str(tmp_path / "aurora" / "program.toml")])

    program = written(tmp_path / "aurora")
    assert ("Aurora", "12 weeks", ["career-growth"]) == tuple(
        program["program"][k] for k in ("name", "length", "goals")
    )
    assert {"kind": "different", "column": "department"} == program["matching"]["rules"]["other-department"]
    assert {"mentor": "guide"} == program["words"]
    assert 5 == program["sessions"]["count"]
    assert "ready to run" in capfd.readouterr().out


def test_a_template_may_say_who_takes_part_in_which_roles(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    roster, new = tmp_path / "people.csv", clock.now().date() - timedelta(days=9)
    hired = [new, new, *[new - timedelta(weeks=60)] * 3]
    rows = [f"{number},P{number},p{number}@example.org,{day}" for number, day in enumerate(hired)]
    roster.write_text("\n".join(("id,name,email,hire_date", *rows)))
    more = ["--accept-guesses", "--model", "peer", "--template", "onboarding-buddies"]
    init_buddies = ["init", str(tmp_path / "buddies"), *SAID, "--roster", str(roster), *more]

    assert 2 == run_command([*init_buddies, "--word", "peer=friend"])
    assert "roles are newcomer, buddy" in capfd.readouterr().err
    assert 0 == run_command([*init_buddies, "--word", "buddy=godmother"])
    assert 0 == run_command(["check", str(tmp_path / "buddies" / "program.toml")])
    assert "roles" not in written(tmp_path / "buddies")["roster"]


NETWORKS = str(Path(__file__).parent.parent / "templates" / "rosters" / "networks.csv")


@pytest.mark.parametrize(
    ("arguments", "template", "use", "inner"),
    [
        (["--goal", "inclusion"], "erg-community", "erg", "peer"),
        (["--goal", "onboarding", "--template", "erg-career"], "erg-career", "erg", "one-on-one"),
        (["--goal", "inclusion", "--template", "flash-mentoring"], "flash-mentoring", "flash", None),
        (["--goal", "inclusion", "--model", "erg"], "erg-community", "erg", "peer"),
        (["--goal", "inclusion", "--model", "peer"], "remote-coffee", "peer", None),
    ],
)
def test_goals_or_a_template_say_model_and_scope(
    tmp_path: Path, arguments: list[str], template: str, use: str, inner: str | None
) -> None:
    said = ["--coordinator", "office@example.org", "--starts", "2027-01-11", "--accept-guesses", "--roster", NETWORKS]
    assert 0 == run_command(["init", str(tmp_path / "p"), *said, *arguments])

    program = written(tmp_path / "p")
    assert (template, use) == (program["extends"].split()[0], program["model"]["use"])
    assert inner == program["model"].get("inner", {}).get("use")


def test_parameters_and_options_are_set_and_the_others_are_there_to_be_set(tmp_path: Path) -> None:
    said = [*SAID, "--roster", NETWORKS, "--accept-guesses", "--template", "erg-community"]
    said += [
        "--set",
        "sessions=4",
        "--set",
        "rhythm=every 2 weeks",
        "--option",
        "scope=cross",
        "--option",
        "circle={ max = 6 }",
    ]
    assert 0 == run_command(["init", str(tmp_path / "p"), *said])

    program, text = written(tmp_path / "p"), (tmp_path / "p" / "program.toml").read_text()
    assert {"sessions": 4, "rhythm": "every 2 weeks"} == program["parameters"]
    assert {"use": "erg", "options": {"scope": "cross"}} == {k: program["model"][k] for k in ("use", "options")}
    assert {"use": "peer", "options": {"circle": {"max": 6}}} == program["model"]["inner"]
    asleep = [line.removeprefix("# ") for line in text.splitlines() if line.startswith("# minutes = ")]
    (tmp_path / "p" / "program.toml").write_text(text.replace(f"# {asleep[0]}", asleep[0]))
    assert 0 == run_command(["check", str(tmp_path / "p" / "program.toml")])


def test_every_line_that_is_a_remark_is_there_to_be_used(tmp_path: Path) -> None:
    roster = tmp_path / "people.csv"
    roster.write_text("id,email,level\n" + "".join(f"{n},p{n}@example.org,{n % 4 + 1}\n" for n in range(12)))
    more = ["--roster", str(roster), "--model", "one-on-one"]
    assert 0 == run_command(["init", str(tmp_path / "p"), *SAID, *more])

    text = (tmp_path / "p" / "program.toml").read_text()
    lines = [line.removeprefix("# ") if re.match(r"# ([a-z_]+ = |\[)", line) else line for line in text.splitlines()]
    (tmp_path / "p" / "program.toml").write_text("\n".join(lines))
    program = written(tmp_path / "p")
    assert {"at_least": 3} == program["roster"]["roles"]["mentor"]["level"]
    assert {"opens", "signup_closes", "timezone", "sponsor"} <= set(program["program"])
    assert 7 == program["parameters"]["sessions"]
    loaded = load_program(tmp_path / "p" / "program.toml", build_catalogue())
    assert [] == [one.message for one in loaded.diagnostics if one.is_error]


def test_without_a_terminal_all_that_is_missing_is_named_at_once(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert 2 == run_command(["init", str(tmp_path / "new")])

    told = capfd.readouterr().err
    assert all(option in told for option in ("--goal GOAL", "--roster FILE", "--coordinator ADDRESS"))
    assert not (tmp_path / "new").exists()


def test_what_a_file_does_not_say_is_asked_for_by_option(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "export.csv").write_text(EXPORT, encoding="utf-8")
    arguments = ["init", str(tmp_path / "p"), *SAID, "--roster", str(tmp_path / "export.csv"), "--model", "one-on-one"]

    assert 2 == run_command(arguments)
    told = capfd.readouterr().err
    assert "--level-order LOW,…,HIGH" in told
    assert 'order the 2 texts of "Stufe" stand' in told
    assert 0 == run_command([*arguments, "--level-order", "Fachkraft,Leitung"])

    columns = written(tmp_path / "p")["roster"]["columns"]
    assert {"column": "Stufe", "order": ["Fachkraft", "Leitung"]} == columns["level"]
    assert {"column": "Eintritt", "format": "DD.MM.YYYY"} == columns["hire_date"]
    assert "../export.csv" == written(tmp_path / "p")["roster"]["file"]


def test_it_writes_over_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "program.toml").write_text("mine")

    assert 2 == run_command(["init", str(tmp_path), *SAID, "--roster", PILOT])

    assert "mine" == (tmp_path / "program.toml").read_text()
    assert "nothing is written over it" in capfd.readouterr().err


def test_answers_that_make_no_program_write_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    arguments = ["init", str(tmp_path / "new"), *SAID, "--roster", PILOT, "--model", "one-on-one", "--timezone", "Mars"]

    assert 2 == run_command(arguments)

    assert "Mars" in capfd.readouterr().err
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--model", "one-to-one"], "one-on-one"),
        (["--model", "one-on-one", "--template", "traditional"], "traditional-one-on-one"),
        (["--model", "one-on-one", "--word", "mentr=guide"], "ROLE=WORD"),
        (["--model", "one-on-one", "--sponsor", "nobody"], "no mail address"),
        (["--model", "one-on-one", "--set", "sesions=3"], 'did you mean "sessions"?'),
        (["--model", "one-on-one", "--set", "sessions=few"], "write a whole number"),
        (["--model", "peer", "--option", "frm=pairs"], 'did you mean "form"?'),
        (["--template", "erg-carer"], "erg-career"),
    ],
)
def test_wrong_answers_are_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert 2 == run_command(["init", str(tmp_path / "new"), *SAID, "--roster", PILOT, *arguments])
    assert told in capfd.readouterr().err


def test_keep_apart_is_a_file_beside_or_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "apart.csv").write_text("a,b\n101,102\n")
    more = ["--model", "one-on-one", "--keep-apart", str(tmp_path / "apart.csv")]

    assert 0 == run_command(["init", str(tmp_path / "p"), *SAID, "--roster", PILOT, *more])

    assert {"kind": "never", "file": "../apart.csv"} == written(tmp_path / "p")["matching"]["rules"]["keep-apart"]


def at_terminal(monkeypatch: pytest.MonkeyPatch, arguments: list[str], *answers: str) -> Any:
    monkeypatch.setattr(init, "on_terminal", lambda: True)
    return CliRunner().invoke(init.command, arguments, input="\n".join(answers) + "\n", catch_exceptions=False)


def test_at_a_terminal_it_asks_and_explains(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "export.csv").write_text(EXPORT, encoding="utf-8")
    answers = [
        "2, inclusion",  # goals, by number and by name
        str(tmp_path / "nowhere.csv"),
        str(tmp_path / "export.csv"),
        "Fachkraft, Leitung",  # the order of grades
        "office@example.org",
        "",  # no sponsor
        "2027-01-11",
        "one-on-one",
        "",  # the proposed name
        *([""] if len(list_of_templates()) > 1 else []),
        "sesions=3",
        "rhythm=often",
        "rhythm=every 3 weeks",
        "",  # nothing else of the template
        "Europe/Berlin",
        "n",
        "n",
        "",  # nobody is kept apart
        "",
        "Schützling",
    ]

    ran = at_terminal(monkeypatch, [str(tmp_path / "pilot")], *answers)

    assert 0 == ran.exit_code, ran.output
    assert "there is no file" in ran.output
    assert "hire_date" in ran.output
    assert "The time between two sessions" in ran.output
    assert 'did you mean "sessions"?' in ran.output
    assert '"rhythm" cannot be "often"; write a length' in ran.output
    program = written(tmp_path / "pilot")
    assert ["career-growth", "inclusion"] == program["program"]["goals"]
    assert ("Europe/Berlin", "Pilot") == (program["program"]["timezone"], program["program"]["name"])
    assert {"mentee": "Schützling"} == program["words"]
    assert {"rhythm": "every 3 weeks"} == program["parameters"]


def test_at_a_terminal_guesses_are_confirmed_or_corrected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = ["Locker,Badge,Name,Mail,Stufe,Hired"]
    rows += [f"L{n},B{n},P{n},p{n}@example.org,{'Rot' if n > 3 else 'Blau'},0{n}/04/2019" for n in range(1, 7)]
    rows += ["L7,B7,P7,,Rot,07/04/2019"]  # who has no address: addresses are no ids
    (tmp_path / "people.csv").write_text("\n".join(rows), encoding="utf-8")
    answers = [
        "n",  # lockers are no ids
        "Bagde",
        "Badge",
        "Blau, Rot",  # the order of grades
        "MM/DD/YYYY",
    ]
    more = ["--model", "one-on-one", "--sponsor", "ceo@example.org", "--name", "Pilot", "--timezone", "Europe/Berlin"]
    arguments = [str(tmp_path / "pilot"), *SAID, "--roster", str(tmp_path / "people.csv"), *more]

    ran = at_terminal(monkeypatch, arguments, *answers, *[""] * 10)

    assert 0 == ran.exit_code, ran.output
    assert 'did you mean "Badge"?' in ran.output
    columns = written(tmp_path / "pilot")["roster"]["columns"]
    assert "Badge" == columns["id"]
    assert {"column": "Stufe", "order": ["Blau", "Rot"]} == columns["level"]
    assert {"column": "Hired", "format": "MM/DD/YYYY"} == columns["hire_date"]


def list_of_templates() -> list[tuple[str, str]]:
    from mentorkit.command_line.init_choices import templates_for

    return list(templates_for(build_catalogue(), "one-on-one"))
