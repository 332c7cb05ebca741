"""Whatever file is handed to `advise`, it ranks, or says what to ask for; the expected value comes first."""

from __future__ import annotations

from pathlib import Path

import pytest

from mentorkit.command_line.boundary import run_command

FILES = {
    "two-people.csv": ("id,name\n1,Ada\n2,Bo\n", 0, "nothing says who takes part as mentor or mentee"),
    "no-header.csv": ("17\t2009-01-14\tKen\n18\t2008-01-31\tTerri\n", 2, "looks like a person, not like headers"),
    "nobody.csv": ("id,name\n", 2, "there is nobody in"),
    "ragged.csv": ("id,name,level\n1,Ada\n2,Bo,3,4\n", 2, "the row has 2 cells where the header has 3"),
    "twice.csv": ("id,name,level\n7,Ada,1\n7,Ada,1\n8,Bo,2\n", 2, 'the id "7" is taken already'),
    "terms.csv": ("term,mentor\n2021,M1\n2021,M2\n2022,M1\n", 2, "no column tells the people apart"),
    "one-level.csv": ("id,level\n1,2\n2,2\n3,2\n", 0, "a single level does not tell its roles apart"),
    "roles-only.csv": ("id,role\n1,mentor\n2,mentee\n3,mentee\n", 0, "1 of 2 mentees placed"),
    "grades.csv": ("id,Band\n1,Red\n2,Blue\n3,Red\n", 0, "the grades from the lowest to the highest"),
}


@pytest.mark.parametrize("name", FILES)
def test_every_file_gets_an_answer(name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    content, code, told = FILES[name]
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")

    assert code == run_command(
        ["advise", str(file), "--goal", "inclusion", "--starts", "2027-01-11", "--time-limit", "1s"]
    )

    ran = capfd.readouterr()
    assert told in ran.out + ran.err
    if code == 0:
        assert "model" in ran.out
        assert "what the roster lacks" in ran.out
