"""Equal and unequal values: as criteria and as rules. Tag columns compare as sets, text case-folded."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import numpy as np
from attrs import frozen

from mentorkit.core.contracts import Cells, FloatArray, Group, RuleFacts, Ruling
from mentorkit.core.problems import BoolArray, IntArray


def _codes(*groups: Cells) -> tuple[IntArray, ...]:
    """Number the values of all groups alike: equal values have equal numbers."""
    numbers: dict[object, int] = {}
    return tuple(
        np.array([numbers.setdefault(key, len(numbers)) for key in cells.keys], dtype=np.int64) for cells in groups
    )


def _equal(wanting: Cells, offering: Cells) -> tuple[BoolArray, BoolArray]:
    """Return which pairs are equal, and which have both values."""
    first, second = _codes(wanting, offering)
    return first[:, None] == second, ~(wanting.missing[:, None] | offering.missing)


class SameValues:
    """Equal values are best."""

    name = "same"
    summary = "1 where the two values are equal, else 0"
    options: ClassVar[type[Any] | None] = None
    directed = False
    needs: Literal["any"] = "any"

    def similarity(self, options: Any, wanting: Cells, offering: Cells) -> FloatArray:  # noqa: ARG002 (it has none)
        """Return 1 where equal."""
        equal, known = _equal(wanting, offering)
        return (equal & known).astype(np.float64)


class DifferentValues:
    """Unequal values are best."""

    name = "different"
    summary = "1 where the two values are unequal, else 0"
    options: ClassVar[type[Any] | None] = None
    directed = False
    needs: Literal["any"] = "any"

    def similarity(self, options: Any, wanting: Cells, offering: Cells) -> FloatArray:  # noqa: ARG002 (it has none)
        """Return 1 where unequal."""
        equal, known = _equal(wanting, offering)
        return (~equal & known).astype(np.float64)


@frozen
class ColumnOptions:
    """Options of the rules `same` and `different`: the column they compare."""

    column: str


@frozen
class EqualityRule:
    """Forbids pairs with unequal values or, with `forbid_equal`, those with equal ones."""

    name: str
    summary: str
    forbid_equal: bool
    options: ClassVar[type[ColumnOptions]] = ColumnOptions

    def columns(self, options: ColumnOptions) -> tuple[str, ...]:
        """Return the column."""
        return (options.column,)

    def prepare(self, options: ColumnOptions, wanting: Group, offering: Group, facts: RuleFacts) -> Ruling:  # noqa: ARG002 (needs no facts)
        """Compare the column of everybody who wants with that of everybody who offers."""
        columns = wanting.cells(options.column), offering.cells(options.column)
        return _ruling(*columns, forbid_equal=self.forbid_equal)


SAME = EqualityRule("same", "both must have the same value in `column`", forbid_equal=False)
DIFFERENT = EqualityRule("different", "the two must differ in `column`", forbid_equal=True)


def _ruling(wanting: Cells, offering: Cells, *, forbid_equal: bool) -> Ruling:
    first, second = _codes(wanting, offering)

    def blocked(rows: IntArray, columns: IntArray) -> BoolArray:
        equal: BoolArray = first[rows][:, None] == second[columns]
        return equal if forbid_equal else ~equal

    return Ruling(blocked, (wanting.missing, offering.missing), classes=(first, second))
