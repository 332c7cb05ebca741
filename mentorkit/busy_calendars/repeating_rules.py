"""Which rules of repetition are expanded: those that calendars write, and none that would keep us busy for ever.

An expansion walks from the first time of an entry through every later one, and a rule that is never fulfilled (every
30 February) sends it to the end of the calendar. So rules that no calendar program writes are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

_CLOCK = ("BYHOUR", "BYMINUTE", "BYSECOND")
_KNOWN = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", *_CLOCK}
_OFTEN = 24
_LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_EARLIEST = 1970


def why_not_expanded(rule: Any, start: date) -> str:
    """Return why a rule (`vRecur`) of an entry that begins on `start` is not expanded; "" where it is."""
    if not isinstance(rule, Mapping):
        return "it has several rules of repetition"
    parts = {str(name).upper(): value if isinstance(value, list) else [value] for name, value in rule.items()}
    freq = str(parts.get("FREQ", [""])[0]).upper()
    if freq not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        return "it repeats more often than every day"
    if _times_a_day(parts) > _OFTEN:
        return "it repeats too often on each day"
    if freq in ("DAILY", "WEEKLY") and start.year < _EARLIEST:
        return f"it has been repeating since before {_EARLIEST}"
    if parts.keys() - _KNOWN or not _can_happen(freq, parts):
        return "how it repeats cannot be understood"
    return ""


def _times_a_day(parts: Mapping[str, Sequence[Any]]) -> int:
    product = 1
    for name in _CLOCK:
        product *= max(1, len(parts.get(name, ())))
    return product


def _can_happen(freq: str, parts: Mapping[str, Sequence[Any]]) -> bool:
    """Whether a rule is one that comes true again and again; some odd ones that do are refused, too."""
    interval = int(parts.get("INTERVAL", [1])[0])
    months, days = [int(one) for one in parts.get("BYMONTH", ())], [int(one) for one in parts.get("BYMONTHDAY", ())]
    ordinals = [int(str(day)[:-2]) for day in parts.get("BYDAY", ()) if str(day)[:-2]]
    return (
        1 <= interval <= 1000
        and all(1 <= month <= 12 for month in months)
        and all(1 <= abs(day) <= 31 for day in days)
        and (not months or not days or any(abs(d) <= _LONGEST_MONTHS[m - 1] for m in months for d in days))
        and all(1 <= abs(one) <= 5 for one in ordinals)
        and not (ordinals and (days or freq in ("DAILY", "WEEKLY")))
        and not (freq == "DAILY" and "BYDAY" in parts and interval % 7 == 0)
        and all(abs(int(one)) <= 5 for one in parts.get("BYSETPOS", ()))
        and ("BYSETPOS" not in parts or (freq in ("MONTHLY", "YEARLY") and "BYDAY" in parts))
    )
