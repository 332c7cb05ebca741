"""From a problem of circles to its solution, with prices that bound it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import sqrt
from typing import Any

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from mentorkit.core.matching.certifying import bound
from mentorkit.core.problems import TENTHS, MatchingProblem, Solution, solution_of
from mentorkit.core.proofs import CircleProof
from mentorkit.core.shapes import CirclePlan, Circles
from mentorkit_matchers.circles.exactly import Proven, best_circles
from mentorkit_matchers.circles.gathering import Gathering, gathering_of, impossible
from mentorkit_matchers.circles.proving import mate_prices
from mentorkit_matchers.circles.searching import Circling

_TOGETHER = 2_000
"""People who are searched for circles together: of more, parts are, drawn by chance."""

_SECONDS, _ROUNDS = 8.0, 2
"""About how long people are searched who are as many as are searched together, and how often it is begun anew."""

_LEAST_SECONDS = 0.1

_TENTH = 2**14
"""What a tenth is worth in the unit of prices."""

_MOST_PLANS = 6

Groups = list[NDArray[np.int64]]


def solved(problem: MatchingProblem) -> Solution:
    """Return the solution of a problem of circles."""
    gathering = gathering_of(problem)
    circles, planned, proven = _best(gathering)
    groups = [[(0, int(person)) for person in sorted(gathering.people[circle])] for circle in circles]
    solution = solution_of(sorted(groups), extra=_extra(gathering, circles, proven))
    if not isinstance(problem.details, Circles):  # nothing says that circles must be like this
        return solution
    return _with_proof(problem, gathering, solution, circles, planned=planned, proven=proven)


def _best(gathering: Gathering) -> tuple[Groups, bool, Proven | None]:
    """Return circles, whether they are the usual ones, and what HiGHS proved about them."""
    plans = gathering.details.plans(gathering.size)
    if not plans[0].circles:
        if gathering.bundles:
            raise impossible("there are too few people for a circle")
        return [], True, None
    circles = _searched(gathering, plans[0])
    usual = _allowed(gathering, circles)
    proven = None if gathering.effort.over() else best_circles(gathering, plans[0], _worth(gathering, usual, plans[0]))
    if proven is not None:
        return proven.circles, True, proven
    if len(usual) == len(circles):
        return usual, True, None
    return _unusual(gathering, plans[1:_MOST_PLANS], usual)


def _unusual(gathering: Gathering, plans: Sequence[CirclePlan], found: Groups) -> tuple[Groups, bool, Proven | None]:
    """Return circles of any allowed size, where the usual ones cannot be."""
    proven = None if gathering.effort.over() else best_circles(gathering, None)
    if proven is not None:
        return proven.circles, False, proven
    best = _completed(gathering, found)
    for plan in plans:
        if _placed(gathering, best) >= int(gathering.first.sum()) or gathering.effort.over():
            break
        other = _completed(gathering, _allowed(gathering, _searched(gathering, plan)))
        best = max(best, other, key=lambda circles: _placed(gathering, circles))
    together = {person: number for number, circle in enumerate(best) for person in circle.tolist()}
    if any(together.get(one, -1) != together.get(other, -2) for one, other in gathering.required.tolist()):
        raise impossible("a rule keeps them apart, or there are too few others")
    return best, False, None


def _searched(gathering: Gathering, plan: CirclePlan) -> Groups:
    """Return circles of a plan, in which rules may be broken where nothing else was found."""
    circles: Groups = []
    parts = _parts(gathering, plan)
    for people, sizes in parts:
        start = _start(gathering, people, sizes)
        search = Circling.of(gathering.worth(people), gathering.first[people], start, len(sizes), gathering.seed)
        share = len(people) / _TOGETHER
        search.improve(max(_LEAST_SECONDS, _SECONDS * share / sqrt(len(parts))), gathering.effort, _ROUNDS)
        circles += [people[np.flatnonzero(search.circle == number)] for number in range(len(sizes))]
    return circles


def _parts(gathering: Gathering, plan: CirclePlan) -> list[tuple[NDArray[np.int64], list[int]]]:
    """Return people who are searched together with the sizes of their circles; who must be together is.

    People come in a seeded order, so that those who follow each other are drawn by chance.
    """
    count = -(-gathering.size // _TOGETHER)
    if count == 1:
        return [(np.arange(gathering.size), list(plan.sizes))]
    bundled = [one for bundle in gathering.bundles for one in bundle]
    order = np.array([*bundled, *sorted(set(range(gathering.size)) - set(bundled))], dtype=np.int64)
    parts, start = [], 0
    waiting = gathering.size - plan.placed
    for number in range(count):
        sizes = list(plan.sizes[number::count])
        end = start + sum(sizes) + (waiting if number == count - 1 else 0)
        parts.append((order[start:end], sizes))
        start = end
    return parts


def _start(gathering: Gathering, people: NDArray[np.int64], sizes: list[int]) -> NDArray[np.int64]:
    """Return a circle for each of the people: who must be together is, where there is room; the rest as they come."""
    circle = np.full(len(people), -1, dtype=np.int64)
    free = np.array(sizes, dtype=np.int64)
    place = {int(person): number for number, person in enumerate(people)}
    for bundle in sorted(gathering.bundles, key=lambda one: (-len(one), one)):
        inside = [place[one] for one in bundle if one in place]
        room = np.flatnonzero(free >= len(inside))
        if len(inside) and len(room):
            at = int(room[free[room].argmax()])
            circle[inside] = at
            free[at] -= len(inside)
    left = np.flatnonzero(circle < 0)
    seats = np.concatenate([np.repeat(np.arange(len(sizes)), free), np.full(len(left), len(sizes))])
    circle[left[np.argsort(1 - gathering.first[people[left]], kind="stable")]] = seats[: len(left)]
    return circle


def _allowed(gathering: Gathering, circles: Groups) -> Groups:
    """Return the circles that break no rule and hold everybody who must be together with one of them."""
    good = [circle for circle, points in zip(circles, gathering.points(circles), strict=True) if points >= 0]
    return [circle for circle in good if _whole(gathering, circle)]


def _whole(gathering: Gathering, circle: NDArray[np.int64]) -> bool:
    inside = np.isin(gathering.required, circle)
    return bool((inside[:, 0] == inside[:, 1]).all())


def _completed(gathering: Gathering, circles: Groups) -> Groups:
    """Return circles with those who wait added where they may be, and further ones of who is left."""
    fewest, most = gathering.details.sizes
    found = [list(circle) for circle in circles]
    tenths = gathering.pairs.scores(gathering.people, gathering.people) if gathering.size <= _TOGETHER else None
    if tenths is None:
        return circles
    seated = {int(one) for circle in circles for one in circle}
    bundled = {one for bundle in gathering.bundles for one in bundle}
    units = [bundle for bundle in gathering.bundles if not seated & set(bundle)]
    units += [(one,) for one in range(gathering.size) if one not in seated | bundled]
    waiting = []
    for unit in units:
        fits = [
            (float(tenths[np.ix_(unit, circle)].mean()), -number)
            for number, circle in enumerate(found)
            if len(circle) + len(unit) <= most and (tenths[np.ix_(unit, circle)] >= 0).all()
        ]
        if fits:
            found[-max(fits)[1]] += list(unit)
        else:
            waiting.append(unit)
    while waiting:
        circle = list(waiting.pop(0))
        for unit in list(waiting):
            if len(circle) + len(unit) <= most and (tenths[np.ix_(unit, circle)] >= 0).all() and len(circle) < fewest:
                circle += list(unit)
                waiting.remove(unit)
        if len(circle) >= fewest:
            found.append(circle)
    complete = [np.array(sorted(circle), dtype=np.int64) for circle in found]
    return [circle for circle, points in zip(complete, gathering.points(complete), strict=True) if points >= 0]


def _placed(gathering: Gathering, circles: Groups) -> int:
    return sum(int(gathering.first[circle].sum()) for circle in circles)


def _worth(gathering: Gathering, circles: Groups, plan: CirclePlan) -> float:
    """Return what circles reach if they are all that the plan says."""
    whole = len(circles) == plan.circles and plan.placed == gathering.size
    return sum(gathering.points(circles)) if whole else -np.inf


def _with_proof(
    problem: MatchingProblem,
    gathering: Gathering,
    solution: Solution,
    circles: Groups,
    *,
    planned: bool,
    proven: Proven | None,
) -> Solution:
    """Return the solution with the better one of two bounds, and called best where it reaches it."""
    points = sum(gathering.points(circles))
    proofs = [_proof(gathering, np.zeros(gathering.size), planned=planned, listed=False)]
    if circles:
        prices = mate_prices(gathering, _mates(gathering, planned=planned), points)
        proofs.append(_proof(gathering, prices, planned=planned, listed=False))
    if proven is not None:
        proofs.append(_proof(gathering, proven.prices, planned=planned, listed=True))
    most = [bound(problem, proof) for proof in proofs]
    best = min(range(len(proofs)), key=lambda number: most[number])
    reached = _placed(gathering, circles), _tenths(gathering, circles)
    return evolve(solution, proof=proofs[best], exact=reached == (most[best].people, most[best].tenths))


def _mates(gathering: Gathering, *, planned: bool) -> int:
    plan = gathering.details.plans(gathering.size)[0]
    return (max(set(plan.sizes), key=plan.sizes.count) if planned else gathering.details.sizes[0]) - 1


def _tenths(gathering: Gathering, circles: Groups) -> Fraction:
    total = Fraction(0)
    for circle in circles:
        tenths = gathering.pairs.scores(gathering.people[circle], gathering.people[circle]).astype(np.int64)
        total += Fraction(int(tenths[np.triu_indices(len(circle), 1)].sum()), len(circle) - 1)
    return total


def _proof(gathering: Gathering, prices: NDArray[np.float64], *, planned: bool, listed: bool) -> CircleProof:
    whole = np.zeros(len(gathering.seating.people), dtype=np.int64)
    whole[gathering.people] = np.rint(np.clip(prices, -50_000, 50_000) * _TENTH).astype(np.int64)
    return CircleProof(whole, _TENTH, planned, listed)


def _extra(gathering: Gathering, circles: Groups, proven: Proven | None) -> Mapping[str, Any]:
    extra: dict[str, Any] = {"circles": len(circles)}
    tenths = _tenths(gathering, circles)
    if proven is not None and proven.optimal:
        extra["proven_by"] = "HiGHS"
        extra["proven_bound"] = round(float(tenths) / TENTHS, 4)
    return extra
