"""Whether a command may call plugins that do not come with mentorkit: only then is it supervised.

It is decided before anything is loaded, by a look at what is installed and into the files that the arguments name. A
program that only seems to have plugins is supervised in vain, at the cost of a fork.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

OURS = "mentorkit"
"""The distribution of the bundled plugins."""
_LARGEST = 2**20
"""Bytes of a program file; a larger one is refused."""


def may_call_others(arguments: Sequence[str]) -> bool:
    """Return whether the command that these arguments name may call a plugin that is not ours.

    `--watch` always may: the program can name plugins later, when it is too late to look.
    """
    return "--watch" in arguments or any(map(_names_plugins, arguments)) or _others_are_installed()


def _names_plugins(argument: str) -> bool:
    try:
        file = Path(argument)
        if argument.startswith("-") or not file.is_file() or file.stat().st_size > _LARGEST:
            return False
        return b"plugins" in file.read_bytes()
    except (OSError, ValueError):
        return False


def _others_are_installed() -> bool:
    from importlib.metadata import entry_points

    return any(one.dist is None or one.dist.name != OURS for one in entry_points(group="mentorkit"))
