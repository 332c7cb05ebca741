"""Who takes which seat, against trying everything."""

from __future__ import annotations

from collections import Counter
from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.matching.refilling import Choice
from mentorkit.core.matching.seat_scores import SeatScores
from mentorkit.testing import MatrixScores


@st.composite
def choices(draw: st.DrawFn, *, apart: bool) -> Choice:
    seats, people = draw(st.integers(1, 4)), draw(st.integers(1, 5))
    ids = tuple(draw(st.sampled_from("ab")) for _ in range(seats))
    by_id = {one: draw(st.lists(st.sampled_from((-1, 0, 313, 500)), min_size=people, max_size=people)) for one in ids}
    points = np.array([by_id[one] for one in ids], dtype=np.float64)
    among = draw(st.lists(st.sampled_from((0, 0, -1) if apart else (0,)), min_size=people**2, max_size=people**2))
    table = np.array(among, dtype=np.int16).reshape(people, people)
    table = np.minimum(table, table.T)
    scores = SeatScores(ids, points >= 0, np.maximum(points, 0), np.arange(people), MatrixScores(table))
    line = np.array(draw(st.lists(st.integers(0, 2), min_size=people, max_size=people)), dtype=np.int64)
    return Choice(scores, line, tuple(draw(st.lists(st.integers(1, 2), min_size=people, max_size=people))))


def is_possible(choice: Choice, chosen: tuple[int | None, ...]) -> bool:
    taken = Counter(person for person in chosen if person is not None)
    if any(number > choice.places[person] for person, number in taken.items()):
        return False
    sat = [(seat, person) for seat, person in enumerate(chosen) if person is not None]
    return all(choice.scores.allowed[seat, person] for seat, person in sat) and all(
        first != second and choice.scores.get_on(first, second)
        for seat, first in sat
        for other, second in sat
        if seat < other and choice.scores.relationships[seat] == choice.scores.relationships[other]
    )


def worth(choice: Choice, chosen: tuple[int | None, ...]) -> tuple[int, list[int], float]:
    """Return how many seats are filled, by how many of each rank, and for how many points."""
    sat = [(seat, person) for seat, person in enumerate(chosen) if person is not None]
    ranks = Counter(int(choice.line[person]) for _, person in sat)
    points = sum(float(choice.scores.points[seat, person]) for seat, person in sat)
    return len(sat), [ranks[rank] for rank in range(3)], points


@settings(max_examples=60, deadline=None)
@given(choices(apart=True))
def test_nobody_sits_where_they_may_not_or_twice_or_with_somebody_they_may_not_be_with(choice: Choice) -> None:
    assert is_possible(choice, tuple(choice.best()))


@settings(max_examples=60, deadline=None)
@given(choices(apart=False))
def test_as_many_seats_as_can_be_are_filled_the_longest_waiting_first_and_for_the_most_points(
    choice: Choice,
) -> None:
    single = len(set(choice.scores.relationships)) == len(choice.scores.relationships)
    if not single and max(choice.places) > 1:
        return  # who has two places may clash with themselves, which is mended and not weighed
    people = (None, *range(len(choice.line)))
    every = product(people, repeat=len(choice.scores.relationships))
    best = max(worth(choice, one) for one in every if is_possible(choice, one))
    assert best == worth(choice, tuple(choice.best()))
