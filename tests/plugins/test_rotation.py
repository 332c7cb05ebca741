from __future__ import annotations

from collections import Counter
from itertools import combinations

import numpy as np
import pytest
import rustworkx
from attrs import evolve

from mentorkit.core.contracts import Side
from mentorkit.core.matching.certifying import certify
from mentorkit.core.problems import MatchingProblem
from mentorkit.core.shapes import Peers, Played
from mentorkit.testing import MatrixScores, a_peer_problem
from mentorkit_matchers.rotation import Rotation
from mentorkit_matchers.rotation.seats import seat_pairs, turns_of_seats
from mentorkit_matchers.rotation.trio_table import NEVER, seat_trios, trio_cycle, turns_of_trio_seats

SIDES: dict[str, Side] = {"peer": "peer"}


def a_circle(people, rounds=(), odd="leave-out", seed=7, forbidden=(), tenths=None) -> MatchingProblem:
    """Return the problem of the round after some rounds, for people in an order that changes with every round."""
    order = [people[number] for number in np.random.default_rng(len(rounds)).permutation(len(people))]
    matrix = np.full((len(order), len(order)), 500) if tenths is None else tenths
    for one, other in forbidden:
        if one in order and other in order:
            low, high = sorted((order.index(one), order.index(other)))
            matrix[low, high] = -1
    problem = a_peer_problem(matrix, seed=seed, details=Peers(odd, tuple(rounds)))
    return evolve(problem, seatings={"peer": evolve(problem.seatings["peer"], people=tuple(order))})


def the_next(problem: MatchingProblem) -> tuple[Played, dict[str, int]]:
    solution = Rotation().solve(None, problem)
    groups, _ = certify(problem, solution, lambda group: list(combinations(group, 2)), SIDES, "rotation of tests")
    return tuple(tuple(member.person for member in group.members) for group in groups), dict(solution.extra)


def pairs_of(played: Played) -> set[frozenset[str]]:
    return {frozenset(pair) for group in played for pair in combinations(group, 2)}


@pytest.mark.parametrize("size", [*range(2, 41), 75, 100])
def test_everybody_meets_everybody_once_before_anybody_meets_again(size):
    people = [f"p{number}" for number in range(size)]
    rounds: list[Played] = []
    met: set[frozenset[str]] = set()
    out: list[str] = []
    for _ in range(size - 1 + size % 2):
        played, extra = the_next(a_circle(people, rounds))
        assert not met & pairs_of(played)
        assert 0 == extra["repeats"]
        met |= pairs_of(played)
        out += sorted(set(people) - {one for group in played for one in group})
        rounds.append(played)
    assert size * (size - 1) // 2 == len(met)
    assert (sorted(people) if size % 2 else []) == sorted(out)


def test_after_everybody_has_met_the_oldest_pairs_meet_again():
    people = [f"p{number}" for number in range(8)]
    rounds: list[Played] = []
    for _ in range(16):
        rounds.append(the_next(a_circle(people, rounds))[0])
    assert [pairs_of(one) for one in rounds[:7]] == [pairs_of(one) for one in rounds[7:14]]


def most_pairs(people, allowed) -> int:
    graph = rustworkx.PyGraph()
    graph.add_nodes_from(people)
    graph.add_edges_from([(*pair, None) for pair in combinations(range(len(people)), 2) if allowed(*pair)])
    return len(rustworkx.max_weight_matching(graph, max_cardinality=True))


@pytest.mark.parametrize("seed", range(8))
def test_with_joiners_and_leavers_nobody_meets_again_until_it_is_forced(seed):
    randomly = np.random.default_rng(seed)
    people = [f"p{number}" for number in range(int(randomly.integers(4, 12)))]
    forbidden = [tuple(pair) for pair in combinations(people, 2) if randomly.random() < 0.1]
    rounds: list[Played] = []
    met: dict[frozenset[str], int] = {}
    free_of_repeats = 0
    for number in range(14):
        played, _ = the_next(a_circle(people, rounds, forbidden=forbidden, seed=seed))
        together = pairs_of(played)
        apart = {frozenset(pair) for pair in forbidden}
        assert not together & apart

        def possible(one, other, since=None, people=people, apart=apart):
            pair = frozenset((people[one], people[other]))
            return pair not in apart and (since is None or met.get(pair, -1) < since)

        everybody, strangers = most_pairs(people, possible), most_pairs(people, lambda a, b: possible(a, b, 0))
        assert everybody == len(together)
        repeats = [met[pair] for pair in together if pair in met]
        assert (strangers == everybody) == (not repeats)
        if repeats and len(people) % 2 == 0:
            latest = max(repeats)
            assert most_pairs(people, lambda a, b, latest=latest: possible(a, b, latest)) < everybody
        free_of_repeats += not repeats
        met.update(dict.fromkeys(together, number))
        rounds.append(played)
        if randomly.random() < 0.5:
            people = [one for one in people if one != people[int(randomly.integers(len(people)))] or len(people) < 4]
        if randomly.random() < 0.5:
            people = [*people, f"p{100 + number}"]
    assert free_of_repeats >= 3


