from __future__ import annotations

from collections import Counter
from itertools import product

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.contracts import MatchingProblem
from mentorkit.core.matching.certifying import certify
from mentorkit.core.problems import Seating
from mentorkit.core.relationships import Certificate, Member
from mentorkit.core.shapes import Peers
from mentorkit.testing import MatrixScores, a_two_sided_problem
from mentorkit_matchers.by_chance import Random

SIDES = {"mentee": "mentee", "mentor": "mentor", "peer": "peer"}


def all_two(members: tuple[Member, ...]) -> list[tuple[Member, Member]]:
    found = [(a, b) for number, a in enumerate(members) for b in members[number + 1 :]]
    return [(a, b) if a.role == "mentee" or a.role == b.role else (b, a) for a, b in found]


def solved(problem: MatchingProblem) -> tuple[list[tuple[str, ...]], Certificate]:
    groups, certificate = certify(problem, Random().solve(None, problem), all_two, SIDES, "random of tests")  # type: ignore[arg-type]
    return sorted(tuple(sorted(one.person for one in group.members)) for group in groups), certificate


@st.composite
def problems(draw: st.DrawFn) -> MatchingProblem:
    rows, columns = draw(st.integers(0, 6)), draw(st.integers(0, 5))
    scores = st.sampled_from([-1, -1, 500])
    tenths = np.array(draw(st.lists(scores, min_size=rows * columns, max_size=rows * columns)), dtype=np.int16)
    tenths = tenths.reshape(rows, columns)
    required = [(f"e{i}", f"m{j}") for i, j in zip(*np.nonzero(tenths >= 0), strict=True)][:1]
    places = st.integers(1 if required else 0, 3)
    return a_two_sided_problem(
        tenths,
        draw(st.lists(places, min_size=rows, max_size=rows)),
        draw(st.lists(places, min_size=columns, max_size=columns)),
        required={("mentee", "mentor"): tuple(required)},
        seed=draw(st.integers(0, 9)),
    )


@settings(max_examples=150, deadline=None)
@given(problems())
def test_nobody_is_left_who_could_be_placed_with_somebody_free(problem: MatchingProblem) -> None:
    groups, certificate = solved(problem)
    used = Counter(person for group in groups for person in group)
    mentees, mentors = problem.seatings["mentee"], problem.seatings["mentor"]
    free = [
        [one for one, room in zip(seats.people, seats.places, strict=True) if used[one] < room]
        for seats in (mentees, mentors)
    ]
    scores = problem.pairs["mentee", "mentor"].scores(*map(np.arange, problem.pairs["mentee", "mentor"].shape))
    for a, b in product(*free):
        assert (a, b) in groups or scores[mentees.index[a], mentors.index[b]] < 0
    assert groups == solved(problem)[0]
    assert (None, None, False) == (certificate.matched_bound, certificate.total_score_bound, certificate.exact)


def test_everybody_gets_a_partner_before_anybody_a_second_and_seeds_differ() -> None:
    crowd = a_two_sided_problem(np.full((700, 300), 500), [3] * 700, [2] * 300)
    groups, certificate = solved(crowd)
    assert (600, 600) == (len(groups), certificate.matched)
    assert groups != solved(evolve(crowd, seed=1))[0]
    covered = np.arange(700) < 400
    late = evolve(crowd, seatings={**crowd.seatings, "mentee": evolve(crowd.seatings["mentee"], covered=covered)})
    assert 300 == solved(late)[1].matched


def peers(size: int, apart: set[tuple[int, int]], **changes: object) -> MatchingProblem:
    tenths = np.full((size, size), 500, dtype=np.int16)
    np.fill_diagonal(tenths, -1)
    for a, b in apart:
        tenths[a, b] = tenths[b, a] = -1
    people = tuple(f"p{number}" for number in range(size))
    seating = Seating("peer", True, people, np.ones(size, dtype=np.int64), np.zeros(size, dtype=np.bool_))
    problem = MatchingProblem(
        "peers", "match", {"peer": seating}, {("peer", "peer"): MatrixScores(tenths)}, details=Peers()
    )
    return evolve(problem, **changes)


@pytest.mark.parametrize("seed", range(5))
def test_peers_are_pairs_and_whoever_is_left_over_makes_a_trio(seed: int) -> None:
    sizes = Counter(map(len, solved(peers(7, set(), seed=seed))[0]))
    assert {2: 2, 3: 1} == sizes
    assert {2: 3} == Counter(map(len, solved(peers(7, set(), seed=seed, details=Peers(odd="leave-out")))[0]))
    assert {2: 4} == Counter(map(len, solved(peers(8, set(), seed=seed))[0]))
    hermit = {(0, other) for other in range(1, 7)}
    assert "p0" not in {person for group in solved(peers(7, hermit, seed=seed))[0] for person in group}
    (pair, trio) = sorted(
        solved(peers(5, {(0, 1), (2, 3)}, seed=seed, required={("peer", "peer"): (("p0", "p4"),)}))[0], key=len
    )
    assert ({"p0", "p4"} <= {*pair}) or ({"p0", "p4"} <= {*trio})
    assert not {"p0", "p1"} <= {*trio}
    assert not {"p2", "p3"} <= {*trio}


def test_nobody_to_place_is_no_trouble() -> None:
    assert ([], 0) == (solved(peers(0, set()))[0], solved(peers(0, set()))[1].matched)
    assert [] == solved(peers(1, set()))[0]
    assert [] == solved(a_two_sided_problem(np.zeros((0, 3))))[0]
