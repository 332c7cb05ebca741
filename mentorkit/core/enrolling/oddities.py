"""What is odd about people who were gathered: repeated rows, shared addresses, managers nobody knows or in a circle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from mentorkit.core.diagnostics import Diagnostic, error, warning
from mentorkit.core.enrolling.gathering import Gathering
from mentorkit.core.enrolling.row_reading import Row

_NAMED = 5
_MANY_REPEATED = 5


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
        mailbox = _mailbox(str(value))
        known = first.setdefault(mailbox, row)
        if known is not row:
            sharing.setdefault(mailbox, [known]).append(row)
    for rows in sharing.values():
        people = _some(row.person for row in rows)
        addresses = {str(row.values["email"]).casefold(): str(row.values["email"]) for row in rows}
        message = (
            f"{len(rows)} people share the address {rows[1].values['email']}: {people}"
            if len(addresses) == 1
            else f"{len(rows)} people probably share a mailbox, {_some(addresses.values())}: {people}"
        )
        yield rows[1], warning("mail-shared", message, help="check that they are different people")


def _mailbox(address: str) -> str:
    """Return what addresses have in common that mostly lead to one mailbox: case and `+tag` tell them apart no more."""
    local, at, domain = address.casefold().rpartition("@")
    return (local.partition("+")[0] or local) + at + domain


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
