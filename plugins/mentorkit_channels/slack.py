"""The channel `slack`: its options, and the kind that opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from mentorkit.core.contracts import ChannelSetting, Secret
from mentorkit_channels.web.options import is_base, is_column, is_timeout, shown_address

if TYPE_CHECKING:
    from mentorkit_channels.web.connecting import Wires
    from mentorkit_channels.web.delivering import ProbingWebChannel


@frozen(kw_only=True)
class SlackOptions:
    """The options of `slack`.

    Attributes:
        token: the bot token of an app of the workspace (`xoxb-…`).
        column: the roster column with people's member IDs.
        base_url: where Slack's methods are.
        allow_private: whether that may be on a private network or this machine.
        timeout: seconds to wait for each of connecting, writing and answering.
    """

    token: Secret
    column: str = field(default="slack_id", validator=is_column)
    base_url: str = field(default="https://slack.com/api", validator=is_base)
    allow_private: bool = False
    timeout: float = field(default=30.0, validator=is_timeout)


@frozen
class SlackKind:
    """Offers Slack."""

    wires: Wires | None = field(default=None, repr=False)
    name: str = "slack"
    summary: str = "direct messages in Slack, from an app of your workspace"
    options: type[Any] = SlackOptions
    leaves_machine: bool = True
    repeat_is_harmless: bool = False

    def columns(self, options: SlackOptions) -> tuple[str, ...]:
        """Return the column with member IDs."""
        return (options.column,)

    def identity(self, options: SlackOptions) -> str:
        """Return where messages go, and by which token."""
        return f"slack {shown_address(options.base_url)} by {shown_address(options.token)}"

    def open(self, options: SlackOptions, setting: ChannelSetting) -> ProbingWebChannel:
        """Return the channel; its token is read and tried when the first message is prepared."""
        from mentorkit_channels.services.slack import Slack
        from mentorkit_channels.web.connecting import Wires
        from mentorkit_channels.web.delivering import ProbingWebChannel, patient

        wires = patient(self.wires or Wires(), options.timeout, allow_private=options.allow_private)
        return ProbingWebChannel(Slack(options, setting, wires), wires)
