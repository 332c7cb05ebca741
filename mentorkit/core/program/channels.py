"""The channels of a program: `[channels.NAME]`, in the order of `[delivery] channels`."""

from __future__ import annotations

from typing import Any

from attrs import frozen

OUTBOX = "outbox"
"""The kind of channel of a program that declares none."""


@frozen
class ChannelUse:
    """A channel under the program's name for it.

    Attributes:
        kind: name of the kind of channel.
        options: structured; secrets in them only say where they are kept.
        columns: roster columns by which it finds people.
    """

    name: str
    kind: str
    options: Any = None
    columns: tuple[str, ...] = ()
