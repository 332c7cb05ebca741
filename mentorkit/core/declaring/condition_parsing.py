"""Conditions on a cell, as an author writes them, become `Condition` values."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from mentorkit.core.conditions import Condition
from mentorkit.core.diagnostics import suggestion
from mentorkit.core.moments import parse_length

_KEYS = ("at_least", "at_most", "contains", "longer_ago", "not", "within")


def parse_condition(raw: Any) -> Condition:
    """Return the condition that a value, a list (any of) or a table of bounds declares.

    Texts are NFC, trimmed and case-folded; `true` means yes and `false` everything else.

    Raises:
        ValueError: this is no condition; the message says which part.
    """
    if isinstance(raw, Mapping):
        return _parse_table(raw)
    if isinstance(raw, bool):
        return Condition(any_of=frozenset({"yes"})) if raw else Condition(none_of=frozenset({"yes"}))
    return Condition(any_of=_texts(raw))


def _parse_table(raw: Mapping[str, Any]) -> Condition:
    for key in raw:
        if key not in _KEYS:
            hint = suggestion(key, _KEYS) or f"write {', '.join(_KEYS[:-1])} or {_KEYS[-1]}"
            raise ValueError(f'"{key}" is no condition on a cell; {hint}')
    if not raw:
        raise ValueError("an empty table is no condition; name what the cell must be")
    condition = Condition(
        none_of=_texts(raw["not"]) if "not" in raw else None,
        contains=_texts(raw["contains"]) if "contains" in raw else None,
        at_least=_bound("at_least", raw.get("at_least")),
        at_most=_bound("at_most", raw.get("at_most")),
        within_days=_days("within", raw["within"]) if "within" in raw else None,
        longer_ago_days=_days("longer_ago", raw["longer_ago"]) if "longer_ago" in raw else None,
    )
    _refuse_empty_range(condition.at_least, condition.at_most)
    return condition


def _texts(raw: Any) -> frozenset[str]:
    values = raw if isinstance(raw, list) else [raw]
    if not values:
        raise ValueError("an empty list matches nobody; name at least one value")
    return frozenset(_folded(value) for value in values)


def _folded(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if not isinstance(value, str | int | float):
        raise ValueError("a cell is compared with texts, numbers and dates only")
    return unicodedata.normalize("NFC", str(value)).strip().casefold()


def _bound(key: str, value: Any) -> float | date | None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if value is None or number or (isinstance(value, date) and not isinstance(value, datetime)):
        return value  # type: ignore[no-any-return]
    raise ValueError(f"{key} needs a number or a date without quotes")


def _refuse_empty_range(low: float | date | None, high: float | date | None) -> None:
    if low is None or high is None:
        return
    if isinstance(low, date) != isinstance(high, date):
        raise ValueError("at_least and at_most must both be numbers, or both be dates")
    if low > high:  # type: ignore[operator]
        raise ValueError("at_least is more than at_most: nobody can meet that")


def _days(key: str, raw: Any) -> int:
    length = parse_length(raw) if isinstance(raw, str) else None
    if length is None or length.unit not in ("days", "weeks"):
        raise ValueError(f'{key} needs days or weeks, such as "14 days"')
    return length.amount * (7 if length.unit == "weeks" else 1)
