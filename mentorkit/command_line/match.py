"""`mentorkit match`: solves, explains, writes review files; the ledger stays as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from mentorkit.command_line.options import at_option, folder_option, json_option, limit_options, program_argument


@click.command("match")
@program_argument
@click.option("--from-ledger", is_flag=True, help="Take published relationships as given and fill free places.")
@click.option(
    "--review",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write what a run would match to FILE (.csv or .xlsx), with the decisions that it holds.",
)
@click.option("--explain", "explained", metavar="ID", multiple=True, help="Explain the matches of this person.")
@click.option(
    "--versus", "others", metavar="ID", multiple=True, help="With --explain: why they are not with this other person."
)
@click.option("--explain-unmatched", is_flag=True, help="Explain everybody who is unmatched.")
@click.option(
    "--audit",
    "audited",
    metavar="COLUMN",
    multiple=True,
    help="Compare match rates and scores by the values of this column.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Save the matching to FILE with everything that proves it, for --verify.",
)
@click.option(
    "--verify",
    "verified",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Prove the matching in FILE again from program and roster; match nothing.",
)
@click.option(
    "--trade-off", "traded", is_flag=True, help="Say what each objective costs the next one; solves once more for each."
)
@click.option("--timings", is_flag=True, help="Say on standard error what the time went to.")
@limit_options
@folder_option
@at_option
@json_option
def command(**options: Any) -> int:
    """Solve the matching afresh and explain it; touch nothing."""
    from mentorkit.command_line.match_request import MatchRequest, carry_out  # `--help` answers without all that

    return carry_out(MatchRequest(**options))
