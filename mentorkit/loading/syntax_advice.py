"""What to write instead of a line that is not TOML, as far as the line itself shows what its author meant."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable

_CURLY = re.compile(r"[\u2018\u2019\u201c-\u201f]")
_COLON = re.compile(r"""\s*(?:"[^"]*"|'[^']*'|[\w.-]+)\s*:""")
_SWITCH = re.compile(r"[=\[,]\s*(true|false|yes|no|on|off)\s*(?:$|[#,\]}])", re.IGNORECASE)
_DATE = re.compile(r"[=\[,]\s*(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_OTHER_DATE = re.compile(r"[=\[,]\s*\d{1,4}[./]\d{1,2}[./]\d{2,4}")
_TIME = re.compile(r"[=\[,]\s*(\d{1,2}:\d{2})\s*(?:$|[#,\]}])")
_SECONDS = re.compile(r"(\d{4}-\d\d-\d\d[T ])?\d\d:\d\d:(?:[6-9]\d)")
_UNCLOSED = ("Illegal character '\\n'", 'Expected "\'"', "Unterminated string")
_USUAL = ("Invalid value", "Expected newline or end of document after a statement")


def syntax_advice(told: str, line: str) -> str:
    """Return the next step for a line that tomllib refuses with these words, or "" where nothing is plain."""
    if told.startswith(_UNCLOSED):
        return "a quote is opened here and not closed: a text ends with the quote it begins with, on the same line"
    if told.startswith("Unescaped '\\'"):
        return "put a text with backslashes between single quotes: 'C:\\people.csv'"
    found = (advise(line) for advise in _ADVICE)
    usual = 'texts stand in quotes: name = "Aurora"; dates do not: starts = 2027-01-11' if told in _USUAL else ""
    return next(filter(None, found), usual)


def _curly(line: str) -> str:
    return 'write straight quotes: "…"; a word processor may have changed them' if _CURLY.search(line) else ""


def _colon(line: str) -> str:
    return 'write = between a key and its value, not a colon: name = "Aurora"' if _COLON.match(line) else ""


def _switch(line: str) -> str:
    match = _SWITCH.search(line)
    if match is None or match[1] in ("true", "false"):
        return ""
    word = match[1].lower()
    return f"write {word}, in small letters" if word in ("true", "false") else f'write true or false, or "{match[1]}"'


def _date(line: str) -> str:
    if _OTHER_DATE.search(line):
        return "dates are written year-month-day, without quotes: 2027-01-11"
    match = _DATE.search(line)
    if match is None:
        return ""
    year, month, day = (int(part) for part in match.groups())
    if not 1 <= month <= 12 or not year:
        return f"there is no month {month}: dates are written year-month-day, such as 2027-01-11"
    days = calendar.monthrange(year, month)[1]
    if not 1 <= day <= days:
        return f"{calendar.month_name[month]} {year} has {days} days"
    return "" if len(match[2]) == len(match[3]) == 2 else f"write {year:04}-{month:02}-{day:02}"


def _time(line: str) -> str:
    if match := _SECONDS.search(line):
        return "the seconds of a minute end with 59" + ("; days need no time: 2027-01-11" if match[1] else "")
    match = _TIME.search(line)
    return f'write times of day in quotes: "{match[1].zfill(5)}"' if match else ""


_ADVICE: tuple[Callable[[str], str], ...] = (_curly, _colon, _switch, _date, _time)
