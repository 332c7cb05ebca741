"""No spelling, name or answer makes a channel call this machine or its neighbors: for every channel over the web."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from attrs import evolve

from mentorkit.core.contracts import ChannelDownError, ChannelSetting, Invitation, Outgoing, Secret
from mentorkit.testing import a_moment
from mentorkit_channels.caldav import CaldavKind, CaldavOptions
from mentorkit_channels.matrix import MatrixKind, MatrixOptions
from mentorkit_channels.mattermost import MattermostKind, MattermostOptions
from mentorkit_channels.slack import SlackKind, SlackOptions
from mentorkit_channels.teams import TeamsKind, TeamsOptions
from mentorkit_channels.web.connecting import Wires
from mentorkit_channels.webhook import WebhookKind, WebhookOptions
from mentorkit_channels.zulip import ZulipKind, ZulipOptions
from servers.web import FaultyServer, faulty_server

SECRET = Secret("env", "SECRET")
KEPT = Secret("env", "URL")
CHANNELS: dict[str, Callable[..., tuple[Any, Any]]] = {
    "webhook": lambda url, **more: (WebhookKind, WebhookOptions(url=url, **more)),
    "webhook kept secret": lambda url, **more: (WebhookKind, WebhookOptions(url=KEPT, **more)),
    "slack": lambda url, **more: (SlackKind, SlackOptions(token=SECRET, base_url=url, **more)),
    "teams": lambda url, **more: (TeamsKind, TeamsOptions(url=KEPT, **more)),
    "matrix": lambda url, **more: (MatrixKind, MatrixOptions(url=url, token=SECRET, **more)),
    "mattermost": lambda url, **more: (MattermostKind, MattermostOptions(url=url, token=SECRET, **more)),
    "zulip": lambda url, **more: (ZulipKind, ZulipOptions(url=url, user="bot@example.org", key=SECRET, **more)),
    "caldav": lambda url, **more: (
        CaldavKind,
        CaldavOptions(url=f"{url.rstrip('/')}/{{login}}/", user="planner", password=SECRET, **more),
    ),
}
SPELLINGS = (
    *("https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0177.0.0.1/"),
    *(
        "https://0x7f.0.0.1/",
        "https://127.0.0.1./",
        "https://0/",
        "https://0.0.0.0/",
        "https://[::1]/",
        "https://[::]/",
    ),
    *("https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[0:0:0:0:0:ffff:a9fe:a9fe]/"),
    *("https://169.254.169.254/latest/", "https://[fd00:ec2::254]/", "https://10.0.0.1/", "https://192.168.1.1/"),
    *("https://172.16.0.1/", "https://100.64.0.1/", "https://[fe80::1]/", "https://localhost/", "https://LOCALHOST./"),
    *("https://１２７.0.0.1/", "https://127。0。0。1/", "https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/", "https://%6c%6f%63alhost/"),  # noqa: RUF001
    *("https://hooks.example.org@127.0.0.1/", "https://127.0.0.1\\@hooks.example.org/", "http://127.0.0.1/"),
    *("file:///etc/passwd", "gopher://127.0.0.1:25/", "https://hooks.example.org#@127.0.0.1/", "//127.0.0.1/"),
)
HELLO = Outgoing(
    *("k", "Ada", "ada@example.org", "Aurora", "aurora@example.org", "Hello", "Hello", "<p>Hello</p>"),
    at=a_moment("2027-01-11T09:00:00+00:00"),
    message_id="k@p",
    values=(("slack_id", "U012ABCDEF"), ("matrix_room", "!a:example.org"), ("login", "ada")),
    invitation=Invitation("REQUEST", "u@p", 0, b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"),
)
every_channel = pytest.mark.parametrize("name", CHANNELS)


class CalledError(OSError):
    """A connection was about to be made."""


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """The addresses to which connections were to be made: none is."""
    found: list[tuple[str, int]] = []

    def record(address: tuple[str, int], *_: Any, **__: Any) -> Any:
        found.append(address)
        raise CalledError("called")

    monkeypatch.setattr(socket, "create_connection", record)
    return found


def attempt(name: str, url: str, wires: Wires | None = None, **options: Any) -> str:
    """Return what is said where a channel is opened on an address and given a message."""
    setting = ChannelSetting("/nowhere", reveal=lambda one: url if one == KEPT else "sesame")
    try:
        kind, made = CHANNELS[name](url, **options)
        channel = kind(wires=wires).open(made, setting)
        message = HELLO if name == "caldav" else evolve(HELLO, invitation=None)
        return str(channel.prepare(message).commit())
    except (ValueError, ChannelDownError, OSError) as refused:
        return str(refused)


@every_channel
def test_no_spelling_of_an_address_leads_to_this_machine_or_its_neighbors(
    name: str, called: list[tuple[str, int]]
) -> None:
    assert 25 <= len(SPELLINGS)
    for url in SPELLINGS:
        assert attempt(name, url), url
    assert [] == called


@every_channel
def test_a_resolver_that_changes_its_mind_gets_nobody_called(name: str, called: list[tuple[str, int]]) -> None:
    """It says a public address first and this machine then; what was judged is what is called."""
    answers = iter([["93.184.216.34"], ["127.0.0.1"], ["93.184.216.34", "10.0.0.1"]])
    wires = Wires(lookup=lambda _host, _port: next(answers))
    said = [attempt(name, "https://rebinding.example.org/", wires) for _ in range(3)]
    assert [("93.184.216.34", 443)] == called
    assert "is not reached" in said[0]
    assert all("private network" in one for one in said[1:])


@pytest.fixture
def elsewhere() -> Iterator[FaultyServer]:
    """A server that nobody is to call."""
    with faulty_server() as running:
        yield running
        assert 0 == running.connections


@every_channel
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_an_answer_that_names_another_address_is_not_followed(name: str, status: int, elsewhere: FaultyServer) -> None:
    with faulty_server() as server:
        server.say(status, headers={"Location": f"{elsewhere.url}/metadata", "Refresh": f"0; url={elsewhere.url}"})
        said = attempt(name, f"{server.url}/", allow_private=True, timeout=5.0)
        assert 1 == server.connections
        assert elsewhere.url not in said


@every_channel
def test_a_program_may_allow_its_own_network_and_no_addresses_of_the_network_itself(
    name: str, called: list[tuple[str, int]]
) -> None:
    for url, numbers in {"https://chat.internal/": ["10.0.0.7"], "https://meta.internal/": ["169.254.169.254"]}.items():
        attempt(name, url, Wires(lookup=lambda _host, _port, found=numbers: found), allow_private=True)  # type: ignore[misc]
    assert [("10.0.0.7", 443)] == called
