"""From the rows of several sources to people: each id once, further columns laid over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from attrs import define, field

from mentorkit.core.conditions import Value, is_yes
from mentorkit.core.diagnostics import Diagnostic, error, note, quoted, warning
from mentorkit.core.enrolling.row_reading import Row
from mentorkit.core.history import RESERVED
from mentorkit.core.program import RosterSource

_NAMED = 5


@define
class Gathering:
    """People by folded id, in the order of the files, and the problems met, each with its source and line."""

    sources: Sequence[RosterSource]
    by_id: dict[str, Row] = field(factory=dict)
    problems: list[tuple[int, int, Diagnostic]] = field(factory=list)

    @property
    def people(self) -> tuple[Row, ...]:
        """Everybody."""
        return tuple(self.by_id.values())

    def report(self, row: Row, problem: Diagnostic) -> None:
        """Add a problem that shows in a row."""
        self.problems.append((row.source, row.line, problem))

    def where(self, place: tuple[int, int]) -> str:
        """Return a source and line in words."""
        return f"line {place[1]} of {self.sources[place[0]].shown}"


def gather(sources: Sequence[RosterSource], rows: Sequence[Iterable[Row]]) -> Gathering:
    """Return the people of all sources; `rows` are those of each source.

    Sources with a role are lists of different people: an id in two of them is one person with both roles. Sources with
    `join` add columns to people of the others, and win where both have a value.
    """
    gathering = Gathering(sources)
    for source, own in zip(sources, rows, strict=True):
        if not source.join:
            _list_people(gathering, own)
    for source, own in zip(sources, rows, strict=True):
        if source.join:
            _lay_over(gathering, source, list(own))
    _keep_groups_with_consent_only(gathering)
    _spell_managers_as_people(gathering)
    return gathering


def _list_people(gathering: Gathering, rows: Iterable[Row]) -> None:
    for row in rows:
        if not row.person:
            gathering.report(
                row, error("id-missing", "the row has no id", help="every person needs an id of their own")
            )
            continue
        if row.person.casefold().startswith(RESERVED):
            gathering.report(row, _reserved(row.person))
            continue
        known = gathering.by_id.setdefault(row.person.casefold(), row)
        if known is not row:
            _meet_again(gathering, known, row)


def _reserved(person: str) -> Diagnostic:
    begins = person.partition(":")[0] + ":"
    return error(
        "id-reserved",
        f'the id {quoted(person)} begins with "{begins}", which the ledger keeps for those who are no participants',
        help="give this person another id",
    )


def _meet_again(gathering: Gathering, known: Row, row: Row) -> None:
    before = gathering.where(known.latest)
    if known.person != row.person:
        message = f"the ids {quoted(row.person)} and {quoted(known.person)} ({before}) differ only in case"
        gathering.report(
            row,
            error("id-duplicate", message, help="write one person's id in one way, or give two people different ids"),
        )
    elif known.latest[0] == row.source or not (gathering.sources[row.source].role or known.roles):
        message = f"the id {quoted(row.person)} is taken already, in {before}"
        gathering.report(row, error("id-duplicate", message, help="keep one row per person"))
    else:
        _merge(gathering, known, row)


def _merge(gathering: Gathering, known: Row, row: Row) -> None:
    differing = [column for column, value in sorted(row.values.items()) if known.values.get(column, value) != value]
    if differing:
        column = differing[0]
        others = f" (also {', '.join(differing[1:])})" if differing[1:] else ""
        message = (
            f"{quoted(row.person)} has {column} {_quoted(row.values[column])} here and "
            f"{_quoted(known.values[column])} in {gathering.where((known.source, known.line))}{others}"
        )
        gathering.report(row, error("row-conflict", message, help="make the two rows agree, or leave one cell empty"))
    known.values.update((column, value) for column, value in row.values.items() if column not in known.values)
    known.roles |= row.roles
    known.latest = row.latest


def _quoted(value: Value) -> str:
    return quoted("; ".join(sorted(value)) if isinstance(value, frozenset) else str(value))


def _lay_over(gathering: Gathering, source: RosterSource, rows: Sequence[Row]) -> None:
    index = _index(gathering.people, source.join)
    strangers, changed = [], 0
    for row in rows:
        key = row.person if source.join == "id" else row.values.get(source.join)
        people = index.get(_key(key), []) if key is not None else []
        if not people:
            strangers.append(row)
        elif len(people) > 1:
            _report_several(gathering, source, row, people)
        else:
            changed += _overlay(gathering, people[0], row)
    if strangers:
        _report_strangers(gathering, source, strangers)
    if changed:
        message = f"{changed:,} cells differ from those of the people they are joined to; these here count"
        gathering.report(rows[0], note("join-changes", message))


def _index(people: Iterable[Row], column: str) -> Mapping[str, list[Row]]:
    index: dict[str, list[Row]] = {}
    for row in people:
        value = row.person if column == "id" else row.values.get(column)
        if value is not None:
            index.setdefault(_key(value), []).append(row)
    return index


def _key(value: Value) -> str:
    return "; ".join(sorted(value)) if isinstance(value, frozenset) else str(value).casefold()


def _overlay(gathering: Gathering, person: Row, row: Row) -> int:
    if person.latest[0] == row.source:
        message = f"{quoted(person.person)} is joined twice, here and in {gathering.where(person.latest)}"
        gathering.report(row, error("join-twice", message, help="keep one row per person"))
        return 0
    changed = sum(person.values.get(column, value) != value for column, value in row.values.items())
    person.values.update(row.values)
    person.roles |= row.roles
    person.latest = row.latest
    return changed


def _report_several(gathering: Gathering, source: RosterSource, row: Row, people: Sequence[Row]) -> None:
    ids = ", ".join(person.person for person in people[:_NAMED])
    message = f"the {source.join} of this row belongs to {len(people)} people: {ids}"
    gathering.report(row, error("join-several", message, help="join by a column that is different for everybody"))


def _report_strangers(gathering: Gathering, source: RosterSource, rows: Sequence[Row]) -> None:
    lines = ", ".join(str(row.line) for row in rows[:_NAMED]) + (", …" if len(rows) > _NAMED else "")
    many = len(rows) > 1
    message = f"{len(rows)} row{'s' if many else ''} join{'' if many else 's'} nobody by {source.join} (line {lines})"
    found = warning("join-nobody", message, help="they are left out: people come from the sources without `join`")
    gathering.report(rows[0], found)


def _keep_groups_with_consent_only(gathering: Gathering) -> None:
    for row in gathering.by_id.values():
        if "erg" in row.values and not is_yes(row.values.get("erg_consent")):
            del row.values["erg"]


def _spell_managers_as_people(gathering: Gathering) -> None:
    """Write managers the way their own rows do; no two ids differ only in case."""
    for row in gathering.by_id.values():
        if (manager := row.values.get("manager_id")) is not None:
            known = gathering.by_id.get(str(manager).casefold())
            if known is not None and known.person != manager:
                row.values["manager_id"] = known.person
