"""The channel `matrix`, against Synapse where a homeserver's own behavior counts, and against faults."""

from datetime import timedelta
from urllib.parse import unquote

import pytest
from attrs import evolve

from mentorkit.core.contracts import (
    ChannelDownError,
    ChannelKind,
    ColumnsChannel,
    DeduplicatingChannel,
    IdentifiedChannel,
    Secret,
)
from mentorkit.messages.frame import framed
from mentorkit.messages.markdown import escaped, to_html
from mentorkit.testing import a_person
from mentorkit_channels.matrix import MatrixKind, MatrixOptions
from mentorkit_channels.services.matrix import LARGEST

TOKEN = Secret("env", "TOKEN")
ROOM = "!abc:example.org"
API = "/_matrix/client/v3"


def opened(url, setting, token="", **options):
    if token:
        setting.reveal.secrets["TOKEN"] = token
    return MatrixKind().open(MatrixOptions(url=url, token=TOKEN, allow_private=True, **options), setting)


def faulty(server, setting, rooms=(ROOM,), **options):
    server.on("GET", f"{API}/joined_rooms", body={"joined_rooms": list(rooms)})
    return opened(server.url, setting, **options)


def to(room, outgoing, **changes):
    return evolve(outgoing, values=(("matrix_room", room),), **changes)


def delivered(channel, outgoing):
    return channel.prepare(outgoing).commit()


# ------------------------------------------------------------------------------------------------- Synapse


def test_synapse_makes_one_message_of_three_attempts(homeserver, setting, hello):
    """A run sends, another that knows nothing of it repeats, and a third abandons and repeats."""
    bot, ada = homeserver.user("once"), homeserver.user("ada-once")
    room = homeserver.room(ada, invited="once")
    message = to(room, hello, html=framed(to_html(escaped("@room *Ada* <b>") + " and **bold**"), "Hello", "en"))
    for _ in range(3):
        channel = opened(homeserver.url, setting, bot)
        channel.prepare(message).abandon()
        assert "sent" == delivered(channel, message).outcome
    (content,) = homeserver.messages(ada, room)
    assert {
        "msgtype": "m.text",
        "body": "Welcome, Ada\n\n@room *Ada* <b> and bold",
        "format": "org.matrix.custom.html",
        "formatted_body": "<p><strong>Welcome, Ada</strong></p><p>@room *Ada* &lt;b&gt; and <strong>bold</strong></p>",
        "m.mentions": {},
    } == content
    assert "sent" == delivered(opened(homeserver.url, setting, bot), evolve(message, key="another")).outcome
    assert 2 == len(homeserver.messages(ada, room))


def test_synapse_finds_rooms_by_alias_and_refuses_those_that_are_not_ours(homeserver, setting, hello):
    bot, ada = homeserver.user("finder"), homeserver.user("ada-finder")
    named = homeserver.room(ada, invited="finder", alias="ada-and-bot")
    private = homeserver.room(ada)
    channel = opened(homeserver.url, setting, bot)
    assert "sent" == delivered(channel, to("#ada-and-bot:mentoring.test", hello)).outcome
    assert 1 == len(homeserver.messages(ada, named))
    for wrong in (private, "!nowhere:mentoring.test", "#nowhere:mentoring.test", "@ada:mentoring.test", "general"):
        receipt = delivered(channel, to(wrong, hello))
        assert ("failed", True) == (receipt.outcome, receipt.bad_address), wrong
    assert [] == homeserver.messages(ada, private)


def test_synapse_with_a_wrong_token_closes_the_channel(homeserver, setting, hello):
    with pytest.raises(ChannelDownError, match="M_UNKNOWN_TOKEN"):
        opened(homeserver.url, setting, "syt_wrong").prepare(to(ROOM, hello))


def test_synapse_that_limits_the_rate_is_waited_for(homeserver, setting, hello):
    bot, ada = homeserver.user("hasty"), homeserver.user("ada-hasty")
    room = homeserver.room(ada, invited="hasty")
    channel, waits = opened(homeserver.url, setting, bot), []
    channel.pause = waits.append
    for number in range(30):
        receipt = delivered(channel, to(room, hello, key=f"k{number}"))
        if receipt.outcome != "sent":
            break
    assert "deferred" == receipt.outcome
    assert receipt.retry_after > timedelta()
    assert number == len(homeserver.messages(ada, room))
    channel.prepare(to(room, hello)).abandon()
    assert [True] == [0 < seconds <= 10 for seconds in waits]


# ------------------------------------------------------------------------------------------------- faults


def test_the_kind_says_what_it_does(setting):
    kind, options = MatrixKind(), MatrixOptions(url="https://matrix.example.org", token=TOKEN)
    for contract in (ChannelKind, ColumnsChannel, IdentifiedChannel):
        assert isinstance(kind, contract)
    assert ("matrix_room",) == kind.columns(options)
    assert "matrix matrix.example.org:443 by { env = TOKEN }" == kind.identity(options)
    channel = kind.open(options, setting)
    assert isinstance(channel, DeduplicatingChannel)
    assert timedelta(hours=23) == channel.harmless_for
    assert channel.reaches(a_person("1", matrix_room=ROOM), "")
    assert not channel.reaches(a_person("1"), "ada@example.org")
    assert not channel.reaches(None, "ada@example.org")


