"""The one family of exceptions. Raising never prints; one boundary in the command line turns them into exit codes."""

from __future__ import annotations

from collections.abc import Sequence

from mentorkit.core.diagnostics import Diagnostic


class MentorkitError(Exception):
    """Anything mentorkit says no to. The message is written for a person."""

    exit_code = 2


class ProgramError(MentorkitError):
    """The inputs (program, template, roster, messages, plugins' tables) have problems.

    Attributes:
        diagnostics: every problem found, errors and the rest, in reading order.
    """

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("; ".join(d.message for d in self.diagnostics if d.is_error))


class PluginError(MentorkitError):
    """A plugin is broken. The message names distribution, version and entry point or hook.

    Attributes:
        next_step: what to do about it, where that is not what it is with every broken plugin.
    """

    def __init__(self, message: str, next_step: str = "") -> None:
        self.next_step = next_step
        super().__init__(message)


class RefusedError(MentorkitError):
    """The command will not act on this state: lock held, stale plan, unknown ledger, failed verification."""


class ConsentError(MentorkitError):
    """A consent is needed that nobody gave; the message names the flag that gives it."""

    exit_code = 4


class RunError(MentorkitError):
    """Something failed while acting. The message says what, and that nothing was sent after it."""

    exit_code = 1


class InternalError(MentorkitError):
    """A promise of our own is broken: a bug to report, never a result."""

    exit_code = 3


class BrokenPromiseError(InternalError):
    """A result is not what it should be.

    Attributes:
        what: goes on after "a result that".
    """

    def __init__(self, message: str, what: str) -> None:
        self.what = what
        super().__init__(message)
