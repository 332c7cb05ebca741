"""Who takes part as what, and with how many places.

In this order: the conditions of `[roster.roles]`; the roles of the sources; the `role` column; levels, as the model
divides them. A model with a single role takes everybody. Who is not eligible or has left takes no part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from attrs import frozen

from mentorkit.core.conditions import Condition, Value, holds
from mentorkit.core.diagnostics import Diagnostic, error, errors_in, listed, quoted, suggestion, warning
from mentorkit.core.enrolling.row_reading import Row
from mentorkit.core.program import RosterUse
from mentorkit.core.roster import Person
from mentorkit.core.variants import ModelInUse

_NAMED = 8
_RolesOf = Callable[[Row], tuple[str, ...]]


@frozen
class Participation:
    """People with roles and places, in the order of the files, and what there is to say about it.

    Attributes:
        diagnostics: each with the row that it shows in, or None.
    """

    people: tuple[Person, ...]
    diagnostics: tuple[tuple[Row | None, Diagnostic], ...]


def participate(
    rows: Sequence[Row],
    roster: RosterUse,
    model: ModelInUse,
    columns: frozenset[str],
    today: date,
    *,
    may_be_empty: bool = False,
) -> Participation:
    """Return the people of these rows with their roles; `columns` are those that were read.

    A role that nobody takes is an error, or a warning where it `may_be_empty`: while others may still come, and once
    people are matched.
    """
    eligible = [_meets(row, roster.eligible, today) and not _has_left(row, today) for row in rows]
    invited = [row for row, may in zip(rows, eligible, strict=True) if may]
    roles_of, found = _roles(invited, roster, model, columns, today)
    places_of = _places(roster, model)
    people = tuple(
        _person(row, roles_of(row) if may else (), may, places_of) for row, may in zip(rows, eligible, strict=True)
    )
    if not errors_in(problem for _, problem in found):
        tell = warning if may_be_empty else error
        reasons = _Emptiness(rows, invited, roster, "role" in columns, today)
        found += [(None, one) for one in _empty_roles(people, model, reasons, tell)]
    return Participation(people, tuple(found))


def _person(row: Row, roles: tuple[str, ...], eligible: bool, places_of: Callable[[Row, str], int]) -> Person:
    return Person(row.person, roles, {role: places_of(row, role) for role in roles}, row.values, eligible, row.line)


def _meets(row: Row, conditions: Mapping[str, Condition], today: date) -> bool:
    return all(
        holds(condition, row.person if column == "id" else row.values.get(column), today)
        for column, condition in conditions.items()
    )


def _has_left(row: Row, today: date) -> bool:
    left = row.values.get("left_on")
    return isinstance(left, date) and left < today


def _roles(
    rows: Sequence[Row], roster: RosterUse, model: ModelInUse, columns: frozenset[str], today: date
) -> tuple[_RolesOf, list[tuple[Row | None, Diagnostic]]]:
    names = tuple(role.name for role in model.roles)
    found: list[tuple[Row | None, Diagnostic]] = []
    if roster.roles:
        by_role = [(role, roster.roles[role]) for role in sorted(names) if role in roster.roles]
        return lambda row: tuple(role for role, asked in by_role if _meets(row, asked, today)), found
    if "role" in columns or any(source.role for source in roster.sources):
        found += _unknown_cells(rows, names, model)
        return lambda row: _said_roles(row, names), found
    if len(names) == 1:
        return lambda _: names, found
    if "level" not in columns:
        return lambda _: (), [*found, (None, _undecidable(names, model))]
    by_level = _by_level(rows, model)
    without = [row for row in rows if "level" not in row.values]
    if without:
        found.append((without[0], _without_level(without)))
    return lambda row: by_level.get(row.values.get("level", ""), ()), found


def _said_roles(row: Row, names: Iterable[str]) -> tuple[str, ...]:
    """Return the roles that the row's sources and its `role` cell say, of those that the model has."""
    cell = row.values.get("role", frozenset())
    said = cell if isinstance(cell, frozenset) else frozenset({str(cell).casefold()})
    return tuple(sorted(name for name in names if name in row.roles or name.casefold() in said))


def _by_level(rows: Iterable[Row], model: ModelInUse) -> Mapping[Value, tuple[str, ...]]:
    levels = sorted({level for row in rows if isinstance(level := row.values.get("level"), (int, float))})
    divided = model.roles_by_level(levels)
    return {level: tuple(sorted(role for role in divided if level in divided[role])) for level in levels}


