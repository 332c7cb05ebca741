"""The channel `teams`: its options, and the kind that opens it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from mentorkit.core.contracts import ChannelSetting, Secret
from mentorkit_channels.web.options import is_timeout, shown_address

if TYPE_CHECKING:
    from mentorkit_channels.web.connecting import Wires
    from mentorkit_channels.web.delivering import WebChannel


@frozen(kw_only=True)
class TeamsOptions:
    """The options of `teams`.

    Attributes:
        url: the workflow's address.
        column: the roster column with the names people sign in with; "": their mail address.
        allow_private: whether the address may be on a private network or this machine.
        timeout: seconds to wait for each of connecting, writing and answering.
    """

    url: Secret
    column: str = ""
    allow_private: bool = False
    timeout: float = field(default=30.0, validator=is_timeout)


@frozen
class TeamsKind:
    """Offers Teams."""

    wires: Wires | None = field(default=None, repr=False)
    name: str = "teams"
    summary: str = "cards in Microsoft Teams, through a workflow that says only that it has begun"
    options: type[Any] = TeamsOptions
    leaves_machine: bool = True
    repeat_is_harmless: bool = False

    def columns(self, options: TeamsOptions) -> tuple[str, ...]:
        """Return the column with names to sign in with, if there is one."""
        return (options.column,) if options.column else ()

    def identity(self, options: TeamsOptions) -> str:
        """Return where the address is kept."""
        return f"teams {shown_address(options.url)}"

    def open(self, options: TeamsOptions, setting: ChannelSetting) -> WebChannel:
        """Return the channel; its address is read when the first message is prepared."""
        from mentorkit_channels.services.teams import Teams
        from mentorkit_channels.web.connecting import Wires
        from mentorkit_channels.web.delivering import WebChannel, patient

        wires = patient(self.wires or Wires(), options.timeout, allow_private=options.allow_private)
        return WebChannel(Teams(options, setting), wires)
