"""Every way a command can end has its exit code and is told to a person."""

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
    import json

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
