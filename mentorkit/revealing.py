"""Reads secrets where they are kept: an environment variable, or a file that holds nothing else.

What is read goes to the channel that asks for it, and nowhere else: no message here says more than where it was to be.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

from mentorkit.core.contracts import ChannelDownError, Secret

_LONGEST = 64 * 1024
"""Bytes; keys and tokens are lines, not books."""


def revealing(beside: Path) -> Callable[[Secret], str]:
    """Return what reads secrets; paths are taken from the folder `beside`, in which the program file is.

    A secret ends before the line break that editors put at the end of a file. What is returned raises
    `ChannelDownError` where there is no secret, or none that could be one.
    """

    def reveal(secret: Secret) -> str:
        found = os.environ.get(secret.name, "") if secret.kept_in == "env" else _content(beside / secret.name)
        if not found:
            raise ChannelDownError(f"{_where(secret)} is {'not set' if secret.kept_in == 'env' else 'empty'}")
        if not found.isprintable():
            raise ChannelDownError(f"{_where(secret)} holds a line break or another character that no secret has")
        return found

    return reveal


def others_can_read(secret: Secret, beside: Path) -> bool:
    """Return whether a secret is a file that any user of the machine can read; one that is not there, nobody can."""
    if secret.kept_in != "file":
        return False
    try:
        path = (beside / secret.name).resolve()
        kept_out = any(not folder.stat().st_mode & stat.S_IXOTH for folder in path.parents)
        return bool(path.stat().st_mode & stat.S_IROTH) and not kept_out
    except (OSError, ValueError):
        return False


def _where(secret: Secret) -> str:
    kind = "environment variable" if secret.kept_in == "env" else "secret file"
    return f"the {kind} {secret.name}"


def _content(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(_LONGEST + 1)
    except OSError as problem:
        raise ChannelDownError(f"the secret file {path} cannot be read: {problem.strerror}") from None
    if len(content) > _LONGEST:
        raise ChannelDownError(f"the secret file {path} is larger than {_LONGEST // 1024} KiB: it is no secret")
    try:
        text = content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:  # it would quote the bytes
        raise ChannelDownError(f"the secret file {path} is not UTF-8") from None
    return text.removesuffix("\n").removesuffix("\r")
