"""A web server of our own with faults: what it is asked is kept, and each answer is what a test says."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from attrs import define, field, frozen

from servers.certificates import Certificates
from servers.starting import HOST


@frozen
class Said:
    """What the server does with one request.

    Attributes:
        drop: hang up before the request is read, or after.
        delay: seconds before the answer.
        trickle: seconds between single bytes of the body.
    """

    status: int = 200
    body: object = ""
    headers: dict = field(factory=dict)
    drop: str = ""
    delay: float = 0.0
    trickle: float = 0.0
    raw: bytes = b""


@frozen
class Asked:
    """A request that came."""

    method: str
    path: str
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


@define(eq=False)
class FaultyServer:
    """Answers `say(...)` in their order, then 200 to everything; `on(...)` answers a path always.

    Attributes:
        answer: where there is one, it answers everything, told what was asked.
    """

    port: int = 0
    answer: Callable[[Asked], Said] | None = None
    asked: list = field(factory=list)
    connections: int = 0
    _script: list = field(factory=list)
    _paths: dict = field(factory=dict)

    @property
    def url(self):
        return f"http://{HOST}:{self.port}"

    def say(self, status=200, body="", **more):
        self._script.append(Said(status, body, **more))

    def on(self, method, path, status=200, body="", **more):
        self._paths[method, path] = Said(status, body, **more)

    def next(self, method, path):
        if (said := self._paths.get((method, path))) is not None:
            return said
        return self._script.pop(0) if self._script else Said()

    def sent(self, method="POST"):
        return [one for one in self.asked if one.method == method]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        self.server.faulty.connections += 1

    def _do(self):
        faulty = self.server.faulty
        path = self.path.partition("?")[0]
        said = faulty.next(self.command, path)
        if said.drop == "before":
            self._hang_up()
            return
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = Asked(self.command, self.path, dict(self.headers), body)
        faulty.asked.append(asked)
        if faulty.answer is not None:
            said = faulty.answer(asked)
        if said.drop == "after":
            self._hang_up()
            return
        if said.delay:
            time.sleep(said.delay)
        try:
            self._answer(said)
        except OSError:
            self.close_connection = True  # who asked has given up

    do_GET = do_POST = do_PUT = do_DELETE = do_PROPFIND = _do  # noqa: N815 (as the server wants them)

    def _answer(self, said):
        if said.raw:
            self.wfile.write(said.raw)
            self.close_connection = True
            return
        content = said.body if isinstance(said.body, bytes) else _text(said.body).encode()
        self.send_response(said.status)
        for name, value in {"Content-Length": str(len(content)), **said.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if not said.trickle:
            self.wfile.write(content)
            return
        for byte in content:
            self.wfile.write(bytes([byte]))
            time.sleep(said.trickle)

    def _hang_up(self):
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    def log_message(self, *_):
        """Say nothing."""


def _text(body):
    return body if isinstance(body, str) else json.dumps(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        """Say nothing: hanging up is what these tests are about."""


@contextmanager
def faulty_server(certificates: Certificates | None = None) -> Iterator[FaultyServer]:
    """Run a server until the block ends; with certificates it speaks HTTPS."""
    server = _Server((HOST, 0), _Handler)
    server.faulty = FaultyServer(server.server_address[1])
    if certificates is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates.chain, certificates.key)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.faulty
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
