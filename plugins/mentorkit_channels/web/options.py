"""Options that channels over the web share: addresses, timeouts, windows; each is proved when the program is read."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import attrs

from mentorkit.core.contracts import ChannelDownError, ChannelSetting, Secret
from mentorkit_channels.web.addresses import Address, AddressError, parse_address

_WINDOW = re.compile(r"([0-9]{1,6}) (minute|hour|day)s?")
_LONGEST = timedelta(days=366)


def is_address(instance: Any, attribute: attrs.Attribute[Any], value: Any) -> None:
    """Refuse a URL that could not be called; where it is kept as a secret, that turns out when it is read."""
    if isinstance(value, str):
        try:
            parse_address(value, allow_private=instance.allow_private)
        except AddressError as problem:
            raise ValueError(str(problem), attribute) from None


def is_base(instance: Any, attribute: attrs.Attribute[Any], value: str) -> None:
    """Refuse a URL that could not be called, or below which nothing can be."""
    is_address(instance, attribute, value)
    if "?" in value:
        raise ValueError('the address of a server has no "?"', attribute)


def is_window(_instance: Any, attribute: attrs.Attribute[Any], value: str) -> None:
    """Refuse what is no span such as `24 hours`."""
    try:
        window(value)
    except ValueError as problem:
        raise ValueError(str(problem), attribute) from None


def is_timeout(_instance: Any, attribute: attrs.Attribute[Any], value: float) -> None:
    """Refuse what nobody would wait for."""
    if not 0 < value <= 300:
        raise ValueError("a timeout is a number of seconds above 0, at most 300", attribute)


def is_column(_instance: Any, attribute: attrs.Attribute[Any], value: str) -> None:
    """Refuse what is no name of a column."""
    if not value.strip():
        raise ValueError("write the name of a roster column", attribute)


def window(text: str) -> timedelta:
    """Return the span that `30 minutes`, `24 hours` or `3 days` says; none for "".

    Raises:
        ValueError: it says none, or one of more than a year.
    """
    if not text:
        return timedelta()
    match = _WINDOW.fullmatch(" ".join(text.split()))
    span = timedelta(**{f"{match[2]}s": int(match[1])}) if match else timedelta()
    if not timedelta() < span <= _LONGEST:
        raise ValueError(f'"{text}" is not a span; write a number of minutes, hours or days, such as "24 hours"')
    return span


def revealed_address(url: str | Secret, setting: ChannelSetting, *, allow_private: bool) -> Address:
    """Return the server that an option names; where it is a secret, nothing that is said of it contains it.

    Raises:
        ChannelDownError: the secret cannot be read, or is no address.
    """
    if isinstance(url, str):
        return parse_address(url, allow_private=allow_private)
    called = f"the address in {url.name}"
    try:
        return parse_address(setting.reveal(url).strip(), allow_private=allow_private, called=called)
    except AddressError as problem:
        raise ChannelDownError(f"{called} is not called: {problem}") from None


def shown_address(url: str | Secret) -> str:
    """Return what tells an address apart without its secrets: the host, or where it is kept."""
    if isinstance(url, Secret):
        return f"{{ {url.kept_in} = {url.name} }}"
    return parse_address(url, allow_private=True).called
