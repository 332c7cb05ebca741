"""Criteria: soft wishes, asked about one column of many people at once."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import date
from functools import cached_property
from typing import Any, Literal, Protocol, runtime_checkable

import numpy as np
from attrs import define
from numpy.typing import NDArray

from mentorkit.core.conditions import Value, tags_in
from mentorkit.core.contracts.plugin import Plugin
from mentorkit.core.problems import BoolArray, IntArray

FloatArray = NDArray[np.float64]
Needs = Literal["tags", "numbers", "any"]


@define(frozen=True, slots=False, eq=False)
class Cells:
    """One column of a group of people.

    Attributes:
        column: our name of it.
        values: typed values in the group's order; None for an empty cell.
    """

    column: str
    values: tuple[Value | None, ...]

    def __len__(self) -> int:
        """Return how many people there are."""
        return len(self.values)

    @cached_property
    def missing(self) -> BoolArray:
        """Who has no value, or no tag, shape (len,)."""
        return np.array([value is None or value == frozenset() for value in self.values], dtype=np.bool_)

    @cached_property
    def numbers(self) -> FloatArray:
        """Numbers, and dates as days, shape (len,); NaN where there is none."""
        return np.array([_number(value) for value in self.values], dtype=np.float64)

    @cached_property
    def tags(self) -> tuple[frozenset[str], ...]:
        """Values as sets of folded tags: a text is one tag, an empty cell none."""
        return tuple(tags_in(value) for value in self.values)

    @cached_property
    def keys(self) -> tuple[Hashable, ...]:
        """What values are compared by: numbers and dates as they are, text and tags as sets of folded tags."""
        return tuple(
            value if value is None or isinstance(value, (int, float, date)) else tags
            for value, tags in zip(self.values, self.tags, strict=True)
        )

    @cached_property
    def vocabulary(self) -> Mapping[str, int]:
        """Every tag that occurs, sorted, with its number."""
        return {tag: number for number, tag in enumerate(sorted(frozenset().union(*self.tags)))}

    @cached_property
    def tag_rows(self) -> NDArray[np.uint8]:
        """Who has which tag: 1 or 0, shape (len(vocabulary) + 1, len); the last row belongs to no tag and is 0."""
        rows = np.zeros((len(self.vocabulary) + 1, len(self)), dtype=np.uint8)
        for person, tags in enumerate(self.tags):
            rows[[self.vocabulary[tag] for tag in tags], person] = 1
        return rows

    def in_common(self, others: Cells, some: IntArray | None = None) -> NDArray[np.uint16]:
        """Return how many tags two people share, shape (len(self), len(others)), or with only some of the others.

        Adds up the others' row of every tag, which costs far less than a matrix product of mostly zeros.
        """
        absent = len(others.vocabulary)
        known = [[others.vocabulary.get(tag, absent) for tag in tags] for tags in self.tags]
        width = max(map(len, known), default=0)
        padded = np.array([row + [absent] * (width - len(row)) for row in known], dtype=np.int64)
        holders = others.tag_rows if some is None else others.tag_rows[:, some]
        common = np.zeros((len(self), holders.shape[1]), dtype=np.uint16)
        for column in padded.reshape(len(self), width).T:
            common += holders[column]
        return common

    def take(self, index: IntArray) -> Cells:
        """Return the column of a part of the people."""
        return Cells(self.column, tuple(self.values[i] for i in index))


def _number(value: Value | None) -> float:
    if isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, date):
        return float(value.toordinal())
    try:
        return float(value) if isinstance(value, str) else np.nan
    except ValueError:
        return np.nan


@runtime_checkable
class Criterion(Plugin, Protocol):
    """A soft wish: how alike, near or fitting two values are.

    `directed` criteria (one side wants, the other offers) are averaged over both directions between peers. `needs`
    says which columns make sense, so that `check` can refuse the rest.
    """

    @property
    def directed(self) -> bool:
        """Whether swapping the sides changes the meaning."""
        ...

    @property
    def needs(self) -> Needs:
        """The kind of column it reads."""
        ...

    def similarity(self, options: Any, wanting: Cells, offering: Cells) -> FloatArray:
        """Return s in [0, 1], shape (len(wanting), len(offering)); 0 where either value is missing.

        s may depend on the two values alone: it is asked once per pair of distinct values.
        """
        ...


@runtime_checkable
class TagCriterion(Criterion, Protocol):
    """A criterion that adds up over tags: every wanted tag that the other side has adds the same.

    That is, s = per_tag(wanting) · (number of tags in common). Matchers look through all pairs of such a criterion much
    faster.
    """

    def per_tag(self, options: Any, wanting: Cells) -> FloatArray:
        """Return what each tag in common adds to s, shape (len(wanting),)."""
        ...


@runtime_checkable
class CountedCriterion(Criterion, Protocol):
    """A criterion that depends on three counts alone: tags of who wants, tags of who offers, tags in common.

    Matchers look through all pairs of such a criterion many times faster than if it were asked about every two sets.
    """

    def of_counts(self, options: Any, wanted: IntArray, offered: IntArray, common: IntArray) -> FloatArray:
        """Return s for numbers of tags, whose shapes broadcast; 0 where nothing is in common."""
        ...
