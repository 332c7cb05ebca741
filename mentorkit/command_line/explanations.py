"""What `match` explains: people one by one, and what would help everybody who is unmatched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from attrs import frozen

if TYPE_CHECKING:
    from mentorkit.core.history import History
    from mentorkit.core.matching.alternatives import Alternative, Versus
    from mentorkit.core.matching.explaining import Explanation
    from mentorkit.core.matching.relaxing import Remedy
    from mentorkit.core.matching.solving import MatchingOutcome
    from mentorkit.opening import Opened


@frozen
class Explained:
    """What was asked for.

    Attributes:
        alternatives: by id, of those who were asked for by id.
        versus: by id, why they are not with others.
        remedies: what would help everybody who is unmatched; None where that was not asked for.
        unmatched: how many are unmatched.
        unmeasured: why it was not measured what would help everybody, else "".
    """

    people: tuple[Explanation, ...]
    alternatives: Mapping[str, tuple[Alternative, ...]]
    versus: Mapping[str, tuple[Versus, ...]]
    remedies: tuple[Remedy, ...] | None
    unmatched: int
    unmeasured: str = ""

    def document(self) -> dict[str, Any]:
        """Return what belongs into the JSON document."""
        from mentorkit.presenting.relief import remedy_json

        people = {"explanations": [self._person(one) for one in self.people]} if self.people else {}
        if self.remedies is None:
            return people
        remedies = [remedy_json(one) for one in self.remedies]
        return {**people, "relaxations": remedies, "relaxations_unmeasured": self.unmeasured}

    def _person(self, one: Explanation) -> dict[str, Any]:
        from mentorkit.presenting.alternatives import alternative_json, versus_json
        from mentorkit.presenting.explanation import explanation_json

        document = explanation_json(one)
        if one.person in self.alternatives:
            document["alternatives"] = [alternative_json(other) for other in self.alternatives[one.person]]
        if one.person in self.versus:
            document["versus"] = [versus_json(other) for other in self.versus[one.person]]
        return document

    def text(self, opened: Opened) -> str:
        """Return what is printed."""
        from mentorkit.presenting.relief import relief_text

        parts = [self._of_person(one, opened) for one in self.people]
        if self.remedies is not None and self.unmatched:
            parts.insert(0, relief_text(self.remedies, self.unmatched, opened.roster, self.unmeasured))
        return "\n\n".join(parts) or "Nobody is unmatched."

    def _of_person(self, one: Explanation, opened: Opened) -> str:
        from mentorkit.presenting.alternatives import alternatives_text, versus_text
        from mentorkit.presenting.explanation import explanation_text

        asked = one.person in self.alternatives and one.relationships
        parts = [
            explanation_text(one, opened.roster),
            alternatives_text(self.alternatives[one.person], opened.roster) if asked else "",
            *(versus_text(other, opened.roster) for other in self.versus.get(one.person, ())),
        ]
        return "\n".join(part for part in parts if part)


def explain(
    opened: Opened,
    outcome: MatchingOutcome,
    history: History,
    asked: Sequence[str],
    others: Sequence[str],
    *,
    unmatched: bool,
) -> Explained:
    """Return explanations of the people asked for, and where `unmatched` says so of everybody who is that.

    Those asked for are told their best alternative, and why they are not with each of the `others`.
    """
    from attrs import evolve

    from mentorkit.core.matching.alternatives import best_alternatives, versus
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
    alternatives = {one: best_alternatives(outcome, opened.catalogue, one) for one in dict.fromkeys(asked)}
    against = {
        one: tuple(found for other in others for found in versus(outcome, opened.roster, opened.catalogue, one, other))
        for one in (dict.fromkeys(asked) if others else ())
    }
    remedies = relief.everybody if unmatched else None
    return Explained(tuple(people), alternatives, against, remedies, len(without), relief.unmeasured)
