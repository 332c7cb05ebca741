"""Whether the secrets that a program names are where it says, and whether anybody else can read them."""

from __future__ import annotations

import shlex
from collections.abc import Callable

from mentorkit.core.contracts import ChannelDownError, Secret
from mentorkit.core.diagnostics import Diagnostic, warning
from mentorkit.core.resolving.channels import secrets_of
from mentorkit.opening import Opened
from mentorkit.revealing import others_can_read, revealing


def secrets_that_are_missing(opened: Opened) -> tuple[Diagnostic, ...]:
    """Return a warning for each secret that is not where the program says; what a secret is, is not looked at."""
    reveal = revealing(opened.workspace.program_file.resolve().parent)
    return opened.placed(
        warning(
            "secret-missing",
            f"{problem}: a run by now would send nothing by {use.name}",
            path=".".join(map(str, path)),
            help="put it there, or run where it is",
        )
        for use in opened.program.channels
        for path, secret in secrets_of(use.options, ("channels", use.name))
        if (problem := _trouble(reveal, secret))
    )


def secrets_that_others_read(opened: Opened) -> tuple[Diagnostic, ...]:
    """Return a warning for each secret in a file that every user of the machine can read."""
    beside = opened.workspace.program_file.resolve().parent
    return opened.placed(
        warning(
            "secret-readable",
            f'every user of this machine can read "{secret.name}"',
            path=".".join(map(str, path)),
            help=f"chmod 600 {shlex.quote(secret.name)}",
        )
        for use in opened.program.channels
        for path, secret in secrets_of(use.options, ("channels", use.name))
        if others_can_read(secret, beside)
    )


def _trouble(reveal: Callable[[Secret], str], secret: Secret) -> str:
    try:
        reveal(secret)
    except ChannelDownError as problem:
        return str(problem)
    return ""
