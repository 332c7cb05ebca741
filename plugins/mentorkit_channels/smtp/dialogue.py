"""Talking to a mail server: a line out, a reply in, and a limit on how long each may take.

Python's own `smtplib` reads line by line with a limit on each read, so a server that says one byte a second holds it
for hours; and it sends the end of a message with the message. Here a limit is on the whole reply, and what ends a
message is a call of its own.
"""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress

from attrs import define, field

from mentorkit_channels.smtp.replies import Reply

_LINE = re.compile(rb"(\d{3})(?:([ -])(.*))?")
_MOST = 64 * 1024
_PIECE = 64 * 1024


class NoReplyError(OSError):
    """The server said nothing that is a reply; the message says what happened instead."""


@define
class Dialogue:
    """A connection to a mail server.

    Attributes:
        timeout: seconds that each thing said to the server, and each of its replies, may take.
        said_at: when it replied last, by `clock`.
        clock: seconds, going only forward.
    """

    socket: socket.socket
    timeout: float
    clock: Callable[[], float] = time.monotonic
    said_at: float = 0.0
    _unread: bytes = field(default=b"", init=False)
    _ahead: list[str] = field(factory=list, init=False)

    def say(self, line: str) -> Reply:
        """Send a command, unless it was sent ahead, and return the reply.

        Raises:
            OSError: there was none, or something was said before that would be taken for it.
        """
        if not self._ahead:
            self.say_ahead(line)
        if self._ahead[0] != line:
            raise NoReplyError("the server is still to answer something else")
        del self._ahead[0]
        return self.reply()

    def say_ahead(self, *lines: str) -> None:
        """Send commands in one go (PIPELINING, RFC 2920); `say` each of them to have its reply.

        Raises:
            OSError: they could not be sent, or something was said before that would be taken for a reply.
        """
        if self._unread:
            raise NoReplyError("the server said more than it was asked")
        self.send("".join(f"{line}\r\n" for line in lines).encode())
        self._ahead += lines

    def rest(self) -> list[Reply]:
        """Return the replies to what was sent ahead.

        Raises:
            OSError: there were none.
        """
        return [self.say(self._ahead[0]) for _ in range(len(self._ahead))]

    def send(self, content: bytes) -> None:
        """Send bytes; what is no more than one piece goes out in one call.

        Raises:
            OSError: they could not all be sent in time.
        """
        for start in range(0, len(content), _PIECE):
            self.socket.settimeout(self.timeout)
            self.socket.sendall(content[start : start + _PIECE])

    def reply(self, patience: float = 0.0) -> Reply:
        """Return the next reply, waiting for the whole of it no longer than `patience` (default: the timeout).

        Raises:
            OSError: there was none in time, or it was no reply of a mail server.
        """
        until = self.clock() + (patience or self.timeout)
        lines: list[tuple[int, bytes]] = []
        while True:
            found = _LINE.fullmatch(self._line(until))
            if not found or (lines and lines[0][0] != int(found[1])):
                raise NoReplyError("the server answered with something that is no reply of a mail server")
            lines.append((int(found[1]), found[3] or b""))
            if found[2] != b"-":
                self.said_at = self.clock()
                return Reply(lines[0][0], tuple(text.decode("utf-8", "replace").strip() for _, text in lines))
            if len(lines) > _MOST // 8:
                raise NoReplyError("the server's answer has no end")

    def has_spoken(self) -> bool:
        """Return whether the server says something, or has hung up, without having been asked."""
        if self._unread:
            return True
        self.socket.settimeout(0)
        try:
            self._unread += self.socket.recv(_PIECE)
        except (BlockingIOError, ssl.SSLWantReadError):
            return False
        except OSError:
            return True
        return True

    def secure(self, context: ssl.SSLContext, host: str) -> None:
        """Go on encrypted, with a server whose certificate is for `host`.

        Raises:
            OSError: it is not, or something was sent ahead that would have counted as encrypted.
        """
        if self._unread:
            raise NoReplyError("the server said something ahead of the encryption, as somebody in between would")
        self.socket.settimeout(self.timeout)
        self.socket = context.wrap_socket(self.socket, server_hostname=host)

    def hang_up(self) -> None:
        """End the connection at once, without a word."""
        with suppress(OSError):
            self.socket.close()

    def _line(self, until: float) -> bytes:
        while b"\n" not in self._unread:
            if len(self._unread) > _MOST:
                raise NoReplyError("the server's answer has no end")
            left = until - self.clock()
            if left <= 0:
                raise NoReplyError("the server did not answer in time")
            self.socket.settimeout(left)
            try:
                received = self.socket.recv(_PIECE)
            except TimeoutError:
                continue
            if not received:
                raise NoReplyError("the server hung up")
            self._unread += received
        line, _, self._unread = self._unread.partition(b"\n")
        return line.removesuffix(b"\r")
