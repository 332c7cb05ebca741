from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from mentorkit.core.contracts import ChoiceColumns, Effort, MatchingProblem, PreferenceTable
from mentorkit.core.matching.certifying import certify
from mentorkit.core.relationships import Certificate
from mentorkit.loading.preference_files import read_preferences
from mentorkit.testing import a_two_sided_problem
from mentorkit_matchers.stable import Stable, StableOptions
from mentorkit_matchers.stable.proposing import accepted, proposals
from mentorkit_models.one_on_one import OneOnOne

DATA = Path(__file__).parents[1] / "data" / "preferences"
MENTEES_PROPOSE, MENTORS_PROPOSE = StableOptions(), StableOptions(propose="mentor")
Pairs = frozenset[tuple[int, int]]


def solved(problem: MatchingProblem, options: StableOptions = MENTEES_PROPOSE) -> tuple[Pairs, Certificate]:
    """Return (mentee, mentor) pairs by index, certified."""
    model = OneOnOne()
    groups, certificate = certify(
        problem,
        Stable().solve(options, problem),
        lambda members: model.counted_pairs(None, members),
        {role.name: role.side for role in model.roles},
        "stable of tests",
    )
    pairs = [(int(group.members[1].person[1:]), int(group.members[0].person[1:])) for group in groups]
    return frozenset(pairs), certificate


def places_of(problem: MatchingProblem) -> tuple[list[int], list[int]]:
    return problem.seatings["mentee"].places.tolist(), problem.seatings["mentor"].places.tolist()


def blocking(pairs: Pairs, ranks: dict[tuple[int, int], tuple[int, int]], places: tuple[list[int], list[int]]) -> Pairs:
    """Return the listed pairs of whom both would strictly rather be together."""

    def wants(pair: tuple[int, int], side: int) -> bool:
        held = [ranks[one][side] for one in pairs if one[side] == pair[side]]
        room = places[side][pair[side]]
        return room > 0 and (len(held) < room or ranks[pair][side] < max(held))

    return frozenset(pair for pair in ranks if pair not in pairs and wants(pair, 0) and wants(pair, 1))


def all_stable(ranks: dict[tuple[int, int], tuple[int, int]], places: tuple[list[int], list[int]]) -> list[Pairs]:
    """Return every stable matching, by enumerating all sets of listed pairs."""
    found = []
    for bits in product((False, True), repeat=len(ranks)):
        chosen = frozenset(pair for pair, bit in zip(ranks, bits, strict=True) if bit)
        within = all(
            sum(one[side] == person for one in chosen) <= room
            for side in (0, 1)
            for person, room in enumerate(places[side])
        )
        if within and not blocking(chosen, ranks, places):
            found.append(chosen)
    return found


