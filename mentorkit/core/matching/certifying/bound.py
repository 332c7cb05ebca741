"""What a proof proves."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from attrs import field, frozen


@frozen(order=True)
class Bound:
    """What no allowed solution exceeds, in the order of the objective.

    Attributes:
        people: the most served people who can get their first relationship.
        tenths: with as many people, the most tenths of points; where points come first, the most at all.
        pairs: how many pairs were looked at to know that.
        others: the most of every further objective that is proven, given that those before it reach theirs.
    """

    people: int
    tenths: int | Fraction
    pairs: int = 0
    others: Mapping[str, int] = field(factory=dict, order=False)
