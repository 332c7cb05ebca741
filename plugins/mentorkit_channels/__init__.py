"""Bundled channels."""

from __future__ import annotations

from collections.abc import Sequence

from mentorkit.core.contracts import ChannelKind
from mentorkit.hookspecs import hookimpl


@hookimpl
def mentorkit_channels() -> Sequence[ChannelKind]:
    """Offer the outbox, mail, calendars, and channels over the web: to addresses of one's own, and to chat."""
    from mentorkit_channels.apprise import AppriseKind
    from mentorkit_channels.caldav import CaldavKind
    from mentorkit_channels.matrix import MatrixKind
    from mentorkit_channels.mattermost import MattermostKind
    from mentorkit_channels.outbox import OutboxKind
    from mentorkit_channels.slack import SlackKind
    from mentorkit_channels.smtp.kind import SmtpKind
    from mentorkit_channels.teams import TeamsKind
    from mentorkit_channels.webhook import WebhookKind
    from mentorkit_channels.zulip import ZulipKind

    chat = (SlackKind(), TeamsKind(), MatrixKind(), MattermostKind(), ZulipKind())
    return (OutboxKind(), SmtpKind(), CaldavKind(), WebhookKind(), *chat, AppriseKind())
