"""Who has left, and who pauses: said once, by recorded events and by the roster's own columns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from attrs import frozen

from mentorkit.core.happenings import CHANGED_HANDS, OWN_EVENT
from mentorkit.core.history import Event, History
from mentorkit.core.roster import Person, Roster


@frozen
class Standing:
    """Who cannot be placed now, whatever the rules say.

    Attributes:
        paused: people who pause.
        left: people who have left.
    """

    paused: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()


@frozen
class Word:
    """The latest that events say of one person.

    Attributes:
        left: whether they have left and are not back.
        paused: whether they pause, perhaps until a day.
        until: the day on which they are back; None: until they say so.
        roster_left: the `left_on` that was taken from the roster last, or "".
        roster_paused: the `paused_until` that was taken from it last and not taken back, or "".
        back: the day (UTC) on which somebody recorded that they are back after they had left, while that holds.
        another: whether the id stands for somebody else by now, it seems, and nobody has said who.
    """

    left: bool = False
    paused: bool = False
    until: date | None = None
    roster_left: str = ""
    roster_paused: str = ""
    back: date | None = None
    another: bool = False

    def takes_up(self, left_on: str) -> bool:
        """Return whether events say already what a day in the column `left_on` says, or stand over it."""
        return self.roster_left == left_on or (self.back is not None and left_on < self.back.isoformat())

    def pauses(self, on: date | None) -> bool:
        """Return whether they pause on a day."""
        if self.another:
            return True
        return self.paused and (self.until is None or on is None or on < self.until)


def standing(roster: Roster, history: History, on: date | None) -> Standing:
    """Return who pauses or has left: by recorded events, and by `paused_until` and `left_on` as of the day `on`.

    A pause with a day ends by itself on that day. A column counts as long as no event has taken it up: what somebody
    records afterwards stands over it. Whom somebody has taken in again, a `left_on` before that day does not send away.
    """
    words = latest_words(history.events)
    paused = {person for person, word in words.items() if word.pauses(on)}
    left = {person for person, word in words.items() if word.left}
    if on is not None:
        for one in roster.people:
            word = words.get(one.id, _NOTHING)
            if says_left(one, on) and not word.takes_up(column_text(one, "left_on")):
                left.add(one.id)
            if says_paused(one, on) and word.roster_paused != column_text(one, "paused_until"):
                paused.add(one.id)
    return Standing(frozenset(paused), frozenset(left))


_NOTHING = Word()


def latest_words(events: Iterable[Event]) -> dict[str, Word]:
    """Return what events, in their order, say of each person they name."""
    words: dict[str, Word] = {}
    for event in events:
        if event.kind in ("left", "paused", "resumed"):
            words[event.person] = _after(words.get(event.person, _NOTHING), event)
    return words


def _after(word: Word, event: Event) -> Word:
    own = event.id.startswith(OWN_EVENT)
    if event.kind == "left":
        day = event.value if own else word.roster_left
        return Word(True, False, None, day, word.roster_paused)
    if event.kind == "resumed":
        back = event.at.date() if word.left and not own else word.back
        return Word(False, False, None, word.roster_left, "" if own else word.roster_paused, back)
    until = date.fromisoformat(event.value) if event.value else None
    another = word.another or (own and CHANGED_HANDS in event.id)
    roster_paused = event.value if own else word.roster_paused
    return Word(word.left, True, until, word.roster_left, roster_paused, word.back, another)


def says_left(person: Person, on: date) -> bool:
    """Return whether the roster says that somebody has left by a day; `left_on` is the last day they are here."""
    day = person.values.get("left_on")
    return isinstance(day, date) and day < on


def says_paused(person: Person, on: date) -> bool:
    """Return whether the roster says that somebody pauses on a day."""
    day = person.values.get("paused_until")
    return isinstance(day, date) and day > on


def column_text(person: Person, column: str) -> str:
    """Return a day of the roster as events write it, "" where there is none."""
    day = person.values.get(column)
    return day.isoformat() if isinstance(day, date) else ""
