"""What is odd about whom people say they would rather be with: ids that nobody in the roster has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mentorkit.core.contracts import Role
from mentorkit.core.contracts.preferences import choice_columns, preference_tables
from mentorkit.core.diagnostics import MOST_LISTED, Diagnostic, and_more, suggestion, warning
from mentorkit.core.program import Program
from mentorkit.core.roster import Roster

_HELP = "correct the id, or take the choice out"


def unknown_choices(program: Program, roles: Sequence[Role], roster: Roster) -> list[Diagnostic]:
    """Return a warning for everybody who is chosen, or chooses in a file, and is not in the roster.

    Leavers go from rosters sooner than from such lists; an unknown choice is as if it had not been made.
    """
    options = program.matching.matcher.options
    found = list(_in_columns(options, roles, roster))
    unknown: dict[str, int] = {}
    path = "matching.options"
    for table in preference_tables(options):
        path = f"matching.options.{table.key}"
        for voter, choice, _ in table.choices:
            for person in (voter, choice):
                if person not in roster.by_id:
                    unknown[person] = unknown.get(person, 0) + 1
    for person, times in unknown.items():
        choices = "one choice" if times == 1 else f"{times:,} choices"
        told = f'"{person}" stands in {choices}, but not in the roster'
        found.append(_warned(told, path, person, roster))
    more = [and_more("", "warning", len(found) - MOST_LISTED)] if len(found) > MOST_LISTED else []
    return [*found[:MOST_LISTED], *more]


def _in_columns(options: object, roles: Sequence[Role], roster: Roster) -> Iterator[Diagnostic]:
    for path, side, columns in choice_columns(options):
        choosing = [one for role in roles if role.side == side for one in roster.in_role(role.name)]
        unknown: dict[str, tuple[str, str]] = {}
        for column in columns:
            for one in choosing:
                chosen = one.values.get(column)
                if chosen is not None and str(chosen) not in roster.by_id:
                    unknown.setdefault(str(chosen), (one.id, column))
        for chosen, (person, column) in unknown.items():
            told = f'"{person}" chooses "{chosen}" ({column}), who is not in the roster'
            yield _warned(told, ".".join(("matching", "options", *path)), chosen, roster)


def _warned(message: str, path: str, person: str, roster: Roster) -> Diagnostic:
    hint = suggestion(person, roster.by_id) or _HELP
    return warning("choice-unknown-person", message, path=path, help=hint)
