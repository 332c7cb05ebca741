"""Which objectives a matcher may be asked for: what `check` says, and what nobody who calls `match` gets around."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve

from mentorkit.core.catalogue import Offer
from mentorkit.core.errors import ProgramError
from mentorkit.core.history import History
from mentorkit.core.matching.solving import match
from mentorkit.core.problems import MatchingProblem, Solution
from mentorkit.core.program import Use
from mentorkit.core.resolving.objectives import refusals
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import a_person, a_program, a_roster
from mentorkit_matchers.optimal import Optimal

CATALOGUE = build_catalogue()
PAIRS = a_roster(a_person("e1", "mentee"), a_person("m1", "mentor"))


def refused(matcher: str, *objective: str) -> list[tuple[str, str]]:
    found = refusals(objective, matcher, CATALOGUE.matchers[matcher].implementation)
    return [(one.code, one.help) for one in found]


@pytest.mark.parametrize("matcher", ["optimal", "peers", "slots", "groups", "teams", "stable", "random"])
def test_every_matcher_goes_with_people_before_points_and_with_nothing_that_it_does_not_pursue(matcher: str) -> None:
    assert [] == refused(matcher, "coverage", "total-score")
    assert ["unknown-objective"] == [code for code, _ in refused(matcher, "coverage", "spread")]
    assert ["wrong-value"] == [code for code, _ in refused(matcher)]
    assert ["wrong-value"] == [code for code, _ in refused(matcher, "coverage", "coverage")]


@pytest.mark.parametrize("matcher", ["groups", "teams"])
def test_a_matcher_of_one_order_goes_with_no_other(matcher: str) -> None:
    help_text = "write it so, or leave objective out"
    for objective in (("total-score", "coverage"), ("total-score",), ("coverage",)):
        assert [("objective-order", help_text)] == refused(matcher, *objective)


def test_what_would_be_reached_by_matching_nobody_is_refused() -> None:
    early = [("objective-order", f'write "coverage" before "{name}"') for name in ("worst-off", "even-load")]
    assert early[1:] == refused("optimal", "even-load", "coverage")
    assert early[:1] == refused("optimal", "worst-off")
    assert early == refused("optimal", "total-score", "even-load", "worst-off")


def test_a_matcher_is_never_asked_for_what_it_does_not_pursue() -> None:
    asked = []

    class Asked(Optimal):
        def solve(self, options: Any, problem: MatchingProblem) -> Solution:
            asked.append(problem.objective)
            return super().solve(options, problem)

    catalogue = evolve(CATALOGUE, matchers={"asked": Offer(Asked(), CATALOGUE.matchers["optimal"].origin)})
    program = a_program()
    program = evolve(program, matching=evolve(program.matching, matcher=Use("asked")))
    match(program, PAIRS, catalogue, History())
    assert [("coverage", "total-score")] == asked
    wrong = evolve(program, matching=evolve(program.matching, objective=("coverage", "spread")))
    with pytest.raises(ProgramError) as raised:
        match(wrong, PAIRS, catalogue, History())
    assert [("unknown-objective", "matching.objective")] == [(one.code, one.path) for one in raised.value.diagnostics]
    assert 1 == len(asked)
