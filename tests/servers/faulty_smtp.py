"""A mail server that does wrong on purpose: at each verb it says, or leaves unsaid, what its script has for that.

Beside the verbs of SMTP a script knows `connect`, `body` (what happens before a message is read) and `dot` (its end).
It runs in threads of the test itself and keeps what it was told and what it took, so a test can say whether a message
arrived. Between faults it is a server like others: it offers STARTTLS and AUTH where it is asked to.
"""

from __future__ import annotations

import re
import socket
import socketserver
import ssl
import threading
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from attrs import define, field, frozen

from servers.starting import HOST

VERBS = ("connect", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "body", "dot", "rset", "noop", "quit")
_USUAL = {
    "connect": "220 faulty.example.org",
    "starttls": "220 go ahead",
    "auth": "235 2.7.0 welcome",
    "mail": "250 2.1.0 ok",
    "rcpt": "250 2.1.5 ok",
    "data": "354 go ahead",
    "dot": "250 2.0.0 queued as 1",
    "rset": "250 2.0.0 ok",
    "noop": "250 2.0.0 ok",
    "quit": "221 2.0.0 bye",
}
OFFERS = ("8BITMIME", "SMTPUTF8", "SIZE 10000000", "ENHANCEDSTATUSCODES")
_STRICT_END = re.compile(rb"(?:\A|(?<=\n))\.\r\n")
_LENIENT_END = re.compile(rb"(?:\A|(?<=[\r\n]))\.(?:\r\n|\r|\n)")


@frozen
class Fault:
    """Something a server does instead of answering.

    Attributes:
        kind: `hang` says nothing for ever, `silence` neither, until the other side has gone, `drop` closes the
            connection (having said `reply`, if there is one), `slowly` says `reply` byte by byte.
        takes_it: whether a message that has ended counts as delivered all the same.
    """

    kind: str
    reply: str = ""
    takes_it: bool = False


HANG = Fault("hang")
DROP = Fault("drop")
TAKE_AND_DROP = Fault("drop", takes_it=True)
TAKE_AND_HANG = Fault("hang", takes_it=True)
SILENCE = Fault("silence")
TAKE_AND_SAY_NOTHING = Fault("silence", takes_it=True)


def slowly(reply: str) -> Fault:
    return Fault("slowly", reply)


Step = str | Fault
Script = Mapping[str, Step | Sequence[Step]]


