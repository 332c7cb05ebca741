"""One request and its answer: HTTP/1.1 on a connection of its own, with a limit to time and size."""

from __future__ import annotations

import io
import json
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPException, HTTPResponse
from typing import Any, cast

from attrs import field, frozen

from mentorkit.core.contracts import ChannelDownError
from mentorkit_channels.web.addresses import Address
from mentorkit_channels.web.connecting import Wires

LARGEST_ANSWER = 256 * 1024
"""So many bytes of an answer are read, and no more."""


class NoAnswerError(Exception):
    """The request may have been taken, but no answer says so."""


@frozen
class Request:
    """What is asked of a server.

    Attributes:
        headers: without Host, Content-Length and Connection.
    """

    method: str
    address: Address
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)

    def as_bytes(self) -> bytes:
        """Return the request as it is written.

        Raises:
            ValueError: a header would be more than one line.
        """
        fixed = [("Host", self.address.host_header), ("User-Agent", "mentorkit"), ("Connection", "close")]
        if self.body or self.method not in ("GET", "HEAD"):
            fixed.append(("Content-Length", str(len(self.body))))
        lines = [f"{self.method} {self.address.path} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in (*fixed, *self.headers)]
        if any(not line.isprintable() or not line.isascii() for line in lines):
            raise ValueError("a header of the request would not be one line of plain characters")
        return "\r\n".join([*lines, "", ""]).encode("ascii") + self.body


@frozen
class Answer:
    """What a server said.

    Attributes:
        headers: by their names in lower case.
        body: of which the rest is missing where it is too long or did not come in time.
        whole: whether nothing of the body is missing.
    """

    status: int
    headers: Mapping[str, str] = field(factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    whole: bool = True

    def data(self) -> Mapping[str, Any]:
        """Return the body as a JSON object; an empty one where it is none."""
        try:
            found = json.loads(self.body) if self.whole else None
        except (ValueError, RecursionError):
            return {}
        return found if isinstance(found, dict) else {}


def as_json(data: Mapping[str, Any] | list[str]) -> bytes:
    """Return data as the body of a request: the same bytes for the same data, half characters replaced."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")


@frozen(eq=False)
class Exchange:
    """A request that is ready to be written, on a connection that is open."""

    connection: socket.socket
    content: bytes = field(repr=False)
    timeout: float

    def send(self) -> Answer:
        """Write the request, and return the answer.

        Raises:
            NoAnswerError: nobody can know whether the request was taken.
        """
        try:
            self.connection.settimeout(self.timeout)
            self.connection.sendall(self.content)
            return self._answer()
        except TimeoutError:
            raise NoAnswerError("no answer in time") from None
        except (OSError, HTTPException, ValueError) as problem:
            raise NoAnswerError(f"the connection ended without an answer ({type(problem).__name__})") from None
        finally:
            self.close()

    def close(self) -> None:
        """Let go of the connection."""
        with suppress(OSError):
            self.connection.close()

    def _answer(self) -> Answer:
        response = HTTPResponse(cast(socket.socket, _Incoming(self.connection, time.monotonic() + self.timeout)))
        response.begin()
        headers = {name.lower(): value for name, value in response.getheaders()}
        try:
            body = response.read(LARGEST_ANSWER + 1)
            whole = len(body) <= LARGEST_ANSWER and not response.length
        except (OSError, HTTPException, ValueError):
            body, whole = b"", False
        return Answer(response.status, headers, body, whole)


def open_exchange(wires: Wires, request: Request) -> Exchange:
    """Connect, and return the request ready to be written.

    Raises:
        ChannelDownError: there is no connection.
        ValueError: the request has no valid form.
    """
    content = request.as_bytes()
    return Exchange(wires.connect(request.address), content, wires.timeout)


def ask(wires: Wires, request: Request) -> Answer:
    """Return the answer to a request that changes nothing, or that may be repeated at will.

    Raises:
        ChannelDownError: there is none.
    """
    try:
        return open_exchange(wires, request).send()
    except NoAnswerError as problem:
        raise ChannelDownError(f"{request.address.called}: {problem}") from None


class _Incoming(io.RawIOBase):
    """What a connection brings until a moment, however slowly it comes."""

    def __init__(self, connection: socket.socket, until: float) -> None:
        self._connection = connection
        self._until = until

    def makefile(self, mode: str) -> io.BufferedReader:  # noqa: ARG002 (as sockets are asked)
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left)
        return self._connection.recv_into(buffer)