def most_first_meetings(people, apart, met) -> int | None:
    """Return how many first meetings a round with one trio can have in which everybody is; None if there is none."""
    graph = rustworkx.PyGraph()
    graph.add_nodes_from(people)
    pairs = [
        pair for pair in combinations(range(len(people)), 2) if frozenset(people[one] for one in pair) not in apart
    ]
    new = {pair: frozenset(people[one] for one in pair) not in met for pair in pairs}
    graph.add_edges_from([(*pair, 1 + int(first)) for pair, first in new.items()])
    best = None
    for trio in combinations(range(len(people)), 3):
        sides = list(combinations(trio, 2))
        if not all(side in new for side in sides):
            continue
        rest = graph.subgraph([one for one in range(len(people)) if one not in trio])
        found = rustworkx.max_weight_matching(rest, max_cardinality=True, weight_fn=int)
        if len(found) * 2 == len(people) - 3:
            worth = sum(new[side] for side in sides) + sum(rest.get_edge_data(*pair) - 1 for pair in found)
            best = max(worth, best or 0)
    return best


@pytest.mark.parametrize("size", range(3, 32, 2))
def test_with_trios_nobody_meets_again_for_as_many_rounds_as_there_can_be_and_then_as_few_as_can_be(size):
    people = [f"p{number}" for number in range(size)]
    rounds: list[Played] = []
    met: set[frozenset[str]] = set()
    most = size * (size - 1) // (size + 3) if size >= 9 else {3: 1, 5: 1, 7: 3}[size]
    for number in range(most + 3):
        played, extra = the_next(a_circle(people, rounds, "trio"))
        assert [2] * ((size - 3) // 2) + [3] == sorted(len(group) for group in played)
        first = pairs_of(played) - met
        assert (size + 3) // 2 - len(first) == extra["repeats"]
        assert number >= most or 0 == extra["repeats"]
        assert number < most or most_first_meetings(people, set(), met) == len(first)
        met |= first
        rounds.append(played)


@pytest.mark.parametrize(("size", "most"), [(3, 1), (5, 1), (7, 3)])
def test_few_people_have_no_more_rounds_with_trios_without_a_repeat(size, most):
    def with_pairs(rest):
        if not rest:
            return [[]]
        one, *others = rest
        return [[(one, two), *more] for two in others for more in with_pairs([x for x in others if x != two])]

    def longest(taken, possible):
        later = [longest(taken | one, [two for two in possible if not two & (taken | one)]) for one in possible]
        return 1 + max(later, default=-1)

    rounds = [
        pairs_of([trio, *pairs])
        for trio in combinations(range(size), 3)
        for pairs in with_pairs([one for one in range(size) if one not in trio])
    ]
    assert most == 1 + longest(rounds[0], [one for one in rounds if not one & rounds[0]])


@pytest.mark.parametrize("seed", range(8))
def test_trios_of_joiners_and_leavers_bring_as_many_first_meetings_as_can_be(seed):
    randomly = np.random.default_rng(seed)
    people = [f"p{number}" for number in range(int(randomly.integers(5, 14)))]
    apart = {frozenset(pair) for pair in combinations(people, 2) if randomly.random() < 0.1}
    rounds: list[Played] = []
    met: set[frozenset[str]] = set()
    odd = 0
    for number in range(14):
        played, _ = the_next(a_circle(people, rounds, "trio", seed, [tuple(pair) for pair in apart]))
        together = pairs_of(played)
        assert not together & apart
        most = most_first_meetings(people, apart, met) if len(people) % 2 else None
        if most is not None:
            odd += 1
            assert len(people) == sum(len(group) for group in played)
            assert most == len(together - met)
        met |= together
        rounds.append(played)
        if randomly.random() < 0.3 and len(people) > 4:
            people = [one for one in people if one != people[int(randomly.integers(len(people)))]]
        if randomly.random() < 0.3:
            people = [*people, f"p{100 + number}"]
    assert odd >= 3


@pytest.mark.parametrize(("size", "rounds_without"), [(30, 25), (76, 50)])
def test_who_joins_when_no_seat_is_free_is_not_the_third_in_every_round(size, rounds_without):
    people = [f"p{number}" for number in range(size)]
    rounds = [the_next(a_circle(people, (), "trio"))[0]]
    trios: Counter[str] = Counter()
    for _ in range(rounds_without):
        played, extra = the_next(a_circle([*people, "joiner"], rounds, "trio"))
        assert 0 == extra["repeats"]
        trios.update(one for group in played for one in group if len(group) == 3)
        rounds.append(played)
    assert 3 * rounds_without == trios.total()
    assert 5 >= max(trios.values())
    assert 1 <= trios["joiner"]


@pytest.mark.parametrize("seats", [3, 5, 7, 9, 11, 13, 31, 101])
def test_the_turn_of_two_seats_is_the_one_in_which_they_are_in_a_pair_or_the_trio(seats):
    met: list[tuple[int, int]] = []
    for number in range(trio_cycle(seats)):
        groups = seat_trios(seats, number)
        assert list(range(seats)) == sorted(seat for group in groups for seat in group)
        pairs = [pair for group in groups for pair in combinations(group, 2)]
        first, second = np.array(pairs).T
        assert {number} == set(turns_of_trio_seats(seats, first, second).tolist())
        assert {number} == set(turns_of_trio_seats(seats, second, first).tolist())
        met += [(min(pair), max(pair)) for pair in pairs]
    assert len(met) == len(set(met))
    never = np.array(sorted(set(combinations(range(seats), 2)) - set(met)), dtype=np.int64).reshape(-1, 2)
    assert {NEVER} >= set(turns_of_trio_seats(seats, never[:, 0], never[:, 1]).tolist())


def test_somebody_who_takes_a_leavers_seat_meets_whom_the_leaver_would_have_met():
    people = [f"p{number}" for number in range(20)]
    rounds: list[Played] = []
    met: set[frozenset[str]] = set()
    for number in range(19):
        if number in (5, 9):
            people = [*people[1:], f"n{number}"]
        played, extra = the_next(a_circle(people, rounds))
        assert 10 == len(played)
        assert 0 == extra["repeats"]
        assert not met & pairs_of(played)
        met |= pairs_of(played)
        rounds.append(played)


def test_who_was_left_out_the_longest_ago_is_left_out_unless_somebody_would_meet_again():
    people = [f"p{number}" for number in range(9)]
    rounds: list[Played] = []
    met: set[frozenset[str]] = set()
    out: dict[str, int] = {}
    for number in range(8):
        if number in (2, 5):
            people = [*people[1:], f"n{number}"]
        played, extra = the_next(a_circle(people, rounds))
        (alone,) = set(people) - {one for group in played for one in group}
        assert 0 == extra["repeats"]
        for other in people:
            if out.get(other, -1) < out.get(alone, -1) and not other.startswith("n"):
                rest = [one for one in people if one != other]

                def strangers(one, two, rest=rest, met=met):
                    return frozenset((rest[one], rest[two])) not in met

                assert most_pairs(rest, strangers) < 4
        met = met | pairs_of(played)
        out[alone] = number
        rounds.append(played)


def test_pairs_that_must_meet_do_and_the_others_rotate():
    people = [f"p{number}" for number in range(6)]
    rounds: list[Played] = []
    for _ in range(3):
        problem = evolve(a_circle(people, rounds), required={("peer", "peer"): (("p0", "p1"),)})
        rounds.append(the_next(problem)[0])
    assert all(frozenset(("p0", "p1")) in pairs_of(played) for played in rounds)
    assert 6 == len(set().union(*map(pairs_of, rounds)) - {frozenset(("p0", "p1"))})


def test_scores_decide_only_where_the_table_does_not():
    people = ["a", "b", "c", "d"]
    tenths = np.zeros((4, 4), dtype=int)
    first, _ = the_next(a_circle(people, tenths=tenths))
    problem = a_circle(people, tenths=tenths)
    order = problem.seatings["peer"].people
    other = np.array([[900 if frozenset((a, b)) not in pairs_of(first) else 0 for b in order] for a in order])
    np.fill_diagonal(other, -1)
    scored = evolve(problem, pairs={("peer", "peer"): MatrixScores(other.astype(np.int16))})
    assert pairs_of(first) == pairs_of(the_next(scored)[0])


@pytest.mark.parametrize("seats", [2, 4, 10, 26])
def test_the_turn_of_two_seats_is_the_one_in_which_they_are_opposite(seats):
    for number in range(seats - 1):
        first, second = np.array(seat_pairs(seats, number)).T
        assert {number} == set(turns_of_seats(seats, first, second).tolist())