def _undecidable(names: Sequence[str], model: ModelInUse) -> Diagnostic:
    return error(
        "roles-undecided",
        f"nothing says who takes part as {listed(names)} in {model.name}",
        path="roster",
        help=f"add a column role with {listed(names)}, a column level with numbers, or conditions under "
        f"[roster.roles.{names[0]}]",
    )


def _without_level(rows: Sequence[Row]) -> Diagnostic:
    ids = ", ".join(row.person for row in rows[:_NAMED]) + (" and more" if len(rows) > _NAMED else "")
    who = "1 person has" if len(rows) == 1 else f"{len(rows):,} people have"
    return warning("level-missing", f"{who} no level and so no role: {ids}", help="give them a level or a role")


def _unknown(role: str, model: ModelInUse) -> str:
    return f"{quoted(role)} is not a role of {model.name}"


def _known(role: str, names: Sequence[str]) -> str:
    return suggestion(role, names) or f"its roles: {listed(names)}"


def _unknown_cells(
    rows: Iterable[Row], names: Sequence[str], model: ModelInUse
) -> Iterable[tuple[Row | None, Diagnostic]]:
    known = {name.casefold() for name in names}
    met: dict[str, list[Row]] = {}
    for row in rows:
        cell = row.values.get("role", frozenset())
        for role in cell if isinstance(cell, frozenset) else {str(cell).casefold()}:
            if role not in known:
                met.setdefault(role, []).append(row)
    for role in sorted(met):
        others = len(met[role]) - 1
        more = f" (and in {others:,} more row{'s' if others > 1 else ''})" if others else ""
        say = "or say otherwise who takes part as what, under [roster.roles]; if their column means something else:"
        help_text = f'{_known(role, names)}; {say} [roster.columns] role = "…"'
        yield met[role][0], error("role-unknown", f"role: {_unknown(role, model)}{more}", help=help_text)


def _places(roster: RosterUse, model: ModelInUse) -> Callable[[Row, str], int]:
    """Return how many relationships a person may be in with a role: declared, by column, else 1."""
    default = {role.name: "capacity" if role.side == "mentor" else 1 for role in model.roles}
    declared = {**default, **roster.capacity}

    def places(row: Row, role: str) -> int:
        said = declared[role]
        value = row.values.get(said) if isinstance(said, str) else said
        return value if isinstance(value, int) else 1

    return places


@frozen
class _Emptiness:
    """What decided who takes part, to say why nobody does."""

    rows: Sequence[Row]
    invited: Sequence[Row]
    roster: RosterUse
    by_column: bool
    today: date

    def reason(self, role: str) -> tuple[str, str]:
        """Return the path to blame for a role that nobody takes, and why in words."""
        if not self.invited:
            return self._unmet("roster.eligible", self.rows, self.roster.eligible)
        if self.roster.roles:
            if role not in self.roster.roles:
                return "roster.roles", f"there is no [roster.roles.{role}]"
            return self._unmet(f"roster.roles.{role}", self.invited, self.roster.roles[role])
        if self.by_column:
            return "roster", f"no cell of the column role says {role}"
        if any(source.role for source in self.roster.sources):
            return "roster", f"no source with people has this role, and there is no column role that says {role}"
        return "roster", "the levels leave nobody for it"

    def _unmet(self, path: str, rows: Sequence[Row], conditions: Mapping[str, Condition]) -> tuple[str, str]:
        for column, condition in conditions.items():
            if not any(_meets(row, {column: condition}, self.today) for row in rows):
                return f"{path}.{column}", f"nobody meets {path}.{column}"
        if any(_meets(row, conditions, self.today) for row in rows):
            return "roster", "everybody who could has left (left_on)"
        return path, f"nobody meets all of {path} together"


def _empty_roles(
    people: Iterable[Person], model: ModelInUse, reasons: _Emptiness, tell: Callable[..., Diagnostic]
) -> Iterable[Diagnostic]:
    taken = {role for person in people for role in person.roles}
    empty = [role.name for role in model.roles if role.name not in taken]
    if empty and not reasons.invited:
        path, why = reasons.reason(empty[0])
        yield tell("role-empty", f"nobody takes part: {why}", path=path, help="change the condition, or mend the cells")
        return
    for role in empty:
        path, why = reasons.reason(role)
        yield tell(
            "role-empty",
            f"nobody takes part as {role}: {why}",
            path=path,
            help="check [roster.eligible], [roster.roles], the role column or the levels",
        )
