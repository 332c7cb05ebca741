"""How fits and trials become a ranking; the expected value comes first."""

from __future__ import annotations

from typing import Any, cast

from mentorkit.core.advising import Advice, Option, Trial, advise, option_of, scoped
from mentorkit.core.contracts import Blend, Fit, Gate, MentoringModel, Modifier, Role, RosterFacts

ROLES = (Role("mentor", "mentor", served=False), Role("mentee", "mentee", served=True))
FACTS = RosterFacts(20, {"mentor": 10, "mentee": 10}, {"mentor": 10, "mentee": 10})
ALL = Trial(10, 10, 10, 50.0)
GOALS = {"leadership": 1.0, "networks": 1.0}


class Named:
    """As much of a model as a ranking asks for."""

    def __init__(self, name: str) -> None:
        self.name, self.summary = name, f"{name}s"


def option(name: str, fit: Fit, goals: dict[str, float] = GOALS, trial: Trial = ALL, **more: Any) -> Option:
    facts = more.pop("facts", FACTS)
    return option_of(cast("MentoringModel", Named(name)), goals, fit, facts, trial, roles=ROLES, **more)


def ranked(*options: Option, goals: dict[str, float] = GOALS) -> Advice:
    return advise(goals, options, people=20, columns={})


def names(advice: Advice) -> list[str]:
    return [one.name for one in advice.options]


def test_points_are_the_goals_mean_by_their_weights_and_the_modifiers() -> None:
    fit = Fit(0.0, goals={"leadership": 3, "networks": 0}, modifiers=(Modifier(-0.5, "short"),))

    assert (1.5, 1.0) == (option("a", fit).served, option("a", fit).points)
    assert 1.75 == option("a", fit, {"leadership": 3, "networks": 1}).points


def test_weights_decide_between_goals() -> None:
    leads, links = Fit(0, goals={"leadership": 3, "networks": 1}), Fit(0, goals={"leadership": 1, "networks": 2})
    heavy = {"leadership": 1.0, "networks": 5.0}

    assert ["leads", "links"] == names(ranked(option("leads", leads), option("links", links)))
    assert ["links", "leads"] == names(
        ranked(option("leads", leads, heavy), option("links", links, heavy), goals=heavy)
    )


def test_a_model_that_lists_no_goals_is_taken_by_its_score() -> None:
    assert 2.4 == option("third-party", Fit(0.8)).points


def test_what_a_gate_blocks_comes_last_whatever_its_points() -> None:
    good = Fit(1.0, gates=(Gate("places", "too few"),))

    advice = ranked(option("good", good), option("poor", Fit(0.1)))

    assert ["poor", "good"] == names(advice)
    assert advice.best is not None
    assert ("poor", None) == (advice.best.name, advice.runner_up)


def test_a_runner_up_serves_a_goal_and_has_points() -> None:
    best, leads = option("best", Fit(1.0)), Fit(0, goals={"leadership": 1, "networks": 0})
    none = Fit(0.0, goals={"leadership": 0, "networks": 0}, modifiers=(Modifier(1.0, "places"),))
    spent = Fit(0.2, modifiers=(Modifier(-0.6, "short"),))

    assert ranked(best, option("none", none), option("spent", spent)).runner_up is None
    second = ranked(best, option("none", none), option("leads", leads)).runner_up
    assert second is not None
    assert "leads" == second.name


def test_with_every_model_blocked_none_is_advised() -> None:
    assert ranked(option("a", Fit(1.0, gates=(Gate("places", "too few"),)))).best is None


def test_who_stays_without_anybody_costs_points_and_placing_nobody_is_a_gate() -> None:
    half = option("a", Fit(1.0), trial=Trial(10, 5, 5, 50.0))
    nobody = option("a", Fit(1.0), trial=Trial(10, 0, 0, None, "mentors offer 0 places"))

    assert 2.0 == half.points
    assert ["5 of 10 people stay without anybody"] == [one.because for one in half.fit.modifiers]
    assert [("trial", "nobody can be placed: mentors offer 0 places")] == [(g.name, g.says) for g in nobody.fit.gates]


def test_a_role_without_people_and_a_roster_too_small_are_gates_of_every_model() -> None:
    empty = RosterFacts(3, {"mentor": 0, "mentee": 3}, {})

    found = option("a", Fit(1.0), facts=empty, fewest=6)

    assert ["nobody takes part as mentor", "its template needs 6 people, and there are 3"] == [
        one.says for one in found.fit.gates
    ]


def test_a_scope_serves_goals_as_the_two_do_on_average_and_adds_its_gates() -> None:
    inner = option("peer", Fit(0.0, goals={"leadership": 1, "networks": 2}), trial=Trial(10, 5, 5))
    belonging = Fit(0.0, goals={"leadership": 2, "networks": 3}, gates=(Gate("members", "too few"),))

    found = scoped(inner, "erg", belonging, GOALS, Trial(4, 4, 2))

    assert ("erg + peer", 2.0, 2.0, False) == (found.name, found.served, found.points, found.possible)


def test_the_runner_up_is_another_model() -> None:
    peer = option("peer", Fit(0.9))
    around = scoped(peer, "erg", Fit(0.9), GOALS, ALL)

    advice = ranked(peer, around, option("group", Fit(0.5)))

    assert advice.runner_up is not None
    assert "group" == advice.runner_up.name


def test_blends_are_what_either_says_of_the_other_and_who_takes_the_overflow() -> None:
    best = option("pairs", Fit(1.0, blends=(Blend("group", "for the rest"), Blend("absent", "never"))))
    flash = option("flash", Fit(0.5, blends=(Blend("pairs", "an event first"),)))
    group = option("group", Fit(0.2))

    assert [("group", "for the rest"), ("flash", "an event first")] == [
        (one.model, one.how) for one in ranked(best, flash, group).blends
    ]


def test_a_model_that_places_more_takes_whom_the_best_one_leaves_over() -> None:
    best = option("pairs", Fit(1.0), trial=Trial(10, 9, 9))

    assert [Blend("group", "for the 1 person whom pairs leaves over")] == list(
        ranked(best, option("group", Fit(0.2))).blends
    )


def test_equal_ones_are_ranked_by_whom_they_place_then_by_name() -> None:
    names_of_equals = names(ranked(option("b", Fit(0.5)), option("a", Fit(0.5))))

    assert ["a", "b"] == names_of_equals
