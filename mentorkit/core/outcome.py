"""What a run did, as a value that prints and decides the exit code."""

from __future__ import annotations

from attrs import frozen


@frozen
class Item:
    """What became of one transmission.

    Attributes:
        number: the recipient's running number.
        detail: what the channel said, or why it was not sent; "" where there is nothing to say.
    """

    key: str
    step: str
    number: int
    detail: str = ""


@frozen
class Outcome:
    """What a run did. Every transmission that it touched is in exactly one of the lists.

    Attributes:
        sent: delivered.
        failed: never will be.
        deferred: certainly not delivered; a later run tries again.
        unprepared: certainly not delivered, because the message or the channel had a problem; a later run tries again.
        unreached: waiting, because the recipient cannot be reached now.
        in_doubt: nobody can know whether they were delivered, until somebody looks.
        expired: met too late, and never sent.
        waiting: how many are due and were not tried.
        interrupted: whether a signal ended it early.
    """

    sent: tuple[Item, ...] = ()
    failed: tuple[Item, ...] = ()
    deferred: tuple[Item, ...] = ()
    unprepared: tuple[Item, ...] = ()
    unreached: tuple[Item, ...] = ()
    in_doubt: tuple[Item, ...] = ()
    expired: tuple[Item, ...] = ()
    waiting: int = 0
    interrupted: bool = False

    @property
    def exit_code(self) -> int:
        """0: done; 1: something failed or is in doubt; 130: interrupted."""
        if self.interrupted:
            return 130
        return 1 if self.failed or self.unprepared or self.in_doubt else 0
