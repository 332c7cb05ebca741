"""What a matcher hands in to prove how good its result is: numbers from which anybody recomputes a bound.

Each kind of proof has its check in `mentorkit.core.matching.certifying`, which shares nothing with any matcher.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import frozen
from numpy.typing import NDArray


@frozen
class Price:
    """What a place costs, in parts that mean the same in problems of every size.

    Attributes:
        covers: how many people of the served side a place is worth.
        tenths: tenths of points beyond that; may be negative.
    """

    covers: int
    tenths: int


@frozen(eq=False)
class PriceProof:
    """Prices that prove a bound on a two-sided problem (Lagrangian duality).

    Attributes:
        prices: one non-negative whole price per person of the offering seating.
        gains: what each objective is worth, in the prices' unit and in the order in which they matter: one more
            served person (`coverage`), a tenth of a point (`total-score`), one less in the sum of the squares of the
            offering people's loads (`even-load`), one kept pair (`fewest-changes`).
        at_least: only pairs with at least so many tenths count (`worst-off`); 0: all.
        worst_off: what proves that with better pairs alone (`at_least` one more) the objectives that stand before
            `worst-off` would lose; None where nothing of the kind is claimed.
    """

    prices: NDArray[np.int64]
    gains: Mapping[str, int]
    at_least: int = 0
    worst_off: PriceProof | None = None


@frozen(eq=False)
class PreferenceProof:
    """Lists of whom people would rather be with, under which a matching of pairs is stable.

    Rows are people of the role that wants, columns of the one that offers. Who is not listed is out of the question;
    required pairs are not listed, because they are nobody's choice.

    Attributes:
        pairs: the (row, column) pairs of two people who list each other, each once, shape (k, 2).
        ranks: how the row ranks the column, and the column the row, shape (k, 2); the smaller, the better.
        by_score: for every row, and for every column, whether their list follows the published scores; bools.
    """

    pairs: NDArray[np.int64]
    ranks: NDArray[np.int64]
    by_score: tuple[NDArray[np.bool_], NDArray[np.bool_]]


@frozen(eq=False)
class OddSet:
    """People of whom one is left over by all pairs within the set.

    Attributes:
        people: their indexes in the seating, an odd number, each once.
        worth: what is held back of every pair within the set, in the prices' unit; even, at least 0.
    """

    people: NDArray[np.int64]
    worth: int


@frozen(eq=False)
class PeerPrices:
    """Prices and odd sets that bound the worth of all pairs among equals (linear programming duality).

    Attributes:
        prices: one per person of the seating, at least 0; two halves make what a pair is worth. Those of people who
            are not to be paired do not matter.
        sets: odd sets.
    """

    prices: NDArray[np.int64]
    sets: tuple[OddSet, ...] = ()


@frozen(eq=False)
class TrioPrices:
    """What proves a bound for results with one certain trio.

    Attributes:
        people: the indexes of the three; two of them may be a required pair.
        others: about the pairs of everybody else.
    """

    people: tuple[int, int, int]
    others: PeerPrices


@frozen(eq=False)
class TrioProof:
    """What proves a bound for results with any trio.

    Attributes:
        all_trios: about all results with a trio, whichever it is.
        single: better bounds for single trios.
    """

    all_trios: PeerPrices
    single: tuple[TrioPrices, ...] = ()


@frozen(eq=False)
class PeerProof:
    """What proves a bound on a problem of peers.

    Attributes:
        pairs: about results of pairs alone.
        gains: what one more placed person (`coverage`) and a tenth of a point (`total-score`) are worth; at least 1.
        trio: about results with a trio; None where none is allowed.
    """

    pairs: PeerPrices
    gains: Mapping[str, int]
    trio: TrioProof | None = None


@frozen(eq=False)
class GroupProof:
    """Prices of mentees that prove a bound on a problem of groups (Lagrangian duality).

    Attributes:
        prices: one non-negative whole price per person of the served seating, in the unit of `tenth`.
        tenth: what a tenth of a point is worth.
        place: what it is worth to have one more mentee in a group; not negative.
        planned: whether the result has the usual groups of `Groups.plan`, and the bound is about such results alone;
            else it is about all groups of an allowed size.
        full: mentors said to have no place left whatever is done, by index; the others limit nobody.
    """

    prices: NDArray[np.int64]
    tenth: int
    place: int
    planned: bool
    full: NDArray[np.int64]


@frozen(eq=False)
class Island:
    """Mentees and mentors none of whom may be with anybody else, and what bounds their groups.

    Attributes:
        mentees: their indexes in the served seating, each once.
        mentors: their indexes in the offering seating, each once.
        proof: about groups of these people alone; prices of others do not matter.
    """

    mentees: NDArray[np.int64]
    mentors: NDArray[np.int64]
    proof: GroupProof


@frozen(eq=False)
class IslandProof:
    """What proves a bound on a problem of groups that rules split into islands: the sum of the islands' bounds.

    Attributes:
        islands: everybody who may be with somebody is on one of them.
    """

    islands: tuple[Island, ...]


@frozen(eq=False)
class MeetingProof:
    """What proves a bound on a problem with slots (Lagrangian duality).

    Attributes:
        prices: what a meeting with each person of the offering seating costs in each slot, whole and at least 0, shape
            (people, slots).
        clashes: what having a meeting in each slot costs each person of the wanting seating, likewise.
        unit: what a tenth of a point is worth in the unit of prices; at least 1.
        cover: what the first meeting of somebody who is not covered is worth in that unit; 0 where points come first.
        covering: the slots of offering people that prove how many people can get a meeting: whoever could meet somebody
            in another slot counts, and beside them as many as have room in these. Bool, shape (people, slots).
    """

    prices: NDArray[np.int64]
    clashes: NDArray[np.int64]
    unit: int
    cover: int
    covering: NDArray[np.bool_]


@frozen(eq=False)
class RolePrices:
    """Prices of the people of one role, for the pairs that another role makes with them.

    Attributes:
        between: the two roles, as the problem's pairs name them.
        prices: one non-negative whole price per person of the second role.
        tenth: what a tenth of a point is worth in their unit.
    """

    between: tuple[str, str]
    prices: NDArray[np.int64]
    tenth: int


@frozen(eq=False)
class TrianglePrices:
    """Prices of the people of the second and the third role of teams of three, for whom the first may take any two.

    Attributes:
        second: one non-negative whole price per person of the problem's second role.
        third: the same of the third.
        tenth: what a tenth of a point is worth; in what it is worth, each pair's part of a mean is a whole number.
    """

    second: NDArray[np.int64]
    third: NDArray[np.int64]
    tenth: int


@frozen(eq=False)
class TeamProof:
    """Prices that prove a bound on a problem of teams.

    Attributes:
        pairs: of every two roles that count, once: a bound for each two on their own.
        triangle: a better bound for teams of one member of each of three roles; None where there is none.
    """

    pairs: tuple[RolePrices, ...]
    triangle: TrianglePrices | None = None


@frozen(eq=False)
class LeaderProof:
    """Prices of mentors that prove a bound on a problem of groups: quicker to check than those of mentees, and looser.

    Attributes:
        prices: one non-negative whole price per person of the offering seating, for a seat in a group of theirs.
        tenth: what a tenth of a point is worth in their unit.
        place: what it is worth to have one more mentee in a group; not negative.
        planned: as in `GroupProof`.
    """

    prices: NDArray[np.int64]
    tenth: int
    place: int
    planned: bool


@frozen(eq=False)
class CircleProof:
    """Prices of people that prove a bound on a problem of circles (Lagrangian duality).

    Attributes:
        prices: one whole price per person of the seating.
        tenth: what a tenth of a point is worth in their unit; in what it is worth, the mean over the others of any
            circle is a whole number.
        planned: whether the result has the usual circles of `Circles.plans`, and the bound is about such results alone;
            else it is about all circles of an allowed size.
        listed: whether the prices bound the worth of every possible circle; else they are what somebody costs each of
            the others in a circle.
    """

    prices: NDArray[np.int64]
    tenth: int
    planned: bool
    listed: bool


Proof = (
    PriceProof
    | PreferenceProof
    | PeerProof
    | GroupProof
    | IslandProof
    | LeaderProof
    | MeetingProof
    | TeamProof
    | CircleProof
)
