"""What simulated people ask for: topics that somebody offers who could serve them."""

from __future__ import annotations

from attrs import define, field

from mentorkit.core.program import Program
from mentorkit.core.requests import WANTS
from mentorkit.core.roster import Person, Roster
from mentorkit.core.simulating.chance import Chance


@define(eq=False)
class Topics:
    """What the tags of a roster offer to those who ask."""

    program: Program
    roster: Roster
    chance: Chance
    _offered: frozenset[str] = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Gather what people offer in the columns with which wishes are compared."""
        columns = {one.right for one in self.program.matching.criteria if one.left == WANTS}
        serving = {role.name for role in self.program.model.roles if not role.served}
        people = (one for one in self.roster.participants if not serving.isdisjoint(one.roles))
        cells = (one.values.get(column) for one in people for column in columns)
        self._offered = frozenset(tag for cell in cells if isinstance(cell, frozenset) for tag in cell)

    def pick(self, person: Person, number: int, *, as_in_roster: bool) -> str:
        """Return what somebody asks for the nth time: something they want, if it is offered, else anything offered.

        With `as_in_roster`, or where nothing is offered, they name nothing: what the roster says they want holds.
        """
        wants = person.values.get(WANTS)
        own = wants if isinstance(wants, frozenset) else frozenset()
        choices = sorted(own & self._offered or self._offered)
        if not choices or (as_in_roster and own):
            return ""
        return choices[self.chance.index(len(choices), "topic", person.id, str(number))]
