"""People, as the roster files say, after column recipes, conditions and roles."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType

from attrs import define, field, frozen

from mentorkit.core.busy_times import BusyTimes
from mentorkit.core.conditions import Value
from mentorkit.core.working_days import MONDAY_TO_FRIDAY, WorkingDays


def _cells(values: Mapping[str, Value]) -> Mapping[str, Value]:
    """Return cells that nobody can write: plugins are handed people as the core knows them."""
    return values if isinstance(values, MappingProxyType) else MappingProxyType(values)


def _places(places: Mapping[str, int]) -> Mapping[str, int]:
    return places if isinstance(places, MappingProxyType) else MappingProxyType(places)


@frozen
class Person:
    """One row of the roster. Nothing of it can be changed.

    Attributes:
        id: as the roster writes it, trimmed and NFC.
        roles: roles the person takes part as, sorted; empty: not a participant.
        places: role to the number of relationships the person may be in with it.
        values: our column names to typed values; an empty cell is absent. Tags are case-folded frozensets,
            `level` and other numbers are int or float, dates are dates, the rest is text.
        eligible: whether the person is invited.
        line: 1-based line (CSV) or row (XLSX) of the person's first source.
    """

    id: str
    roles: tuple[str, ...]
    places: Mapping[str, int] = field(converter=_places)
    values: Mapping[str, Value] = field(converter=_cells)
    eligible: bool = True
    line: int = 0

    def text(self, column: str, default: str = "") -> str:
        """Return a column as text, `default` where the cell is empty."""
        value = self.values.get(column)
        return default if value is None else str(value)

    @property
    def name(self) -> str:
        """What the person is called in messages: preferred name, else name, else id."""
        return self.text("preferred_name") or self.text("name") or self.id


@define(frozen=True, slots=False)
class Roster:
    """Everybody in the roster, in the order of the files.

    Attributes:
        people: unique by id.
        columns: our names of all columns that were read.
        digest: a SHA-256 over the ids, values, roles and places: equal rosters have equal digests.
        countries: what people's `country` cells say, with the working days there; cells that name no country which is
            known are not among them.
        holidays: the version of the data that `countries` come from; "" where nobody's country is known.
        busy: when people are busy by the calendars they exported, by id; who has none is not in it.
    """

    people: tuple[Person, ...]
    columns: frozenset[str] = frozenset()
    digest: str = ""
    countries: Mapping[str, WorkingDays] = field(factory=dict)
    holidays: str = ""
    busy: Mapping[str, BusyTimes] = field(factory=dict)

    @cached_property
    def by_id(self) -> Mapping[str, Person]:
        """People by id."""
        return MappingProxyType({person.id: person for person in self.people})

    def working_days(self, person: Person | None) -> WorkingDays:
        """Return the working days of a person's country; Monday to Friday where it is not known."""
        country = person.values.get("country") if person is not None else None
        return self.countries.get(country, MONDAY_TO_FRIDAY) if isinstance(country, str) else MONDAY_TO_FRIDAY

    def in_role(self, role: str) -> tuple[Person, ...]:
        """Return the participants with this role, in roster order."""
        return tuple(person for person in self.people if role in person.roles)

    @cached_property
    def participants(self) -> tuple[Person, ...]:
        """People with at least one role, in roster order."""
        return tuple(person for person in self.people if person.roles)


@frozen
class RosterFacts:
    """What may be said of a roster without naming anybody: for fits and reports.

    Attributes:
        people: everybody in the roster.
        by_role: how many people take part in each role of the model that is asked about.
        places: how many relationships the people of each role can be in together.
        levels: how many distinct levels there are.
        filled: the share of people whose cell holds something, by column; a column that is not there is absent.
        topics: how many distinct topics (`skills`) people offer who take part in a role that is not served; in models
            that serve everybody: anybody.
        knowing: how many people of each role offer a topic that somebody of another role (of the same one, where there
            is one only) wants.
        members: the share of people with a resource group and their consent.
        overlap: the share of pairs whose office hours have two hours or more in common; None: zones are not known.
        weeks: how long the program may take; None: as long as it needs.
        hours: what each mentor has for it, in hours a month; None: nobody said.
        sponsor: whether an executive stands behind the program.
    """

    people: int
    by_role: Mapping[str, int] = field(factory=dict)
    places: Mapping[str, int] = field(factory=dict)
    levels: int = 0
    filled: Mapping[str, float] = field(factory=dict)
    topics: int = 0
    knowing: Mapping[str, int] = field(factory=dict)
    members: float = 0.0
    overlap: float | None = None
    weeks: int | None = None
    hours: float | None = None
    sponsor: bool = False

    def has(self, column: str) -> bool:
        """Return whether anybody's cell of this column holds something."""
        return self.filled.get(column, 0.0) > 0
