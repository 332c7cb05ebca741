"""Sign-up sheets and exports that no program describes yet: what `init` and `advise` make of their columns."""

from __future__ import annotations

from fuzz.laws import check_diagnostics, check_refusal
from fuzz.mutating import mutated_archive_or_text
from fuzz.scratch import written
from fuzz.target import Target
from fuzz.targets.roster_csv import TARGET as ROSTER
from mentorkit.core.errors import ProgramError
from mentorkit.core.proposing import propose
from mentorkit.starting.sheets import Source, read_sheets


def run(data: bytes) -> None:
    """Read it and propose what its columns mean: each once, and only headers that are there."""
    path = written("sheet.csv", data)
    try:
        sheet, found = read_sheets([Source(path)])
    except ProgramError as refused:
        check_refusal(refused)
        return
    check_diagnostics(found)
    proposal = propose(sheet)
    for guess in proposal.guesses.values():
        assert set(guess.headers) <= set(sheet.headers)
    assert proposal.guesses == propose(sheet).guesses


TARGET = Target("people_sheet", run, seeds=ROSTER.seeds, words=ROSTER.words, mutate=mutated_archive_or_text)
