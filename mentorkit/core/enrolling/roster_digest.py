"""One text that stands for everything a roster says, so that a plan can tell whether it was made for the same one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date

from mentorkit.core.conditions import Value
from mentorkit.core.roster import Person

_REMEMBERED = 20_000


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
