"""What the answer to a message means: whether it was taken, never will be, may be tried again, or nobody can know.

The rules are strict, because a wrong guess delivers twice or not at all. "Certainly not delivered" are only answers by
which HTTP itself says so. What is said of everybody's messages alike, such as a wrong token, is told apart from what
concerns one.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from attrs import frozen

from mentorkit.core.contracts import ChannelDownError, Receipt
from mentorkit_channels.web.exchanging import Answer

_LONGEST_WAIT = timedelta(days=7)
_WORD = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_ELSEWHERE = frozenset({301, 302, 307, 308})
_NOT_TAKEN_ELSEWHERE = frozenset({307, 308})
_WRONG_ADDRESS = frozenset({404, 405, 410})
_NOBODY_KNOWS = frozenset({408, 409})


@frozen
class Verdict:
    """What an answer means.

    Attributes:
        down: why no further message need be tried now, or "".
    """

    receipt: Receipt
    down: str = ""


def by_status(answer: Answer, now: datetime, *, said: str = "", key: str = "the token") -> Verdict:
    """Return what a status means where the service says nothing better.

    Args:
        answer: of a request that would deliver a message.
        now: for a `Retry-After` that is a date.
        said: a word of the service's own about it, `word` of which is shown.
        key: what lets us in, for advice.
    """
    told = status_words(answer.status) + (f" ({word(said)})" if word(said) else "")
    if 200 <= answer.status < 300:
        return Verdict(Receipt("sent", told))
    if answer.status in (401, 403, 407):
        return Verdict(Receipt("deferred", told), f"it does not let us in: {told}; look at {key}")
    if answer.status in _WRONG_ADDRESS:
        return Verdict(Receipt("deferred", told), f"nothing takes messages there: {told}; look at the address")
    if answer.status in (429, 503):
        return Verdict(Receipt("deferred", told, retry_after=retry_after(answer, now)))
    if answer.status in _ELSEWHERE:
        outcome = Receipt("deferred" if answer.status in _NOT_TAKEN_ELSEWHERE else "unknown", told)
        return Verdict(outcome, f"it names another address: {told}, which is never followed; look at the address")
    if 400 <= answer.status < 500 and answer.status not in _NOBODY_KNOWS:
        return Verdict(Receipt("failed", told))
    return Verdict(Receipt("unknown", told))


def not_found_out(called: str, what: str, answer: Answer) -> Exception:
    """Return what to raise where a question before a message got an answer that is none.

    It is the channel's trouble where the answer would be the same for everybody's message, else this one's alone.
    """
    told = f"{called} does not say {what}: {status_words(answer.status)}"
    everybody = answer.status in (401, 403, 407, 429, 503)
    return ChannelDownError(told) if everybody else OSError(told)


def status_words(status: int) -> str:
    """Return a status as a person would read it, `404 Not Found`; a server's own words for it are not passed on."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def word(said: object) -> str:
    """Return a service's code for something if it is one plain word, else "": sentences may hold personal data."""
    return said if isinstance(said, str) and _WORD.fullmatch(said) else ""


def retry_after(answer: Answer, now: datetime) -> timedelta | None:
    """Return how long the header `Retry-After` asks to wait, as seconds or a date: at least 0, at most 7 days."""
    text = answer.headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,12}", text):
        return min(timedelta(seconds=int(text)), _LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(aware - now, timedelta()), _LONGEST_WAIT)
