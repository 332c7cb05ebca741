"""The matcher `peers` against brute force, and what it proves against what there is."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.matching.certifying import Group, bound, certify, peer_pairs
from mentorkit.core.problems import Effort, MatchingProblem
from mentorkit.core.proofs import OddSet, PeerPrices, PeerProof, TrioPrices, TrioProof
from mentorkit.core.relationships import Certificate, Member
from mentorkit.core.shapes import Peers as Details
from mentorkit.testing import a_peer_problem
from mentorkit_matchers.peers import Peers, nearly, pricing, settling, whole


def every_two(members: Sequence[Member]) -> list[tuple[Member, Member]]:
    return list(combinations(members, 2))


def certified(problem: MatchingProblem) -> tuple[tuple[Group, ...], Certificate]:
    solution = Peers().solve(None, problem)
    return certify(problem, solution, every_two, {"peer": "peer"}, "peers of here")


def placed(problem: MatchingProblem) -> set[frozenset[str]]:
    return {frozenset(member.person for member in group.members) for group in certified(problem)[0]}


def the_best(problem: MatchingProblem) -> tuple[Any, Any]:
    """People and points of the best result, the objective's first one first, by trying everything."""
    seating = problem.seatings["peer"]
    everybody = np.arange(len(seating.people))
    tenths = problem.pairs["peer", "peer"].scores(everybody, everybody)
    fixed = {frozenset(seating.index[one] for one in pair) for pair in problem.required.get(("peer", "peer"), ())}
    free = [one for one in everybody.tolist() if seating.places[one] and not any(one in pair for pair in fixed)]
    details = problem.details or Details()
    points_first = problem.objective[0] == "total-score"

    def of(group: Sequence[int]) -> tuple[int, Fraction] | None:
        scores = [int(tenths[a, b]) for a, b in combinations(group, 2)]
        if min(scores) < 0:
            return None
        return sum(not seating.covered[one] for one in group), Fraction(sum(scores), len(group) - 1)

    def best(left: tuple[int, ...], trio: bool, pairs: tuple[frozenset[int], ...]) -> tuple[Any, Any]:
        found = [(0, Fraction(0))]
        if pairs:
            pair, rest = tuple(pairs[0]), pairs[1:]
            joining = [(*pair, one) for one in left] if trio else []
            groups = [(pair, left, trio), *((group, tuple(set(left) - {group[2]}), False) for group in joining)]
            found = []
        elif left:
            one, others, rest = left[0], left[1:], ()
            found = [best(others, trio, ())]
            groups = [((one, other), tuple(set(others) - {other}), trio) for other in others]
            if trio:
                groups += [((one, *two), tuple(set(others) - set(two)), False) for two in combinations(others, 2)]
        else:
            return found[0]
        for group, remaining, still in groups:
            worth = of(group)
            if worth is not None:
                people, points = best(tuple(sorted(remaining)), still, rest)
                found.append((people + worth[0], points + worth[1]))
        return max(found, key=lambda one: one[::-1] if points_first else one)

    people, tenths_of_points = best(tuple(free), details.odd == "trio" and len(free) % 2 == 1, tuple(fixed))
    return people, float(tenths_of_points) / 10


@st.composite
def problems(draw: st.DrawFn) -> MatchingProblem:
    size = draw(st.integers(0, 9))
    allowed = draw(st.sampled_from((0.3, 0.6, 1.0)))
    most = draw(st.sampled_from((1, 4, 1000)))
    random = np.random.default_rng(draw(st.integers(0, 10**6)))
    tenths = random.integers(0, most + 1, (size, size))
    tenths[random.random((size, size)) > allowed] = -1
    if draw(st.booleans()):
        island = np.sort(random.integers(0, 3, size))
        tenths[island[:, None] != island] = -1
    problem = a_peer_problem(
        tenths.reshape(size, size),
        places=random.choice((0, 1, 1, 1, 1, 2), size),
        covered=random.random(size) < draw(st.sampled_from((0.0, 0.3))),
        details=draw(st.sampled_from((None, Details("trio"), Details("leave-out")))),
        objective=draw(st.sampled_from((("coverage", "total-score"), ("total-score", "coverage")))),
        seed=draw(st.integers(0, 9)),
    )
    return with_required(problem, draw(st.integers(0, 2)))


def with_required(problem: MatchingProblem, most: int) -> MatchingProblem:
    seating = problem.seatings["peer"]
    people = np.arange(len(seating.people))
    tenths = problem.pairs["peer", "peer"].scores(people, people)
    pairs: list[tuple[str, str]] = []
    for a, b in combinations(people.tolist(), 2):
        taken = {one for pair in pairs for one in pair}
        names = seating.people[a], seating.people[b]
        if len(pairs) < most and tenths[a, b] >= 0 and seating.places[[a, b]].all() and not taken & set(names):
            pairs.append(names)
    return evolve(problem, required={("peer", "peer"): tuple(pairs)})


