"""What a model wants said when a program is checked, though nothing of it is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol, runtime_checkable

from attrs import frozen

from mentorkit.core.roster import Person


@frozen
class Caution:
    """Something that likely is not meant so: a warning of `check`, with what to change.

    Attributes:
        message: what will happen, in a sentence without its full stop.
        help: what to change.
        option: the option of the model that it is about, which gives the warning its line; "": all of them.
    """

    message: str
    help: str
    option: str = ""


@frozen(eq=False)
class CheckFacts:
    """What a model may look at when a program is checked.

    Attributes:
        starts: first day of the program.
        ends: last day of the program.
        today: the day on which it is checked.
        timezone: the program's.
        signup_open: whether people can still sign up.
        people: participants by role, in roster order, with the columns that the program reads.
    """

    starts: date
    ends: date
    today: date
    timezone: str
    signup_open: bool
    people: Mapping[str, tuple[Person, ...]]


@runtime_checkable
class CautiousModel(Protocol):
    """A model that warns of what its options come to in a program with these dates and people."""

    def cautions(self, options: Any, facts: CheckFacts) -> Sequence[Caution]:
        """Return what `check` warns of, in its order; nothing where all is well. What cannot be is no caution."""
        ...
