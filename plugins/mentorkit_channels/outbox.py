"""The channel `outbox`: every message becomes one `.eml` file in the run folder, and nothing leaves the machine.

A file is written aside, made durable, and then given its name in one step that either happens or does not (link(2));
a name that is taken is never written to again. So a name in the outbox is proof of delivery, and repeating is harmless
while the file keeps its name: if a run dies before the receipt is in the ledger, and the file has been moved or renamed
by then, the next run makes it again. Copy messages from the outbox, or move them once a run has ended.
"""

from __future__ import annotations

import os
import re
from email.parser import BytesHeaderParser
from itertools import count
from pathlib import Path

from attrs import define, field, frozen

from mentorkit.core.contracts import ChannelDownError, ChannelSetting, Outgoing, Receipt
from mentorkit.core.roster import Person
from mentorkit_channels.mail import as_bytes

_TEMPORARY = ".tmp."
_SAFE_KEY = re.compile(r"[^./\x00-\x1f\x7f\ud800-\udfff][^/\x00-\x1f\x7f\ud800-\udfff]*")
_LONGEST_KEY = 200


@frozen
class OutboxKind:
    """Offers the outbox."""

    name: str = "outbox"
    summary: str = "files in the run folder, one per message; nothing leaves the machine"
    options: None = None
    leaves_machine: bool = False
    repeat_is_harmless: bool = True
    carries_invitations: bool = True
    carries_messages: bool = True

    def open(self, options: None, setting: ChannelSetting) -> Outbox:  # noqa: ARG002 (the contract's)
        """Return the outbox of a run folder."""
        return Outbox(Path(setting.folder) / "outbox", setting.durable)


@define
class Outbox:
    """An open outbox; `durable` says whether its files must survive a power cut."""

    folder: Path
    durable: bool
    _is_clear: bool = field(default=False, init=False)

    def reaches(self, person: Person | None, address: str) -> bool:  # noqa: ARG002 (the contract's)
        """Return True: a file needs no address."""
        return True

    def prepare(self, outgoing: Outgoing) -> PreparedFile:
        """Write the whole message aside.

        Raises:
            ValueError: the message has no valid form, such as two addresses in one.
            OSError: it cannot be written.
            ChannelDownError: the outbox is a link to somewhere else.
        """
        if not self._is_clear:
            self._clear()
        if not _SAFE_KEY.fullmatch(outgoing.key) or len(outgoing.key.encode()) > _LONGEST_KEY:
            raise ValueError(f'"{outgoing.key}" cannot be a file name')
        content = as_bytes(outgoing)
        temporary = self.folder / f"{_TEMPORARY}{outgoing.key}"
        temporary.unlink(missing_ok=True)
        _write(temporary, content, self.durable)
        return PreparedFile(temporary, self.folder, outgoing.key, outgoing.message_id, self.durable)

    def _clear(self) -> None:
        """Make the folder, and clear it of what an interrupted run left half done."""
        if self.folder.is_symlink():
            raise ChannelDownError(f"{self.folder} is a symbolic link; put the whole run folder there by --folder")
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for leftover in self.folder.glob(f"{_TEMPORARY}*"):
            leftover.unlink(missing_ok=True)
        self._is_clear = True


@frozen
class PreparedFile:
    """A message that is complete but has no name in the outbox yet."""

    temporary: Path
    folder: Path
    key: str
    message_id: str
    durable: bool

    def commit(self) -> Receipt:
        """Give the message its name; what is there already is kept as it is."""
        receipt = self._named()
        if self.durable:
            _sync_folder(self.folder)
        self.abandon()
        return receipt

    def abandon(self) -> None:
        """Remove what was written aside."""
        self.temporary.unlink(missing_ok=True)

    def _named(self) -> Receipt:
        """Take the first name that is free, or find the one that an interrupted run took for this very message.

        A name is taken by another message only where the run folder outlived its ledger.
        """
        for number in count(1):
            final = self.folder / (f"{self.key}.eml" if number == 1 else f"{self.key}.{number}.eml")
            try:
                os.link(self.temporary, final)
            except FileExistsError:
                if _message_id(final) != self.message_id:
                    continue
                return Receipt("sent", f"{final.name} (was there already)")
            except OSError as problem:
                if not _same_file(final, self.temporary):  # a network file system may have done it and still complain
                    return Receipt("deferred", f"{final.name} could not be created: {problem.strerror}")
            return Receipt("sent", final.name)
        raise AssertionError("numbers do not end")


def _message_id(path: Path) -> str:
    with path.open("rb") as file:
        headers = BytesHeaderParser().parse(file)
    return "".join(str(headers["Message-ID"]).split()).strip("<>")


def _same_file(one: Path, other: Path) -> bool:
    return one.exists() and one.samefile(other)


def _write(path: Path, content: bytes, durable: bool) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600), "wb") as file:
        file.write(content)
        if durable:
            file.flush()
            os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