@settings(max_examples=300, deadline=None)
@given(problems())
def test_as_good_as_trying_everything_and_proven(problem: MatchingProblem) -> None:
    certificate = certified(problem)[1]
    people, points = the_best(problem)
    assert (people, pytest.approx(points)) == (certificate.matched, certificate.total_score)
    assert certificate.matched_bound is not None
    assert certificate.total_score_bound is not None
    if problem.objective[0] == "coverage":
        assert (people, points) <= (certificate.matched_bound, certificate.total_score_bound)
    else:
        assert (points, people) <= (certificate.total_score_bound, certificate.matched_bound)


def a_shape(shape: str, size: int, seed: int) -> MatchingProblem:
    """A problem with something about it that is hard for matchings."""
    random = np.random.default_rng(seed)
    tenths = random.integers(0, 4 if shape == "ties" else 1001, (size, size))
    if shape == "near":
        places = random.random((size, 2))
        far = np.hypot(*(places[:, None] - places).transpose(2, 0, 1))
        tenths = np.maximum(1000 - 3000 * far, 0).astype(np.int64)
    if shape == "islands":
        island = np.repeat(np.arange(size), random.choice((3, 5, 7), size))[:size]
        tenths[island[:, None] != island] = -1
    if shape == "sparse":
        tenths[random.random((size, size)) > 4 / size] = -1
    if shape == "one department":
        department = np.where(random.random(size) < 0.6, 0, random.integers(1, 6, size))
        tenths[department[:, None] == department] = -1
    return a_peer_problem(tenths, details=Details("leave-out"), seed=seed)


SHAPES = ("any", "ties", "near", "islands", "sparse", "one department")


def by_rustworkx(problem: MatchingProblem) -> tuple[int, float]:
    rustworkx = pytest.importorskip("rustworkx")
    everybody = np.arange(len(problem.seatings["peer"].people))
    tenths = problem.pairs["peer", "peer"].scores(everybody, everybody)
    graph = rustworkx.PyGraph(multigraph=False)
    graph.add_nodes_from(everybody.tolist())
    low, high = np.nonzero(np.triu(tenths >= 0))
    graph.add_edges_from(list(zip(low.tolist(), high.tolist(), tenths[low, high].tolist(), strict=True)))
    pairs = rustworkx.max_weight_matching(graph, max_cardinality=True, weight_fn=int)
    return 2 * len(pairs), sum(int(tenths[one, other]) for one, other in pairs) / 10


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("size", [120, 151])
def test_as_good_as_another_exact_solver_whatever_the_shape(shape: str, size: int) -> None:
    problem = a_shape(shape, size, seed=size)
    certificate = certified(problem)[1]
    assert by_rustworkx(problem) == (certificate.matched, pytest.approx(certificate.total_score))
    assert (True, 0.0) == (certificate.exact, certificate.gap)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_trio_is_proven_to_be_the_best(shape: str) -> None:
    problem = a_shape(shape, 91, seed=1)
    certificate = certified(evolve(problem, details=Details("trio")))[1]
    assert (True, 0.0) == (certificate.exact, certificate.gap)
    assert certificate.matched >= certified(problem)[1].matched


