"""Synapse: a real Matrix homeserver, alone on loopback, with users and rooms that tests make."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote

from attrs import frozen

from servers import needing
from servers.starting import HOST, free_port, own_folder, running

NAME = "mentoring.test"
_SHARED = "of-the-tests"


@frozen
class Homeserver:
    """A running Synapse."""

    port: int

    @property
    def url(self) -> str:
        """Where clients talk to it."""
        return f"http://{HOST}:{self.port}"

    def user(self, name: str) -> str:
        """Register a user, and return an access token of theirs."""
        nonce = self.ask("GET", "/_synapse/admin/v1/register")["nonce"]
        said = "\0".join([nonce, name, "password", "notadmin"]).encode()
        proof = hmac.new(_SHARED.encode(), said, hashlib.sha1).hexdigest()
        asked = {"nonce": nonce, "username": name, "password": "password", "admin": False, "mac": proof}
        return str(self.ask("POST", "/_synapse/admin/v1/register", asked)["access_token"])

    def room(self, token: str, invited: str = "", alias: str = "") -> str:
        """Make a room that is private, and return its id."""
        asked = {"preset": "private_chat", "invite": [f"@{invited}:{NAME}"] if invited else []}
        named = {"room_alias_name": alias} if alias else {}
        return str(self.ask("POST", "/_matrix/client/v3/createRoom", {**asked, **named}, token)["room_id"])

    def messages(self, token: str, room: str) -> list[Mapping[str, Any]]:
        """Return what was said in a room, oldest first."""
        path = f"/_matrix/client/v3/rooms/{quote(room, safe='')}/messages?dir=f&limit=100"
        events = self.ask("GET", path, token=token)["chunk"]
        return [one["content"] for one in events if one["type"] == "m.room.message"]

    def ask(self, method: str, path: str, data: Any = None, token: str = "") -> Any:
        """Return what the server answers to a request.

        Raises:
            RuntimeError: it refuses.
        """
        connection = HTTPConnection(HOST, self.port, timeout=30)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        connection.request(method, path, json.dumps(data) if data is not None else None, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if answer.status != 200:
            raise RuntimeError(f"{method} {path}: {answer.status} {content!r}")
        return json.loads(content)


@contextmanager
def homeserver(**settings: Any) -> Iterator[Homeserver]:
    """Run Synapse until the block ends; skips where it is missing. `settings` go into its configuration."""
    python = needing.program("python")
    if not (needing.PYTHON_SERVERS / "synapse_homeserver").exists():
        needing.missing("Synapse")
    port = free_port()
    with own_folder("matrix") as folder:
        configured = _configure(folder, port, settings)
        command = [python, "-m", "synapse.app.homeserver", "--config-path", str(configured)]
        with running(command, folder, [port], environment={"SYNAPSE_CACHE_FACTOR": "0.1"}):
            yield Homeserver(port)


def _configure(folder: Path, port: int, settings: Mapping[str, Any]) -> Path:
    key = base64.b64encode(os.urandom(32)).decode("ascii").rstrip("=")
    (folder / "signing.key").write_text(f"ed25519 a_test {key}\n")
    plenty = {"per_second": 10_000, "burst_count": 10_000}
    said = {
        "server_name": NAME,
        "listeners": [
            {"port": port, "bind_addresses": [HOST], "type": "http", "resources": [{"names": ["client"]}]},
        ],
        "database": {"name": "sqlite3", "args": {"database": str(folder / "homeserver.db")}},
        "media_store_path": str(folder / "media"),
        "signing_key_path": str(folder / "signing.key"),
        "pid_file": str(folder / "pid"),
        "registration_shared_secret": _SHARED,
        "macaroon_secret_key": "of-the-tests",
        "form_secret": "of-the-tests",
        "report_stats": False,
        "trusted_key_servers": [],
        "federation_domain_whitelist": [],
        "bcrypt_rounds": 4,
        "rc_message": {"per_second": 0.2, "burst_count": 10},
        "rc_registration": plenty,
        "rc_login": {"address": plenty, "account": plenty, "failed_attempts": plenty},
        "rc_joins": {"local": plenty, "remote": plenty},
        "rc_joins_per_room": plenty,
        "rc_invites": {"per_room": plenty, "per_user": plenty, "per_issuer": plenty},
        "rc_room_creation": plenty,
        **settings,
    }
    configured = folder / "homeserver.yaml"
    configured.write_text(json.dumps(said))  # JSON is YAML
    return configured
