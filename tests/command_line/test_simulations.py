"""What `run --simulate` leaves alone: everything."""

import os
from pathlib import Path

import pytest


def files_below(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


@pytest.mark.parametrize("after_a_run", [False, True])
def test_a_simulation_leaves_every_file_beside_its_folder_as_it_is(mentorkit, folder, after_a_run):
    if after_a_run:
        mentorkit("run", "pilot.toml", "--at", "2027-01-11T10:00")
    state = Path(os.environ["XDG_STATE_HOME"])
    before = files_below(folder), files_below(state)
    assert 0 == mentorkit("run", "pilot.toml", "--simulate", "--folder", "rehearsal").code
    beside = {name: content for name, content in files_below(folder).items() if not name.startswith("rehearsal/")}
    assert before == (beside, files_below(state))


def test_a_simulation_takes_people_as_they_are_on_its_own_first_day(mentorkit, folder):
    people = (folder / "people.csv").read_text().splitlines()
    days = ["hire_date", "1995-01-01", "1995-01-01", "2000-12-01", "2000-12-01", "2000-12-01"]
    (folder / "people.csv").write_text("".join(f"{row},{day}\n" for row, day in zip(people, days, strict=True)))
    program = (folder / "pilot.toml").read_text().replace("2027-01-11", "2001-01-15")
    roles = """
[roster.roles.mentor]
hire_date = { longer_ago = "26 weeks" }
[roster.roles.mentee]
hire_date = { within = "90 days" }
"""
    (folder / "pilot.toml").write_text(program + roles)
    assert "error[role-empty]" in mentorkit("check", "pilot.toml").err  # today nobody has been hired for years
    ran = mentorkit("run", "pilot.toml", "--simulate", "--world", "ideal", "--folder", "played")
    assert (0, "") == (ran.code, "".join(line for line in ran.err.splitlines() if "role-empty" in line))
    matches = (folder / "played" / "matches.csv").read_text().splitlines()
    assert {"1", "2", "4", "5"} <= {cell for line in matches for cell in line.split(",")}
