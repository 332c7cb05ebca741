"""How messages are spread: `[delivery] quiet_hours` and `at_most`."""

from __future__ import annotations

from datetime import time, timedelta

from attrs import frozen


@frozen
class AtMost:
    """So many messages to one person within any time of this length."""

    number: int
    within: timedelta
    text: str = ""


@frozen
class Pacing:
    """When nothing goes out, and how much at most does.

    Attributes:
        quiet_hours: from when until when, in the recipient's clock; over midnight where the end is not after the
            beginning. None: at any hour.
        at_most: over messages to a person, whatever their step, not over invitations. None: as many as are due.
        digest: whether everything that goes to one recipient in one run is one message.
    """

    quiet_hours: tuple[time, time] | None = None
    at_most: AtMost | None = None
    digest: bool = False
