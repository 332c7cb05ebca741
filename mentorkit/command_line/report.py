"""`mentorkit report`: the report as HTML, JSON or CSV."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from mentorkit.command_line.options import at_option, folder_option, json_option, program_argument
from mentorkit.presenting.json_text import json_text

if TYPE_CHECKING:  # what a command needs, it loads when it runs: `--help` answers at once
    from mentorkit.core.reporting.figures import Report

Form = Literal["html", "json", "csv"]


@click.command("report")
@program_argument
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "json", "csv"]),
    help="html (default) is written into the run folder; json and csv are printed.",
)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write to this file.")
@folder_option
@at_option
@json_option
def command(
    program: Path,
    form: Form | None,
    out: Path | None,
    folder: Path | None,
    at: str | None,
    as_json: bool,
) -> None:
    """Write the report: who was matched, what was held, how the key figures stand."""
    from mentorkit.core.reporting.as_of import last_known
    from mentorkit.core.reporting.counting import make_report
    from mentorkit.ledger import read_history
    from mentorkit.messages.asked import as_asked
    from mentorkit.opening import open_program
    from mentorkit.presenting.diagnostics import print_diagnostics

    form = _form(form, as_json)
    opened = open_program(program, folder, at)
    history = read_history(opened.workspace.ledger)
    moment = opened.at if at else max(opened.at, last_known(history) or opened.at)
    asked = as_asked(opened.program, opened.roles)
    report = make_report(asked, opened.roles, opened.roster, opened.catalogue, history, moment)
    target = opened.workspace.report if out is None and form == "html" else out
    if target is not None:
        _write(target, _rendered(report, form), opened.workspace.folder)
    print_diagnostics(opened.diagnostics, as_json=as_json, notes=False)
    click.echo(_rendered(report, form).rstrip("\n") if target is None else f"Written: {target}")


def _write(target: Path, content: str, run_folder: Path) -> None:
    from mentorkit.durable_files import make_private_folder, write_whole

    if target.parent == run_folder:
        make_private_folder(run_folder)
    write_whole(target, content.encode())


def _form(form: Form | None, as_json: bool) -> Form:
    if as_json and form not in (None, "json"):
        raise click.UsageError(f"--json and --format {form} ask for two forms: leave one out")
    return form or ("json" if as_json else "html")


def _rendered(report: Report, form: Form) -> str:
    from mentorkit.presenting.html.report import report_html
    from mentorkit.presenting.report_data import report_csv, report_json

    if form == "html":
        return report_html(report)
    if form == "json":
        return json_text(report_json(report)) + "\n"
    written = io.StringIO()
    csv.writer(written, lineterminator="\n").writerows(report_csv(report))
    return written.getvalue()
