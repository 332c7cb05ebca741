"""What has become of what in a run so far, and which channels do not work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from attrs import define, field

from mentorkit.core.deliveries import Doubt, Transmission
from mentorkit.core.outcome import Down, Item, Outcome

FAILURES_IN_A_ROW = 5
"""So many messages in a row that cannot be prepared are the channel's fault, and the rest of its waits."""


@define
class Tally:
    """What has become of what so far.

    Attributes:
        unprepared_in_a_row: by channel.
        down: channels that do not work, and why.
        kept: how many messages wait for each of these.
        passed_on: what a channel refused, and another one got.
        doubts: about earlier attempts of what is to be repeated, by key.
    """

    total: int
    doubts: Mapping[str, Doubt] = field(factory=dict)
    done: int = 0
    unprepared_in_a_row: Counter[str] = field(factory=Counter)
    down: dict[str, str] = field(factory=dict)
    kept: Counter[str] = field(factory=Counter)
    passed_on: list[Item] = field(factory=list)
    items: dict[str, list[Item]] = field(
        factory=lambda: {
            name: [] for name in ("sent", "failed", "deferred", "unprepared", "unreached", "in_doubt", "expired")
        }
    )

    def outcome(self, *, interrupted: bool) -> Outcome:
        """Return what the run did."""
        return Outcome(
            **{name: tuple(items) for name, items in self.items.items()},
            passed_on=tuple(self.passed_on),
            down=tuple(Down(name, reason, self.kept[name]) for name, reason in sorted(self.down.items())),
            waiting=self.total - self.done,
            interrupted=interrupted,
        )

    def add(self, name: str, one: Transmission, detail: str = "", channel: str = "") -> None:
        """Count what became of a transmission; a channel that cannot prepare one after the other is down."""
        self.items[name].append(item_of(one, detail, channel))
        self.done += 1
        if name != "unprepared" or not channel:  # what has no text says nothing of a channel
            del self.unprepared_in_a_row[channel]
            return
        self.unprepared_in_a_row[channel] += 1
        if self.unprepared_in_a_row[channel] >= FAILURES_IN_A_ROW:
            self.down[channel] = f"{FAILURES_IN_A_ROW} messages in a row could not be prepared; the last: {detail}"

    def add_all(self, name: str, ones: Sequence[Transmission], detail: str = "", channel: str = "") -> None:
        """Count what went out, or did not, as one message."""
        for one in ones:
            self.add(name, one, detail, channel)

    def keep(self, channel: str, number: int) -> None:
        """Count messages that wait because their channel is down."""
        self.kept[channel] += number


def item_of(one: Transmission, detail: str = "", channel: str = "") -> Item:
    """Return what became of a transmission, as a value."""
    return Item(one.key, one.step, one.recipient.number, detail, channel)
