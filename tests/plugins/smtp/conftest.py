"""What tests of mail by a mail server share: a message, and a channel to a server that does what its script says."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from mentorkit.core.contracts import ChannelDownError, ChannelSetting, Outgoing, Secret
from mentorkit.testing import a_moment
from mentorkit_channels.smtp.kind import SmtpKind
from mentorkit_channels.smtp.options import SmtpOptions
from servers.certificates import make_certificates
from servers.faulty_smtp import faulty_smtp
from servers.starting import HOST

FROM = "Aurora mentoring <aurora@example.org>"
HELLO = Outgoing(
    key="20270111T0900Z.welcome.p1.mentor",
    to_name="Ada Lovelace",
    to_address="ada@example.org",
    from_name="Coordinator",
    from_address="office@example.org",
    subject="Welcome, Ada",
    text="Hello Ada.\n",
    html="<p>Hello Ada.</p>\n",
    at=a_moment("2027-01-11T09:00:00+00:00"),
    message_id="20270111T0900Z.welcome.p1.mentor@l7.mentorkit",
)
SECRETS = {"PASSWORD": "öffne dich", "TOKEN": "ya29.token"}


@pytest.fixture(scope="session")
def hello() -> Outgoing:
    return HELLO


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    return make_certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def open_channel():
    """Open a channel to a port."""
    return _open


@pytest.fixture
def opened():
    """Open channels to a port; they are closed in the end."""
    with ExitStack() as closing:

        def make(port, **options):
            channel = _open(port, **options)
            closing.callback(channel.close)
            return channel

        yield make


@pytest.fixture
def serving():
    """Start servers that do what a script says; they are stopped in the end."""
    with ExitStack() as stopping:
        yield lambda script=None, **kept: stopping.enter_context(faulty_smtp(script, **kept))


def _open(port, **options):
    usual = {"host": HOST, "port": port, "security": "none", "sender": FROM, "timeout": 5.0}
    return SmtpKind().open(
        SmtpOptions(**{**usual, **options}), ChannelSetting("/nowhere", beside="/nowhere", reveal=revealed)
    )


def revealed(secret: Secret) -> str:
    if secret.kept_in == "env":
        return SECRETS[secret.name]
    try:
        return Path(secret.name).read_text(encoding="utf-8").removesuffix("\n")
    except OSError as problem:
        raise ChannelDownError(f"the secret {secret.name} cannot be read") from problem
