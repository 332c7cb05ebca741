"""What every test starts from: nobody's state directory, no color, the working folder of its own."""

from pathlib import Path

import pytest
from coverage import Coverage
from hypothesis import HealthCheck, settings

WHOLE = ("contracts", "faults", "fuzzing", "golden", "hostile", "running", "security")
"""Folders of tests that go through whole commands: what they run counts for no coverage."""

# A busy machine makes generating inputs slow, and on a new one the first text waits for a table of all letters.
settings.register_profile("any-machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any-machine")


@pytest.fixture(autouse=True)
def _own_state_directory(tmp_path_factory, monkeypatch):
    """Keep high-water marks of tests out of the user's state directory."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
    monkeypatch.setenv("NO_COLOR", "1")


@pytest.fixture(scope="session")
def mail_server():
    """Postfix and Dovecot, one for all tests; each begins with empty mailboxes by `mail`."""
    from servers.mail import mail_server

    with mail_server() as running:
        yield running


@pytest.fixture
def mail(mail_server):
    """The mail server, with nothing in its mailboxes."""
    mail_server.empty()
    return mail_server


@pytest.fixture(scope="session")
def homeserver():
    """Synapse, one for all tests; each makes users and rooms of its own."""
    from servers.matrix import homeserver

    with homeserver() as running:
        yield running


@pytest.fixture(scope="session")
def calendar_server():
    """Radicale, one for all tests; each makes the calendars that it wants to be empty."""
    from servers.calendars import calendar_server

    with calendar_server() as running:
        yield running


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Count no coverage in tests that go through what others look at: counting makes them take twice as long."""
    counting = Coverage.current() if item.get_closest_marker("uncounted") else None
    if counting is not None:
        counting.stop()
    try:
        return (yield)
    finally:
        if counting is not None:
            counting.start()


def pytest_addoption(parser):
    parser.addoption(
        "--regenerate", action="store_true", help="rewrite what golden runs expect, to be read in the diff"
    )
    parser.addoption(
        "--examples-times", type=int, default=1, help="try so many times the examples in tests of properties"
    )


def pytest_collection_modifyitems(config, items):
    """Mark what counts no coverage, and try more examples where somebody asks for it, as `make fuzz` does."""
    for item in items:
        if item.path.relative_to(Path(__file__).parent).parts[0] in WHOLE:
            item.add_marker("uncounted")
    times = config.getoption("--examples-times")
    done = set()
    for item in items if times > 1 else ():
        machine = getattr(item, "cls", None)
        owner, name = item.obj, "_hypothesis_internal_use_settings"
        if machine is not None and isinstance(getattr(machine, "settings", None), settings):
            owner, name = machine, "settings"
        owner = getattr(owner, "__func__", owner)
        own = getattr(owner, name, None)
        if own is not None and id(owner) not in done:
            setattr(owner, name, settings(own, max_examples=own.max_examples * times))
            done.add(id(owner))
