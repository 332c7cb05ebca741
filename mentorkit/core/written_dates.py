"""Dates as people write them: in a format of the words DD, MM, YYYY and YY, and days and moments by RFC 3339."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time

from mentorkit.core.zones import to_utc

_FORMAT_WORDS = re.compile(r"DD|MM|YYYY|YY")
_WORD_PATTERNS = {
    "DD": r"(?P<day>\d{%s})",
    "MM": r"(?P<month>\d{%s})",
    "YYYY": r"(?P<year>\d{4})",
    "YY": r"(?P<short>\d\d)",
}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ](?:[01][0-9]|2[0-3]):[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
    r"(?:[Zz]|[+-][0-9]{2}:[0-9]{2})?"
)


def date_pattern(declared: str) -> re.Pattern[str] | None:
    """Return what a declared date format matches; None where it does not name day, month and year once each."""
    words = _FORMAT_WORDS.findall(declared)
    year = [word for word in words if word.startswith("Y")]
    separators = _FORMAT_WORDS.split(declared)
    if sorted(words) != sorted(["DD", "MM", *year]) or len(year) != 1 or any(map(str.isalnum, "".join(separators))):
        return None
    if declared.startswith("YYYY") and words[1] == "DD":  # nobody writes it, and it reads like ISO
        return None
    digits = "1,2" if all(separators[1:-1]) else "2"
    pattern = re.escape(separators[0])
    for word, separator in zip(words, separators[1:], strict=True):
        pattern += (_WORD_PATTERNS[word].replace("%s", digits)) + re.escape(separator)
    return re.compile(pattern, re.ASCII)


def date_in(match: re.Match[str]) -> date:
    """Return the day that a match of such a pattern says.

    Raises:
        ValueError: there is no such day.
    """
    parts = match.groupdict()
    year = int(parts["year"]) if "year" in parts else _century(int(parts["short"]))
    return date(year, int(parts["month"]), int(parts["day"]))


def _century(year: int) -> int:
    """Return the year of two digits: 69 to 99 are 1969 to 1999, as POSIX has it."""
    return year + (1900 if year >= 69 else 2000)


def is_day(text: str) -> bool:
    """Return whether a text has the form of a day, 2027-03-01."""
    return bool(_DAY.fullmatch(text))


def written_day(text: str) -> date:
    """Return the day that 2027-03-01 says; no other form is one.

    Raises:
        ValueError: the text says no day.
    """
    if not is_day(text):
        raise ValueError(text)
    return date.fromisoformat(text)


def written_time(text: str) -> datetime:
    """Return the date-time that 2027-03-02T16:00 says, aware where it has an offset or Z, in whole seconds.

    Raises:
        ValueError: the text says no time.
    """
    if not _TIME.fullmatch(text):
        raise ValueError(text)
    return datetime.fromisoformat(text.upper()).replace(microsecond=0)


def written_moment(text: str, zone: str) -> datetime:
    """Return the UTC moment that RFC 3339, a local date-time of a zone, or a date (its beginning there) says.

    Raises:
        ValueError: the text says no moment.
    """
    try:
        moment = datetime.combine(written_day(text), time()) if is_day(text) else written_time(text)
        return moment.astimezone(UTC) if moment.tzinfo else to_utc(moment, zone)
    except OverflowError:
        raise ValueError(text) from None
