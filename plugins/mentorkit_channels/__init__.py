"""Bundled channels."""

from __future__ import annotations

from collections.abc import Sequence

from mentorkit.core.contracts import ChannelKind
from mentorkit.hookspecs import hookimpl


@hookimpl
def mentorkit_channels() -> Sequence[ChannelKind]:
    """Offer the outbox."""
    from mentorkit_channels.outbox import OutboxKind

    return (OutboxKind(),)
