"""A program whose messages go by a mail server, run from the command line and read in its people's mailboxes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import icalendar
import pytest

from mentorkit.command_line.boundary import run_command
from mentorkit.testing import program_folder
from servers.mail import MAILBOXES, PASSWORD, USER

PEOPLE = """\
id,name,email,level,role
1,Ada Osei,ada@example.org,4,mentor
2,Ben Ruiz,ben@example.org,4,mentor
3,Eva Nováková,eva@example.org,2,mentee
4,Finn Berg,finn@example.org,1,mentee
5,Gil Roth,nobody@example.org,1,mentee
"""
HELLO = """\
---
subject: Willkommen, {{ me.name }}
---
Grüß dich, **{{ me.name }}**.
"""
PROGRAM = """\
[program]
name = "Pilot"
starts = {starts}
coordinator = "office@example.org"

[roster]
file = "people.csv"

[model]
use = "one-on-one"

[sessions]
count = 1
book = "{book}"

[timeline.hello]
when = "start + 1 day at 09:00"
to = "everyone"
message = "messages/hello"

[channels.email]
use = "smtp"
host = "localhost"
port = {port}
user = "{user}"
password = {{ file = "password" }}
ca = "{ca}"
from = "Pilot mentoring <office@example.org>"
unsubscribe = "office@example.org"
"""


@pytest.fixture
def program(request, tmp_path, monkeypatch, mail):
    said = PROGRAM.format(
        book=getattr(request, "param", "none"),
        starts=(datetime.now(UTC) - timedelta(days=3)).date(),
        port=mail.smtp,
        user=USER,
        ca=mail.certificates.authority,
    )
    files = {"pilot.toml": said, "people.csv": PEOPLE, "messages/hello.md": HELLO, "password": f"{PASSWORD}\n"}
    program_folder(tmp_path, files)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def in_mailboxes(mail):
    return {box: [one["Subject"] for one in found] for box in MAILBOXES if (found := mail.mails(box, 0))}


EXPECTED = {
    "ada": ["Willkommen, Ada Osei"],
    "ben": ["Willkommen, Ben Ruiz"],
    "eva": ["Willkommen, Eva Nováková"],
    "finn": ["Willkommen, Finn Berg"],
}


def test_each_gets_one_mail_once_and_an_unknown_address_is_named(program, mail, capfd):
    for command in (["check"], ["plan"]):
        assert 0 == run_command([*command, "pilot.toml"])
    assert 4 == run_command(["run", "pilot.toml"])
    assert {} == in_mailboxes(mail)

    assert 1 == run_command(["run", "pilot.toml", "--yes"])
    for box in EXPECTED:
        mail.mails(box, 1)
    assert EXPECTED == in_mailboxes(mail)
    (read,) = mail.mails("eva", 1)
    assert "Pilot mentoring <office@example.org>" == read["From"]
    assert "Eva Nováková <eva@example.org>" == read["To"]
    assert "<mailto:office@example.org>" == read["List-Unsubscribe"]
    assert "Grüß dich, **Eva Nováková**." in read.get_body(("plain",)).get_content()
    html = read.get_body(("html",)).get_content()
    assert "<strong>Eva Nováková</strong>" in html
    assert 'style="' in html
    assert "<style" not in html
    assert "<link" not in html

    assert 0 == run_command(["run", "pilot.toml"])
    assert 1 == run_command(["status", "pilot.toml"])
    assert EXPECTED == in_mailboxes(mail)

    told = capfd.readouterr()
    assert "550 5.1.1 <…>" in told.out
    assert "nobody@example.org" not in told.out + told.err
    written = b"".join(path.read_bytes() for path in program.rglob("*") if path.is_file() and path.name != "password")
    for secret in (PASSWORD, "AUTH PLAIN"):
        assert secret not in told.out + told.err
        assert secret.encode() not in written


def test_a_wrong_password_holds_everything_back_until_it_is_right(program, mail, capfd):
    (program / "password").write_text("wrong\n")
    assert 1 == run_command(["run", "pilot.toml", "--yes"])
    assert "does not let us in: 535 5.7.8" in capfd.readouterr().out
    (program / "password").write_text(PASSWORD)
    assert 1 == run_command(["run", "pilot.toml"])
    for box in EXPECTED:
        mail.mails(box, 1)
    assert EXPECTED == in_mailboxes(mail)


@pytest.mark.parametrize("program", ["all"], indirect=True)
def test_an_invitation_comes_once_and_as_calendars_look_for_it(program, mail, capfd):
    assert 1 == run_command(["run", "pilot.toml", "--yes"])
    assert "4 calendar-invitation" in capfd.readouterr().out
    read = mail.mails("eva", 2)
    (invited,) = (one for one in read if one.get_content_maintype() == "multipart" and list(one.iter_attachments()))
    calendar = next(part for part in invited.walk() if part.get_content_type() == "text/calendar")
    assert "REQUEST" == calendar.get_param("method")
    (event,) = icalendar.Calendar.from_ical(calendar.get_content()).walk("VEVENT")
    assert ["mailto:eva@example.org"] == [str(one).lower() for one in event["ATTENDEE"] if "eva" in str(one).lower()]
    (attachment,) = invited.iter_attachments()
    assert ("application/ics", "invite.ics") == (attachment.get_content_type(), attachment.get_filename())
    assert event == icalendar.Calendar.from_ical(attachment.get_content()).walk("VEVENT")[0]
    assert 0 == run_command(["run", "pilot.toml"])
    assert 2 == len(mail.mails("eva", 2))
