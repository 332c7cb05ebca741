"""The rows of one roster file: which of its columns are read as what, and each row as values.

Every distinct text of a column is read once, so that a file with hundreds of thousands of people takes seconds and
equal values are held once. The file itself is opened elsewhere; rows come as cells.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from attrs import define, field, frozen

from mentorkit.core.conditions import Condition, Value, holds
from mentorkit.core.diagnostics import Diagnostic, error, quoted, shortened, suggestion
from mentorkit.core.enrolling.columns import OUR_WORDS, Kind
from mentorkit.core.enrolling.recipes import CellError, Reader, clean, folded, reader_of
from mentorkit.core.program import ColumnRecipe, RosterSource

_REMEMBERED = 20_000
_LISTED_HEADERS = 15


@define(slots=True)
class Row:
    """What one or several rows say about one person.

    Attributes:
        person: the id; "" in a source that is joined by another column.
        source: index of the source of the first row.
        line: line of the first row.
        values: our column names to values, without `id`; an empty cell is absent.
        roles: the roles of the sources that hold the person.
        latest: source and line of the last row that was merged in.
    """

    person: str
    source: int
    line: int
    values: dict[str, Value]
    roles: frozenset[str]
    latest: tuple[int, int]


_Wrong = list[tuple[str, str, CellError]]
"""Cells of the row at hand that could not be read: our column, the text, why."""


class _Memory(dict[str, Value | None]):
    """A column's texts and their values; a text is read when it is first met, one that is wrong every time."""

    def __init__(self, column: str, read: Reader, wrong: _Wrong) -> None:
        super().__init__()
        self._column, self._read, self._wrong = column, read, wrong

    def __missing__(self, text: str) -> Value | None:
        cleaned = clean(text)
        try:
            value = self._read(cleaned)
        except CellError as problem:
            self._wrong.append((self._column, cleaned, problem))
            return None
        if len(self) < _REMEMBERED:
            self[text] = value
        return value


@frozen
class _Column:
    """One of our columns in one file: where its cells are and what reads them."""

    name: str
    at: tuple[int, ...]
    memory: _Memory

    def text(self, row: Sequence[str]) -> str:
        """Return its text in a row; several cells are joined with a space."""
        if len(self.at) == 1:
            return row[self.at[0]]
        return " ".join(filter(None, (clean(row[place]) for place in self.at)))


@frozen
class Lacking:
    """A header that a recipe names and the file does not have."""

    column: str
    recipe: ColumnRecipe
    header: str


