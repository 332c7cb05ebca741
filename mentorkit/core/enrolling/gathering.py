"""From the rows of several sources to people: each id once, further columns laid over, and what is odd about them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from attrs import define, field

from mentorkit.core.conditions import Value, is_yes
from mentorkit.core.diagnostics import Diagnostic, error, note, warning
from mentorkit.core.enrolling.row_reading import Row
from mentorkit.core.history import RESERVED
from mentorkit.core.program import RosterSource
from mentorkit.core.roster import Person

_NAMED = 5
_MANY_REPEATED = 5
_REMEMBERED = 20_000


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
        f'the id "{person}" begins with "{begins}", which the ledger keeps for those who are no participants',
        help="give this person another id",
    )


def _meet_again(gathering: Gathering, known: Row, row: Row) -> None:
    before = gathering.where(known.latest)
    if known.person != row.person:
        message = f'the ids "{row.person}" and "{known.person}" ({before}) differ only in case'
        gathering.report(
            row,
            error("id-duplicate", message, help="write one person's id in one way, or give two people different ids"),
        )
    elif known.latest[0] == row.source or not (gathering.sources[row.source].role or known.roles):
        message = f'the id "{row.person}" is taken already, in {before}'
        gathering.report(row, error("id-duplicate", message, help="keep one row per person"))
    else:
        _merge(gathering, known, row)


def _merge(gathering: Gathering, known: Row, row: Row) -> None:
    differing = [column for column, value in sorted(row.values.items()) if known.values.get(column, value) != value]
    if differing:
        column = differing[0]
        others = f" (also {', '.join(differing[1:])})" if differing[1:] else ""
        message = (
            f'"{row.person}" has {column} {_quoted(row.values[column])} here and {_quoted(known.values[column])} in '
            f"{gathering.where((known.source, known.line))}{others}"
        )
        gathering.report(row, error("row-conflict", message, help="make the two rows agree, or leave one cell empty"))
    known.values.update((column, value) for column, value in row.values.items() if column not in known.values)
    known.roles |= row.roles
    known.latest = row.latest


def _quoted(value: Value) -> str:
    return f'"{"; ".join(sorted(value)) if isinstance(value, frozenset) else value}"'


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
        message = f'"{person.person}" is joined twice, here and in {gathering.where(person.latest)}'
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


def rows_of_people(gathering: Gathering) -> Iterable[Diagnostic]:
    """Yield an error where so many rows repeat an id that the file cannot have one row for each person."""
    repeated = [one for _, _, one in gathering.problems if one.code == "id-duplicate"]
    rows = len(gathering.by_id) + len(repeated)
    if len(repeated) >= _MANY_REPEATED and len(repeated) >= rows / 10:
        yield error(
            "rows-not-people",
            f"{len(repeated):,} of {rows:,} rows have the id of an earlier row: a row is not a person in this file",
            path="roster",
            help="ask HR for one row for each person, or whether another column is the person's id",
        )


def oddities(gathering: Gathering) -> Iterable[tuple[Row, Diagnostic]]:
    """Yield warnings about shared mail addresses and managers, each with the first row that shows it."""
    yield from _shared_addresses(gathering)
    yield from _managers(gathering.people)


def _shared_addresses(gathering: Gathering) -> Iterable[tuple[Row, Diagnostic]]:
    first: dict[str, Row] = {}
    sharing: dict[str, list[Row]] = {}
    for row in gathering.by_id.values():
        if (value := row.values.get("email")) is None:
            continue
        address = str(value).casefold()
        known = first.setdefault(address, row)
        if known is not row:
            sharing.setdefault(address, [known]).append(row)
    for rows in sharing.values():
        people = _some(row.person for row in rows)
        message = f"{len(rows)} people share the address {rows[1].values['email']}: {people}"
        yield rows[1], warning("mail-shared", message, help="check that they are different people")


def _managers(people: Sequence[Row]) -> Iterable[tuple[Row, Diagnostic]]:
    known = {row.person for row in people}
    named = [(row, str(manager)) for row in people if (manager := row.values.get("manager_id")) is not None]
    themselves = [row for row, manager in named if manager == row.person]
    strangers = [(row, manager) for row, manager in named if manager not in known]
    if themselves:
        manage = "manages themselves" if len(themselves) == 1 else "manage themselves"
        told = f"{_some(row.person for row in themselves)} {manage}"
        advice = "ask HR whom they report to; the cell of whoever reports to nobody stays empty"
        yield themselves[0], warning("manager-self", told, help=advice)
    if strangers:
        said = _some(f'"{manager}" (manager of {row.person})' for row, manager in strangers)
        yield (
            strangers[0][0],
            warning(
                "manager-unknown",
                f"not in the roster: {said}",
                help="rules about reporting lines cannot see past them; ask HR for their rows, or for managers by id",
            ),
        )
    rows = {row.person: row for row, _ in named}
    for loop in _loops({row.person: manager for row, manager in named if manager != row.person and manager in known}):
        circle = " → ".join([*loop[:_NAMED], *(["…"] if len(loop) > _NAMED else []), loop[0]])
        yield rows[loop[0]], warning("manager-loop", f"managers in a circle: {circle}")


def _some(words: Iterable[str]) -> str:
    listed = list(words)
    more = f" and {len(listed) - _NAMED:,} more" if len(listed) > _NAMED else ""
    return ", ".join(listed[:_NAMED]) + more


def _loops(managers: Mapping[str, str]) -> Iterable[list[str]]:
    """Yield every circle of managers once, from its smallest id on."""
    done: set[str] = set()
    for start in managers:
        path: dict[str, None] = {}
        person = start
        while person in managers and person not in done and person not in path:
            path[person] = None
            person = managers[person]
        if person in path and person not in done:
            members = list(path)
            circle = members[members.index(person) :]
            smallest = circle.index(min(circle))
            yield circle[smallest:] + circle[:smallest]
        done.update(path)


def digest_of(people: Iterable[Person]) -> str:
    """Return a SHA-256 over ids, values, roles, places and eligibility, whatever the order of the people."""
    digest = hashlib.sha256()
    ordered = sorted(people, key=lambda person: person.id)
    columns = sorted(set().union(*(person.values for person in ordered)))
    texts = [(column, _Texts(column)) for column in columns]
    parts_of_roles = _RoleTexts()
    for person in ordered:
        values = person.values
        parts = [text[value] for column, text in texts if (value := values.get(column)) is not None]
        places = tuple(person.places.items())
        start = _prefixed(person.id) + parts_of_roles[person.eligible, person.roles, places]
        digest.update(f"{start}{''.join(parts)}\n".encode(errors="surrogatepass"))
    return digest.hexdigest()


class _RoleTexts(dict[tuple[bool, tuple[str, ...], tuple[tuple[str, int], ...]], str]):
    """Eligibility, roles and places to the one text that stands for them in the digest."""

    def __missing__(self, key: tuple[bool, tuple[str, ...], tuple[tuple[str, int], ...]]) -> str:
        eligible, roles, places = key
        said = ["eligible" if eligible else "", *roles, *(f"{role}={number}" for role, number in sorted(places))]
        self[key] = text = "".join(map(_prefixed, said))
        return text


class _Texts(dict[Value, str]):
    """A column's values to the one text that stands for each in the digest."""

    def __init__(self, column: str) -> None:
        super().__init__()
        self._column = column

    def __missing__(self, value: Value) -> str:
        text = _prefixed(f"{self._column}:{_canonical(value)}")
        if len(self) < _REMEMBERED:
            self[value] = text
        return text


def _prefixed(text: str) -> str:
    """Return a text with its length before it, so that no two lists of texts read the same."""
    return f"{len(text)}:{text}"


def _canonical(value: Value) -> str:
    if isinstance(value, frozenset):
        return "tags " + "".join(_prefixed(tag) for tag in sorted(value))
    if isinstance(value, str):
        return f"text {value}"
    if isinstance(value, date):
        return f"date {value.isoformat()}"
    return f"number {float(value)!r}"
