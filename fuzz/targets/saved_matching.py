"""A saved matching, as `match --verify` reads and proves it."""

from __future__ import annotations

from fuzz.desk_files import AT, opened
from fuzz.laws import check_diagnostics, check_refusal
from fuzz.scratch import written
from fuzz.target import Target
from mentorkit.core.errors import ProgramError, RefusedError
from mentorkit.core.history import History
from mentorkit.core.matching.verifying import verify
from mentorkit.running.saved_matchings import dump_matching, load_matching


def run(data: bytes) -> None:
    """Read it and prove it; what is read is the same when it is written and read again."""
    desk = opened()
    try:
        saved = load_matching(written("matching.json", data))
        assert saved == load_matching(written("matching.json", dump_matching(saved).encode()))
        found = verify(saved, desk.program, desk.roster, desk.catalogue, History(), AT.date(), at=AT)
    except (RefusedError, ProgramError) as refused:
        check_refusal(refused)
        return
    check_diagnostics(found.diagnostics)


TARGET = Target(
    "saved_matching",
    run,
    words=(
        '"format": 1',
        '"proof": null',
        '"slot": 0',
        '"score": ',
        "null",
        "true",
        "1e999",
        "-1",
        "\\ud800",
        "[[[[",
        "{",
    ),
    longest=16384,
)
