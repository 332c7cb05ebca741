"""Whom people would rather be with: options in which a matcher is told so."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import attrs
from attrs import field, frozen


@frozen
class PreferenceTable:
    """Ordered choices of people from a file or a table: an options field of this type is read by the loader.

    In the program file it is `file = "x.csv"` (columns voter, choice, rank) or `lists = { "42" = ["17", "19"] }`.

    Attributes:
        choices: (voter's id, chosen id, rank), 1 being the best; equal ranks are equally good.
        key: the one it was written as, for what there is to say about it.
    """

    choices: tuple[tuple[str, str, int], ...] = ()
    key: Literal["file", "lists"] = field(default="lists", eq=False)


@frozen
class ChoiceColumns:
    """Roster columns that hold ids of the people whom somebody chose, the best choice first.

    The core checks that the roster has them and that it knows the people; a matcher reads them by `Seating.values`.

    Attributes:
        mentee: columns in which those who want (mentees) choose.
        mentor: columns in which those who offer (mentors) choose.
    """

    mentee: tuple[str, ...] = ()
    mentor: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All of them, each once."""
        return tuple(dict.fromkeys((*self.mentee, *self.mentor)))


def choice_columns(options: Any) -> Iterator[tuple[tuple[str, ...], Literal["mentee", "mentor"], tuple[str, ...]]]:
    """Yield where a matcher's options name columns with choices (key and side), for which side, and the columns."""
    for one in attrs.fields(type(options)) if attrs.has(type(options)) else ():
        value = getattr(options, one.name)
        if isinstance(value, ChoiceColumns):
            key = str(one.metadata.get("key", one.name))
            yield (key, "mentee"), "mentee", value.mentee
            yield (key, "mentor"), "mentor", value.mentor


def preference_tables(options: Any) -> Iterator[PreferenceTable]:
    """Yield the tables of choices among a matcher's options."""
    for one in attrs.fields(type(options)) if attrs.has(type(options)) else ():
        value = getattr(options, one.name)
        if isinstance(value, PreferenceTable):
            yield value
