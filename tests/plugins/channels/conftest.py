"""What tests of channels over the web start from: a server with faults, a setting that knows secrets, a message."""

import ssl

import pytest

from mentorkit.core.contracts import ChannelSetting, Outgoing
from mentorkit.testing import a_moment
from servers.certificates import make_certificates
from servers.web import faulty_server


@pytest.fixture
def server():
    """Give a server that speaks plain HTTP."""
    with faulty_server() as running:
        yield running


@pytest.fixture(scope="session")
def certificates(tmp_path_factory):
    """Give certificates for `localhost` that only `trusting` trusts."""
    return make_certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def secure_server(certificates):
    """Give a server that speaks HTTPS."""
    with faulty_server(certificates) as running:
        yield running


@pytest.fixture
def trusting(certificates):
    """Give what makes a context that trusts the test's own certificates."""
    return lambda: ssl.create_default_context(cafile=certificates.authority)


@pytest.fixture
def setting(tmp_path):
    """Give a setting in which every secret is `secret of NAME`, but for those that a test puts into `secrets`."""
    secrets = {}
    made = ChannelSetting(
        str(tmp_path), program="aurora-2027", reveal=lambda one: secrets.get(one.name, f"secret-of-{one.name}")
    )
    made.reveal.secrets = secrets
    return made


@pytest.fixture
def hello():
    """Give a message to Ada."""
    return Outgoing(
        key="20270111T0900Z.welcome.p1.mentor",
        to_name="Ada Lovelace",
        to_address="ada@example.org",
        from_name="Aurora mentoring",
        from_address="aurora@example.org",
        subject="Welcome, Ada",
        text="Hello **Ada**.\n",
        html="<html><body><main><p>Hello <strong>Ada</strong>.</p></main></body></html>",
        at=a_moment("2027-01-11T09:00:00+00:00"),
        message_id="20270111T0900Z.welcome.p1.mentor@l7.mentorkit",
    )
