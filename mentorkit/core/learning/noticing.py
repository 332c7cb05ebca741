"""What the roster itself says happened: people who have left, who pause, who are back, who are gone from it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from itertools import chain, count

from attrs import frozen

from mentorkit.core.happenings import CHANGED_HANDS, OWN_EVENT
from mentorkit.core.history import Event
from mentorkit.core.program import Program
from mentorkit.core.roster import Person, Roster
from mentorkit.core.standing import Word, column_text, latest_words, says_left, says_paused
from mentorkit.core.zones import day_end, to_local

MISSING = "missing"


@frozen
class Noticed:
    """An event that the roster told, and when what it ends has ended, where that was before."""

    event: Event
    ended_at: datetime


def notice(
    program: Program,
    roster: Roster,
    numbers: Mapping[str, int],
    events: Iterable[Event],
    at: datetime,
    changed: Collection[str] = (),
    taking_part: Collection[str] = (),
) -> list[Noticed]:
    """Return what the roster says of people with a running number that no event says yet, by person.

    Of those `taking_part`, the missing have left where the program says so.
    Ids in `changed` stand for somebody else by now, it seems: they pause until somebody says who they are.

    `events` are all that are known by now, in their order. `left` and `paused` name the day of the column as their
    value, so that another day in it is another event and the same day is none.
    """
    told = tuple(events)
    taken = frozenset(event.id for event in told)
    looking = _Looking(program, at, latest_words(told), taken, "paused_until" in roster.columns)
    known = [one for one in roster.people if one.id in numbers]
    found = [event for one in known for event in looking.at_person(one, numbers[one.id], one.id in changed)]
    if program.roster.missing == "left":
        found += looking.for_the_missing(roster, {one: numbers[one] for one in taking_part})
    return found


@frozen
class _Looking:
    program: Program
    at: datetime
    words: dict[str, Word]
    taken: frozenset[str]
    has_pauses: bool

    @property
    def today(self) -> date:
        """The day of the moment in the program's zone."""
        return to_local(self.at, self.program.timezone).date()

    def at_person(self, person: Person, number: int, changed: bool) -> Iterator[Noticed]:
        """Yield what the columns of somebody say that is not known."""
        word = self.words.get(person.id, Word())
        name = f"{OWN_EVENT}paused:p{number}{CHANGED_HANDS}{self.today}"
        if changed and not word.left and name not in self.taken:
            yield Noticed(Event(name, self.at, person.id, "paused", "", ""), self.at)
            return
        if word.another:  # what the columns say, they say of somebody else
            return
        left_on, paused_until = column_text(person, "left_on"), column_text(person, "paused_until")
        if says_left(person, self.today) and not word.left and not word.takes_up(left_on):
            yield self._event(person.id, number, "left", left_on)
        elif says_paused(person, self.today) and not word.left and word.roster_paused != paused_until:
            yield self._event(person.id, number, "paused", paused_until)
        elif self.has_pauses and word.roster_paused and word.pauses(self.today) and not says_paused(person, self.today):
            yield self._event(person.id, number, "resumed", "")

    def for_the_missing(self, roster: Roster, numbers: Mapping[str, int]) -> Iterator[Noticed]:
        """Yield that everybody has left who is not in the roster any more, by running number.

        Whom somebody has taken in again after they had left, no roster sends away by its silence: it was heard already.
        """
        people = [one for one in numbers if one not in roster.by_id]
        for one in sorted(people, key=lambda one: numbers[one]):
            word = self.words.get(one, Word())
            if not word.left and word.back is None:
                yield self._event(one, numbers[one], "left", MISSING)

    def _event(self, person: str, number: int, kind: str, value: str) -> Noticed:
        day = value if value and value != MISSING else "-".join(filter(None, (value, self.today.isoformat())))
        name = f"{OWN_EVENT}{kind}:p{number}:{day}"
        event = Event(self._free(name), self.at, person, kind, "", value)
        left = kind == "left" and value != MISSING
        ended = day_end(date.fromisoformat(value), self.program.timezone) if left else self.at
        return Noticed(event, ended)

    def _free(self, name: str) -> str:
        """Return a name that no event has: the first time with the day, then counted."""
        counted = (f"{name}:{self.today}:{number}" for number in count(2))
        return next(one for one in chain((name, f"{name}:{self.today}"), counted) if one not in self.taken)
