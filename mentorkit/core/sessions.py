"""Sessions at real times: what scheduling returns."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

BEYOND = "it would fall after the program's last day"
"""How the reason begins why a session has no time for which the program is too short."""
BEYOND_THEIRS = "it would fall after their last day"
"""How it begins where the relationship itself is too short for it."""


@frozen
class Session:
    """One meeting of one relationship.

    A session is a local time in a zone: that is what people agreed to, and what stays if zone data change.

    Attributes:
        id: `<relationship>-<number>` for the main series, `<relationship>-<series>-<number>` for others.
        number: 1-based within its series.
        local: wall-clock start in `zone`, without tzinfo.
        zone: IANA name, the first offering member's.
        starts: the same moment in UTC, aware.
        minutes: its length.
        people: ids of who takes part, in the relationship's order.
        place: where, or "".
    """

    id: str
    relationship: str
    series: str
    number: int
    local: datetime
    zone: str
    starts: datetime
    minutes: int
    people: tuple[str, ...]
    place: str = ""


@frozen
class Unplaced:
    """A session that has no possible time, and why.

    Attributes:
        relief: the cheapest change that was tried and helps, such as `with 30 minutes instead of 60`; "" where
            none does.
    """

    relationship: str
    series: str
    number: int
    reason: str
    relief: str = ""

    @property
    def explained(self) -> str:
        """The reason, and what would help."""
        return f"{self.reason}; possible {self.relief}" if self.relief else self.reason

    @property
    def beyond(self) -> bool:
        """Whether program or relationship are too short for it: no other hours would help."""
        return self.reason.startswith((BEYOND, BEYOND_THEIRS))


@frozen
class Schedule:
    """Sessions in order of (starts, id), and those that could not be placed."""

    sessions: tuple[Session, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
