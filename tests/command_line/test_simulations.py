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
