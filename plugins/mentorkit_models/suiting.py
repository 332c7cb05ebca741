"""What several of the bundled models ask of a roster before they are advised."""

from __future__ import annotations

from mentorkit.core.contracts import Gate, Lack, RosterFacts


def differing_levels(facts: RosterFacts) -> tuple[Gate, ...]:
    """Return the gate of a model between juniors and seniors: somebody must stand above somebody."""
    if facts.levels >= 2:
        return ()
    if facts.has("level"):
        return (Gate("levels", "everybody has the same level"),)
    return (Gate("levels", "nobody has a level, so nothing says who stands above whom", blocks=False),)


def topics_lacking(facts: RosterFacts) -> tuple[Lack, ...]:
    """Return what people have not said of themselves: what they want to learn, what they have to give."""
    asked = {"wants": "what people want to learn", "skills": "what people have to give"}
    return tuple(
        Lack(column, f"{meaning}: it counts most for who fits whom", "the people, as they sign up")
        for column, meaning in asked.items()
        if not facts.has(column)
    )
