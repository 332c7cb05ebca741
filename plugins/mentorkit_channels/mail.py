"""A message as RFC 5322 bytes: one recipient, text and HTML, the same bytes on every attempt."""

from __future__ import annotations

import hashlib
import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import HeaderParser
from email.policy import SMTP, SMTPUTF8, EmailPolicy

from mentorkit.core.contracts import Outgoing

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_SPACES = re.compile(r"\s+")
_QUOTED = re.compile(r"[^A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]")
_LONGEST_LINE = 900
_LONGEST_NAME = 200
_SURELY_ONE_LINE = 30


def as_bytes(outgoing: Outgoing) -> bytes:
    """Return a whole mail, lines ended by CR LF.

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
    _fill(mail, outgoing)
    mail["Content-Language"] = outgoing.language
    _settle_boundaries(mail, outgoing)
    content = mail.as_bytes()
    _prove_recipient(content, mail)
    return content


def _policy(outgoing: Outgoing) -> EmailPolicy[EmailMessage]:
    """Return the strictest policy that can carry the addresses: a local part beyond ASCII needs SMTPUTF8."""
    addresses = (outgoing.to_address, outgoing.from_address)
    return SMTP if all(one.rpartition("@")[0].isascii() for one in addresses) else SMTPUTF8


def _address(name: str, address: str) -> Address:
    Address(addr_spec=_BEYOND_ASCII.sub("x", address))  # raises unless it is exactly one address
    local, _, domain = address.rpartition("@")
    ascii_domain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    return Address(_phrase(name), local, ascii_domain)


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
    for field in ("From", "To"):
        if [one.addr_spec for one in written[field].addresses] != [one.addr_spec for one in mail[field].addresses]:
            raise ValueError(f"the name in {field} cannot be written so that it stays a name")


def _as_typed(words: str) -> str:
    """Return words that no reader takes for an encoded word (RFC 2047), by parting its mark with an invisible space."""
    return words.replace("=?", "=\u200b?")


def _fill(mail: EmailMessage, outgoing: Outgoing) -> None:
    text, html = _plain_breaks(outgoing.text), _plain_breaks(outgoing.html)
    mail.set_content(text, cte=_encoding(text))
    mail.add_alternative(html, subtype="html", cte=_encoding(html))
    for attachment in outgoing.attachments:
        main, _, sub = attachment.media_type.partition("/")
        mail.add_attachment(attachment.content, maintype=main, subtype=sub, filename=attachment.name)


def _plain_breaks(text: str) -> str:
    return re.sub(r"\r\n?", "\n", text).encode("utf-8", "replace").decode("utf-8")


def _encoding(text: str) -> str:
    """Return how a text travels: readable in the file wherever its lines are short and it has no odd characters."""
    if _CONTROLS.search(text.replace("\n", "").replace("\t", "")):
        return "base64"
    return "8bit" if max(map(len, text.encode().split(b"\n"))) <= _LONGEST_LINE else "base64"


def _settle_boundaries(mail: EmailMessage, outgoing: Outgoing) -> None:
    """Give every part that has parts a boundary made of all that the message is, which none of it can contain."""
    for number, part in enumerate(part for part in mail.walk() if part.is_multipart()):
        digest = hashlib.sha256(repr((number, outgoing)).encode("utf-8", "backslashreplace")).hexdigest()
        part.set_boundary(f"mentorkit-{digest[:32]}")
