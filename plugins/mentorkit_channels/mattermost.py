"""The channel `mattermost`: its options, and the kind that opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from mentorkit.core.contracts import ChannelSetting, Secret
from mentorkit_channels.web.options import is_base, is_timeout, shown_address

if TYPE_CHECKING:
    from mentorkit_channels.web.connecting import Wires
    from mentorkit_channels.web.delivering import ProbingWebChannel


@frozen(kw_only=True)
class MattermostOptions:
    """The options of `mattermost`.

    Attributes:
        url: the server.
        token: the bot's access token.
        column: the roster column with people's ids on the server; "": they are found by their mail address.
        allow_private: whether the server may be on a private network or this machine.
        timeout: seconds to wait for each of connecting, writing and answering.
    """

    url: str = field(validator=is_base)
    token: Secret
    column: str = ""
    allow_private: bool = False
    timeout: float = field(default=30.0, validator=is_timeout)


@frozen
class MattermostKind:
    """Offers Mattermost."""

    wires: Wires | None = field(default=None, repr=False)
    name: str = "mattermost"
    summary: str = "direct messages in Mattermost, from a bot"
    options: type[Any] = MattermostOptions
    leaves_machine: bool = True
    repeat_is_harmless: bool = False

    def columns(self, options: MattermostOptions) -> tuple[str, ...]:
        """Return the column with ids, if there is one."""
        return (options.column,) if options.column else ()

    def identity(self, options: MattermostOptions) -> str:
        """Return the server, and by which token."""
        return f"mattermost {shown_address(options.url)} by {shown_address(options.token)}"

    def open(self, options: MattermostOptions, setting: ChannelSetting) -> ProbingWebChannel:
        """Return the channel; its token is read and tried when the first message is prepared."""
        from mentorkit_channels.services.mattermost import Mattermost
        from mentorkit_channels.web.connecting import Wires
        from mentorkit_channels.web.delivering import ProbingWebChannel, patient

        wires = patient(self.wires or Wires(), options.timeout, allow_private=options.allow_private)
        return ProbingWebChannel(Mattermost(options, setting, wires), wires)
