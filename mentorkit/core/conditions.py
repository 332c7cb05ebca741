"""Conditions on a cell: `level = { at_least = 4 }`, `department = ["Sales", "Marketing"]`, `grade = { not = "AA" }`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from attrs import frozen

Value = str | int | float | date | frozenset[str]


@frozen
class Condition:
    """What one cell must satisfy; all declared parts hold together.

    Attributes:
        any_of: folded texts of which the value must be (one of) one; None: not asked.
        none_of: folded texts of which the value must be none; None: not asked.
        contains: folded tags of which a tag column must hold at least one; None: not asked.
        at_least: lower bound for numbers and dates.
        at_most: upper bound for numbers and dates.
        within_days: a date column must lie at most this many days before or after today.
        longer_ago_days: a date column must lie at least this many days before today.
    """

    any_of: frozenset[str] | None = None
    none_of: frozenset[str] | None = None
    contains: frozenset[str] | None = None
    at_least: float | date | None = None
    at_most: float | date | None = None
    within_days: int | None = None
    longer_ago_days: int | None = None


Conditions = Mapping[str, Condition]

YES = frozenset({"yes", "true", "1", "y", "x"})
NO = frozenset({"no", "false", "0", "n"})

_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?", re.ASCII)


def is_yes(value: Value | None) -> bool:
    """Return whether a cell says yes: yes, true, 1, y or x in any case."""
    return value is not None and not YES.isdisjoint(_spellings(value))


def tags_in(value: Value | None) -> frozenset[str]:
    """Return a cell as tags, folded for comparison: text is one tag, an empty cell none."""
    if value is None:
        return frozenset()
    return value if isinstance(value, frozenset) else frozenset({str(value).casefold()})


def number_in(text: str) -> int | float | None:
    """Return the number that a text is (`4`, `-1.5`, `4.0` as 4), or None where it is none."""
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text)
    return int(text.partition(".")[0]) if number.is_integer() else number


def holds(condition: Condition, value: Value | None, today: date) -> bool:
    """Return whether a cell satisfies a condition.

    An empty cell (None) satisfies only what asks for the absence of something (`none_of`). Texts and tags compare
    case-folded, numbers as numbers however they are written; `yes` accepts every way to say yes, `no`
    every way to say no. A text is one tag; a tag column is (none) of the asked texts if one of its tags is.
    """
    if value is None:
        return condition == Condition(none_of=condition.none_of)
    return (
        (condition.any_of is None or _is_one_of(value, condition.any_of))
        and (condition.none_of is None or not _is_one_of(value, condition.none_of))
        and (condition.contains is None or _is_one_of(value, condition.contains))
        and (condition.at_least is None or _compared(value, condition.at_least) in (0, 1))
        and (condition.at_most is None or _compared(value, condition.at_most) in (-1, 0))
        and (condition.within_days is None or _is_within(value, condition.within_days, today))
        and (condition.longer_ago_days is None or _is_longer_ago(value, condition.longer_ago_days, today))
    )


def _is_one_of(value: Value, asked: frozenset[str]) -> bool:
    return not _accepted(asked).isdisjoint(_spellings(value))


@lru_cache
def _accepted(asked: frozenset[str]) -> frozenset[str]:
    """Return asked texts with every other way to write the same number, yes or no."""
    numbers = frozenset(str(number) for text in asked if (number := number_in(text)) is not None)
    yes = YES if asked & {"yes", "true"} else frozenset()
    no = NO if asked & {"no", "false"} else frozenset()
    return asked | numbers | yes | no


def _spellings(value: Value) -> frozenset[str]:
    """Return the folded texts that a value may be asked for by."""
    if isinstance(value, frozenset):
        return value
    if isinstance(value, date):
        return frozenset({value.isoformat()})
    folded = str(value).casefold()
    number = number_in(folded)
    return frozenset({folded} if number is None else {folded, str(number)})


def _compared(value: Value, bound: float | date) -> int | None:
    """Return -1, 0 or 1 as the value is below, at or above the bound; None where the two do not compare."""
    if isinstance(bound, date):
        day = _day_in(value)
        return None if day is None else (day > bound) - (day < bound)
    number = number_in(value) if isinstance(value, str) else value
    if isinstance(number, (int, float)):
        return (number > bound) - (number < bound)
    return None


def _is_within(value: Value, days: int, today: date) -> bool:
    day = _day_in(value)
    return day is not None and abs((day - today).days) <= days


def _is_longer_ago(value: Value, days: int, today: date) -> bool:
    day = _day_in(value)
    return day is not None and (today - day).days >= days


def _day_in(value: Value) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
