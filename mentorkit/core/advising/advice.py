"""What advice is: options in the order in which they are advised, each with what speaks for and against it."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from mentorkit.core.contracts import Blend, Fit, RosterFacts
from mentorkit.core.contracts.fits import MOST


@frozen
class Trial:
    """What a matching on trial came to, by the model's default template and on exactly these people.

    Attributes:
        served: people whom the model wants to place.
        placed: how many of them were placed.
        relationships: how many relationships they are in.
        score: mean score of the relationships, 0 to 100; None where there is none.
        because: why not everybody is placed; "" where everybody is.
        stopped: whether the time was up before the search was done.
        refused: why nothing was tried; "" where it was.
        at_once: whether it counts as if everybody asked on one day, of a model in which people ask when they need it.
    """

    served: int = 0
    placed: int = 0
    relationships: int = 0
    score: float | None = None
    because: str = ""
    stopped: bool = False
    refused: str = ""
    at_once: bool = False

    @property
    def share(self) -> float:
        """The share of people who were placed."""
        return self.placed / self.served if self.served else 0.0


@frozen
class PassedOver:
    """A template that is more for the goals than the one that is advised, and why it is not the one."""

    template: str
    because: str


@frozen
class Line:
    """Where levels divide people into the roles of a model.

    Attributes:
        roles: the condition of each role, as a program file has it.
        told: the levels of each role in words.
        people: how many have each role.
        trial: what a matching came to with this line.
    """

    roles: Mapping[str, Mapping[str, object]]
    told: Mapping[str, str]
    people: Mapping[str, int]
    trial: Trial


@frozen
class Option:
    """A model, or a scope around one, with all there is to say of it.

    Attributes:
        model: the model's name.
        scope: the scope around it, or "".
        template: the template to begin with, or "" where none of the model's is installed.
        passed_over: templates that would be more for the goals.
        served: how well it serves the goals by their weights, 0 to 3.
        points: that, with all modifiers.
        tried_with: the template of the matching on trial, the model's default one.
        line: where levels divide the people, if that is how they get their roles.
        other_line: where a gate says no by that line, another one with which none does.
    """

    model: str
    summary: str
    template: str
    fit: Fit
    facts: RosterFacts
    trial: Trial
    served: float
    points: float
    scope: str = ""
    passed_over: tuple[PassedOver, ...] = ()
    tried_with: str = ""
    line: Line | None = None
    other_line: Line | None = None

    @property
    def name(self) -> str:
        """What it is called: `group`, `erg + peer`."""
        return f"{self.scope} + {self.model}" if self.scope else self.model

    @property
    def possible(self) -> bool:
        """Whether no gate says no."""
        return not self.fit.blocked

    def serves(self, goal: str) -> float:
        """Return how well it serves a goal, 0 to 3."""
        return self.fit.goals.get(goal, MOST * self.fit.score)


@frozen
class Advice:
    """The answer to "which model is best for you?".

    Attributes:
        goals: with their weights, in the order in which they were named.
        options: the best first; those that a gate blocks come last.
        blends: models that go well with the best one, and how.
    """

    goals: Mapping[str, float]
    options: tuple[Option, ...]
    blends: tuple[Blend, ...] = ()
    weeks: int | None = None
    hours: float | None = None
    people: int = 0
    columns: Mapping[str, float] = field(factory=dict)

    @property
    def best(self) -> Option | None:
        """The option that is advised; None where a gate blocks every one."""
        return self.options[0] if self.options and self.options[0].possible else None

    @property
    def runner_up(self) -> Option | None:
        """The next one that would do: with points, and something for the goals; None where there is none."""
        best = self.best
        others = (one for one in self.options[1:] if best and one.model != best.model and self._would_do(one))
        return next(others, None)

    def _would_do(self, option: Option) -> bool:
        return option.possible and option.points > 0 and any(option.serves(goal) > 0 for goal in self.goals)
