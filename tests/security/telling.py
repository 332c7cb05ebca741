"""A kind of channel as somebody else might write it: it tells all it knows in everything it says."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from mentorkit.core.contracts import ChannelDownError, ChannelSetting, Outgoing, Receipt, Secret
from mentorkit.core.roster import Person
from mentorkit.hookspecs import hookimpl


@frozen
class TellingOptions:
    password: Secret
    how: str = "receipt"
    column: str = "phone"


@frozen
class TellingKind:
    name: str = "telling"
    summary: str = "tells all it knows"
    options: type[TellingOptions] = TellingOptions
    leaves_machine: bool = True
    repeat_is_harmless: bool = False

    def columns(self, options: TellingOptions) -> tuple[str, ...]:
        return (options.column,)

    def open(self, options: TellingOptions, setting: ChannelSetting) -> Telling:
        return Telling(options, setting)


@frozen
class Telling:
    options: TellingOptions
    setting: ChannelSetting

    def reaches(self, person: Person | None, address: str) -> bool:
        return bool(address)

    def prepare(self, outgoing: Outgoing) -> Letter:
        secret = self.setting.reveal(self.options.password)
        told = f"{secret!r}: {outgoing.to_name} <{outgoing.to_address}>\x1b[31m {dict(outgoing.values)}\n"
        if self.options.how == "down":
            raise ChannelDownError(told)
        if self.options.how == "exception":
            raise ValueError(told)
        return Letter(told, self.options.how)


@frozen
class Letter:
    told: str
    how: str

    def commit(self) -> Any:
        if self.how == "receipt":
            return Receipt("failed", self.told)
        raise OSError(self.told)

    def abandon(self) -> None:
        pass


@hookimpl
def mentorkit_channels() -> list[TellingKind]:
    return [TellingKind()]
