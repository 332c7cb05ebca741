"""How long things last, in the words of the calendar."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

Unit = Literal["days", "weeks", "months", "years", "business days"]


@frozen
class Length:
    """A span of calendar time, `amount` of `unit`; negative amounts look back."""

    amount: int
    unit: Unit

    def __str__(self) -> str:
        """Return the words an author would write, `1 day` or `24 weeks`."""
        singular = self.unit[:-1] if abs(self.amount) == 1 else self.unit
        return f"{self.amount} {singular}"
