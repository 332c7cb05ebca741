"""Every way a command can end has its exit code and is told to a person."""

import json
import shlex
import subprocess
import sys

import click
import pytest

from mentorkit.command_line import boundary
from mentorkit.command_line.boundary import run_command
from mentorkit.core.diagnostics import Diagnostic
from mentorkit.core.errors import ConsentError, InternalError, PluginError, ProgramError, RefusedError, RunError

MISSING = Diagnostic("missing-key", "error", "program.name is missing", file="p.toml", line=1, column=3, help="add it")


@pytest.mark.parametrize(
    ("raised", "code", "told"),
    [
        (ProgramError([MISSING]), 2, "p.toml:1:3: error[missing-key]: program.name is missing\n    help: add it"),
        (PluginError("acme 2.1 is broken"), 2, "error[plugin]: acme 2.1 is broken"),
        (RefusedError("the plan is stale"), 2, "error[refused]: the plan is stale"),
        (RunError("the disk is full"), 1, "error[run]: the disk is full"),
        (ConsentError("say --yes"), 4, "error[consent]: say --yes"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (click.UsageError("no such option"), 2, "no such option"),
        (InternalError("the certificate fails"), 3, "mentorkit has a bug: InternalError: the certificate fails"),
        (ValueError("oh"), 3, "Traceback"),
        (SystemExit(0), 3, "mentorkit has a bug: SystemExit: 0"),
        (BaseException("oh"), 3, "mentorkit has a bug: BaseException: oh"),
        (MemoryError(), 1, "error[run]: there is not enough memory for `mentorkit run` on this machine"),
    ],
)
def test_errors_become_exit_codes_and_words(monkeypatch, capsys, raised, code, told):
    def fail(*args, **kwargs):
        raise raised

    monkeypatch.setattr(boundary.cli, "main", fail)
    assert code == run_command(["run", "p.toml"])
    shown = capsys.readouterr()
    assert told in shown.err
    assert "" == shown.out


def test_problems_as_json_are_one_document_on_standard_error(monkeypatch, capsys):
    def fail(*args, **kwargs):
        raise ProgramError([MISSING])

    monkeypatch.setattr(boundary.cli, "main", fail)
    assert 2 == run_command(["plan", "p.toml", "--json"])
    problem = json.loads(capsys.readouterr().err)["problems"][0]
    expected = {"code", "severity", "file", "line", "column", "path", "message", "help"}
    assert expected == set(problem)
    assert ("missing-key", 1, 3) == (problem["code"], problem["line"], problem["column"])


def test_an_unknown_command_is_a_usage_error(capsys):
    assert 2 == run_command(["rnu"])
    assert "No such command 'rnu'" in capsys.readouterr().err


def test_a_system_error_of_nobody_knows_what_stays_a_bug(monkeypatch, capsys):
    def fail(*args, **kwargs):
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(boundary.cli, "main", fail)
    assert 3 == run_command(["run", "p.toml"])
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ("plan", "pilot.toml", "--out", "nowhere/x.json"),
        ("report", "pilot.toml", "--out", "nowhere/x.html"),
        ("report", "pilot.toml", "--out", "people.csv/x.html"),
        ("run", "pilot.toml", "--simulate", "--folder", "people.csv/x"),
    ],
)
def test_a_file_that_cannot_be_written_is_named(mentorkit, arguments):
    ran = mentorkit(*arguments)
    assert (1, "") == (ran.code, ran.out)
    assert "error[run]: " in ran.err
    assert f"{arguments[-1]} cannot be " in ran.err or "people.csv cannot be " in ran.err
    assert "Traceback" not in ran.err
    as_json = mentorkit(*arguments, "--json")
    assert (1, "run") == (as_json.code, json.loads(as_json.err)["problems"][0]["code"])


def test_a_folder_that_is_not_there_is_the_reason(mentorkit):
    assert (
        "nowhere/x.json cannot be written: there is no folder nowhere"
        in mentorkit("plan", "pilot.toml", "--out", "nowhere/x.json").err
    )


def shell(folder, line):
    command = line.replace("mentorkit", f"{shlex.quote(sys.executable)} -m mentorkit")
    return subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("command", ["match pilot.toml", "run pilot.toml --simulate --json", "--help", "run --help"])
def test_a_reader_that_goes_away_is_no_failure(folder, command):
    ran = shell(folder, f"(sleep 0.1; mentorkit {command}) | true; echo ${{PIPESTATUS[0]}}")
    assert "0\n" == ran.stdout
    assert not any(word in ran.stderr for word in ("Broken", "Exception", "Errno", "error"))


@pytest.mark.parametrize("command", ["match pilot.toml --at 2027-01-11", "show pilot.toml", "plugins list"])
def test_a_full_disk_behind_standard_output_is_told(folder, command):
    ran = shell(folder, f"mentorkit {command} >/dev/full; echo $?")
    assert "1\n" == ran.stdout
    assert "error[run]: standard output cannot be written: No space left on device" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert "Exception ignored" not in ran.stderr


def test_wrong_usage_as_json_is_a_problem_like_any_other(mentorkit):
    for arguments in (("run", "pilot.toml", "--nosuch", "--json"), ("rnu", "--json"), ("check", "--json", "--nosuch")):
        ran = mentorkit(*arguments)
        assert 2 == ran.code
        problem = json.loads(ran.out or ran.err)["problems"][0]
        assert ("usage", "error") == (problem["code"], problem["severity"])
        assert "--help" in problem["help"]


def test_check_as_json_prints_its_document_whatever_it_refuses(mentorkit):
    ran = mentorkit("check", "people.csv", "--json")
    assert (2, "") == (ran.code, ran.err)
    assert "refused" == ran.document["problems"][0]["code"]
    ran = mentorkit("check", "--json", "pilot.toml", "--at", "someday")
    assert (2, "") == (ran.code, ran.err)
    assert ran.document["problems"]
    assert mentorkit("check", "--json", "--nosuch").document["problems"]


def test_who_names_a_program_alone_or_half_is_told_what_to_write(mentorkit):
    alone = mentorkit("pilot.toml")
    assert 2 == alone.code
    assert "`mentorkit check pilot.toml`, or `mentorkit run pilot.toml`" in alone.err
    assert 'did you mean "pilot.toml"?' in mentorkit("check", "pilot").err
    assert "did you mean" not in mentorkit("check", "people.csv").err


def test_a_plan_that_is_not_there_is_told_without_the_systems_words(mentorkit):
    ran = mentorkit("run", "pilot.toml", "--plan", "nosuch")
    assert 2 == ran.code
    assert "there is no plan nosuch; save one by" in ran.err
    assert "Errno" not in ran.err
