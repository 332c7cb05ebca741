"""A column recipe as its author writes it, and everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator

from cattrs import AttributeValidationNote, ClassValidationError

from mentorkit.core.declaring.declarations import RecipeTable
from mentorkit.core.program import ColumnRecipe
from mentorkit.core.written_dates import date_pattern


def as_recipe(table: RecipeTable) -> ColumnRecipe:
    """Return the recipe that a table declares.

    Raises:
        ClassValidationError: it makes no sense; each problem names the key it is about, where it is about one.
    """
    if problems := [_noted(*problem) for problem in _problems(table)]:
        raise ClassValidationError("a recipe that makes no sense", problems, RecipeTable)
    columns = table.columns or (table.column,)
    return ColumnRecipe(columns, table.split, table.map, table.order, table.format)


def _noted(key: str, message: str) -> ValueError:
    problem = ValueError(message)
    if key:
        problem.add_note(AttributeValidationNote(message, key, str))
    return problem


def _problems(table: RecipeTable) -> Iterator[tuple[str, str]]:
    """Yield the key that each problem is about, or "", with what is wrong."""
    if bool(table.column) == bool(table.columns):
        yield "", 'a recipe needs either column = "their header" or columns = [their headers]'
    if sum(map(bool, (table.split, table.order, table.format))) > 1:
        yield "", "a recipe has only one of split, order and format: each says what the cells become"
    if table.format and date_pattern(table.format) is None:
        usual = 'DD, MM and YYYY (or YY) once each, such as "DD.MM.YYYY" or "MM/DD/YYYY"'
        yield "format", f'"{table.format}" is not a way to write dates; use {usual}'
    steps = [step.strip().casefold() for step in table.order]
    for step in dict.fromkeys(step for step in steps if steps.count(step) > 1):
        yield "order", f'"{table.order[steps.index(step)]}" stands twice in this order'
