"""Bundled channels."""

from __future__ import annotations

from collections.abc import Sequence

from mentorkit.core.contracts import ChannelKind
from mentorkit.hookspecs import hookimpl


@hookimpl
def mentorkit_channels() -> Sequence[ChannelKind]:
    """Offer the outbox, mail, and channels over the web."""
    from mentorkit_channels.outbox import OutboxKind
    from mentorkit_channels.smtp.kind import SmtpKind
    from mentorkit_channels.webhook import WebhookKind

    return (OutboxKind(), SmtpKind(), WebhookKind())
