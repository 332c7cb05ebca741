"""Who a mail is from, as people write it: `Aurora mentoring <aurora@example.org>`."""

from __future__ import annotations

import re

from attrs import frozen

from mentorkit.core.mail_addresses import is_mail_address

_WRITTEN = re.compile(r"\s*(?P<name>[^<>]*?)\s*<(?P<address>[^<>]*)>\s*")


@frozen
class Sender:
    """A name, which may be empty, and an address."""

    name: str
    address: str


def parsed_sender(written: str) -> Sender:
    """Return name and address of a sender.

    Raises:
        ValueError: it is not one address, with a name before it or without.
    """
    found = _WRITTEN.fullmatch(written)
    name, address = (found["name"], found["address"]) if found else ("", written.strip())
    if len(name) > 1 and name[0] == name[-1] == '"':
        name = name[1:-1]
    if not is_mail_address(address):
        raise ValueError(f'"{written}" is not a sender, such as "Aurora mentoring <aurora@example.org>"')
    return Sender(name, address)
