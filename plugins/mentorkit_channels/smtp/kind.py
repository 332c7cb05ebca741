"""The kind of channel that a program file means by `use = "smtp"`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from mentorkit.core.contracts import ChannelSetting
from mentorkit_channels.smtp.options import SmtpOptions

if TYPE_CHECKING:
    from mentorkit_channels.smtp.channel import SmtpChannel


@frozen
class SmtpKind:
    """Offers mail through a mail server."""

    name: str = "smtp"
    summary: str = "mail through a mail server, with or without logging in; invitations come with it"
    options: type[SmtpOptions] = SmtpOptions
    leaves_machine: bool = True
    repeat_is_harmless: bool = False
    carries_invitations: bool = True
    carries_messages: bool = True

    def open(self, options: SmtpOptions, setting: ChannelSetting) -> SmtpChannel:
        """Return a channel that connects with its first message."""
        from mentorkit_channels.smtp.channel import SmtpChannel

        return SmtpChannel(options, setting)

    def identity(self, options: SmtpOptions) -> str:
        """Return mail server and sender."""
        return f"{options.server} from {options.mailbox.address}"
