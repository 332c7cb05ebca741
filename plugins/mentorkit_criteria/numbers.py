"""Criteria on numbers and dates (in days): near each other, or a wished-for gap apart."""

from __future__ import annotations

from typing import Literal

import numpy as np
from attrs import Attribute, field, frozen

from mentorkit.core.contracts import Cells, FloatArray


def _above_zero(_options: object, attribute: Attribute[float], value: float) -> None:
    if value <= 0:
        raise ValueError(f"{attribute.name} is {value:g}, but must be above 0")


@frozen
class NearOptions:
    """Options of `near`: the distance at which nothing is left, in the column's unit."""

    span: float = field(validator=_above_zero)


@frozen
class GapOptions:
    """Options of `gap`: the distance from `target` at which nothing is left, both in the column's unit."""

    span: float = field(validator=_above_zero)
    target: float = 0


def _falling(distance: FloatArray, span: float) -> FloatArray:
    return np.nan_to_num(np.maximum(0, 1 - distance / span), nan=0.0)


class Near:
    """The nearer the better."""

    name = "near"
    summary = "the nearer two numbers or dates, the better; nothing from `span` on"
    options = NearOptions
    directed = False
    needs: Literal["numbers"] = "numbers"

    def similarity(self, options: NearOptions, wanting: Cells, offering: Cells) -> FloatArray:
        """Return max(0, 1 - abs(x - y) / span)."""
        return _falling(np.abs(wanting.numbers[:, None] - offering.numbers), options.span)


class Gap:
    """The nearer to a wished-for gap the better."""

    name = "gap"
    summary = "mentor minus mentee should be `target`; nothing from `span` off on"
    options = GapOptions
    directed = True
    needs: Literal["numbers"] = "numbers"

    def similarity(self, options: GapOptions, wanting: Cells, offering: Cells) -> FloatArray:
        """Return max(0, 1 - abs((m - e) - target) / span)."""
        gap = offering.numbers - wanting.numbers[:, None]
        return _falling(np.abs(gap - options.target), options.span)
