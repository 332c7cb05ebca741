"""A model, a matcher and a scope that the core has never heard of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from attrs import evolve

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.errors import PluginError, ProgramError
from mentorkit.core.history import History
from mentorkit.core.matching.solving import match
from mentorkit.core.problems import solution_of
from mentorkit.core.program import CriterionUse, ModelUse, Program, RuleUse, Use
from mentorkit.core.relationships import Matching, Reason, Spare, Unmatched
from mentorkit.core.roster import Person
from mentorkit.plugin_loading import build_catalogue, with_plugin_files
from mentorkit.presenting.matching_json import match_json
from mentorkit.testing import a_person, a_program, a_roster
from mentorkit_criteria.seniority import SeniorityGapOptions

PLUGIN = Path(__file__).with_name("triangle_plugin.py")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return with_plugin_files(build_catalogue(), [(PLUGIN, "triangle_plugin.py")])


def a_triangle(catalogue: Catalogue, *rules: RuleUse, scope: dict[str, Any] | None = None) -> Program:
    tagged = catalogue.scopes["tagged"].implementation.options
    assert tagged is not None
    matcher = catalogue.matchers["first-fit"].implementation
    assert matcher.options is not None
    roles = catalogue.models["triangle"].implementation.roles
    program = a_program(model=ModelUse(Use("triangle"), Use("tagged", tagged(**scope)) if scope else None, roles))
    criteria = (
        CriterionUse("site", "same", 1, "site", "site", ("junior", "manager")),
        CriterionUse("field", "same", 3, "field", "field", ("executive", "junior")),
    )
    use = evolve(program.matching, matcher=Use("first-fit", matcher.options()), criteria=criteria, rules=rules)
    return evolve(program, matching=use)


def people() -> list[Person]:
    def one(person: str, role: str, level: int, site: str, *tags: str) -> Person:
        return a_person(person, role, level=level, site=site, field="law", groups=frozenset(tags))

    return [
        one("x1", "executive", 6, "Oslo", "pride"),
        one("x2", "executive", 6, "Rome", "pride"),
        one("g1", "manager", 4, "Rome", "pride"),
        one("g2", "manager", 3, "Lima"),
        one("j1", "junior", 1, "Kyiv", "pride"),
        one("j2", "junior", 3, "Rome", "pride"),
        one("j3", "junior", 5, "Nuuk"),
    ]


def matched(program: Program, catalogue: Catalogue, everybody: list[Person] | None = None) -> Matching:
    return match(program, a_roster(*(everybody or people())), catalogue, History()).matching


def test_three_roles_come_out_as_teams_with_a_certificate(catalogue: Catalogue) -> None:
    gap = RuleUse("gap", "seniority-gap", SeniorityGapOptions(at_least=1))
    matching = matched(a_triangle(catalogue, gap), catalogue)
    teams = [tuple(member.role for member in one.members) for one in matching.relationships]
    assert [("executive", "manager", "junior")] * 2 == teams
    assert {"j1", "j2"} == {one.people("junior")[0] for one in matching.relationships}
    assert {50.0, 100.0} == {one.score for one in matching.relationships}
    assert (Unmatched("j3", "junior", (Reason("capacity", 2), Reason("gap", 2))),) == matching.unmatched
    assert () == matching.spare
    certificate = matching.certificate
    assert ("first-fit", False, 2, None, None, None) == (
        certificate.matcher,
        certificate.exact,
        certificate.matched,
        certificate.matched_bound,
        certificate.total_score_bound,
        certificate.gap,
    )
    assert sum(one.score for one in matching.relationships) == certificate.total_score


def test_the_same_keys_as_every_model(catalogue: Catalogue) -> None:
    gap = RuleUse("gap", "seniority-gap", SeniorityGapOptions(at_least=1))
    matching = matched(a_triangle(catalogue, gap), catalogue)
    document = match_json(matching, catalogue.models["triangle"].implementation.roles)
    first = document["relationships"][0]
    assert ["id", "members", "mentors", "mentees", "peers", "score"] == list(first)
    assert [first["mentors"], first["mentees"], first["peers"]] == [
        [one["id"] for one in first["members"][:2]],
        [first["members"][2]["id"]],
        [],
    ]
    assert {
        "matcher": "first-fit",
        "exact": False,
        "matched": 2,
        "matched_bound": None,
        "total_score": matching.certificate.total_score,
        "total_score_bound": None,
        "gap": None,
        "pairs_checked": 0,
    } == document["certificate"]


def test_a_scope_around_it_keeps_people_and_forbids_pairs(catalogue: Catalogue) -> None:
    matching = matched(a_triangle(catalogue, scope={"column": "groups", "tag": "pride", "apart": "site"}), catalogue)
    (only,) = matching.relationships
    assert ("x1", "g1", "j1") == only.people()
    assert (
        Unmatched("j2", "junior", (Reason("apart", 2), Reason("capacity", 1), Reason("tagged", 1))),
        Unmatched("j3", "junior", (Reason("tagged", 4),)),
    ) == matching.unmatched
    assert {Spare("g2", "manager", 1), Spare("x2", "executive", 1)} == set(matching.spare)


def test_rules_hold_between_every_two_members(catalogue: Catalogue) -> None:
    gap = RuleUse("gap", "seniority-gap", SeniorityGapOptions(at_least=3), between=("manager", "executive"))
    matching = matched(a_triangle(catalogue, gap), catalogue)
    assert {"g2"} == {one.people("manager")[0] for one in matching.relationships}


def test_its_mistakes_are_found_and_named(catalogue: Catalogue) -> None:
    class Careless(type(catalogue.matchers["first-fit"].implementation)):  # type: ignore[misc]
        def solve(self, options: Any, problem: Any) -> Any:
            return solution_of([[(0, 0), (1, 0), (2, 0)], [(0, 0), (1, 1), (2, 1)]])

    offer = catalogue.matchers["first-fit"]
    careless = evolve(catalogue, matchers={"first-fit": evolve(offer, implementation=Careless())})
    with pytest.raises(PluginError, match="first-fit of triangle_plugin") as raised:
        matched(a_triangle(catalogue), careless)
    assert "places executive" in str(raised.value)


def test_the_bundled_matcher_refuses_its_shape(catalogue: Catalogue) -> None:
    program = a_triangle(catalogue)
    program = evolve(program, matching=evolve(program.matching, matcher=Use("optimal")))
    with pytest.raises(ProgramError, match='"optimal" solves two-sided, not "teams"') as raised:
        matched(program, catalogue)
    assert "name a matcher that can: first-fit or teams" == raised.value.diagnostics[-1].help


def test_a_bundled_matcher_makes_its_teams_without_knowing_it(catalogue: Catalogue) -> None:
    gap = RuleUse("gap", "seniority-gap", SeniorityGapOptions(at_least=1))
    program = a_triangle(catalogue, gap)
    program = evolve(program, matching=evolve(program.matching, matcher=Use("teams")))
    found, first_fit = (matched(one, catalogue) for one in (program, a_triangle(catalogue, gap)))
    assert {"j1", "j2"} == {one.people("junior")[0] for one in found.relationships}
    assert found.certificate.total_score >= first_fit.certificate.total_score
    assert "HiGHS" == found.certificate.extra["proven_by"]
