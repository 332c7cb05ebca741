"""What a proof proves."""

from __future__ import annotations

from fractions import Fraction

from attrs import frozen


@frozen(order=True)
class Bound:
    """What no allowed solution exceeds, in the order of the objective.

    Attributes:
        people: the most served people who can get their first relationship.
        tenths: with as many people, the most tenths of points; where points come first, the most at all.
        pairs: how many pairs were looked at to know that.
    """

    people: int
    tenths: int | Fraction
    pairs: int = 0
