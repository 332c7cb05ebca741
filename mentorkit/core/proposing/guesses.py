"""What is proposed of one column, the cells that it is proposed from, and what somebody has said of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property

from attrs import define, field, frozen


@frozen
class Answers:
    """What somebody said of the columns, which stands over every guess.

    Attributes:
        columns: our column to their header; "": the file has none.
        level_order: grades from the lowest to the highest.
        date_format: how dates are written.
    """

    columns: Mapping[str, str] = field(factory=dict)
    level_order: tuple[str, ...] = ()
    date_format: str = ""


@frozen
class Guess:
    """How one of our columns may be made from theirs.

    Attributes:
        headers: theirs; several are joined with a space.
        because: why, in a few words.
        sure: whether nobody needs to be asked.
        split: the separator of tags where it is not `;`.
        order: grades from the lowest to the highest.
        format: how dates are written, where not by ISO.
        map: exact cell texts to what they mean.
    """

    column: str
    headers: tuple[str, ...]
    because: str
    sure: bool = True
    split: str = ""
    order: tuple[str, ...] = ()
    format: str = ""
    map: Mapping[str, str] = field(factory=dict)

    @property
    def recipe(self) -> object:
        """The recipe as a program file has it: a header, or a table."""
        keys = {
            "split": self.split,
            "order": list(self.order),
            "format": self.format,
            "map": dict(self.map),
        }
        told = {key: value for key, value in keys.items() if value}
        if len(self.headers) > 1:
            return {"columns": list(self.headers), **told}
        return {"column": self.headers[0], **told} if told else self.headers[0]


@frozen
class Open:
    """Something about a column that the file does not say.

    Attributes:
        header: theirs; "": no header is about it.
        says: what is not clear, or missing.
        ask: what to ask HR for.
    """

    column: str
    header: str
    says: str
    ask: str


@define(frozen=True, slots=False)
class Sheet:
    """Headers and the cells below them, trimmed, as far as they were looked at.

    Attributes:
        rows: each as wide as the headers.
        files: the file of each row, by number; empty: they are of one. A person may stand in several files.
    """

    headers: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    files: Sequence[int] = ()

    @cached_property
    def cells(self) -> Mapping[str, tuple[str, ...]]:
        """The cells that are not empty, by header; headers that occur twice or are empty are left out."""
        at = {header: place for place, header in enumerate(self.headers) if self.headers.count(header) == 1 and header}
        return {header: tuple(row[place] for row in self.rows if row[place]) for header, place in at.items()}

    @cached_property
    def distinct(self) -> Mapping[str, frozenset[str]]:
        """The distinct cells by header."""
        return {header: frozenset(cells) for header, cells in self.cells.items()}

    def is_key(self, header: str) -> bool:
        """Return whether every row of a file has a cell of its own under this header."""
        place, files = self.headers.index(header), self.files or [0] * len(self.rows)
        keys = {(file, row[place].casefold()) for file, row in zip(files, self.rows, strict=True)}
        return bool(self.rows) and len(self.cells[header]) == len(self.rows) == len(keys)
