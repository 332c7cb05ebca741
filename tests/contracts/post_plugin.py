"""A kind of channel for tests: its receiver is a file beside the run folder, and it fails as another one tells it.

`HOST.jsonl` has a line for each message that has arrived. `told.json` says what goes wrong, by host: `down` is raised
when connecting; `receipts` are given in the place of an arrival, by the recipient's name.
"""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from attrs import field, frozen

from mentorkit.core.contracts import ChannelDownError, ChannelSetting, Outgoing, Receipt, Secret
from mentorkit.core.roster import Person
from mentorkit.hookspecs import hookimpl


@frozen
class PostOptions:
    host: str = "post"
    column: str = ""
    password: Secret | None = None
    headers: dict[str, Secret] = field(factory=dict)


@frozen
class PostKind:
    name: str = "post"
    summary: str = "a line in a file for each message"
    options: type[PostOptions] = PostOptions
    leaves_machine: bool = True
    repeat_is_harmless: bool = False

    def columns(self, options: PostOptions) -> tuple[str, ...]:
        return (options.column,) if options.column else ()

    def identity(self, options: PostOptions) -> str:
        return options.host

    def open(self, options: PostOptions, setting: ChannelSetting) -> Post:
        return Post(options, setting)


@frozen
class Post:
    options: PostOptions
    setting: ChannelSetting

    def reaches(self, person: Person | None, address: str) -> bool:
        if self.options.column:
            return person is not None and bool(person.text(self.options.column))
        return bool(address)

    def prepare(self, outgoing: Outgoing) -> Letter:
        told = self._told()
        if "down" in told:
            raise ChannelDownError(told["down"])
        password = self.setting.reveal(self.options.password) if self.options.password else ""
        line = {
            "key": outgoing.key,
            "to": outgoing.to_name or outgoing.to_address,
            "subject": outgoing.subject,
            "text": outgoing.text,
            "values": dict(outgoing.values),
            "password": password,
        }
        receipt = told.get("receipts", {}).get(outgoing.to_name or outgoing.to_address)
        return Letter(self._place(f"{self.options.host}.jsonl"), line, receipt)

    def close(self) -> None:
        if self._place(f"{self.options.host}.jsonl").exists():
            self._place(f"{self.options.host}.closed").touch()

    def _told(self) -> dict[str, Any]:
        path = self._place("told.json")
        return dict(json.loads(path.read_text()).get(self.options.host, {})) if path.exists() else {}

    def _place(self, name: str) -> Path:
        return Path(self.setting.folder).parent / name


@frozen
class Letter:
    path: Path
    line: dict[str, Any]
    receipt: dict[str, Any] | None

    def commit(self) -> Receipt:
        if self.receipt is not None:
            pause = self.receipt.get("retry_after")
            return Receipt(
                self.receipt["outcome"],
                self.receipt.get("detail", ""),
                None if pause is None else timedelta(seconds=pause),
                self.receipt.get("bad_address", False),
            )
        with self.path.open("a") as file:
            file.write(json.dumps(self.line) + "\n")
        return Receipt("sent", "taken")

    def abandon(self) -> None:
        pass


@hookimpl
def mentorkit_channels() -> list[PostKind]:
    return [PostKind()]
