"""The one error boundary: every way a command can end becomes an exit code and a message for a person.

0 done · 1 something failed or is in doubt · 2 wrong usage or problems in the inputs · 3 our bug, with a report to
paste · 4 needs a consent · 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from mentorkit.command_line import cli


def run_command(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code; whatever goes wrong is told on standard error."""
    try:
        code = cli.main(args=list(arguments), prog_name="mentorkit", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return 130
    except click.ClickException as refused:
        refused.show()
        return refused.exit_code
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains again at exit
        return 0
    except Exception as reason:
        return _told(reason, as_json="--json" in arguments)
    return code if isinstance(code, int) else 0


def _told(reason: Exception, *, as_json: bool) -> int:
    from mentorkit.core.errors import InternalError, MentorkitError, ProgramError
    from mentorkit.presenting.diagnostics import print_diagnostics, print_error

    if isinstance(reason, ProgramError):
        print_diagnostics(reason.diagnostics, as_json=as_json)
        return reason.exit_code
    if isinstance(reason, MentorkitError) and not isinstance(reason, InternalError):
        print_error(reason, as_json=as_json)
        return reason.exit_code
    _report_bug(reason)
    return 3


def _report_bug(reason: Exception) -> None:
    import platform
    import traceback

    from mentorkit import __version__

    trace = "".join(traceback.format_exception(reason))
    click.echo(
        f"mentorkit has a bug: {type(reason).__name__}: {reason}\n"
        "Nothing was sent after this. Please report it with the text below; look it over for names first.\n\n"
        f"mentorkit {__version__}, Python {platform.python_version()}, {platform.platform()}\n{trace}",
        err=True,
    )