@pytest.mark.parametrize("shape", SHAPES)
def test_many_people_are_looked_through_by_the_structure_of_the_sets(
    shape: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem = a_shape(shape, 101, seed=2)
    expected = certified(problem)[1]
    monkeypatch.setattr(pricing, "_FEW", 2)
    monkeypatch.setattr(peer_pairs, "_LARGE", 4)
    assert expected == certified(problem)[1]
    monkeypatch.setattr(peer_pairs, "_LARGE", 60)
    monkeypatch.setattr(peer_pairs, "_MANY", 0)
    assert expected == certified(problem)[1]


@pytest.mark.parametrize("shape", SHAPES)
def test_of_very_many_people_it_is_proven_how_little_is_missing(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = a_shape(shape, 120, seed=5)
    best = certified(problem)[1]
    monkeypatch.setattr(settling, "_EXACTLY", 0)
    monkeypatch.setattr(nearly, "ENOUGH", 0.02)
    monkeypatch.setattr(settling, "ENOUGH", 0.02)
    found = certified(problem)[1]
    assert (best.matched, best.matched) == (found.matched, found.matched_bound)
    assert found.total_score <= best.total_score <= found.total_score_bound <= 1.02 * found.total_score


@pytest.mark.parametrize("missing", [("ortools",), ("numba", "ortools")])
def test_as_good_without_optional_packages(missing: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    problem = a_shape("near", 80, seed=3)
    expected = certified(problem)[1]
    for name in missing:
        monkeypatch.setitem(sys.modules, name, None)
    assert expected == certified(problem)[1]


@pytest.mark.uncounted
def test_the_compiled_search_does_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    problem = a_shape("near", 81, seed=4)
    expected = placed(problem)
    monkeypatch.setattr(whole, "_WORTH_COMPILING", 0)
    assert expected == placed(problem)


@pytest.mark.parametrize("patience", [0, 1, 3, 6])
@pytest.mark.parametrize("odd", ["trio", "leave-out"])
def test_stopped_early_it_is_valid_and_says_what_is_missing_at_most(patience: int, odd: Any) -> None:
    problem = evolve(a_shape("near", 151, seed=5), details=Details(odd))
    best = certified(problem)[1]
    asked = iter(range(10**6))
    stopped = certified(evolve(problem, effort=Effort(over=lambda: next(asked) >= patience)))[1]
    assert not stopped.exact
    assert stopped.matched_bound is not None
    assert stopped.total_score_bound is not None
    assert (best.matched, best.total_score) <= (stopped.matched_bound, stopped.total_score_bound)
    assert (stopped.matched, stopped.total_score) <= (best.matched, best.total_score)
    assert stopped.matched > 140


def test_the_same_seed_gives_the_same_result() -> None:
    problem = a_shape("ties", 60, seed=6)
    assert placed(problem) == placed(problem)


def test_somebody_joins_a_required_pair_if_that_is_best() -> None:
    tenths = [[-1, 600, 500], [-1, -1, 400], [-1, -1, -1]]
    problem = a_peer_problem(tenths, required={("peer", "peer"): (("p0", "p1"),)})
    groups, certificate = certified(problem)
    assert [("p0", "p1", "p2")] == [tuple(member.person for member in group.members) for group in groups]
    assert (3, 75.0, 75.0, True) == (
        certificate.matched,
        certificate.total_score,
        certificate.total_score_bound,
        certificate.exact,
    )


def test_two_required_pairs_of_one_person_both_stand() -> None:
    tenths = [[-1, 600, 500, 10], [-1, -1, 400, 10], [-1, -1, -1, 10], [-1] * 4]
    problem = a_peer_problem(tenths, places=[2, 1, 1, 1], required={("peer", "peer"): (("p0", "p1"), ("p2", "p0"))})
    leaving = evolve(problem, details=Details("leave-out"))
    assert {frozenset({"p0", "p1"}), frozenset({"p0", "p2"})} == placed(leaving)
    assert 3 == certified(leaving)[1].matched


def refused(proof: PeerProof) -> str:
    with pytest.raises(ValueError, match=r"^has ") as raised:
        bound(a_peer_problem([[-1, 5, 5], [-1, -1, 5], [-1, -1, -1]]), proof)
    return str(raised.value)


GAINS = {"coverage": 3000, "total-score": 1}
NOTHING = PeerPrices(np.zeros(3, dtype=np.int64))


def test_numbers_that_are_no_proof_are_refused() -> None:
    def with_set(people: list[int], worth: int) -> PeerProof:
        about = PeerPrices(np.zeros(3, dtype=np.int64), (OddSet(np.array(people, dtype=np.int64), worth),))
        return PeerProof(about, GAINS, TrioProof(NOTHING))

    assert "prices" in refused(PeerProof(PeerPrices(np.array([1, -1, 0])), GAINS, TrioProof(NOTHING)))
    assert "prices" in refused(PeerProof(PeerPrices(np.array([1])), GAINS, TrioProof(NOTHING)))
    assert "gains" in refused(PeerProof(NOTHING, {"coverage": 1}, TrioProof(NOTHING)))
    assert "gains" in refused(PeerProof(NOTHING, {"coverage": 1, "total-score": 0}, TrioProof(NOTHING)))
    assert "trios" in refused(PeerProof(NOTHING, GAINS))
    for people, worth in (([0, 1], 2), ([0, 1, 1], 2), ([0, 1, 2], 1), ([0, 1, 2], -2)):
        assert "odd" in refused(with_set(people, worth))
    assert "not to be paired" in refused(with_set([0, 1, 3], 2))
    trio = TrioProof(NOTHING, (TrioPrices((0, 1, 1), NOTHING),))
    assert "not there" in refused(PeerProof(NOTHING, GAINS, trio))


@settings(max_examples=150, deadline=None)
@given(problems(), st.integers(0, 10**6), st.sampled_from((2, 256)), st.sampled_from((0, 20_000_000)))
def test_any_numbers_prove_something_true(problem: MatchingProblem, seed: int, large: int, many: int) -> None:
    """Prices and sets drawn by chance bound what is possible: the core never trusts them."""
    random = np.random.default_rng(seed)
    solution = Peers().solve(None, problem)
    assert isinstance(solution.proof, PeerProof)

    def shaken(about: PeerPrices) -> PeerPrices:
        moved = np.maximum(about.prices + random.integers(-9, 10, len(about.prices)), 0)
        sets = tuple(OddSet(one.people, one.worth + 2 * int(random.integers(0, 9))) for one in about.sets)
        return PeerPrices(moved, sets[: random.integers(0, 9)])

    trio = solution.proof.trio
    if trio:
        single = tuple(TrioPrices(one.people, shaken(one.others)) for one in trio.single)
        trio = TrioProof(shaken(trio.all_trios), single)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(peer_pairs, "_LARGE", large)
        patch.setattr(peer_pairs, "_MANY", many)
        most = bound(problem, PeerProof(shaken(solution.proof.pairs), solution.proof.gains, trio))
    people, points = the_best(problem)
    possible, there = (most.people, float(most.tenths) / 10), (people, points)
    if problem.objective[0] == "total-score":
        possible, there = possible[::-1], there[::-1]
    assert there <= possible
