"""The rule `shared-language`: at least one spoken language in common."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from mentorkit.core.contracts import Cells, Group, RuleFacts, Ruling
from mentorkit.core.problems import BoolArray, IntArray


class SharedLanguage:
    """Both speak a common language (column `languages`)."""

    name = "shared-language"
    summary = "both must have a language in common"
    options: ClassVar[type[Any] | None] = None

    def columns(self, options: Any) -> tuple[str, ...]:  # noqa: ARG002 (always the same)
        """Return `languages`."""
        return ("languages",)

    def prepare(self, options: Any, wanting: Group, offering: Group, facts: RuleFacts) -> Ruling:  # noqa: ARG002 (needs neither)
        """Forbid pairs without a common language; people mostly share few distinct sets of languages."""
        first, second = wanting.cells("languages"), offering.cells("languages")
        first_sets, first_codes = _distinct(first)
        second_sets, second_codes = _distinct(second)

        def blocked(rows: IntArray, columns: IntArray) -> BoolArray:
            sets, codes = np.unique(first_codes[rows], return_inverse=True)
            nothing = first_sets.take(sets).in_common(second_sets) == 0
            return np.asarray(nothing[codes][:, second_codes[columns]])

        return Ruling(blocked, (first.missing, second.missing), classes=(first_codes, second_codes))


def _distinct(cells: Cells) -> tuple[Cells, IntArray]:
    """Return the distinct sets of languages and each person's number among them."""
    numbers: dict[frozenset[str], int] = {}
    codes = [numbers.setdefault(tags, len(numbers)) for tags in cells.tags]
    return Cells(cells.column, tuple(numbers)), np.array(codes, dtype=np.int64)
