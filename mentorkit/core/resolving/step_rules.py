"""What does not go together in a step: repetition, its end, and the condition under which it happens."""

from __future__ import annotations

from collections.abc import Collection

from mentorkit.core.declaring.declarations import StepTable, SurveyTable
from mentorkit.core.declaring.merging import Path
from mentorkit.core.diagnostics import listed, suggestion
from mentorkit.core.resolving.files import Problems

_OF_PROGRAM = ("opens", "signup-closes", "start", "midpoint", "end", "day")
_OF_RELATIONSHIP = ("match", "relationship-midpoint", "relationship-end", "member-leaves", "member-joins", "session")


def check_repeating(name: str, table: StepTable | SurveyTable, path: Path, problems: Problems) -> None:
    """Tell what is wrong with `repeat` and `until` of a step."""
    if table.repeat is not None and table.when.anchor == "session" and table.when.session is None:
        told = f'"{name}" happens for every session already and cannot be repeated as well'
        problems.error((*path, "repeat"), "repeat-session", told, "leave `repeat` out, or hang it on `session 1`")
    if table.until is None:
        return
    if table.repeat is None:
        told = f'"{name}" says until when it is repeated, but not how often'
        problems.error((*path, "until"), "until-without-repeat", told, 'add repeat = "every 4 weeks"')
    if table.until.anchor not in _OF_PROGRAM and table.when.anchor not in _OF_RELATIONSHIP:
        told = f'"{name}" hangs on no relationship, so it cannot be repeated until "{table.until.text}"'
        problems.error((*path, "until"), "until-anchor", told, "write start, midpoint, end or a day")


def check_condition(
    name: str, table: StepTable | SurveyTable, steps: Collection[str], path: Path, problems: Problems
) -> None:
    """Tell what is wrong with the condition of a step."""
    condition = table.only_if
    if condition is None:
        return
    where = (*path, "if")
    if condition.of and condition.of not in steps:
        hint = suggestion(condition.of, steps) or f"write one of {listed(steps)}"
        told = f'"{name}" asks for answers to "{condition.of}", which is no step'
        problems.error(where, "condition-step", told, hint)
    if condition.kind == "ended early" and table.when.anchor != "relationship-end":
        told = f'"{name}" is for relationships that ended early, but does not hang on the end of a relationship'
        problems.error(where, "condition-anchor", told, 'write when = "relationship-end"')
    if condition.kind in ("served", "unserved") and table.when.anchor != "request":
        told = f'"{name}" asks whether a request was served, but does not hang on a request'
        problems.error(where, "condition-anchor", told, 'write when = "request"')
