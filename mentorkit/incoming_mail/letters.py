"""A mail as a value: who wrote it, when, in answer to what, and what stands in it. Anything may come in by mail."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from email import message_from_bytes, message_from_string
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32
from email.utils import parseaddr, parsedate_to_datetime

from attrs import frozen
from icalendar import Calendar

from mentorkit.core.step_codes import WRITTEN

_IDS = re.compile(r"<([^<>\s]{1,998})>")
_CODE = re.compile(rf"\[({WRITTEN.pattern})\]")
_MOST_TEXT = 20_000
_STATUS = ("message/delivery-status", "message/global-delivery-status")
_RETURNED = ("message/rfc822", "message/global", "message/global-headers")
"""Types of RFC 3464 and, for mail with addresses beyond ASCII, of RFC 6533."""
_BLANK_LINE = re.compile(r"\r?\n[ \t]*\r?\n")
_AUTOMATIC = ("auto-replied", "auto-generated", "auto-notified")


@frozen
class CalendarReply:
    """What somebody's calendar says to an invitation: `accepted`, `declined`, `tentative`, or another word.

    Attributes:
        uid: of the event.
    """

    uid: str
    answer: str


@frozen
class Failure:
    """What a mail server says of one recipient of a message that it could not deliver (RFC 3464).

    Attributes:
        action: `failed`, `delayed`, …
        status: such as `5.1.1`.
    """

    action: str
    status: str


@frozen
class Letter:
    """A mail.

    Attributes:
        id: made of its Message-ID, or of its bytes where it has none: the same for every copy of it.
        sender: the mail address it claims to come from, in lower case.
        at: when it claims to be written, UTC, aware; None where it says no moment.
        answers_to: Message-IDs that it answers or returns, the nearest first.
        codes: the codes of our messages in its subject.
        automatic: whether a machine wrote it.
        text: its plain text, cut where it is long.
        reply: what a calendar answers, if that is what it is.
        failures: what it says could not be delivered, if that is what it is.
    """

    id: str
    sender: str
    at: datetime | None
    answers_to: tuple[str, ...]
    codes: tuple[str, ...]
    automatic: bool
    text: str
    reply: CalendarReply | None = None
    failures: tuple[Failure, ...] = ()


def read_letter(content: bytes) -> Letter:
    """Return a mail.

    Raises:
        ValueError: its bytes make no mail.
    """
    try:
        mail = message_from_bytes(content, policy=compat32)
        if not mail.keys():
            raise ValueError("it has no headers")
        return Letter(
            id=_id(mail, content),
            sender=parseaddr(_header(mail, "From"))[1].casefold(),
            at=_moment(_header(mail, "Date")),
            answers_to=_answers_to(mail),
            codes=tuple(_CODE.findall(_header(mail, "Subject"))),
            automatic=_is_automatic(mail),
            text=_text(mail),
            reply=_reply(mail),
            failures=_failures(mail),
        )
    except ValueError:
        raise
    except Exception as odd:  # the libraries raise many kinds of exceptions for what is no mail
        raise ValueError(f"{type(odd).__name__}: {odd}") from odd


def _header(mail: Message, name: str) -> str:
    """Return a header in plain words, encoded ones read; "" where there is none."""
    written = str(mail.get(name, ""))[:2000]
    try:
        return str(make_header(decode_header(written)))
    except (ValueError, LookupError, UnicodeError):
        return written


def _id(mail: Message, content: bytes) -> str:
    named = _IDS.findall(_header(mail, "Message-ID"))
    return f"mail-{hashlib.sha256(named[0].encode() if named else content).hexdigest()[:20]}"


def _moment(written: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(written)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _answers_to(mail: Message) -> tuple[str, ...]:
    """Return the messages it answers; of one that returns a message, that one's."""
    found = _IDS.findall(_header(mail, "In-Reply-To")) + _IDS.findall(_header(mail, "References"))[::-1]
    for part in mail.walk():
        kind = part.get_content_type()
        if kind in _RETURNED and part.is_multipart():
            found += [one for inner in part.get_payload() for one in _own_id(inner)]
        elif kind == "text/rfc822-headers":
            found += _own_id(message_from_bytes(_payload(part), policy=compat32))
    return tuple(dict.fromkeys(found))


def _own_id(mail: object) -> list[str]:
    return _IDS.findall(_header(mail, "Message-ID")) if isinstance(mail, Message) else []


def _is_automatic(mail: Message) -> bool:
    said = _header(mail, "Auto-Submitted").casefold()
    return (
        said.startswith(_AUTOMATIC)
        or any(mail.get(name) for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress"))
        or _header(mail, "Precedence").casefold() in ("auto_reply", "bulk", "junk", "list")
    )


def _payload(part: Message) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _text(mail: Message) -> str:
    for part in mail.walk():
        if part.get_content_type() == "text/plain" and part.get_filename() is None:
            charset = part.get_content_charset() or "utf-8"
            try:
                return _payload(part).decode(charset, "replace")[:_MOST_TEXT]
            except LookupError:
                return _payload(part).decode("utf-8", "replace")[:_MOST_TEXT]
    return ""


def _reply(mail: Message) -> CalendarReply | None:
    for part in mail.walk():
        if part.get_content_type() == "text/calendar":
            return _read_reply(_payload(part))
    return None


def _read_reply(content: bytes) -> CalendarReply | None:
    calendar = Calendar.from_ical(content)
    if str(calendar.get("METHOD", "")).upper() != "REPLY":
        return None
    for event in calendar.walk("VEVENT"):
        attendees = event.get("ATTENDEE", [])
        for attendee in attendees if isinstance(attendees, list) else [attendees]:
            return CalendarReply(str(event.get("UID", "")), str(attendee.params.get("PARTSTAT", "")).casefold())
    return None


def _failures(mail: Message) -> tuple[Failure, ...]:
    found = []
    for part in mail.walk():
        if part.get_content_type() in _STATUS and part.is_multipart():
            for block in _blocks(part):
                if block.get("Action"):
                    action = _header(block, "Action").strip().casefold()
                    found.append(Failure(action, _header(block, "Status").strip().split(" ")[0]))
    return tuple(found)


def _blocks(status: Message) -> list[Message]:
    """Return the blocks of a delivery status; of the newer kind the library takes the first for all of it."""
    found = [block for block in status.get_payload() if isinstance(block, Message)]
    if status.get_content_type() == _STATUS[0] or not found:
        return found
    rest = found[0].get_payload()
    return [*found, *map(message_from_string, _BLANK_LINE.split(rest) if isinstance(rest, str) else ())]
