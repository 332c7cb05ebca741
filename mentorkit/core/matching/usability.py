"""Whether a roster has what criteria and rules read; what came from a default and has nothing to read is left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from attrs import evolve

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.contracts import Cells
from mentorkit.core.diagnostics import Diagnostic, error, listed, note, suggestion
from mentorkit.core.program import CriterionUse, Program, RuleUse
from mentorkit.core.roster import Roster


def usable(program: Program, roster: Roster, catalogue: Catalogue) -> tuple[Program, tuple[Diagnostic, ...]]:
    """Return the program with only those criteria and rules that the roster has columns for.

    What came from the model's default template is dropped with a note; what the author wrote is an error.
    """
    found: list[Diagnostic] = []
    criteria = tuple(use for use in program.matching.criteria if _keeps_criterion(use, roster, catalogue, found))
    rules = tuple(use for use in program.matching.rules if _keeps_rule(use, roster, catalogue, found))
    return evolve(program, matching=evolve(program.matching, criteria=criteria, rules=rules)), tuple(found)


def _keeps_criterion(use: CriterionUse, roster: Roster, catalogue: Catalogue, found: list[Diagnostic]) -> bool:
    path = f"matching.criteria.{use.name}"
    columns = (use.left, use.right, *use.only_if)
    if not _has_columns(columns, path, use.optional, roster, found):
        return False
    needs = catalogue.criteria[use.kind].implementation.needs
    fits = {"tags": _has_tags, "numbers": _has_numbers}.get(needs)
    unfit = [one for one in dict.fromkeys((use.left, use.right)) if fits is not None and not _fits(one, roster, fits)]
    found += [
        error(
            f"criterion-needs-{needs}",
            f'the criterion "{use.name}" ({use.kind}) needs {needs}, and no cell of the column "{column}" holds any',
            path=path,
            help="compare it with `same` or `different`, or say under [roster.columns] how to read it",
        )
        for column in unfit
    ]
    return True


def _keeps_rule(use: RuleUse, roster: Roster, catalogue: Catalogue, found: list[Diagnostic]) -> bool:
    columns = catalogue.rules[use.kind].implementation.columns(use.options)
    return _has_columns(columns, f"matching.rules.{use.name}", use.optional, roster, found)


def _has_columns(columns: Iterable[str], path: str, optional: bool, roster: Roster, found: list[Diagnostic]) -> bool:
    absent = [column for column in dict.fromkeys(columns) if column not in roster.columns]
    if not absent:
        return True
    _, table, name = path.split(".", 2)
    what = f"{table.removesuffix('s') if table == 'rules' else 'criterion'} {name!r}".replace("'", '"')
    if optional:
        message = f"the default {what} is left out: the roster has no column {_quoted(absent)}"
        found.append(note("default-left-out", message, path=path))
        return False
    hints = [suggestion(column, roster.columns) for column in absent]
    found.append(
        error(
            "column-not-in-roster",
            f"the {what} reads a column that the roster does not have: {_quoted(absent)}",
            path=path,
            help=" ".join(hint for hint in hints if hint)
            or f'map it under [roster.columns], or leave the {what.split()[0]} out with "off = true"',
        )
    )
    return True


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
