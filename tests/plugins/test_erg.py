from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from mentorkit.core.contracts import Scope
from mentorkit.core.errors import ProgramError
from mentorkit.core.problems import MatchingProblem
from mentorkit.core.roster import RosterFacts
from mentorkit.testing import a_group_problem, a_peer_problem, a_person, a_team_problem, a_two_sided_problem
from mentorkit_models.erg import Erg, ErgOptions

SCOPES = ("within", "cross", "open-to-allies")
groups = st.frozensets(st.sampled_from(("elk", "fox", "gnu", "owl")), max_size=3)
Allowed = set[tuple[str, str]]


def narrowed(scope: str, problem: MatchingProblem, of: dict[str, frozenset[str]]) -> MatchingProblem:
    people = {one: a_person(one, **({"erg": sets} if sets else {})) for one, sets in of.items()}
    return Erg().narrow(ErgOptions(scope), problem, people)  # type: ignore[arg-type]


def everybody(problem: MatchingProblem) -> list[str]:
    return [one for seating in problem.seatings.values() for one in seating.people]


def allowed(problem: MatchingProblem) -> Allowed:
    """Return who may be with whom, over all roles that are paired."""
    found: Allowed = set()
    for (first, second), pairs in problem.pairs.items():
        rows, columns = problem.seatings[first].people, problem.seatings[second].people
        block = pairs.scores(np.arange(len(rows)), np.arange(len(columns)))
        found |= {(rows[a], columns[b]) for a, b in zip(*np.nonzero(block >= 0), strict=True)}
    return found


def suits(scope: str, first: frozenset[str], second: frozenset[str], *, alike: bool) -> bool:
    """Return whether two people may be together, the first of them served, as the reference page says it."""
    if scope == "within":
        return bool(first & second)
    if scope == "cross":
        return bool(first - second) and bool(second - first)
    return bool(first | second) if alike else bool(first)


@given(st.sampled_from(SCOPES), st.lists(groups, min_size=3, max_size=3), st.lists(groups, min_size=4, max_size=4))
def test_mentors_and_mentees_are_together_exactly_as_the_scope_says(
    scope: str, mentees: list[frozenset[str]], mentors: list[frozenset[str]]
) -> None:
    problem = a_two_sided_problem([[500, -1, 300, 200], [100, 0, 700, 50], [900, 10, -1, 20]])
    of = {f"e{at}": one for at, one in enumerate(mentees)} | {f"m{at}": one for at, one in enumerate(mentors)}
    before, found = allowed(problem), narrowed(scope, problem, of)
    assert {(e, m) for e, m in before if suits(scope, of[e], of[m], alike=False)} == allowed(found)
    members_only = ("mentee",) if scope == "open-to-allies" else ("mentee", "mentor")
    assert all(of[one] for role in members_only for one in found.seatings[role].people)


@given(st.sampled_from(SCOPES), st.lists(groups, min_size=5, max_size=5))
def test_peers_are_together_exactly_as_the_scope_says(scope: str, sets: list[frozenset[str]]) -> None:
    problem = a_peer_problem(np.full((5, 5), 400))
    of = {f"p{at}": one for at, one in enumerate(sets)}
    expected = {(a, b) for a, b in product(of, of) if a != b and suits(scope, of[a], of[b], alike=True)}
    found = narrowed(scope, problem, of)
    assert expected == allowed(found)
    assert expected == {(b, a) for a, b in allowed(found)}


@given(st.sampled_from(SCOPES), st.lists(groups, min_size=4, max_size=4))
def test_the_sums_say_the_same_as_the_scores(scope: str, sets: list[frozenset[str]]) -> None:
    """Matchers look through all pairs of large problems by sums."""
    problem = a_peer_problem(np.full((4, 4), 400))
    scores = narrowed(scope, problem, {f"p{at}": one for at, one in enumerate(sets)}).pairs["peer", "peer"]
    sums = scores.sums()
    assert sums is not None
    size = np.arange(scores.shape[0])
    by_sums = np.ones(scores.shape, dtype=np.bool_)
    for part in sums.allowed:
        for code in part.codes.T:
            by_sums &= np.where(code[:, None] >= 0, part.numbers(code), 1).astype(np.bool_)
    assert np.array_equal(scores.scores(size, size) >= 0, by_sums)