@frozen
class Taken:
    """A message that the server took: envelope as said, content as sent, without dots that were doubled."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes


@define
class FaultySmtp:
    """A running server.

    Attributes:
        script: by verb, what to do; of a list, one for each time, and then as usual.
        weather: asked at each verb before the script, for what happens instead, if anything does.
        offers: keywords of EHLO, beside STARTTLS and AUTH.
        chain: certificate and key, where it offers STARTTLS or begins with TLS.
        begins_encrypted: whether TLS comes first.
        mechanisms: ways of logging in, offered where there are any.
        lenient: whether any line break around a dot ends a message, as with servers that can be smuggled past.
        pause: seconds between the bytes that it says slowly.
        said: the commands, in order.
        taken: the messages.
        connections: how many there were.
        encrypted: whether each command came encrypted.
    """

    script: Script = field(factory=dict)
    weather: Callable[[str], Step | None] = lambda _verb: None
    offers: Sequence[str] = OFFERS
    chain: tuple[Path, Path] | None = None
    begins_encrypted: bool = False
    mechanisms: Sequence[str] = ()
    lenient: bool = False
    pause: float = 0.05
    port: int = 0
    said: list[str] = field(factory=list)
    taken: list[Taken] = field(factory=list)
    connections: int = 0
    encrypted: list[bool] = field(factory=list)
    ending: threading.Event = field(factory=threading.Event)
    _done: dict[str, int] = field(factory=dict)

    def step(self, verb: str, usual: str) -> Step:
        """Return what to do now at a verb."""
        if (struck := self.weather(verb)) is not None:
            return struck
        times = self._done[verb] = self._done.get(verb, 0) + 1
        scripted = self.script.get(verb, usual)
        if isinstance(scripted, str | Fault):
            return scripted
        return scripted[times - 1] if times <= len(scripted) else usual

    @property
    def credentials(self) -> list[str]:
        """What clients logged in with, decoded."""
        coded = [line.split()[-1] for line in self.said if line.startswith("AUTH ") and len(line.split()) > 2]
        return [b64decode(one).decode() for one in coded]


@contextmanager
def faulty_smtp(script: Script | None = None, **kept: object) -> Iterator[FaultySmtp]:
    """Run a server until the block ends."""
    unknown = set(script or ()) - set(VERBS)
    assert not unknown, unknown
    state = FaultySmtp(script or {}, **kept)  # type: ignore[arg-type]

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError, _OverError):
                _Conversation(state, self.request).hold()

    with socketserver.ThreadingTCPServer((HOST, 0), Handler) as server:
        server.daemon_threads = True
        server.block_on_close = False
        state.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield state
        finally:
            state.ending.set()
            server.shutdown()
            thread.join()


class _OverError(Exception):
    """The connection is over."""


@define
class _Conversation:
    state: FaultySmtp
    connection: socket.socket
    unread: bytes = b""
    sender: str = ""
    recipients: list[str] = field(factory=list)

    def hold(self) -> None:
        self.state.connections += 1
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        try:
            if self.state.begins_encrypted:
                self._encrypt()
            self._do("connect")
            while True:
                self._answer(self._line().decode("utf-8", "replace"))
        finally:
            self.connection.close()

    def _answer(self, line: str) -> None:
        verb = line.split(" ")[0].lower()
        self.state.said.append(line)
        self.state.encrypted.append(isinstance(self.connection, ssl.SSLSocket))
        if verb not in VERBS:
            self._write(b"500 5.5.2 what?\r\n")
            return
        reply = self._do(verb)
        if not reply.startswith(("2", "3")):
            return
        if verb in ("mail", "rcpt"):
            address = line.partition("<")[2].partition(">")[0]
            self.sender, self.recipients = (
                (address, []) if verb == "mail" else (self.sender, [*self.recipients, address])
            )
        elif verb == "starttls":
            self._encrypt()
        elif verb == "data":
            self._take()
        elif verb == "quit":
            raise _OverError

    def _do(self, verb: str) -> str:
        usual = self._greeting() if verb == "ehlo" else _USUAL[verb]
        step = self.state.step(verb, usual)
        while verb == "auth" and isinstance(step, str) and step.startswith("334"):
            self._write(step.encode() + b"\r\n")
            self.state.said.append(self._line().decode())
            step = self.state.step(verb, usual)
        return self._act(step)

    def _act(self, step: Step) -> str:
        if isinstance(step, str):
            self._write(step.replace("\n", "\r\n").encode() + b"\r\n")
            return step
        if step.kind == "slowly":
            for byte in step.reply.encode() + b"\r\n":
                self._write(bytes([byte]))
                self.state.ending.wait(self.state.pause)
            return step.reply
        if step.kind == "hang":
            self.state.ending.wait()
        elif step.kind == "silence":
            while True:
                self._receive()
        elif step.reply:
            self._write(step.reply.encode() + b"\r\n")
        raise _OverError

    def _greeting(self) -> str:
        words = list(self.state.offers)
        if self.state.chain and not isinstance(self.connection, ssl.SSLSocket):
            words.append("STARTTLS")
        if self.state.mechanisms:
            words.append(f"AUTH {' '.join(self.state.mechanisms)}")
        lines = ["faulty.example.org", *words]
        return "\n".join(f"250{'-' if number < len(lines) else ' '}{line}" for number, line in enumerate(lines, 1))

    def _encrypt(self) -> None:
        assert self.state.chain
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.state.chain)
        self.connection = context.wrap_socket(self.connection, server_side=True)

    def _take(self) -> None:
        if early := self.state.step("body", ""):
            self._act(early)
        end = _LENIENT_END if self.state.lenient else _STRICT_END
        while not (found := end.search(self.unread)):
            self._receive()
        content, self.unread = self.unread[: found.start()], self.unread[found.end() :]
        taken = Taken(self.sender, tuple(self.recipients), re.sub(rb"(?m)^\.", b"", content))
        step = self.state.step("dot", _USUAL["dot"])
        reply = step if isinstance(step, str) else step.reply
        if reply.startswith("250") or (isinstance(step, Fault) and step.takes_it):
            self.state.taken.append(taken)
        self._act(step)

    def _line(self) -> bytes:
        while b"\n" not in self.unread:
            self._receive()
        line, _, self.unread = self.unread.partition(b"\n")
        return line.removesuffix(b"\r")

    def _receive(self) -> None:
        received = self.connection.recv(65536)
        if not received:
            raise _OverError
        self.unread += received

    def _write(self, content: bytes) -> None:
        self.connection.sendall(content)
