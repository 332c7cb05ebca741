"""Radicale: a real CalDAV server, alone on loopback, in which everybody has a calendar, and mentorkit may write to all.

What people find in their calendars is read by a client of its own kind, the library `caldav`, as the person herself.
"""

from __future__ import annotations

import base64
import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from attrs import define, field, frozen

from servers import needing
from servers.starting import HOST, free_port, own_folder, running

USER, PASSWORD = "mentorkit", "öffne dich"
OWN_PASSWORD = "of-the-tests"  # of everybody else
PEOPLE = ("ada", "ben", "dev", "eva", "finn", "locked")
CALENDAR = "mentoring"
_READING = Path(__file__).with_name("calendars_reading.py")
_RIGHTS = f"""\
[all]
user: {USER}
collection: (?!locked/)[^/]+/mentoring(/.*)?
permissions: RrWw
[to-look-only]
user: {USER}
collection: locked(/.*)?
permissions: Rr
[own]
user: .+
collection: {{user}}(/.*)?
permissions: RrWw
"""


@frozen
class CalendarServer:
    """A running Radicale."""

    port: int

    @property
    def url(self) -> str:
        """Where people's calendars are."""
        return f"http://{HOST}:{self.port}"

    @contextmanager
    def losing_answers(self, count: int) -> Iterator[Losing]:
        """Give a way to the server on which the first answers to what changes something never arrive."""
        with ThreadingHTTPServer((HOST, 0), _Between) as server:
            server.daemon_threads = True
            losing = Losing(self.port, server.server_address[1], count)
            server.losing = losing  # type: ignore[attr-defined]
            thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
            thread.start()
            try:
                yield losing
            finally:
                server.shutdown()
                thread.join()

    def calendar(self, person: str) -> None:
        """Make somebody's calendar, empty."""
        self.ask("DELETE", f"/{person}/{CALENDAR}/", person)
        status, _ = self.ask("MKCALENDAR", f"/{person}/{CALENDAR}/", person)
        assert status == 201, status

    def entries(self, *people: str) -> dict[str, list[dict[str, Any]]]:
        """Return what people find in their calendars, as `calendars_reading.py` says it."""
        command = [needing.program("python"), str(_READING), self.url, OWN_PASSWORD, CALENDAR, *people]
        read = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
        found: dict[str, list[dict[str, Any]]] = json.loads(read.stdout)
        return found

    def ask(self, method: str, path: str, person: str, body: bytes = b"") -> tuple[int, bytes]:
        """Return what the server answers to somebody: status and body."""
        password = PASSWORD if person == USER else OWN_PASSWORD
        login = base64.b64encode(f"{person}:{password}".encode()).decode("ascii")
        connection = HTTPConnection(HOST, self.port, timeout=30)
        connection.request(method, path, body, {"Authorization": f"Basic {login}"})
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, content


@define
class Losing:
    """A way to a server that loses answers.

    Attributes:
        left: how many it still loses.
        changes: what changed something, in order: method and path.
    """

    server: int
    port: int
    left: int
    changes: list[tuple[str, str]] = field(factory=list)

    @property
    def url(self) -> str:
        """Where it begins."""
        return f"http://{HOST}:{self.port}"


class _Between(BaseHTTPRequestHandler):
    def _pass_on(self) -> None:
        losing: Losing = self.server.losing  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        connection = HTTPConnection(HOST, losing.server, timeout=30)
        connection.request(self.command, self.path, body, dict(self.headers))
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if self.command in ("PUT", "DELETE"):
            losing.changes.append((self.command, self.path))
            losing.left -= 1
            if losing.left >= 0:
                return  # and the connection ends
        self.send_response(answer.status)
        for name in ("ETag", "Content-Type"):
            if value := answer.headers.get(name):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_PUT = do_DELETE = do_PROPFIND = _pass_on  # noqa: N815 (as the server wants them)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def there() -> bool:
    """Return whether Radicale is installed."""
    return (needing.PYTHON_SERVERS / "radicale").exists()


@contextmanager
def calendar_server() -> Iterator[CalendarServer]:
    """Run Radicale until the block ends; skips where it is missing."""
    python = needing.program("python")
    if not there():
        needing.missing("Radicale")
    port = free_port()
    with own_folder("calendars") as folder:
        (folder / "users").write_text("".join(f"{one}:{OWN_PASSWORD}\n" for one in PEOPLE) + f"{USER}:{PASSWORD}\n")
        (folder / "rights").write_text(_RIGHTS)
        configured = folder / "config"
        configured.write_text(
            f"[server]\nhosts = {HOST}:{port}\n"
            f"[auth]\ntype = htpasswd\nhtpasswd_filename = {folder}/users\nhtpasswd_encryption = plain\ndelay = 0\n"
            f"[rights]\ntype = from_file\nfile = {folder}/rights\n"
            f"[storage]\nfilesystem_folder = {folder}/collections\n"
            "[web]\ntype = none\n"
        )
        with running([python, "-m", "radicale", "--config", str(configured)], folder, [port]):
            yield CalendarServer(port)
