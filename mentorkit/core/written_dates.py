"""Dates as people write them: a format in the words DD, MM, YYYY and YY, and the days that are written so."""

from __future__ import annotations

import re
from datetime import date

_FORMAT_WORDS = re.compile(r"DD|MM|YYYY|YY")
_WORD_PATTERNS = {
    "DD": r"(?P<day>\d{%s})",
    "MM": r"(?P<month>\d{%s})",
    "YYYY": r"(?P<year>\d{4})",
    "YY": r"(?P<short>\d\d)",
}


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
