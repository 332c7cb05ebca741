"""The how-to for employee resource groups: its roster and program do what it says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from mentorkit.command_line.boundary import run_command
from mentorkit.testing import program_folder

PAGE = (Path(__file__).parent.parent / "docs/how-to/a-program-for-an-erg.md").read_text(encoding="utf-8")
CSV, *TOML = (re.findall(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL) for kind in ("csv", "toml"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return program_folder(tmp_path, {"people.csv": CSV[0], "program.toml": TOML[0][0]})


def matched(capfd: pytest.CaptureFixture[str]) -> dict[str, object]:
    assert 0 == run_command(["match", "program.toml", "--json", "--at", "2027-01-11T10:00"])
    return json.loads(capfd.readouterr().out)  # type: ignore[no-any-return]


def test_its_program_matches_members_with_anybody_and_cannot_tell_the_others_apart(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert 0 == run_command(["check", "program.toml"])
    capfd.readouterr()
    found = matched(capfd)
    pairs = {(one["mentors"][0], one["mentees"][0]) for one in found["relationships"]}  # type: ignore[attr-defined]
    assert {("1", "3"), ("2", "4")} == pairs
    alike = [(one["id"], one["reasons"]) for one in found["unmatched"]]  # type: ignore[attr-defined]
    assert [(person, [{"rule": "erg", "blocks": 2}]) for person in ("5", "6")] == alike


def test_with_the_other_scope_mentors_are_members_too(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    within = '\n[model]\noptions = { scope = "within" }\n'
    program_folder(folder, {"program.toml": TOML[0][0] + within})
    pairs = {(one["mentors"][0], one["mentees"][0]) for one in matched(capfd)["relationships"]}  # type: ignore[attr-defined]
    assert {("2", "4")} == pairs


def test_members_may_be_those_who_are_heard(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    program = TOML[0][0].replace('extends = "erg-career"\n', "").replace("mentor]", "x]").replace("mentee]", "mentor]")
    people = CSV[0] + "".join(f"{number},P,p{number}@example.org,3,Law,1,,,,\n" for number in (7, 8))
    program_folder(folder, {"program.toml": TOML[0][1] + program.replace("x]", "mentee]"), "people.csv": people})
    pairs = {(one["mentors"][0], one["mentees"][0]) for one in matched(capfd)["relationships"]}  # type: ignore[attr-defined]
    assert 2 == len(pairs)
    assert {"3", "4"} == {mentor for mentor, _ in pairs}
