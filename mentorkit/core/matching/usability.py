"""Whether a roster has what criteria and rules read; what came from a default and has nothing to read is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from attrs import evolve, frozen

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.contracts import Cells
from mentorkit.core.diagnostics import Diagnostic, error, listed, note, suggestion
from mentorkit.core.program import CriterionUse, Program, RuleUse
from mentorkit.core.requests import WANTS
from mentorkit.core.roster import Roster


@frozen
class _Columns:
    """The people, and every column name and header that somebody may have meant."""

    roster: Roster
    known: frozenset[str]


def usable(
    program: Program, roster: Roster, catalogue: Catalogue, headers: Iterable[str] = ()
) -> tuple[Program, tuple[Diagnostic, ...]]:
    """Return the program with only those criteria and rules that the roster has columns for.

    What came from the model's default template is left out with a note, what the author wrote with an error. `headers`
    are those of the roster's files, for suggestions.
    """
    found: list[Diagnostic] = []
    if program.model.request_days is not None:  # requests say what people want
        roster = evolve(roster, columns=roster.columns | {WANTS})
    columns = _Columns(roster, roster.columns.union(headers))
    criteria = tuple(use for use in program.matching.criteria if _keeps_criterion(use, columns, catalogue, found))
    rules = tuple(use for use in program.matching.rules if _keeps_rule(use, columns, catalogue, found))
    return evolve(program, matching=evolve(program.matching, criteria=criteria, rules=rules)), tuple(found)


def _keeps_criterion(use: CriterionUse, hand: _Columns, catalogue: Catalogue, found: list[Diagnostic]) -> bool:
    path = f"matching.criteria.{use.name}"
    columns = (use.left, use.right, *use.only_if)
    if not _has_columns(columns, path, use.optional, hand, found):
        return False
    needs = catalogue.criteria[use.kind].implementation.needs
    fits = {"tags": _has_tags, "numbers": _has_numbers}.get(needs)
    unfit = [
        one for one in dict.fromkeys((use.left, use.right)) if fits is not None and not _fits(one, hand.roster, fits)
    ]
    found += [
        error(
            f"criterion-needs-{needs}",
            f'the criterion "{use.name}" ({use.kind}) needs {needs}, and no cell of the column "{column}" holds any',
            path=path,
            help="compare it with `same` or `different`, or say under [roster.columns] how to read it",
        )
        for column in unfit
    ]
    return not unfit


def _keeps_rule(use: RuleUse, hand: _Columns, catalogue: Catalogue, found: list[Diagnostic]) -> bool:
    columns = catalogue.rules[use.kind].implementation.columns(use.options)
    return _has_columns(columns, f"matching.rules.{use.name}", use.optional, hand, found)


def _has_columns(columns: Iterable[str], path: str, optional: bool, hand: _Columns, found: list[Diagnostic]) -> bool:
    absent = [column for column in dict.fromkeys(columns) if column not in hand.roster.columns]
    if not absent:
        return True
    _, table, name = path.split(".", 2)
    what = f"{table.removesuffix('s') if table == 'rules' else 'criterion'} {name!r}".replace("'", '"')
    if optional:
        message = f"the template's {what} is left out: the roster has no column {_quoted(absent)}"
        advice = f'say how to read it under [roster.columns]: {absent[0]} = "their header"'
        found.append(note("default-left-out", message, path=path, help=advice))
        return False
    hints = [suggestion(column, hand.known) for column in absent]
    found.append(
        error(
            "column-not-in-roster",
            f"the {what} reads a column that the roster does not have: {_quoted(absent)}",
            path=path,
            help=" ".join(hint for hint in hints if hint)
            or f'map it under [roster.columns], or leave the {what.split()[0]} out with "off = true"',
        )
    )
    return False


def _quoted(columns: Sequence[str]) -> str:
    return listed(f'"{column}"' for column in columns)


def _fits(column: str, roster: Roster, fits: Callable[[Cells], bool]) -> bool:
    """Return whether some cell is of the kind, or all are empty."""
    cells = Cells(column, tuple(one.values.get(column) for one in roster.participants))
    return bool(cells.missing.all()) or fits(cells)


def _has_tags(cells: Cells) -> bool:
    return any(isinstance(value, (str, frozenset)) for value in cells.values)


def _has_numbers(cells: Cells) -> bool:
    return bool(np.isfinite(cells.numbers).any())
