"""The channel `apprise`: whatever else Apprise can reach, from text messages to telephones, with a weaker promise.

Apprise says only whether a service took a message, and gives it no id. Each is sent by a process of its own, which is
ended where it takes too long. Apprise itself is optional: `pip install mentorkit[apprise]`.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from attrs import define, field, frozen

from mentorkit.core.contracts import ChannelDownError, ChannelSetting, Outgoing, Receipt
from mentorkit.core.roster import Person
from mentorkit_channels.apprise import AppriseOptions
from mentorkit_channels.chat.saying import fitting, plain, said
from mentorkit_channels.web.delivering import WORST_IN_A_ROW, cell

MOST_TEXT = 20_000
"""Characters of a message; Apprise cuts or splits what a service does not take."""
PLACE = "{to}"
"""What stands in an Apprise URL for the recipient."""
_SENDING = Path(__file__).with_name("apprise_sending.py")
_STARTING = 30.0
_NOT_READY = {
    "missing": "Apprise is not installed: pip install mentorkit[apprise]",
    "refused": "Apprise does not understand the URL",
}


@define(eq=False)
class AppriseChannel:
    """An open channel; it holds nothing between messages."""

    options: AppriseOptions
    setting: ChannelSetting
    _unclear: int = field(default=0, init=False)

    def reaches(self, person: Person | None, address: str) -> bool:  # noqa: ARG002 (the contract's)
        """Return whether there is something in the column."""
        return person is not None and bool(person.text(self.options.column))

    def prepare(self, outgoing: Outgoing) -> Sending:
        """Return a process that has the message and waits for the word to send it.

        Raises:
            ChannelDownError: Apprise is not there, its URL is none, or it said nothing clear three times in a row.
        """
        if self._unclear >= WORST_IN_A_ROW:
            raise ChannelDownError(f"Apprise: {WORST_IN_A_ROW} messages in a row were not taken")
        subject, *rest = said(outgoing)
        body = plain(fitting(rest, lambda some: len(plain(some)), MOST_TEXT))
        message = {"url": self._url(outgoing), "title": subject.text, "body": body}
        sending = Sending(_started(), self)
        told = sending.told(json.dumps(message), _STARTING)
        if told != "ready":
            sending.abandon()
            raise ChannelDownError(_NOT_READY.get(told, "Apprise does not start"))
        return sending

    def remember(self, receipt: Receipt) -> Receipt:
        """Return a receipt, counting those in a row that are not clear."""
        self._unclear = self._unclear + 1 if receipt.outcome == "unknown" else 0
        return receipt

    def _url(self, outgoing: Outgoing) -> str:
        url = self.setting.reveal(self.options.url)
        if PLACE not in url:
            raise ChannelDownError(f"Apprise: the URL in {self.options.url.name} has no {PLACE} for the recipient")
        return url.replace(PLACE, quote(cell(outgoing, self.options.column), safe=""))


@frozen(eq=False)
class Sending:
    """A message that another process sends once it is told to."""

    process: subprocess.Popen[bytes]
    channel: AppriseChannel

    def commit(self) -> Receipt:
        """Let it be sent, and say what Apprise says."""
        told = self.told("go", self.channel.options.timeout)
        self.abandon()
        if told == "sent":
            return self.channel.remember(Receipt("sent", "Apprise says so"))
        detail = "Apprise says no, and not how far it came" if told == "not" else "Apprise said nothing in time"
        return self.channel.remember(Receipt("unknown", detail))

    def abandon(self) -> None:
        """End the process, whatever it does."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()
        self.process.wait()

    def told(self, line: str, patience: float) -> str:
        """Return what the process answers to a line; "" where it ends or does not answer in time."""
        asked, answers = self.process.stdin, self.process.stdout
        assert asked is not None
        assert answers is not None
        try:
            asked.write(f"{line}\n".encode())
            asked.flush()
        except OSError:
            return ""
        return _line(answers.fileno(), time.monotonic() + patience)


def _line(descriptor: int, until: float) -> str:
    found = b""
    while not found.endswith(b"\n"):
        left = until - time.monotonic()
        if left <= 0 or not select.select([descriptor], [], [], left)[0]:
            return ""
        part = os.read(descriptor, 100)
        if not part:
            return ""
        found += part
    return found.decode("ascii", "replace").strip()


def _started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-P", str(_SENDING)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
