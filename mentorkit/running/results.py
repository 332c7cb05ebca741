"""What every command that writes the ledger leaves behind beside it: the kept template, and what people read."""

from __future__ import annotations

from pathlib import Path

from mentorkit.core.errors import RunError
from mentorkit.core.facilitating import facilitators
from mentorkit.core.history import History
from mentorkit.core.reporting.counting import make_report
from mentorkit.durable_files import write_whole
from mentorkit.loading.template_chains import TEMPLATE_FILE
from mentorkit.loading.templates import keep_template
from mentorkit.messages.asked import as_asked
from mentorkit.opening import Opened
from mentorkit.presenting.html.report import report_html
from mentorkit.run_folder import write_views


def keep_the_template(opened: Opened) -> None:
    """Keep the template a program is first run with, where it is not kept yet.

    Raises:
        RunError: it cannot be written.
    """
    kept = opened.workspace.kept_template
    if (kept / TEMPLATE_FILE).is_file() or not opened.loaded.chain.heads:  # no heads: no template at all
        return
    try:
        keep_template(opened.loaded, kept)
    except OSError as problem:
        raise RunError(
            f"{problem.filename or kept} cannot be written: {problem.strerror}; nothing was sent"
        ) from problem


def write_results(opened: Opened, history: History, folder: Path) -> None:
    """Write what people read: CSV files, calendars and the report.

    Raises:
        RunError: something cannot be written; the ledger has everything, and the next run writes them again.
    """
    asked = as_asked(opened.program, opened.roles)
    report = make_report(asked, opened.roles, opened.roster, opened.catalogue, history, opened.at)
    sessions = [known.session for known in history.sessions]
    leads = facilitators(opened.program, opened.catalogue, history.relationships, sessions)
    try:
        write_views(folder, opened.program, opened.roles, opened.roster, history, leads, written=opened.at)
        write_whole(folder / "report.html", report_html(report).encode())
    except OSError as problem:
        raise RunError(
            f"{problem.filename or folder} cannot be written: {problem.strerror}; what was done is in the ledger, "
            "and the next run writes calendars, CSV files and report"
        ) from problem
