"""Nobody hears of a test by accident: nothing leaves the machine before somebody has said that it is meant."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from mentorkit import clock
from mentorkit.command_line.boundary import run_command
from security.guarded import HELLO, NOON, PEOPLE, Guarded
from security.guarded import PROGRAM as INVITING
from servers.faulty_smtp import FaultySmtp, faulty_smtp

PROGRAM = INVITING.replace("sessions = { ", 'sessions = { book = "none", ')
CHANNEL = """
[channels.mail]
use = "smtp"
host = "localhost"
port = PORT
security = "none"
from = "SENDER"
"""
TEMPLATE = '[template]\nname = "ours"\nversion = "1"\n'


@pytest.fixture
def mail(guarded: Guarded, monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultySmtp]:
    """A mail server to which the program's messages go, on the day on which the first ones are due."""
    monkeypatch.setattr(clock, "now", lambda: datetime(2027, 1, 11, 12, tzinfo=UTC))
    with faulty_smtp() as server:
        guarded.write({"p.toml": PROGRAM + channel(server)})
        yield server


def channel(server: FaultySmtp, sender: str = "pilot@example.org") -> str:
    return CHANNEL.replace("PORT", str(server.port)).replace("SENDER", sender)


def test_nothing_connects_before_a_yes_and_after_it_everybody_gets_one_mail(guarded: Guarded, mail: FaultySmtp) -> None:
    for command in (("check",), ("show",), ("match",), ("plan",), ("plan", "--out", "saved.json"), ("status",)):
        assert 0 == guarded(*command).code, command
    for command in (("run", "--plan", "saved.json"), ("run",)):
        asked = guarded(*command)
        assert 4 == asked.code
        assert "2 messages would leave this machine" in asked.err
        assert "--yes" in asked.err
    assert 0 == mail.connections
    assert 0 == guarded("run", "--yes").code
    assert ["ada@example.org", "ben@example.org"] == sorted(taken.recipients[0] for taken in mail.taken)


def test_another_day_than_today_is_rehearsed_and_a_rehearsal_stays_here(guarded: Guarded, mail: FaultySmtp) -> None:
    refused = guarded("run", "--yes", "--at", "2027-01-12T12:00")
    assert (2, True) == (refused.code, "rehearse with --simulate" in refused.err)
    assert 0 == guarded("run", "--simulate").code
    assert len(list((guarded.folder / "p.sim" / "outbox").iterdir())) >= 2
    assert 0 == mail.connections


def test_a_copy_of_a_program_and_another_sender_are_asked_about_again(guarded: Guarded, mail: FaultySmtp) -> None:
    assert 0 == guarded("run", "--yes").code
    guarded.write({"p.toml": PROGRAM.replace("timeline.hello", "timeline.again") + channel(mail)})
    assert 0 == guarded("run").code
    assert 4 == len(mail.taken)
    other = PROGRAM.replace("timeline.hello", "timeline.third")
    guarded.write({"p.toml": other + channel(mail, "eve@example.org")})
    assert 4 == guarded("run").code
    guarded.write({"stage/p.toml": other + channel(mail), "stage/people.csv": PEOPLE, "stage/messages/hello.md": HELLO})
    assert 4 == run_command(["run", "stage/p.toml"])
    assert 4 == len(mail.taken)


def test_a_channel_that_a_template_brings_needs_the_same_yes(guarded: Guarded, mail: FaultySmtp) -> None:
    guarded.write({"ours/template.toml": TEMPLATE + channel(mail), "p.toml": f'extends = "./ours"\n{PROGRAM}'})
    assert 4 == guarded("run").code
    assert 0 == mail.connections


def test_without_channels_everything_stays_in_the_outbox(guarded: Guarded) -> None:
    assert 0 == guarded("run", *NOON).code
    assert 2 == len(list((guarded.folder / "p.run" / "outbox").iterdir()))