def test_groups_hold_only_members_of_whom_every_two_share_one() -> None:
    problem = a_group_problem(np.full((3, 2), 500), mentees_apart=[(0, 1)])
    of = {"e0": {"elk"}, "e1": {"fox"}, "e2": {"elk", "fox"}, "m0": {"elk"}, "m1": set()}
    found = narrowed("within", problem, {one: frozenset(sets) for one, sets in of.items()})
    assert ("m0",) == found.seatings["mentor"].people
    assert {("e0", "m0"), ("e2", "m0")} == {pair for pair in allowed(found) if "m" in pair[1]}
    among_mentees = {frozenset(pair) for pair in allowed(found) if "m" not in pair[1]}
    assert {frozenset({"e0", "e2"}), frozenset({"e1", "e2"})} == among_mentees


@pytest.mark.parametrize(("scope", "juniors"), [("within", 1), ("cross", 1), ("open-to-allies", 1)])
def test_it_narrows_a_model_of_three_roles_that_it_has_never_heard_of(scope: str, juniors: int) -> None:
    scores = {("junior", "manager"): np.full((2, 2), 500), ("junior", "executive"): np.full((2, 2), 500)}
    problem = a_team_problem({"executive": 1, "manager": 1, "junior": 1}, scores, ["junior"])
    of = {one: frozenset({"elk"}) for one in everybody(problem)} | {"junior1": frozenset(), "manager1": frozenset()}
    found = narrowed(scope, problem, of)
    assert juniors == len(found.seatings["junior"].people)
    assert (2 if scope == "open-to-allies" else 1) == len(found.seatings["manager"].people)


def test_members_may_be_those_who_offer() -> None:
    """So it is where juniors teach executives, and the juniors are to be heard."""
    problem = a_two_sided_problem(np.full((2, 2), 500))
    people = {
        one: a_person(one, **({"erg": frozenset({"elk"})} if one in ("e0", "m1") else {})) for one in everybody(problem)
    }
    found = Erg().narrow(ErgOptions("open-to-allies", members=("mentor",)), problem, people)
    assert {("e0", "m1"), ("e1", "m1")} == allowed(found)
    with pytest.raises(ProgramError, match="mentors"):
        Erg().narrow(ErgOptions("open-to-allies", members=("mentors",)), problem, people)
    with pytest.raises(ValueError, match="leave members out"):
        ErgOptions("cross", members=("mentor",))


@pytest.mark.parametrize("scope", SCOPES)
def test_where_nobody_is_a_member_nobody_is_matched(scope: str) -> None:
    problem = a_peer_problem(np.full((3, 3), 400))
    assert set() == allowed(narrowed(scope, problem, dict.fromkeys(everybody(problem), frozenset())))


def test_what_it_refuses_has_its_name_and_no_groups() -> None:
    problem = narrowed("within", a_peer_problem(np.full((2, 2), 400)), {"p0": frozenset("a"), "p1": frozenset("b")})
    only = np.arange(1)
    assert {"erg", "forbidden"} == set(problem.pairs["peer", "peer"].blocked_by(only, only))


def test_it_reads_the_groups_and_the_consent() -> None:
    assert isinstance(Erg(), Scope)
    columns: Sequence[str] = Erg().columns(ErgOptions())
    assert ("erg", "erg_consent") == columns
    assert ErgOptions() == evolve(ErgOptions("cross"), scope="within")


def test_it_suits_belonging_and_needs_members_who_agreed() -> None:
    some = RosterFacts(10, filled={"erg": 0.3, "erg_consent": 0.3}, members=0.3)

    assert {"inclusion": 3, "quick-win": 0} == Erg().fit(["inclusion", "quick-win"], some).goals
    assert ((), ()) == (Erg().fit([], some).gates, Erg().fit([], some).lacks)
    few = Erg().fit([], RosterFacts(10, filled={"erg": 0.3}, members=0.0))
    assert few.blocked
    assert ["erg_consent"] == [one.what for one in few.lacks]
