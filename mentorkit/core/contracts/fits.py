"""How well a mentoring model suits goals and people: what models say of it when somebody asks for advice.

A fit has two halves. The goals: how well the model serves each, 0 (not at all) to `MOST`. The people: gates that say
no, or beware, modifiers that add or take points, and what the roster lacks. The core weighs the goals, adds the
modifiers, tries a matching, and ranks; what holds for every model (somebody in each role, enough people for the
template) it judges by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from attrs import field, frozen

from mentorkit.core.roster import RosterFacts

MOST = 3
"""How well a model serves a goal that it is made for."""

SHORT_OF_WEEKS = 12
"""A program of fewer weeks is short for a relationship that has to grow."""

SHORT_OF_HOURS = 1.0
"""Fewer hours a month for each mentor are few for a mentee of their own."""

_NEARLY = 0.9


@frozen
class Gate:
    """A condition on the people that is not met.

    Attributes:
        name: of the condition, the same whatever the roster.
        says: why, with the numbers, as a sentence without its period.
        blocks: whether the model is no choice as things stand; else it is a warning.
    """

    name: str
    says: str
    blocks: bool = True


@frozen
class Modifier:
    """Points that are added (or, below zero, taken) for what the people and their time are like."""

    points: float
    because: str


@frozen
class Lack:
    """Something that the roster does not say.

    Attributes:
        what: a column by our name, or the thing in words.
        why: what it would be good for.
        whom: whom to ask for it.
    """

    what: str
    why: str
    whom: str = "HR"


@frozen
class Blend:
    """Another model that goes well with this one, and how in words that hold for either: `groups take the overflow`."""

    model: str
    how: str


@frozen
class Fit:
    """How well a model suits goals and a roster.

    Attributes:
        score: how well it serves a goal that `goals` does not list: 0 (not at all) to 1.
        reasons: what speaks for and against it, in phrases that people can read.
        goals: how well it serves each of the goals asked about: 0 to `MOST`.
        gates: conditions that are not met.
        modifiers: points for what the people are like, on the scale of the goals.
        lacks: what the roster does not say.
        blends: models that go well with it.
    """

    score: float
    reasons: tuple[str, ...] = ()
    goals: Mapping[str, float] = field(factory=dict)
    gates: tuple[Gate, ...] = ()
    modifiers: tuple[Modifier, ...] = ()
    lacks: tuple[Lack, ...] = ()
    blends: tuple[Blend, ...] = ()

    @property
    def blocked(self) -> bool:
        """Whether a gate says no."""
        return any(gate.blocks for gate in self.gates)


def goals_served(table: Mapping[str, float], goals: Iterable[str]) -> dict[str, float]:
    """Return how well each of the goals is served by a model's table; a goal that it does not list: not at all."""
    return {goal: table.get(goal, 0) for goal in goals}


def enough_places(facts: RosterFacts, offers: str, wants: str) -> tuple[Gate, ...]:
    """Return the gate of a model in which everybody who `wants` needs a place of their own with somebody who `offers`.

    It blocks below nine places for ten people, and warns below ten.
    """
    places, people = facts.places.get(offers, 0), facts.by_role.get(wants, 0)
    if not people or places >= people:
        return ()
    says = f"{places_told(facts, offers)} for {_counted(people, wants)}: {people - places:,} more are needed"
    return (Gate("places", says, blocks=places < _NEARLY * people),)


def places_told(facts: RosterFacts, offers: str) -> str:
    """Return how many people offer how many places, in words."""
    people, places = facts.by_role.get(offers, 0), facts.places.get(offers, 0)
    return f"{_counted(people, offers)} {'offers' if people == 1 else 'offer'} {_counted(places, 'place')}"


def _counted(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def lack_of(facts: RosterFacts, column: str, why: str, whom: str = "HR") -> tuple[Lack, ...]:
    """Return that the roster lacks a column, or nothing where somebody's cell is filled."""
    return () if facts.has(column) else (Lack(column, why, whom),)


def short_time(facts: RosterFacts, points: float) -> tuple[Modifier, ...]:
    """Return the modifier of a model that needs more than a few weeks, where the program has only these."""
    if facts.weeks is None or facts.weeks >= SHORT_OF_WEEKS:
        return ()
    return (Modifier(points, f"{facts.weeks} weeks are short for it"),)


def few_hours(facts: RosterFacts, points: float, because: str) -> tuple[Modifier, ...]:
    """Return the modifier of a model for mentors who have less than an hour a month."""
    if facts.hours is None or facts.hours >= SHORT_OF_HOURS:
        return ()
    return (Modifier(points, f"{because} where mentors have {facts.hours:g} hours a month"),)
