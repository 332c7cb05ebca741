"""What a person decided about pairs before they are matched; it is laid over the scores as one more rule."""

from __future__ import annotations

from attrs import frozen

REVIEW = "review"
"""The name of that rule in reasons and explanations."""


@frozen
class Decisions:
    """Pairs of ids, in either order.

    Attributes:
        required: must be part of the result; they stand over every rule but those that override required pairs.
        forbidden: are out of the question.
    """

    required: tuple[tuple[str, str], ...] = ()
    forbidden: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        """Return whether anything was decided."""
        return bool(self.required or self.forbidden)