@st.composite
def small_markets(
    draw: st.DrawFn, *, ties: bool
) -> tuple[MatchingProblem, PreferenceTable, dict[tuple[int, int], tuple[int, int]]]:
    """Draw a problem, lists of everybody, and of the allowed pairs who list each other how each ranks the other."""
    rows, columns = draw(st.integers(0, 4)), draw(st.integers(0, 3))
    allowed = [pair for pair in product(range(rows), range(columns)) if draw(st.integers(0, 5)) > 0][:9]
    tenths = np.full((rows, columns), -1, dtype=np.int16)
    for pair in allowed:
        tenths[pair] = draw(st.sampled_from([0, 500, 1000]))
    places = st.integers(0, 3)
    problem = a_two_sided_problem(
        tenths.reshape(rows, columns),
        draw(st.lists(places, min_size=rows, max_size=rows)),
        draw(st.lists(places, min_size=columns, max_size=columns)),
        shape="preferences",
        seed=draw(st.integers(0, 5)),
    )
    orders = [draw(st.permutations(range(max(rows, columns)))) for _ in range(rows + columns)]
    listed = {pair: (orders[pair[0]][pair[1]], orders[rows + pair[1]][pair[0]]) for pair in allowed}
    if ties:
        listed = {pair: (a // 2, b // 2) for pair, (a, b) in listed.items()}
    one_sided = {pair: draw(st.sampled_from(["both", "both", "both", "mentee", "mentor"])) for pair in allowed}
    choices = [(f"e{i}", f"m{j}", a + 1) for (i, j), (a, _) in listed.items() if one_sided[i, j] != "mentor"]
    choices += [(f"m{j}", f"e{i}", b + 1) for (i, j), (_, b) in listed.items() if one_sided[i, j] != "mentee"]
    choices += [(f"e{i}", "gone", 9) for i in range(rows)] + [(f"m{j}", "gone", 9) for j in range(columns)]
    both = {pair: listed[pair] for pair in allowed if one_sided[pair] == "both"}
    return problem, PreferenceTable(tuple(draw(st.permutations(choices)))), both


@settings(max_examples=150, deadline=None)
@given(small_markets(ties=False), st.sampled_from(["mentee", "mentor"]))
def test_of_all_stable_matchings_it_is_the_best_for_who_proposes(market: Any, propose: Any) -> None:
    problem, table, ranks = market
    pairs, certificate = solved(problem, StableOptions(propose=propose, lists=table))
    places, side = places_of(problem), 0 if propose == "mentee" else 1
    stable = all_stable(ranks, places)
    assert pairs in stable
    assert {"proposing": propose, "blocking_pairs": 0, "listed_pairs": sum(_free(ranks, places))} == certificate.extra
    assert (None, None, False) == (certificate.matched_bound, certificate.total_score_bound, certificate.exact)
    for other in stable:
        for person, room in enumerate(places[side]):
            own, theirs = ({one for one in some if one[side] == person} for some in (pairs, other))
            assert own == set(sorted(own | theirs, key=lambda one: ranks[one][side])[:room])


def _free(ranks: dict[tuple[int, int], tuple[int, int]], places: tuple[list[int], list[int]]) -> list[bool]:
    return [places[0][i] > 0 and places[1][j] > 0 for i, j in ranks]


@settings(max_examples=100, deadline=None)
@given(small_markets(ties=True), st.sampled_from([MENTEES_PROPOSE, MENTORS_PROPOSE]), st.randoms())
def test_ties_leave_it_stable_and_no_order_decides(market: Any, options: StableOptions, chance: Any) -> None:
    problem, table, ranks = market
    pairs, _ = solved(problem, evolve(options, lists=table))
    assert frozenset() == blocking(pairs, ranks, places_of(problem))
    rows, columns = (list(range(len(problem.seatings[role].people))) for role in ("mentee", "mentor"))
    chance.shuffle(rows)
    chance.shuffle(columns)
    mixed = evolve(
        problem,
        seatings={
            "mentor": problem.seatings["mentor"].take(np.array(columns, dtype=np.int64)),
            "mentee": problem.seatings["mentee"].take(np.array(rows, dtype=np.int64)),
        },
        pairs={
            ("mentee", "mentor"): problem.pairs["mentee", "mentor"].take(np.array(rows, int), np.array(columns, int))
        },
    )
    assert pairs == solved(mixed, evolve(options, lists=table))[0]


def by_greed(tenths: NDArray[np.int16], places: tuple[list[int], list[int]]) -> list[int]:
    """Return the tenths of the pairs that are made when the best of those left is, again and again."""
    room = [list(one) for one in places]
    made = []
    for i, j in sorted(product(*map(range, tenths.shape)), key=lambda pair: -tenths[pair]):
        if tenths[i, j] >= 0 and room[0][i] and room[1][j]:
            made.append(int(tenths[i, j]))
            room[0][i] -= 1
            room[1][j] -= 1
    return made


def test_where_both_rank_by_score_the_best_pair_left_comes_next_and_it_does_not_matter_who_proposes() -> None:
    tenths = np.random.default_rng(1).permutation(40 * 25).reshape(40, 25).astype(np.int16)
    tenths[tenths < 200] = -1
    problem = a_two_sided_problem(tenths, [2] * 40, [0, 1, 2, 3, 4] * 5)
    pairs, _ = solved(problem)
    assert by_greed(tenths, places_of(problem)) == sorted((int(tenths[pair]) for pair in pairs), reverse=True)
    assert pairs == solved(problem, MENTORS_PROPOSE)[0]
    equal = a_two_sided_problem(np.full((40, 25), 500), None, [2] * 25)
    assert solved(equal)[0] == solved(equal, MENTORS_PROPOSE)[0]
    assert solved(equal)[0] != solved(evolve(equal, seed=1))[0]


def test_short_lists_are_the_best_by_score_and_whom_they_leave_out_is_told() -> None:
    tenths = np.array([[900, 800, 700], [900, 100, 100], [900, 800, -1], [-1, -1, -1]])
    pairs, certificate = solved(a_two_sided_problem(tenths), StableOptions(length=1))
    assert (1, {1}) == (len(pairs), {1 for _, mentor in pairs if mentor == 0})
    told = {"proposing": "mentee", "list_length": 1, "left_out_by_length": 2, "blocking_pairs": 0, "listed_pairs": 3}
    assert told == certificate.extra
    assert 3 == len(solved(a_two_sided_problem(tenths), StableOptions(length=3))[0])
    many = np.random.default_rng(0).integers(-1, 1000, (60, 50))
    proof = Stable().solve(StableOptions(length=7), a_two_sided_problem(many)).proof
    assert proof is not None
    lists = proof.pairs.reshape(60, 7, 2)  # type: ignore[union-attr]
    assert [sorted(row)[-7:] for row in many.tolist()] == [sorted(many[i[:, 0], i[:, 1]].tolist()) for i in lists]


def test_lists_that_time_cut_short_are_told() -> None:
    problem = a_two_sided_problem([[900, 800], [700, 600]], effort=Effort(over=lambda: True))
    pairs, certificate = solved(problem)
    assert certificate.extra["lists_cut_short"]
    assert 0 == certificate.extra["blocking_pairs"]
    assert len(pairs) <= 2


def test_required_pairs_stand_over_lists_and_take_places() -> None:
    table = PreferenceTable((("e0", "m0", 1), ("e1", "m0", 1), ("m0", "e0", 1), ("m0", "e1", 2)))
    problem = a_two_sided_problem(np.full((3, 2), 500), required={("mentee", "mentor"): (("e2", "m0"),)})
    assert {(2, 0)} == solved(problem, StableOptions(lists=table))[0]
    more = a_two_sided_problem(np.full((3, 2), 500), None, [2, 0], required={("mentee", "mentor"): (("e2", "m0"),)})
    assert {(2, 0), (0, 0)} == solved(more, StableOptions(lists=table))[0]


def with_cells(problem: MatchingProblem, cells: dict[str, dict[str, str]]) -> MatchingProblem:
    """Return the problem with columns of cells by id."""
    seatings = {
        role: evolve(one, values=lambda column, one=one: tuple(cells[column].get(person) for person in one.people))
        for role, one in problem.seatings.items()
    }
    return evolve(problem, seatings=seatings)


def test_choices_come_from_columns_and_who_makes_none_ranks_by_score() -> None:
    columns = ChoiceColumns(("choice_1", "choice_2"), ("rank_1",))
    cells = {"choice_1": {"e0": "m1", "e1": "m1"}, "choice_2": {"e0": "m0", "e1": "m9"}, "rank_1": {"m1": "e0"}}
    problem = with_cells(a_two_sided_problem([[900, 100], [900, 100], [900, 100]]), cells)
    assert {(0, 1), (2, 0)} == solved(problem, StableOptions(columns=columns))[0]
    assert ("choice_1", "choice_2", "rank_1") == Stable().columns(StableOptions(columns=columns))
    four = with_cells(a_two_sided_problem([[900, 100, 0], [800, 100, 0], [700, 100, 0]]), cells)
    assert {(0, 1), (2, 0)} == solved(four, StableOptions(columns=columns))[0]
    assert {(0, 1), (1, 0), (2, 2)} == solved(four, StableOptions(columns=columns, unlisted="last"))[0]


@pytest.mark.parametrize("propose", ["mentee", "mentor"])
def test_students_get_courses_that_no_blocking_pair_speaks_against(propose: Any) -> None:
    choices = read_preferences(DATA / "course_ranking1.csv", "x")
    students, courses = (sorted({one[at] for one in choices}) for at in (0, 1))
    renamed = {name: f"e{number}" for number, name in enumerate(students)}
    renamed |= {name: f"m{number}" for number, name in enumerate(courses)}
    table = PreferenceTable(tuple((renamed[a], renamed[b], rank) for a, b, rank in choices))
    tenths = np.random.default_rng(0).permutation(len(students) * len(courses)).reshape(len(students), -1) % 1000
    problem = a_two_sided_problem(tenths, None, [17] * len(courses))
    pairs, certificate = solved(problem, StableOptions(propose=propose, lists=table))
    ranks = {(int(a[1:]), int(b[1:])): (rank, -int(tenths[int(a[1:]), int(b[1:])])) for a, b, rank in table.choices}
    assert frozenset() == blocking(pairs, ranks, places_of(problem))
    assert (146, 1314) == (certificate.matched, certificate.extra["listed_pairs"])


def test_reviewers_get_papers_they_bid_for_and_none_with_a_conflict() -> None:
    bids = read_preferences(DATA / "bids_conference1.csv", "x")
    reviewers, papers = (sorted({one[at] for one in bids}) for at in (0, 1))
    rank = {(papers.index(b), reviewers.index(a)): rank for a, b, rank in bids}
    tenths = np.full((len(papers), len(reviewers)), -1)
    for pair in rank:
        tenths[pair] = 0
    willing = {pair: place for pair, place in rank.items() if place < 3}
    table = PreferenceTable(tuple((f"m{j}", f"e{i}", place) for (i, j), place in willing.items()))
    problem = a_two_sided_problem(tenths, [3] * len(papers), [6] * len(reviewers))
    pairs, certificate = solved(problem, StableOptions(propose="mentor", lists=table))
    assert pairs <= set(willing)
    assert frozenset() == blocking(pairs, {pair: (0, place) for pair, place in willing.items()}, places_of(problem))
    assert len(willing) == certificate.extra["listed_pairs"]
    everybody = PreferenceTable(tuple((f"m{j}", f"e{i}", place) for (i, j), place in rank.items()))
    pairs, certificate = solved(problem, StableOptions(propose="mentor", lists=everybody))
    assert (162, 54) == (len(pairs), certificate.matched)
    assert pairs <= set(rank)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 30), st.integers(0, 20), st.integers(0, 10**6))
def test_compiled_and_plain_code_agree(rows: int, columns: int, seed: int) -> None:
    pytest.importorskip("numba")
    chance = np.random.default_rng(seed)
    who, whom = np.nonzero(chance.random((rows, columns)) < 0.6)
    ranks = chance.permuted(np.tile(np.arange(len(who)), (2, 1)), axis=1)
    lists = proposals(who, whom, *ranks, rows)
    places = chance.integers(0, 4, rows), chance.integers(0, 4, columns)
    plain, compiled = (accepted(lists, *places, compiled=one) for one in (False, True))
    assert plain.tolist() == compiled.tolist()
