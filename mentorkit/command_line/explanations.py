"""What `match` explains: people one by one, and what would help everybody who is unmatched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from attrs import frozen

if TYPE_CHECKING:
    from mentorkit.core.history import History
    from mentorkit.core.matching.explaining import Explanation
    from mentorkit.core.matching.relaxing import Remedy
    from mentorkit.core.matching.solving import MatchingOutcome
    from mentorkit.opening import Opened


@frozen
class Explained:
    """Explanations of people; what would help everybody, where that was asked for, and how many are unmatched."""

    people: tuple[Explanation, ...]
    remedies: tuple[Remedy, ...] | None
    unmatched: int

    def document(self) -> dict[str, Any]:
        """Return what belongs into the JSON document."""
        from mentorkit.presenting.explanation import explanation_json
        from mentorkit.presenting.relief import remedy_json

        people = {"explanations": [explanation_json(one) for one in self.people]} if self.people else {}
        if self.remedies is None:
            return people
        return {**people, "relaxations": [remedy_json(one) for one in self.remedies]}

    def text(self, opened: Opened) -> str:
        """Return what is printed."""
        from mentorkit.presenting.explanation import explanation_text
        from mentorkit.presenting.relief import relief_text

        parts = [explanation_text(one, opened.roster) for one in self.people]
        if self.remedies is not None and self.unmatched:
            parts.insert(0, relief_text(self.remedies, self.unmatched, opened.roster))
        return "\n\n".join(parts) or "Nobody is unmatched."


def explain(
    opened: Opened, outcome: MatchingOutcome, history: History, asked: Sequence[str], *, unmatched: bool
) -> Explained:
    """Return explanations of the people asked for, and where `unmatched` says so of everybody who is that."""
    from attrs import evolve

    from mentorkit.core.matching.explaining import explain_person
    from mentorkit.core.matching.relaxing import what_would_help
    from mentorkit.core.relationships import Member

    without = outcome.matching.unmatched
    whom = dict.fromkeys([*asked, *(one.person for one in without if unmatched)])
    members = [Member(one.person, one.role) for one in without if one.person in whom]
    relief = what_would_help(outcome, opened.roster, opened.catalogue, members, measured=unmatched)
    people = []
    for person in whom:
        explanation = explain_person(opened.program, opened.roster, opened.catalogue, outcome.matching, person, history)
        openings = [one for member in members if member.person == person for one in relief.openings[member]]
        people.append(evolve(explanation, openings=tuple(openings)))
    return Explained(tuple(people), relief.everybody if unmatched else None, len(without))
