"""The one place that reads the clock, and what people may write for a moment."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from mentorkit.core.errors import RefusedError
from mentorkit.core.zones import day_end, to_utc

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?")

MAX_DRIFT = timedelta(hours=1)
"""How far `--at` may be from the real clock when something leaves the machine."""

_FIRST_YEAR, _LAST_YEAR = 102, 9898
"""From every moment in between, the longest span that a program can name stays within the calendar."""


def now() -> datetime:
    """Return this moment in UTC, in whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def is_now(at: datetime) -> bool:
    """Return whether a moment is about now: by the clock, and not one that somebody named."""
    return abs(now() - at) <= MAX_DRIFT


def parse_moment(text: str, zone: str, option: str = "--at") -> datetime:
    """Return the moment of `--at`, or of another option, in UTC and whole seconds.

    Args:
        text: RFC 3339 (`2027-01-11T09:00:00Z`), a local time in the program's zone (`2027-01-11T09:00`), or a bare
            date, which means its end.
        zone: the program's IANA zone.
        option: what to call it where it is none.

    Raises:
        RefusedError: the text is none of these, or nearer to an end of the calendar than a program is long.
    """
    try:
        moment = _read(text, zone)
        if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
            raise ValueError(text)
        return moment
    except (ValueError, OverflowError):
        raise RefusedError(
            f"{option} {text!r} is no moment: write 2027-01-11 (its end), 2027-01-11T09:00 (local time) "
            "or 2027-01-11T09:00:00Z"
        ) from None


def _read(text: str, zone: str) -> datetime:
    if _DAY.fullmatch(text):
        return day_end(date.fromisoformat(text), zone)
    if not _MOMENT.fullmatch(text):
        raise ValueError(text)
    moment = datetime.fromisoformat(text).replace(microsecond=0)
    return moment.astimezone(UTC) if moment.tzinfo else to_utc(moment, zone)
