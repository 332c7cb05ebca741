"""Whether a matcher pursues an objective, and whether the objective makes sense in its order."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import frozen

from mentorkit.core.contracts import Matcher, PursuesObjectives
from mentorkit.core.diagnostics import error, listed
from mentorkit.core.errors import ProgramError

PLAIN_OBJECTIVE = ("coverage", "total-score")
"""What a program pursues that says nothing, and what goes with a matcher that pursues nothing."""

_BEST_WITHOUT_PEOPLE = ("worst-off", "even-load")


@frozen
class Refusal:
    """Why an objective is refused: code, headline and help of a diagnostic."""

    code: str
    message: str
    help: str


def refusals(objective: tuple[str, ...], name: str, matcher: Matcher | None) -> Iterable[Refusal]:
    """Yield what is wrong with an objective for the matcher of a name; None is one that is not known.

    A matcher that does not say what it pursues is asked for whatever is declared.
    """
    if not objective or len(set(objective)) != len(objective):
        told = "an objective names each of its parts once, in the order in which they matter"
        yield Refusal("wrong-value", told, 'write objective = ["coverage", "total-score"]')
    elif isinstance(matcher, PursuesObjectives):
        yield from _by_matcher(objective, name, matcher)


def _by_matcher(objective: tuple[str, ...], name: str, matcher: PursuesObjectives) -> Iterable[Refusal]:
    pursued, whole = matcher.objectives, matcher.objectives or PLAIN_OBJECTIVE
    unknown = [one for one in objective if one not in whole]
    if unknown:
        told = f'the matcher "{name}" does not know the objective "{listed(unknown)}"'
        knows = f"it pursues {listed(whole)}" if pursued else "it pursues none: leave objective out"
        yield Refusal("unknown-objective", told, knows)
    elif matcher.in_this_order and objective != whole:
        told = f'the matcher "{name}" pursues {" before ".join(whole)} and nothing else'
        yield Refusal("objective-order", told, "write it so, or leave objective out")
    for early in best_by_nobody(objective):
        if early not in unknown:
            told = f'the objective "{early}" stands before "coverage": it would be reached best by matching nobody'
            yield Refusal("objective-order", told, f'write "coverage" before "{early}"')


def best_by_nobody(objective: tuple[str, ...]) -> tuple[str, ...]:
    """Return what stands before `coverage` although it would be reached best by matching nobody."""
    before = objective[: objective.index("coverage")] if "coverage" in objective else objective
    return tuple(name for name in _BEST_WITHOUT_PEOPLE if name in before)


def refuse(objective: tuple[str, ...], name: str, matcher: Matcher) -> None:
    """Check that a matcher may be asked for an objective.

    Raises:
        ProgramError: it may not.
    """
    found = tuple(refusals(objective, name, matcher))
    if found:
        raise ProgramError([error(one.code, one.message, path="matching.objective", help=one.help) for one in found])
