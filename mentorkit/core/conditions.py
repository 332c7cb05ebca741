"""Conditions on a cell: `level = { at_least = 4 }`, `department = ["Sales", "Marketing"]`, `grade = { not = "AA" }`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

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
    """

    any_of: frozenset[str] | None = None
    none_of: frozenset[str] | None = None
    contains: frozenset[str] | None = None
    at_least: float | date | None = None
    at_most: float | date | None = None
    within_days: int | None = None


Conditions = Mapping[str, Condition]
