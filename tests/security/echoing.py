"""A server that knows all services a little, and says back in every answer whatever it was told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from attrs import define, field

from servers.starting import HOST

CALENDAR = (
    '<?xml version="1.0"?><d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:response>'
    "<d:propstat><d:prop><d:resourcetype><d:collection/><c:calendar/></d:resourcetype></d:prop></d:propstat>"
    "</d:response></d:multistatus>"
)
QUESTIONS = (
    ("/api/auth.test", 200, {"ok": True}),
    ("/joined_rooms", 200, {"joined_rooms": ["!zab-matrix-quill:example.org"]}),
    ("/users/me", 200, {"id": "b" * 26, "result": "success"}),
    ("/users/email/", 200, {"id": "u" * 26, "delete_at": 0}),
    ("/channels/direct", 201, {"id": "c" * 26}),
    ("/api/v1/users/", 200, {"result": "success", "user": {"user_id": 7, "is_active": True}}),
)
"""What services are asked before a message, by parts of the path."""


@define(eq=False)
class Echoing:
    """A running server.

    Attributes:
        status: of its answers to messages; 0: it hangs up.
        shut: whether it lets nobody in, and says so in answer to every question.
        told: what it was told, whole.
    """

    status: int = 200
    shut: bool = False
    port: int = 0
    told: list[str] = field(factory=list)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def answer(self, method: str, path: str, told: str) -> tuple[int, Any]:
        """Return status and body of an answer."""
        echo = {"ok": False, "error": told, "message": told, "msg": told, "code": told, "errcode": told, "id": told}
        if self.shut:
            return 401, echo
        if method == "PROPFIND":
            return 207, CALENDAR
        if method == "GET" and path.endswith(".ics"):
            return 404, echo
        if question := next(((status, body) for part, status, body in QUESTIONS if part in path), None):
            return question
        if self.status == 200:
            return 200, {"ok": True, "id": "p" * 26, "event_id": "$1", "result": "success", "ts": "1.2", "said": told}
        return self.status, echo


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def _do(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode("utf-8", "replace")
        words = [self.path, *(value for _, value in self.headers.items()), body]
        told, echoing = " ".join(words), self.server.echoing
        echoing.told.append(told)
        status, answer = echoing.answer(self.command, self.path, told)
        if not status:
            self.close_connection = True
            return
        content = (answer if isinstance(answer, str) else json.dumps(answer)).encode()
        self.send_response(status, self.headers.get("Authorization", "OK").replace("\n", " "))
        self.send_header("Content-Length", str(len(content)))
        self.send_header("WWW-Authenticate", self.path)
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = do_PUT = do_DELETE = do_PROPFIND = _do  # noqa: N815 (as the server wants them)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    echoing: Echoing

    def handle_error(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def echoing_server() -> Iterator[Echoing]:
    """Run a server until the block ends."""
    with _Server((HOST, 0), _Handler) as server:
        server.echoing = Echoing(port=server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server.echoing
        finally:
            server.shutdown()
            thread.join()
