"""What `[channels.NAME]` says for `use = "smtp"`."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any, Literal

from attrs import Attribute, field, frozen

from mentorkit.core.contracts import Secret
from mentorkit.core.mail_addresses import is_mail_address
from mentorkit_channels.smtp.senders import Sender, parsed_sender

_PORTS = {"starttls": 587, "tls": 465, "none": 25}


def _host(_: object, attribute: Attribute[str], value: str) -> None:
    if not value.strip() or any(sign.isspace() or sign in "/@[]" for sign in value):
        raise ValueError(f'"{value}" is no name of a mail server, such as "smtp.example.org"', attribute)
    name, colon, port = value.partition(":")
    if colon and port.isdecimal():
        raise ValueError(f'"{value}" is a name and a port: write host = "{name}" and port = {int(port)}', attribute)
    if colon and not _is_network_address(value):
        raise ValueError(f'"{value}" is no name of a mail server, such as "smtp.example.org"', attribute)


def _is_network_address(value: str) -> bool:
    try:
        ip_address(value)
    except ValueError:
        return False
    return True


def _sender(_: object, attribute: Attribute[str], value: str) -> None:
    try:
        parsed_sender(value)
    except ValueError as problem:
        raise ValueError(str(problem), attribute) from None


def _address_or_nothing(_: object, attribute: Attribute[str], value: str) -> None:
    if value and not is_mail_address(value):
        raise ValueError(f'"{value}" is not one plain mail address, such as "aurora@example.org"', attribute)


def _word_or_nothing(_: object, attribute: Attribute[str], value: str) -> None:
    if not value.isascii() or any(sign.isspace() for sign in value):
        raise ValueError(f'"{value}" is no name of a machine, such as "mentoring.example.org"', attribute)


def _port(_: object, attribute: Attribute[int | None], value: int | None) -> None:
    if value is not None and not 1 <= value <= 65535:
        raise ValueError(f"{value} is no port; ports go from 1 to 65535", attribute)


def _positive(_: object, attribute: Attribute[Any], value: float | None) -> None:
    if value is not None and not value > 0:
        raise ValueError("this must be more than 0", attribute)


@frozen(kw_only=True)
class SmtpOptions:
    """How to reach a mail server, and who the mail is from.

    Attributes:
        host: the mail server's name.
        port: default: 587 with `starttls`, 465 with `tls`, 25 with `none`.
        security: `starttls` begins in the clear and goes on only once it is encrypted, `tls` is encrypted from the
            first byte, `none` never (no password is sent that way, except to this very machine).
        user: whom to log in as; nobody: the server takes mail from this machine without that.
        password: where the password is kept.
        oauth: where an access token is kept, instead of a password (XOAUTH2); it is read at each connection.
        sender: key `from`: name and address that mails come from, `Aurora mentoring <aurora@example.org>`.
        bounces: the address that what cannot be delivered comes back to; default: that of `from`.
        reply_to: the address that answers go to; default: that of `from`.
        unsubscribe: the address that takes whoever writes to it off further messages.
        per_minute: the most messages in a minute, evenly; default: as fast as the server takes them.
        timeout: seconds to wait for each answer of the server; for the last one of each message ten times as long.
        ca: a file beside the program with certificates (PEM) of the authorities to trust, instead of the system's.
        hello: the name by which this machine introduces itself; default: its network address.
    """

    host: str = field(validator=_host)
    port: int | None = field(default=None, validator=_port)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: Secret | None = None
    oauth: Secret | None = None
    sender: str = field(metadata={"key": "from"}, validator=_sender)
    bounces: str = field(default="", validator=_address_or_nothing)
    reply_to: str = field(default="", validator=_address_or_nothing)
    unsubscribe: str = field(default="", validator=_address_or_nothing)
    per_minute: float | None = field(default=None, validator=_positive)
    timeout: float = field(default=60.0, validator=_positive)
    ca: str = ""
    hello: str = field(default="", validator=_word_or_nothing)

    def __attrs_post_init__(self) -> None:
        """Refuse what contradicts itself.

        Raises:
            ValueError: what, and what to write instead.
        """
        if self.password and self.oauth:
            raise ValueError("password and oauth are both given; a mail server is told one of them")
        if bool(self.user) != bool(self.password or self.oauth):
            lacking = "password or oauth" if self.user else "user"
            raise ValueError(f"{lacking} is missing: logging in takes user and password, or user and oauth")
        if self.user and self.security == "none" and not self.is_this_machine:
            raise ValueError('a password is never sent without encryption; write security = "starttls" or "tls"')

    @property
    def address(self) -> tuple[str, int]:
        """Host and port to connect to."""
        return self.host, self.port or _PORTS[self.security]

    @property
    def server(self) -> str:
        """Host and port, as people write them."""
        host, port = self.address
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    @property
    def mailbox(self) -> Sender:
        """Name and address that mails come from."""
        return parsed_sender(self.sender)

    @property
    def is_this_machine(self) -> bool:
        """Whether the mail server runs on this very machine."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"
