"""A mail of which everything is said but the line that ends it, and that line."""

from __future__ import annotations

import re
from collections.abc import Callable

from attrs import evolve, frozen

from mentorkit.core.contracts import Receipt
from mentorkit_channels.smtp.dialogue import Dialogue
from mentorkit_channels.smtp.replies import Reply, receipt_of

_BREAK = re.compile(rb"\r\n|\r|\n")
_DOT = re.compile(rb"^\.", re.MULTILINE)
_END = b".\r\n"
_PATIENCE = 10
"""How many times as long as other replies the one to the end may take: the server may look at the message first, and
whoever does not wait for it does not know what became of the message (RFC 5321, 4.5.3.2.6: ten minutes)."""


def stuffed(content: bytes) -> bytes:
    """Return a mail as it follows DATA, without the line that ends it (RFC 5321, 4.5.2).

    Lines end with CR LF and nothing else is a line break, so whatever a server takes for one, no line within the mail
    is a dot alone.
    """
    lines = _BREAK.sub(b"\n", content)
    lines = lines if lines.endswith(b"\n") else lines + b"\n"
    return _DOT.sub(b"..", lines).replace(b"\n", b"\r\n")


@frozen
class PreparedMail:
    """A mail without its end.

    Attributes:
        recipient: whom not to name.
        ended: told the final reply, or None where there was none; returns whether it is against every message.
    """

    dialogue: Dialogue
    recipient: str
    ended: Callable[[Reply | None], bool]

    def commit(self) -> Receipt:
        """End the mail, and return what the server says to that; only a clear reply is believed."""
        try:
            self.dialogue.send(_END)
        except (BrokenPipeError, ConnectionResetError) as problem:  # nothing of it has left then
            self.ended(None)
            return Receipt("deferred", f"the connection broke before the end of the message: {problem.strerror}")
        except OSError as problem:
            self.ended(None)
            return Receipt("unknown", f"the connection broke at the end of the message: {problem}")
        try:
            reply = self.dialogue.reply(self.dialogue.timeout * _PATIENCE)
        except OSError as problem:
            self.ended(None)
            return Receipt("unknown", f"no reply to the end of the message: {problem}")
        receipt = receipt_of(reply, self.recipient)
        against_all = self.ended(reply if receipt.outcome != "unknown" else None)
        return evolve(receipt, outcome="deferred") if against_all else receipt

    def abandon(self) -> None:
        """Hang up within the mail: the server forgets it."""
        self.ended(None)


@frozen
class Refused:
    """A message that the server turned down before its end; there is nothing left to do or undo."""

    receipt: Receipt

    def commit(self) -> Receipt:
        """Return what the server said."""
        return self.receipt

    def abandon(self) -> None:
        """Do nothing: nothing was begun."""
