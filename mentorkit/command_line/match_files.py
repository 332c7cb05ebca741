"""What `mentorkit match` does with files of matchings: save one with its proof, and prove a saved one again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from mentorkit.presenting.json_text import json_text

if TYPE_CHECKING:
    from mentorkit.core.matching.solving import MatchingOutcome
    from mentorkit.opening import Opened


def save(opened: Opened, outcome: MatchingOutcome, path: Path, *, from_ledger: bool) -> None:
    """Write a matching with everything that proves it, whole or not at all."""
    from mentorkit.core.matching.saved import saved_matching
    from mentorkit.durable_files import write_whole
    from mentorkit.running.saved_matchings import dump_matching

    relationships = outcome.matching.relationships
    saved = saved_matching(
        opened.program,
        opened.roster,
        opened.catalogue,
        outcome.solved,
        relationships,
        opened.at,
        from_ledger=from_ledger,
    )
    write_whole(path, dump_matching(saved).encode())


def verify(program: Path, path: Path, folder: Path | None, *, as_json: bool) -> None:
    """Prove a saved matching again from program and roster; raise ProgramError with every difference."""
    from attrs import evolve

    from mentorkit.core.diagnostics import errors_in
    from mentorkit.core.errors import ProgramError
    from mentorkit.core.history import History
    from mentorkit.core.matching.verifying import verify as verify_matching
    from mentorkit.core.zones import to_local
    from mentorkit.ledger import read_history
    from mentorkit.opening import open_program, placing
    from mentorkit.presenting.diagnostics import print_diagnostics
    from mentorkit.presenting.verification import verification_json, verification_text
    from mentorkit.running.saved_matchings import load_matching
    from mentorkit.running.spending import spending

    saved = load_matching(path)
    opened = open_program(program, folder, saved.at)
    history = read_history(opened.workspace.ledger) if saved.from_ledger else History()
    today = to_local(opened.at, opened.program.timezone).date()
    spent = spending(None, None, quiet=as_json)
    with placing(opened):
        verified = verify_matching(
            saved, opened.program, opened.roster, opened.catalogue, history, today, spent.effort(), opened.at
        )
    found = tuple(evolve(one, file=str(path)) for one in verified.diagnostics)
    if errors_in(found):
        raise ProgramError(found)
    print_diagnostics(opened.diagnostics + found, as_json=as_json, notes=False)
    if as_json:
        click.echo(json_text(verification_json(saved, verified)))
    else:
        click.echo(verification_text(saved, verified, str(path)))
        click.echo(f"verified in {sum(spent.spent.values()):.2f} s", err=True)
