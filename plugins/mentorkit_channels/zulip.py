"""The channel `zulip`: its options, and the kind that opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from mentorkit.core.contracts import ChannelSetting, Secret
from mentorkit_channels.web.options import is_base, is_timeout, shown_address

if TYPE_CHECKING:
    from mentorkit_channels.web.connecting import Wires
    from mentorkit_channels.web.delivering import WebChannel


@frozen(kw_only=True)
class ZulipOptions:
    """The options of `zulip`.

    Attributes:
        url: the server.
        user: the bot's mail address.
        key: the bot's API key.
        column: the roster column with people's user ids or mail addresses there; "": their mail address.
        allow_private: whether the server may be on a private network or this machine.
        timeout: seconds to wait for each of connecting, writing and answering.
    """

    url: str = field(validator=is_base)
    user: str
    key: Secret
    column: str = ""
    allow_private: bool = False
    timeout: float = field(default=30.0, validator=is_timeout)


@frozen
class ZulipKind:
    """Offers Zulip."""

    wires: Wires | None = field(default=None, repr=False)
    name: str = "zulip"
    summary: str = "direct messages in Zulip, from a bot"
    options: type[Any] = ZulipOptions
    leaves_machine: bool = True
    repeat_is_harmless: bool = False

    def columns(self, options: ZulipOptions) -> tuple[str, ...]:
        """Return the column with ids or addresses, if there is one."""
        return (options.column,) if options.column else ()

    def identity(self, options: ZulipOptions) -> str:
        """Return server and bot."""
        return f"zulip {shown_address(options.url)} as {options.user}"

    def open(self, options: ZulipOptions, setting: ChannelSetting) -> WebChannel:
        """Return the channel; its key is read and tried when the first message is prepared."""
        from mentorkit_channels.services.zulip import Zulip
        from mentorkit_channels.web.connecting import Wires
        from mentorkit_channels.web.delivering import WebChannel, patient

        wires = patient(self.wires or Wires(), options.timeout, allow_private=options.allow_private)
        return WebChannel(Zulip(options, setting, wires), wires)
