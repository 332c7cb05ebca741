"""A message as RFC 5322 bytes: one recipient, text and HTML, the same bytes on every attempt.

An invitation goes twice (RFC 6047): beside text and HTML, as one more way of saying the same, which is what calendars
in mail programs look for; and as an attachment, which people can open where their program does not know what it is.
"""

from __future__ import annotations

import hashlib
import re
from email.errors import MessageError
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.parser import HeaderParser
from email.policy import SMTP, SMTPUTF8, EmailPolicy, Policy
from functools import lru_cache
from urllib.parse import quote

from mentorkit.core.contracts import Invitation, Outgoing

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_SPACES = re.compile(r"\s+")
_QUOTED = re.compile(r"[^A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]")
_LONGEST_LINE = 900
_LONGEST_NAME = 200
_SURELY_ONE_LINE = 30


def as_bytes(outgoing: Outgoing, *, seven_bit: bool = False) -> bytes:
    """Return a whole mail, lines ended by CR LF.

    Args:
        outgoing: the message.
        seven_bit: whether its parts must be written in ASCII, for a server that takes nothing else.

    Raises:
        ValueError: subject or an address is not valid; nothing is guessed about several addresses in one.
    """
    if _CONTROLS.search(outgoing.subject):
        raise ValueError("the subject has a line break or control character")
    mail = EmailMessage(policy=_policy(outgoing))
    mail["From"] = _address(outgoing.from_name, outgoing.from_address)
    mail["To"] = _address(outgoing.to_name, outgoing.to_address) if outgoing.to_address else "undisclosed-recipients:;"
    mail["Subject"] = _as_typed(outgoing.subject)
    mail["Date"] = outgoing.at
    mail["Message-ID"] = f"<{outgoing.message_id}>"
    mail["Auto-Submitted"] = "auto-generated"
    if outgoing.reply_to:
        mail["Reply-To"] = _address("", outgoing.reply_to)
    if outgoing.unsubscribe:
        mail["List-Unsubscribe"] = f"<mailto:{quote(_address('', outgoing.unsubscribe).addr_spec, safe='@')}>"
    _fill(mail, outgoing, seven_bit=seven_bit)
    mail["Content-Language"] = outgoing.language
    _settle_boundaries(mail, outgoing)
    content = mail.as_bytes()
    _prove_recipient(content, mail)
    return content


def needs_utf8(outgoing: Outgoing) -> bool:
    """Return whether an address can only be written beyond ASCII: what is before the @, there is no other way for."""
    addresses = (outgoing.to_address, outgoing.from_address, outgoing.reply_to)
    return not all(one.rpartition("@")[0].isascii() for one in addresses)


def in_ascii(address: str) -> str:
    """Return an address with its domain in ASCII (punycode).

    Raises:
        ValueError: the domain has a letter for which the standard library's rules (IDNA 2003) put others, such as ss
            for ß: that may be somebody else's domain.
    """
    local, _, domain = address.rpartition("@")
    if domain.isascii():
        return address
    written = domain.encode("idna")
    if written.decode("idna") != domain.lower():
        raise ValueError("a mail address has a domain that cannot be written in ASCII without becoming another")
    return f"{local}@{written.decode('ascii')}"


class _OneLine(UnstructuredHeader, BaseHeader):
    """A header that is not broken over lines: the standard library would encode what has no space to break at."""

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


class _Headers(HeaderRegistry):
    """Makes the class of a header, and reads a header that is alike in many mails, once.

    The standard library makes a class for each header of each mail, which stays in memory until the collector looks for
    cycles, and reads each header anew. A header does not change once it is there, so mails can have it in common.
    """

    def __init__(self) -> None:
        super().__init__()
        self.map_to_type("list-unsubscribe", _OneLine)
        self._made: dict[str, type[BaseHeader]] = {}
        self._read = lru_cache(maxsize=64)(super().__call__)

    def __getitem__(self, name: str) -> type[BaseHeader]:
        key = name.lower()
        if key not in self._made:
            self._made[key] = super().__getitem__(name)
        return self._made[key]

    def __call__(self, name: str, value: object) -> BaseHeader:
        return self._read(name, value) if type(value) is str else super().__call__(name, value)


_HEADERS = _Headers()


