"""Where people come from: `[roster]`, its sources and the recipes of its columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from attrs import field, frozen

from mentorkit.core.conditions import Condition


@frozen
class ColumnRecipe:
    """How one of our columns is made from theirs.

    Attributes:
        columns: their headers; several are joined with a space.
        split: the separator of tags, or "" (the column is then not a tag column by recipe).
        map: exact cell text to what it means.
        order: an ordinal scale, lowest first; the value is the 1-based position.
        format: how dates are written, in the words DD, MM, YYYY, YY.
    """

    columns: tuple[str, ...]
    split: str = ""
    map: Mapping[str, str] = field(factory=dict)
    order: tuple[str, ...] = ()
    format: str = ""


@frozen
class RosterSource:
    """One file people are read from.

    Attributes:
        path: absolute path.
        shown: the path as the author wrote it.
        role: everybody in this source takes part as this role, or "".
        join: the column (ours) by which rows of a later source are laid over people of the first, or "".
        where: conditions (on their or our columns) a row must meet.
        encoding: declared, or "" for UTF-8 with or without BOM.
        delimiter: declared, or "" to tell comma, semicolon and tab apart by the header row.
    """

    path: str
    shown: str
    sheet: str = ""
    role: str = ""
    join: str = ""
    where: Mapping[str, Condition] = field(factory=dict)
    columns: Mapping[str, ColumnRecipe] = field(factory=dict)
    encoding: str = ""
    delimiter: str = ""


@frozen
class RosterUse:
    """Where people come from and who of them takes part as what.

    Attributes:
        roles: role to its conditions (all hold together); empty: by the `role` column, else by level.
        capacity: role to a number of places or the column that holds it.
        missing: what a person's absence from a new roster means: their deliveries are held, or they have left.
    """

    sources: tuple[RosterSource, ...]
    eligible: Mapping[str, Condition] = field(factory=dict)
    roles: Mapping[str, Mapping[str, Condition]] = field(factory=dict)
    capacity: Mapping[str, str | int] = field(factory=dict)
    missing: Literal["hold", "left"] = "hold"
