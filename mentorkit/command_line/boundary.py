"""The one error boundary: every way a command can end becomes an exit code and a message for a person.

0 done · 1 something failed or is in doubt · 2 wrong usage or problems in the inputs · 3 our bug, with a report to
paste · 4 needs a consent · 130 interrupted.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mentorkit.command_line import COMMANDS, ReaderGoneError, cli

if TYPE_CHECKING:
    from mentorkit.core.errors import MentorkitError


OF_OUTPUT = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF)
"""What the system says of standard output; files are named when they cannot be written."""


def run_process(arguments: Sequence[str]) -> int:
    """Run the command of this process and return its exit code.

    Where it may call plugins that do not come with mentorkit, a child does the work; this process tells how it ended.
    """
    if not _calls_others(arguments):
        return run_command(arguments)
    from mentorkit.supervising.parent import supervise
    from mentorkit.supervising.telling import a_late_copy

    try:
        code = supervise(lambda: run_command(arguments))
    except KeyboardInterrupt:
        return _interrupted()
    except Exception as reason:
        return _told(reason, arguments)
    return code if not (copied := a_late_copy()) else _told_late(copied, code, arguments)


def _told_late(copied: str, code: int, arguments: Sequence[str]) -> int:
    """Tell that a plugin's copy of the process came back when all was done: nothing of it can have been used."""
    from mentorkit.core.diagnostics import warning
    from mentorkit.presenting.diagnostics import print_diagnostics

    found = warning("plugin-forks", copied, help="its author must end what it forks, by os._exit or multiprocessing")
    print_diagnostics([found], as_json="--json" in arguments)
    return code


def _calls_others(arguments: Sequence[str]) -> bool:
    if not arguments or arguments[0] not in COMMANDS or not {"-h", "--help"}.isdisjoint(arguments):
        return False
    from mentorkit.supervising.deciding import may_call_others

    return may_call_others(arguments[1:])


def run_command(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code; whatever goes wrong is told on standard error."""
    try:
        code = cli.main(args=list(arguments), prog_name="mentorkit", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except (click.Abort, KeyboardInterrupt):
        return _interrupted()
    except click.ClickException as refused:
        _tell_usage(refused, arguments)
        return refused.exit_code
    except (ReaderGoneError, BrokenPipeError):
        return _nobody_reads()
    except OSError as problem:
        return _told(_in_words(problem) or problem, arguments)
    except MemoryError:
        return _told(_too_large(arguments), arguments)
    except BaseException as reason:  # a command that is left by sys.exit or worse did not do what it was asked to
        return _told(reason, arguments)
    return code if isinstance(code, int) else 0


def _interrupted() -> int:
    click.echo("interrupted", err=True)
    return 130


def _nobody_reads() -> int:
    """Let go of standard output, or Python complains again at exit; who closed the pipe has seen enough."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _in_words(problem: OSError) -> MentorkitError | None:
    """Return what the system says no to as an error for a person; None where nobody can say what it is about."""
    from mentorkit.core.errors import RunError

    if problem.filename is None:
        if problem.errno not in OF_OUTPUT:
            return None
        _nobody_reads()
        return RunError(f"standard output cannot be written: {problem.strerror}")
    path = Path(os.fsdecode(problem.filename))
    if isinstance(problem, FileNotFoundError) and not path.parent.is_dir():
        return RunError(f"{path} cannot be written: there is no folder {path.parent}")
    return RunError(f"{path} cannot be read or written: {problem.strerror}")


def _too_large(arguments: Sequence[str]) -> MentorkitError:
    from mentorkit.core.errors import RunError

    command = " ".join(["mentorkit", *arguments[:1]])
    return RunError(
        f"there is not enough memory for `{command}` on this machine; nothing was sent after this. "
        "Give it more memory, or match fewer people at a time: eligible, same or hard rules, or a roster in parts"
    )


def _told(reason: BaseException, arguments: Sequence[str]) -> int:
    from mentorkit.core.errors import InternalError, MentorkitError, ProgramError
    from mentorkit.presenting.diagnostics import print_diagnostics, print_error

    as_json = "--json" in arguments
    if isinstance(reason, ProgramError):
        print_diagnostics(reason.diagnostics, as_json=as_json, err=not _is_result(arguments))
        return reason.exit_code
    if isinstance(reason, MentorkitError) and not isinstance(reason, InternalError):
        print_error(reason, as_json=as_json, err=not _is_result(arguments))
        return reason.exit_code
    _report_bug(reason)
    return 3


def _is_result(arguments: Sequence[str]) -> bool:
    """Whether problems are what the command prints: `check --json` gives its document whatever it finds."""
    return "--json" in arguments and "check" in arguments[:1]


def _tell_usage(refused: click.ClickException, arguments: Sequence[str]) -> None:
    if "--json" not in arguments:
        refused.show()
        return
    from mentorkit.core.diagnostics import error
    from mentorkit.presenting.diagnostics import print_diagnostics

    context = getattr(refused, "ctx", None)
    called = context.command_path if context else "mentorkit"
    problem = error("usage", refused.format_message(), help=f"see `{called} --help`")
    print_diagnostics([problem], as_json=True, err=not _is_result(arguments))


def _report_bug(reason: BaseException) -> None:
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