def _policy(outgoing: Outgoing) -> EmailPolicy[EmailMessage]:
    """Return the strictest policy that can carry the addresses."""
    return (SMTPUTF8 if needs_utf8(outgoing) else SMTP).clone(header_factory=_HEADERS)


def _address(name: str, address: str) -> Address:
    try:
        Address(addr_spec=_BEYOND_ASCII.sub("x", address))  # raises unless it is exactly one address
    except MessageError as problem:
        raise ValueError(f"an address is not one mail address: {problem}") from problem
    local, _, domain = in_ascii(address).rpartition("@")
    return Address(_phrase(name), local, domain)


def _phrase(name: str) -> str:
    """Return a name that stays one phrase on any number of lines.

    The standard library drops the quotes of a quoted name that it breaks over lines, and a comma in it then parts two
    recipients. Names with a character beyond ASCII it encodes as a whole, so a long one gets one that nobody sees.
    """
    line = _SPACES.sub(" ", _CONTROLS.sub(" ", name)).strip()
    line = line if len(line) <= _LONGEST_NAME else f"{line[: _LONGEST_NAME - 1]}…"
    fragile = line.isascii() and len(line) > _SURELY_ONE_LINE and _QUOTED.search(line)
    return _as_typed(f"{line}\u200b" if fragile else line)


def _prove_recipient(content: bytes, mail: EmailMessage) -> None:
    """Raise ValueError unless the written mail goes to the one address that it was written for."""
    written = HeaderParser(policy=mail.policy).parsestr(content.partition(b"\r\n\r\n")[0].decode())
    for field in ("From", "To", *(["Reply-To"] if "Reply-To" in mail else [])):
        if [one.addr_spec for one in written[field].addresses] != [one.addr_spec for one in mail[field].addresses]:
            raise ValueError(f"the name in {field} cannot be written so that it stays a name")


def _as_typed(words: str) -> str:
    """Return words that no reader takes for an encoded word (RFC 2047), by parting its mark with an invisible space."""
    return words.replace("=?", "=\u200b?")


def _fill(mail: EmailMessage, outgoing: Outgoing, *, seven_bit: bool) -> None:
    text, html = _plain_breaks(outgoing.text), _plain_breaks(outgoing.html)
    mail.set_content(text, cte=_encoding(text, seven_bit))
    mail.add_alternative(html, subtype="html", cte=_encoding(html, seven_bit))
    if outgoing.invitation is not None:
        _invite(mail, outgoing.invitation, seven_bit=seven_bit)
    for attachment in outgoing.attachments:
        main, _, sub = attachment.media_type.partition("/")
        mail.add_attachment(attachment.content, maintype=main, subtype=sub, filename=attachment.name)


def _invite(mail: EmailMessage, invitation: Invitation, *, seven_bit: bool) -> None:
    calendar = _plain_breaks(invitation.content.decode())
    method = {"method": invitation.method}
    mail.add_alternative(calendar, subtype="calendar", cte=_encoding(calendar, seven_bit), params=method)
    mail.add_attachment(invitation.content, maintype="application", subtype="ics", filename="invite.ics")


def _plain_breaks(text: str) -> str:
    return re.sub(r"\r\n?", "\n", text).encode("utf-8", "replace").decode("utf-8")


def _encoding(text: str, seven_bit: bool) -> str:
    """Return how a text travels: readable in the file wherever its lines are short and it has no odd characters."""
    if seven_bit and not text.isascii():
        return "base64"
    if _CONTROLS.search(text.replace("\n", "").replace("\t", "")):
        return "base64"
    return "8bit" if max(map(len, text.encode().split(b"\n"))) <= _LONGEST_LINE else "base64"


def _settle_boundaries(mail: EmailMessage, outgoing: Outgoing) -> None:
    """Give every part that has parts a boundary made of all that the message says, which none of it can contain."""
    said = (outgoing.key, outgoing.subject, outgoing.text, outgoing.html, outgoing.attachments, outgoing.invitation)
    for number, part in enumerate(part for part in mail.walk() if part.is_multipart()):
        digest = hashlib.sha256(repr((number, said)).encode("utf-8", "backslashreplace")).hexdigest()
        part.set_boundary(f"mentorkit-{digest[:32]}")
