"""What `[channels.NAME]` may say for a mail server, and what it is told when it says something else."""

import re
import tomllib
from pathlib import Path

import pytest

from mentorkit.core.contracts import ChannelKind, IdentifiedChannel, InvitingChannel, Secret
from mentorkit.core.declaring.structuring import keys_of, structure
from mentorkit_channels import mentorkit_channels
from mentorkit_channels.smtp.kind import SmtpKind
from mentorkit_channels.smtp.options import SmtpOptions
from mentorkit_channels.smtp.senders import Sender, parsed_sender

LEAST = {"host": "smtp.example.org", "from": "Aurora mentoring <aurora@example.org>"}
PASSWORD = Secret("env", "SMTP_PASSWORD")


def test_it_is_offered_as_a_channel_that_leaves_the_machine_and_brings_invitations():
    (kind,) = (one for one in mentorkit_channels() if one.name == "smtp")
    assert isinstance(kind, ChannelKind)
    assert isinstance(kind, IdentifiedChannel)
    assert isinstance(kind, InvitingChannel)
    assert (True, False, True, True) == (
        kind.leaves_machine,
        kind.repeat_is_harmless,
        kind.carries_invitations,
        kind.carries_messages,
    )


def test_host_and_sender_are_enough():
    options, misfits = structure(SmtpOptions, LEAST)
    assert [] == misfits
    assert ("smtp.example.org", 587) == options.address
    assert Sender("Aurora mentoring", "aurora@example.org") == options.mailbox
    assert "smtp.example.org:587 from aurora@example.org" == SmtpKind().identity(options)


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_the_usual_port_follows_from_the_security(security, port):
    options = SmtpOptions(host="h", security=security, sender="a@example.org")
    assert ("h", port) == options.address


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"from": "Aurora"}, '"Aurora" is not a sender'),
        ({"from": "a@example.org, b@example.org"}, "is not a sender"),
        ({"from": "A <a@example.org>, B <b@example.org>"}, "is not a sender"),
        ({"host": ""}, "is no name of a mail server"),
        ({"host": "smtp://example.org/"}, "is no name of a mail server"),
        ({"host": "smtp.example.org:587"}, 'write host = "smtp.example.org" and port = 587'),
        ({"host": "smtp.example.org:"}, "is no name of a mail server"),
        ({"port": 0}, "0 is no port"),
        ({"port": 70000}, "70000 is no port"),
        ({"security": "ssl"}, '"ssl" is not possible here'),
        ({"per_minute": 0}, "more than 0"),
        ({"timeout": -1}, "more than 0"),
        ({"reply_to": "nobody"}, "is not one plain mail address"),
        ({"bounces": "B <b@example.org>"}, "is not one plain mail address"),
        ({"unsubscribe": "a@b@c"}, "is not one plain mail address"),
        ({"hello": "my machine"}, "is no name of a machine"),
        ({"user": "aurora"}, "password or oauth is missing"),
    ],
)
def test_what_does_not_fit_is_told(said, told):
    options, misfits = structure(SmtpOptions, {**LEAST, **said})
    assert options is None
    (misfit,) = misfits
    assert told in misfit.diagnostic.message + misfit.diagnostic.help


def test_a_misfit_is_placed_at_its_key():
    _, (misfit,) = structure(SmtpOptions, {**LEAST, "from": "Aurora"}, ("channels", "email"))
    assert ("channels", "email", "from") == misfit.path


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"password": PASSWORD}, "user is missing"),
        ({"user": "a", "password": PASSWORD, "oauth": PASSWORD}, "both given"),
        ({"user": "a", "password": PASSWORD, "security": "none"}, "never sent without encryption"),
        ({"user": "a", "password": PASSWORD, "security": "none", "host": "192.0.2.1"}, "never sent without encryption"),
    ],
)
def test_what_contradicts_itself_is_refused(options, told):
    with pytest.raises(ValueError, match=told):
        SmtpOptions(**{"host": "smtp.example.org", "sender": "a@example.org", **options})


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "::1"])
def test_a_password_may_go_to_this_very_machine(host):
    assert SmtpOptions(host=host, security="none", user="a", password=PASSWORD, sender="a@example.org").is_this_machine


@pytest.mark.parametrize(
    ("written", "sender"),
    [
        ("a@example.org", Sender("", "a@example.org")),
        ("<a@example.org>", Sender("", "a@example.org")),
        ('"Aurora, Inc." <a@example.org>', Sender("Aurora, Inc.", "a@example.org")),
        ("Łukasz Grün <a@example.org>", Sender("Łukasz Grün", "a@example.org")),
    ],
)
def test_senders_as_people_write_them(written, sender):
    assert sender == parsed_sender(written)


DOCS = Path(__file__).parent.parent.parent.parent / "docs"


def test_every_option_is_documented():
    section = (DOCS / "reference/channels.md").read_text().partition("\n## `smtp`\n")[2].partition("\n## ")[0]
    assert set(keys_of(SmtpOptions)) == set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))


@pytest.mark.parametrize("page", ["how-to/send-mail.md", "reference/channels.md"])
def test_every_example_is_taken(page):
    blocks = re.findall(r"(?ms)^```toml\n(.*?)^```$", (DOCS / page).read_text())
    shown = [table for block in blocks for table in tomllib.loads(block).get("channels", {}).values()]
    mail = [table for table in shown if table.get("use") == "smtp"]
    assert mail
    for table in mail:
        said = {key: Secret(*next(iter(v.items()))) if isinstance(v, dict) else v for key, v in table.items()}
        del said["use"]
        said["sender"] = said.pop("from")
        SmtpOptions(**said)
