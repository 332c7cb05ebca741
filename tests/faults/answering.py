"""What services answer, as far as their messages go: each keeps what it took, and says how often it took which.

They stand behind the web server of the tests. None shares code with the channel that talks to it.
"""

from __future__ import annotations

import collections
import threading
from collections.abc import Mapping
from urllib.parse import unquote

from attrs import define, field

from servers.web import Asked, Said

_A_CALENDAR = (
    '<?xml version="1.0"?><d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:response>'
    "<d:propstat><d:prop><d:resourcetype><d:collection/><c:calendar/></d:resourcetype></d:prop></d:propstat>"
    "</d:response></d:multistatus>"
)


@define(eq=False)
class Hooks:
    """A receiver that drops what it has had, told by its key; another message under a key that it knows is a second."""

    seen: dict[str, set[bytes]] = field(factory=dict)
    _lock: threading.Lock = field(factory=threading.Lock)

    def __call__(self, asked: Asked) -> Said:
        with self._lock:
            self.seen.setdefault(asked.headers["Idempotency-Key"], set()).add(asked.body)
        return Said()

    def count(self) -> Mapping[str, int]:
        return {key: len(bodies) for key, bodies in self.seen.items()}

    def forget(self) -> None:
        self.seen.clear()


@define(eq=False)
class Homeserver:
    """Matrix: the id that an event is sent under makes one event of however many requests, for each room."""

    seen: dict[str, set[bytes]] = field(factory=dict)
    _lock: threading.Lock = field(factory=threading.Lock)

    def __call__(self, asked: Asked) -> Said:
        if asked.path.endswith("/joined_rooms"):
            return Said(body={"joined_rooms": ["!ada:example.org"]})
        with self._lock:
            self.seen.setdefault(unquote(asked.path.rpartition("/")[2]), set()).add(asked.body)
        return Said(body={"event_id": f"${len(self.seen)}"})

    def count(self) -> Mapping[str, int]:
        return {key: len(bodies) for key, bodies in self.seen.items()}

    def forget(self) -> None:
        self.seen.clear()


@define(eq=False)
class Workspace:
    """Slack: takes whatever is written, as often as it is, and lets it be looked for."""

    seen: list[object] = field(factory=list)

    def __call__(self, asked: Asked) -> Said:
        method = asked.path.rpartition("/")[2]
        if method == "chat.postMessage":
            self.seen.append(asked.json["metadata"])
        elif method == "conversations.open":
            return Said(body={"ok": True, "channel": {"id": "D1"}})
        elif method == "conversations.history":
            found = [{"type": "message", "metadata": one} for one in self.seen]
            return Said(body={"ok": True, "messages": found, "has_more": False})
        return Said(body={"ok": True, "ts": "1.2"})

    def count(self) -> Mapping[str, int]:
        return collections.Counter(one["event_payload"]["key"] for one in self.seen)

    def forget(self) -> None:
        self.seen.clear()


@define(eq=False)
class Calendars:
    """CalDAV: entries by their names, written and taken out under conditions; each writing counts."""

    entries: dict[str, tuple[str, bytes]] = field(factory=dict)
    seen: list[str] = field(factory=list)
    _lock: threading.Lock = field(factory=threading.Lock)

    def __call__(self, asked: Asked) -> Said:
        with self._lock:
            return getattr(self, f"_{asked.method.lower()}")(asked)

    def _propfind(self, _: Asked) -> Said:
        return Said(207, _A_CALENDAR)

    def _get(self, asked: Asked) -> Said:
        if asked.path not in self.entries:
            return Said(404)
        tag, content = self.entries[asked.path]
        return Said(200, content, {"ETag": tag})

    def _put(self, asked: Asked) -> Said:
        there = self.entries.get(asked.path)
        if there and asked.headers.get("If-None-Match") == "*":
            return Said(412)
        if "If-Match" in asked.headers and (there is None or asked.headers["If-Match"] != there[0]):
            return Said(412)
        self.seen.append(asked.path)
        self.entries[asked.path] = f'"{len(self.seen)}"', asked.body
        return Said(204 if there else 201)

    def count(self) -> Mapping[str, int]:
        keys = (unquote(path.rpartition("/")[2]).partition("@")[0] for path in self.seen)
        return collections.Counter(keys)

    def forget(self) -> None:
        self.entries.clear()
        self.seen.clear()