@frozen
class SourcePlan:
    """How the rows of one file are read.

    Attributes:
        columns: our columns that the file has, sorted by name.
        wrong: where they put cells of the row at hand that cannot be read.
        lacking: headers of recipes that it does not have.
        where: conditions on a row: our column or "", else the index of their column.
        diagnostics: what is wrong with its headers.
    """

    columns: tuple[_Column, ...]
    wrong: _Wrong
    lacking: tuple[Lacking, ...]
    where: tuple[tuple[str, int, Condition], ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def names(self) -> frozenset[str]:
        """Our names of the columns that are read."""
        return frozenset(column.name for column in self.columns)


def known_headers(source: RosterSource, named: Iterable[str]) -> frozenset[str]:
    """Return the folded headers that a source may have use for."""
    recipes = (header for recipe in source.columns.values() for header in recipe.columns)
    return frozenset(folded(header) for header in (*OUR_WORDS, *named, *recipes, *source.where))


def plan_source(
    source: RosterSource, headers: Sequence[str], named: frozenset[str], kinds: Mapping[str, Kind]
) -> SourcePlan:
    """Return how the rows under these headers are read."""
    places = _places(headers)
    columns, lacking, found = [], [], []
    wrong: _Wrong = []
    for name in sorted(named.union(OUR_WORDS, source.columns)):
        recipe = source.columns.get(name)
        if name == "role" and source.role and recipe is None:
            continue  # the source says the role; their column of this name may mean anything
        wanted = recipe.columns if recipe else (name,)
        absent = [header for header in wanted if folded(header) not in places]
        twice = [header for header in wanted if len(places.get(folded(header), ())) > 1]
        if absent:
            lacking += [Lacking(name, recipe, header) for header in absent if recipe]
        elif twice:
            found += [_duplicated(header, places[folded(header)]) for header in twice]
        else:
            at = tuple(places[folded(header)][0] for header in wanted)
            columns.append(_Column(name, at, _Memory(name, reader_of(kinds.get(name, "text"), recipe), wrong)))
    where, unknown = _where(source, {column.name for column in columns}, places, headers)
    needed = _needed(source, columns, lacking, places, headers) if not found else ()
    return SourcePlan(tuple(columns), wrong, tuple(lacking), where, (*found, *needed, *unknown))


def _places(headers: Sequence[str]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for index, header in enumerate(headers):
        if header:
            places.setdefault(folded(header), []).append(index)
    return places


def _duplicated(header: str, at: Sequence[int]) -> Diagnostic:
    columns = ", ".join(str(index + 1) for index in at[:_LISTED_HEADERS]) + (", …" if len(at) > _LISTED_HEADERS else "")
    return error(
        "header-duplicate",
        f"the header {quoted(header)} occurs {len(at)} times (columns {columns})",
        help="rename or delete all but one; mentorkit does not choose between them",
    )


def _needed(
    source: RosterSource,
    columns: Sequence[_Column],
    lacking: Sequence[Lacking],
    places: Mapping[str, Sequence[int]],
    headers: Sequence[str],
) -> tuple[Diagnostic, ...]:
    """Return an error where the column that says who a row is about is absent."""
    key = source.join or "id"
    if any(column.name == key for column in columns) or any(absent.column == key for absent in lacking):
        return ()
    near = suggestion(key, places)
    advice = f'if it is called otherwise, say so: [roster.columns] {key} = "their header"; headers found: '
    return (error("column-missing", f'there is no column "{key}"', help=f"{near} {advice}{_shown(headers)}".strip()),)


def _shown(headers: Sequence[str]) -> str:
    named = [shortened(header) for header in headers if header]
    return ", ".join(named[:_LISTED_HEADERS]) + (", …" if len(named) > _LISTED_HEADERS else "")


def _where(
    source: RosterSource, read: set[str], places: Mapping[str, Sequence[int]], headers: Sequence[str]
) -> tuple[tuple[tuple[str, int, Condition], ...], tuple[Diagnostic, ...]]:
    conditions, found = [], []
    for name in sorted(source.where):
        if name in read:
            conditions.append((name, -1, source.where[name]))
        elif at := places.get(folded(name)):
            conditions.append(("", at[0], source.where[name]))
            found += [_duplicated(name, at)] if len(at) > 1 else []
        else:
            found.append(missing_header(name, headers, "`where` names"))
    return tuple(conditions), tuple(found)


def missing_header(header: str, headers: Sequence[str], who: str) -> Diagnostic:
    """Return the error about a header that somebody names and the file does not have."""
    near = suggestion(header, [each for each in headers if each])
    return error(
        "column-missing",
        f'{who} the column "{header}", which is not there',
        help=near or f"headers found: {_shown(headers)}",
    )


@define
class BadCells:
    """Cells of one file that could not be read: each distinct text of a column once, with its lines."""

    lines: dict[tuple[str, str], dict[int, None]] = field(factory=dict)
    errors: dict[tuple[str, str], CellError] = field(factory=dict)

    def add(self, wrong: _Wrong, line: int) -> None:
        """Remember the wrong cells of a row."""
        for column, text, problem in wrong:
            self.lines.setdefault((column, text), {})[line] = None
            self.errors.setdefault((column, text), problem.with_traceback(None))

    def listed(self, with_help: int) -> tuple[tuple[int, Diagnostic], ...]:
        """Return one error per column and text, by the first line that has it; only the first ones get a help."""
        first = sorted((min(lines), key) for key, lines in self.lines.items())
        return tuple((line, self._diagnostic(key, at < with_help)) for at, (line, key) in enumerate(first))

    def _diagnostic(self, key: tuple[str, str], with_help: bool) -> Diagnostic:
        problem, more = self.errors[key], len(self.lines[key]) - 1
        also = f" (and in {more:,} more row{'s' if more > 1 else ''})" if more else ""
        return error(problem.code, f"{key[0]}: {problem.message}{also}", help=problem.help if with_help else "")


def read_rows(
    rows: Iterable[tuple[int, Sequence[str]]], plan: SourcePlan, number: int, role: str, today: date, bad: BadCells
) -> Iterator[Row]:
    """Yield the rows of the source with this number that meet its conditions; `bad` receives cells that are wrong."""
    single = [(column.name, column.at[0], column.memory) for column in plan.columns if len(column.at) == 1]
    several = [column for column in plan.columns if len(column.at) > 1]
    roles = frozenset({role} if role else ())
    for line, row in rows:
        values: dict[str, Value] = {}
        for name, at, memory in single:
            if (value := memory[row[at]]) is not None:
                values[name] = value
        for column in several:
            if (value := column.memory[column.text(row)]) is not None:
                values[column.name] = value
        chosen = not plan.where or _meets(row, values, plan.where, today)
        if plan.wrong:
            if chosen:
                bad.add(plan.wrong, line)
            plan.wrong.clear()
        if chosen:
            yield Row(str(values.pop("id", "")), number, line, values, roles, (number, line))


def _meets(
    row: Sequence[str], values: Mapping[str, Value], where: Iterable[tuple[str, int, Condition]], today: date
) -> bool:
    for name, at, condition in where:
        value = values.get(name) if name else (clean(row[at]) or None)
        if not holds(condition, value, today):
            return False
    return True
