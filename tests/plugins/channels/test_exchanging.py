"""Whatever a server answers, a message has one of four outcomes, and nothing waits for ever."""

import json
import socket
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mentorkit.core.contracts import ChannelSetting, Secret
from mentorkit_channels.matrix import MatrixOptions
from mentorkit_channels.mattermost import MattermostOptions
from mentorkit_channels.services.matrix import Matrix
from mentorkit_channels.services.mattermost import Mattermost
from mentorkit_channels.services.slack import Slack
from mentorkit_channels.services.teams import Teams
from mentorkit_channels.services.webhook import Webhook
from mentorkit_channels.services.zulip import Zulip
from mentorkit_channels.slack import SlackOptions
from mentorkit_channels.teams import TeamsOptions
from mentorkit_channels.web.addresses import parse_address
from mentorkit_channels.web.connecting import Wires
from mentorkit_channels.web.exchanging import Answer, Exchange, NoAnswerError, Request
from mentorkit_channels.webhook import WebhookOptions
from mentorkit_channels.zulip import ZulipOptions

NOW = datetime(2027, 1, 11, tzinfo=UTC)
URL, TOKEN, SETTING = "https://example.org", Secret("env", "TOKEN"), ChannelSetting("/nowhere")
SERVICES = (
    Webhook(WebhookOptions(url=URL), SETTING),
    Slack(SlackOptions(token=TOKEN), SETTING, Wires()),
    Teams(TeamsOptions(url=TOKEN), SETTING),
    Matrix(MatrixOptions(url=URL, token=TOKEN), SETTING, Wires()),
    Mattermost(MattermostOptions(url=URL, token=TOKEN), SETTING, Wires()),
    Zulip(ZulipOptions(url=URL, user="bot@example.org", key=TOKEN), SETTING, Wires()),
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
KNOWN = st.sampled_from(["ok", "error", "errcode", "code", "id", "ts", "event_id", "result", "retry_after_ms", "user"])


def answered(content, timeout=0.2):
    """Return the answer that these bytes are, or None."""
    ours, theirs = socket.socketpair()
    with theirs:
        theirs.sendall(content)
        theirs.shutdown(socket.SHUT_WR)
        try:
            return Exchange(ours, b"x", timeout).send()
        except NoAnswerError:
            return None


@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda rest: b"HTTP/1.1 200 OK\r\n" + rest))
@example(b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nx")
@example(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nx")
@example(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFF\r\nx")
@example(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nx")
@example(b"HTTP/1.1 100 Continue\r\n\r\n" * 5)
@example(b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 200 + b"\r\n")
@example(b"HTTP/1.1 0 OK\r\n\r\n")
@example(b"HTTP/9.9 200 OK\r\n\r\n")
def test_any_bytes_are_an_answer_or_none(content):
    answer = answered(content)
    if answer is not None:
        assert 100 <= answer.status <= 999
        for service in SERVICES:
            assert service.judge(answer, NOW).receipt.outcome in ("sent", "deferred", "failed", "unknown")


@given(st.integers(100, 999), VALUES | st.dictionaries(KNOWN | st.text(max_size=8), VALUES, max_size=5))
def test_any_words_of_a_service_have_a_meaning_and_only_200s_are_sent(status, data):
    for service in SERVICES:
        verdict = service.judge(Answer(status, {}, json.dumps(data).encode()), NOW)
        assert (verdict.receipt.outcome == "sent") <= (200 <= status < 300)
        assert len(verdict.receipt.detail) < 200


@pytest.mark.parametrize(
    ("content", "status", "body", "whole"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", 200, b"{}", True),
        (b"HTTP/1.0 200 OK\r\n\r\n{}", 200, b"{}", True),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 200, b"{}", True),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n", 204, b"", True),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{}", 200, b"{}", False),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{}", 200, b"", False),
    ],
)
def test_answers_are_read_as_http_says(content, status, body, whole):
    answer = answered(content)
    assert (status, body, whole) == (answer.status, answer.body, answer.whole)


def test_an_answer_that_drips_is_given_up_in_time():
    ours, theirs = socket.socketpair()
    theirs.sendall(b"HTTP/1.1 200")
    with theirs, pytest.raises(NoAnswerError, match="in time"):
        Exchange(ours, b"x", 0.1).send()


def test_a_request_that_nobody_reads_is_given_up_in_time():
    ours, theirs = socket.socketpair()
    with theirs, pytest.raises(NoAnswerError, match="in time"):
        Exchange(ours, b"x" * 10_000_000, 0.1).send()


@pytest.mark.parametrize("value", ["a\r\nHost: other", "a\nb", "a\x00b", "größe", "a\x7fb"])
def test_no_header_is_more_than_one_line(value):
    request = Request("POST", parse_address(URL), (("Authorization", value),), b"{}")
    with pytest.raises(ValueError, match="header"):
        request.as_bytes()
