from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from mentorkit.opening import Opened, open_program
from mentorkit.running.rereading import with_people_on
from mentorkit.testing import program_folder

PEOPLE = "id,name,hire_date,role\n1,Ada,2015-01-01,mentor\n2,Bo,2027-02-01,mentee\n3,Cy,2027-01-04,mentee\n"
PROGRAM = """\
program.name = "Pilot"
program.starts = 2027-01-11
roster.file = "people.csv"
model.use = "one-on-one"
"""


def opened(folder: Path, more: str = "") -> Opened:
    program_folder(folder, {"people.csv": PEOPLE, "pilot.toml": PROGRAM + more})
    return open_program(folder / "pilot.toml", at="2027-01-11")


def mentees(one: Opened, *day: int) -> list[str]:
    at = datetime(2027, *day, 12, tzinfo=UTC)  # type: ignore[arg-type, misc]
    return [person.id for person in with_people_on(one, at).roster.in_role("mentee")]


def test_who_is_new_changes_with_the_day(tmp_path: Path) -> None:
    new = '[roster.roles.mentee]\nhire_date = { within = "30 days", longer_ago = "0 days" }\n'
    old = '[roster.roles.mentor]\nhire_date = { longer_ago = "1 week" }\n'
    one = opened(tmp_path, new + old)

    assert [["3"], ["2", "3"], ["2"], []] == [mentees(one, *day) for day in ((1, 11), (2, 1), (2, 10), (4, 1))]


def test_where_time_changes_nobody_nothing_is_read_again(tmp_path: Path) -> None:
    one = opened(tmp_path)
    (tmp_path / "people.csv").unlink()

    assert one is with_people_on(one, datetime(2027, 4, 1, 12, tzinfo=UTC))