def test_a_message_goes_under_its_own_key(server, setting, hello):
    channel = faulty(server, setting)
    server.say(200, {"event_id": "$1"})
    assert "sent" == delivered(channel, to(ROOM, hello, key="größe/1")).outcome
    (put,) = server.sent("PUT")
    assert f"{API}/rooms/{ROOM}/send/m.room.message/größe/1" == unquote(put.path)
    assert 8 == put.path.count("/")
    assert "Bearer secret-of-TOKEN" == put.headers["Authorization"]


@pytest.mark.parametrize(
    ("status", "body", "outcome", "bad"),
    [
        (200, {"event_id": "$1"}, "sent", False),
        (200, "<html>", "unknown", False),
        (403, {"errcode": "M_FORBIDDEN", "error": "Ada may not"}, "failed", False),
        (404, {"errcode": "M_NOT_FOUND"}, "failed", True),
        (413, {"errcode": "M_TOO_LARGE"}, "failed", False),
        (500, {"errcode": "M_UNKNOWN"}, "unknown", False),
        (502, "", "unknown", False),
        (503, "", "deferred", False),
    ],
)
def test_what_answers_mean_for_one_message(status, body, outcome, bad, server, setting, hello):
    channel = faulty(server, setting)
    server.say(status, body)
    receipt = delivered(channel, to(ROOM, hello))
    assert (outcome, bad) == (receipt.outcome, receipt.bad_address)
    assert "Ada" not in receipt.detail
    server.say(200, {"event_id": "$2"})
    assert "sent" == delivered(channel, to(ROOM, hello)).outcome


@pytest.mark.parametrize(
    ("status", "code"), [(401, "M_UNKNOWN_TOKEN"), (403, "M_USER_DEACTIVATED"), (403, "M_CONSENT_NOT_GIVEN")]
)
def test_what_is_said_of_the_bot_closes_the_channel(status, code, server, setting, hello):
    channel = faulty(server, setting)
    server.say(status, {"errcode": code})
    assert "deferred" == delivered(channel, to(ROOM, hello)).outcome
    with pytest.raises(ChannelDownError, match=code):
        channel.prepare(to(ROOM, hello))


def test_an_older_homeserver_says_in_milliseconds_when_to_come_back(server, setting, hello):
    channel = faulty(server, setting)
    server.say(429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 1200})
    assert timedelta(seconds=2) == delivered(channel, to(ROOM, hello)).retry_after


@pytest.mark.parametrize(
    ("status", "body", "raised"),
    [
        (429, {}, ChannelDownError),
        (401, {}, ChannelDownError),
        (403, {"errcode": "M_USER_LOCKED"}, ChannelDownError),
        (500, {}, OSError),
        (200, {}, OSError),
    ],
)
def test_a_room_that_cannot_be_asked_for_gets_nothing(status, body, raised, server, setting, hello):
    channel = faulty(server, setting, rooms=())
    server.on("POST", f"{API}/join/%21abc%3Aexample.org", status, body)
    with pytest.raises(raised):
        channel.prepare(to(ROOM, hello))
    assert [] == server.sent("PUT")


def test_what_is_too_long_is_cut(server, setting, hello):
    channel = faulty(server, setting)
    server.say(200, {"event_id": "$1"})
    delivered(channel, to(ROOM, hello, html="<p>" + "é" * 100_000 + "</p>"))
    (put,) = server.sent("PUT")
    assert LARGEST * 0.9 < len(put.body) <= LARGEST
    assert "The rest is too long" in put.json["body"]


def test_a_key_that_is_too_long_goes_nowhere(server, setting, hello):
    with pytest.raises(ValueError, match="too long"):
        faulty(server, setting).prepare(to(ROOM, hello, key="k" * 300))


def test_lists_code_and_links_are_shown(server, setting, hello):
    channel = faulty(server, setting)
    server.say(200, {"event_id": "$1"})
    body = '1. a\n2. [b](https://x.org/"onclick=)\n\n- c\n  - `d`\n\n> e\n\n---\n\n```\nf<g\nh\n```\n'
    delivered(channel, to(ROOM, hello, html=framed(to_html(body), "Hello", "en")))
    (put,) = server.sent("PUT")
    assert (
        "<p><strong>Welcome, Ada</strong></p>1. a<br>"
        '2. <a href="https://x.org/%22onclick=">b</a><br>'
        "• c<br>&nbsp;&nbsp;&nbsp;&nbsp;• <code>d</code><br>"
        "<blockquote>e</blockquote><hr><pre><code>f&lt;g\nh</code></pre>"
    ) == put.json["formatted_body"]
