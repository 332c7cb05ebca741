from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from attrs import evolve

from mentorkit.core.errors import ProgramError
from mentorkit.core.history import History
from mentorkit.core.program import Carried, Intake, Length
from mentorkit.loading.loader import load_program
from mentorkit.loading.waiting_files import read_waiting
from mentorkit.plugin_loading import build_catalogue
from mentorkit.run_folder import write_views
from mentorkit.testing import a_person, a_program, a_roster, program_folder

CATALOGUE = build_catalogue()
PROGRAM = """
program.name = "Pilot"
program.starts = 2027-01-11
model.use = "one-on-one"
roster.file = "people.csv"
[matching]
publish = "review"
intake = "every 2 weeks"
rematch = "everyone"
waiting = "waiting.csv"
"""


def told(file: Path) -> list[tuple[str, int | None]]:
    with pytest.raises(ProgramError) as refused:
        read_waiting(file, "waiting.csv")
    return [(one.code, one.line) for one in refused.value.diagnostics]


def test_a_program_carries_over_who_waits(tmp_path: Path) -> None:
    program_folder(tmp_path, {"pilot.toml": PROGRAM, "people.csv": "id,role\n", "waiting.csv": ""})
    (tmp_path / "waiting.csv").write_text(
        "id;role;since;first\r\n7;mentee;2026-02-01;yes\r\n'=8;mentee;2026-03-01;\r\n"
    )
    loaded = load_program(tmp_path / "pilot.toml", CATALOGUE)
    assert loaded.program is not None
    matching = loaded.program.matching
    carried = (Carried("7", "mentee", date(2026, 2, 1)), Carried("=8", "mentee", date(2026, 3, 1)))
    assert carried == matching.carried
    assert ("review", "everyone") == (matching.publish, matching.rematch)
    assert Intake(every=Length(2, "weeks"), text="every 2 weeks") == matching.intake


def test_everything_that_is_wrong_is_told(tmp_path: Path) -> None:
    file = tmp_path / "waiting.csv"
    file.write_text("id,role,since\n1,mentee,soon\n,mentee,2026-01-01\n2,mentee,2026-01-01\n2,mentee,2026-01-02\n")
    assert [("waiting-row", 2), ("waiting-row", 3), ("waiting-row", 5)] == told(file)
    file.write_text("id,since,when\n1,2026-01-01,2026\n")
    assert [("waiting-header", 1), ("waiting-header", 1)] == told(file)
    assert [("file-missing", None)] == told(tmp_path / "none.csv")
    program_folder(tmp_path, {"pilot.toml": PROGRAM, "waiting.csv": "id,role,since\n1,menteee,2026-01-01\n"})
    problems = [one for one in load_program(tmp_path / "pilot.toml", CATALOGUE).diagnostics if one.is_error]
    assert [("unknown-role", "matching.waiting")] == [(one.code, one.path) for one in problems]


def test_what_a_run_folder_says_the_next_program_reads(tmp_path: Path) -> None:
    roles = CATALOGUE.models["one-on-one"].implementation.roles
    people = a_roster(a_person("=8", "mentee"), a_person("2", "mentee"), a_person("9", "mentor"))
    moment = datetime(2027, 1, 11, 12, tzinfo=UTC)
    write_views(tmp_path, a_program(), roles, people, History(), written=moment)
    assert not (tmp_path / "waiting.csv").exists()
    history = History(occasions={"match": moment}, seen=dict.fromkeys(("=8", "2"), moment))
    write_views(tmp_path, a_program(), roles, people, history, written=moment)
    assert (
        b"id,role,since,first\r\n2,mentee,2027-01-11,\r\n'=8,mentee,2027-01-11,\r\n"
        == (tmp_path / "waiting.csv").read_bytes()
    )
    expected = tuple(Carried(one, "mentee", date(2027, 1, 11)) for one in ("2", "=8"))
    assert expected == read_waiting(tmp_path / "waiting.csv", "waiting.csv")
    gone = a_roster(*(evolve(one, values={**one.values, "left_on": date(2027, 1, 1)}) for one in people.people))
    write_views(tmp_path, a_program(), roles, gone, history, written=moment)
    assert b"id,role,since,first\r\n" == (tmp_path / "waiting.csv").read_bytes()
