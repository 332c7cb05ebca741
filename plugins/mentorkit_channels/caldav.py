"""The channel `caldav`: its options, and the kind that opens it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import attrs
from attrs import field, frozen

from mentorkit.core.contracts import ChannelSetting, Secret
from mentorkit_channels.web.options import is_base, is_timeout, shown_address

if TYPE_CHECKING:
    from mentorkit_channels.web.connecting import Wires
    from mentorkit_channels.web.delivering import WebChannel

COLUMN = re.compile(r"\{([A-Za-z0-9_.-]{1,60})\}")
"""What stands in the address of calendars for somebody's cell."""


def _is_of_calendars(instance: Any, attribute: attrs.Attribute[Any], value: str) -> None:
    is_base(instance, attribute, value)
    if not COLUMN.search(value):
        told = "everybody needs a calendar of their own: write {column} where the roster says whose it is"
        raise ValueError(told, attribute)
    if re.search("[{}]", COLUMN.sub("", value)):
        raise ValueError("braces stand around the name of a roster column and nowhere else", attribute)


def _is_user(_instance: Any, attribute: attrs.Attribute[Any], value: str) -> None:
    if not value or ":" in value or not value.isprintable():
        raise ValueError('the name of a user is one line without ":"', attribute)


@frozen(kw_only=True)
class CaldavOptions:
    """The options of `caldav`.

    Attributes:
        url: of a person's calendar, in which `{column}` stands for what the roster has in a column.
        user: who may write to these calendars.
        password: of that user.
        allow_private: whether the server may be on a private network or this machine.
        timeout: seconds to wait for each of connecting, writing and answering.
    """

    url: str = field(validator=_is_of_calendars)
    user: str = field(validator=_is_user)
    password: Secret
    allow_private: bool = False
    timeout: float = field(default=30.0, validator=is_timeout)


@frozen
class CaldavKind:
    """Offers calendars on a CalDAV server."""

    wires: Wires | None = field(default=None, repr=False)
    name: str = "caldav"
    summary: str = "sessions in people's calendars on a CalDAV server; messages go by other channels"
    options: type[Any] = CaldavOptions
    leaves_machine: bool = True
    repeat_is_harmless: bool = True
    carries_invitations: bool = True
    carries_messages: bool = False

    def columns(self, options: CaldavOptions) -> tuple[str, ...]:
        """Return the columns that say which calendar is whose."""
        return tuple(dict.fromkeys(COLUMN.findall(options.url)))

    def identity(self, options: CaldavOptions) -> str:
        """Return the server, and who writes there."""
        return f"caldav {shown_address(options.url)} as {options.user}"

    def open(self, options: CaldavOptions, setting: ChannelSetting) -> WebChannel:
        """Return the channel; its password is read and tried when the first invitation is prepared."""
        from mentorkit_channels.services.caldav import Caldav
        from mentorkit_channels.web.connecting import Wires
        from mentorkit_channels.web.delivering import WebChannel, patient

        wires = patient(self.wires or Wires(), options.timeout, allow_private=options.allow_private)
        return WebChannel(Caldav(options, setting, wires), wires)
