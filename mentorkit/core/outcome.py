"""What a run did, as a value that prints and decides the exit code."""

from __future__ import annotations

from attrs import frozen


@frozen
class Item:
    """What became of one transmission.

    Attributes:
        number: the recipient's running number.
        detail: what the channel said, or why it was not sent; "" where there is nothing to say.
        channel: the program's name for the channel it went by, or was to go by; "" where there is none.
    """

    key: str
    step: str
    number: int
    detail: str = ""
    channel: str = ""


@frozen
class Down:
    """A channel that did not work as a whole.

    Attributes:
        detail: what it said.
        waiting: how many messages wait for a later run because of it.
    """

    channel: str
    detail: str
    waiting: int


@frozen
class Outcome:
    """What a run did. Every transmission that it touched is in exactly one of the lists, `passed_on` aside.

    Attributes:
        sent: delivered.
        failed: never will be.
        deferred: certainly not delivered; a later run tries again.
        unprepared: certainly not delivered, because the message or the channel had a problem; a later run tries again.
        unreached: waiting, because the recipient cannot be reached now.
        in_doubt: nobody can know whether they were delivered, until somebody looks.
        expired: met too late, and never sent.
        passed_on: what a channel will never deliver, and went on to another one, by the former; what became of it
            there, another list says.
        down: channels that did not work, by name: what was to go by them waits for a later run.
        waiting: how many are due and were not tried, those for channels that are down among them.
        interrupted: whether a signal ended it early.
    """

    sent: tuple[Item, ...] = ()
    failed: tuple[Item, ...] = ()
    deferred: tuple[Item, ...] = ()
    unprepared: tuple[Item, ...] = ()
    unreached: tuple[Item, ...] = ()
    in_doubt: tuple[Item, ...] = ()
    expired: tuple[Item, ...] = ()
    passed_on: tuple[Item, ...] = ()
    down: tuple[Down, ...] = ()
    waiting: int = 0
    interrupted: bool = False

    @property
    def exit_code(self) -> int:
        """0: done; 1: something failed, is in doubt, or a channel is down; 130: interrupted."""
        if self.interrupted:
            return 130
        return 1 if self.failed or self.unprepared or self.in_doubt or self.down else 0
