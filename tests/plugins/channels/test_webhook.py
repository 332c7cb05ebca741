import base64
import hashlib
import hmac
import json
import re
import socket
import ssl
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from attrs import evolve, fields

from mentorkit.core.contracts import (
    Attachment,
    ChannelDownError,
    ChannelKind,
    ColumnsChannel,
    DeduplicatingChannel,
    IdentifiedChannel,
    Invitation,
    InvitingChannel,
    Receipt,
    Secret,
)
from mentorkit.testing import a_person
from mentorkit_channels.services.webhook import described
from mentorkit_channels.web.connecting import Wires
from mentorkit_channels.webhook import WebhookKind, WebhookOptions

HERE = {"allow_private": True, "timeout": 5.0}


def opened(url, setting, wires=None, **options):
    made = WebhookOptions(url=url, **{**HERE, **options})
    return WebhookKind(wires or Wires()).open(made, setting)


def delivered(channel, outgoing):
    return channel.prepare(outgoing).commit()


def test_the_kind_says_what_it_does(setting):
    kind, options = WebhookKind(), WebhookOptions(url="https://hooks.example.org/x", columns=("payroll",))
    for contract in (ChannelKind, ColumnsChannel, InvitingChannel, IdentifiedChannel):
        assert isinstance(kind, contract)
    assert (True, False, True, True) == (
        *(kind.leaves_machine, kind.repeat_is_harmless),
        *(kind.carries_invitations, kind.carries_messages),
    )
    assert ("payroll",) == kind.columns(options)
    assert "webhook hooks.example.org:443" == kind.identity(options)
    assert "webhook { env = HOOK }" == kind.identity(WebhookOptions(url=Secret("env", "HOOK")))
    assert isinstance(kind.open(options, setting), DeduplicatingChannel)


def test_who_can_be_told_apart_is_reached(setting):
    channel = opened("http://127.0.0.1:1/", setting, columns=("payroll",))
    assert channel.reaches(None, "cto@example.org")
    assert channel.reaches(a_person("1", payroll="17"), "")
    assert not channel.reaches(a_person("1"), "")
    assert not channel.reaches(None, "")


def test_nothing_is_written_before_the_commit(server, setting, hello):
    prepared = opened(server.url, setting).prepare(hello)
    time.sleep(0.05)
    assert (1, []) == (server.connections, server.asked)
    assert Receipt("sent", "200 OK") == prepared.commit()
    assert 1 == len(server.asked)


def test_nothing_is_written_at_all_when_it_is_abandoned(server, setting, hello):
    opened(server.url, setting).prepare(hello).abandon()
    time.sleep(0.05)
    assert [] == server.asked


def test_a_receiver_gets_all_that_a_message_is_and_no_more(server, setting, hello):
    full = evolve(
        hello,
        invitation=Invitation("REQUEST", "s1@l7.mentorkit", 2, b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"),
        attachments=(Attachment("agenda.md", "text/markdown", b"# Agenda"),),
        reply_to="aurora@example.org",
        unsubscribe="stop@example.org",
        values=(("payroll", "P-17"),),
    )
    assert "sent" == delivered(opened(f"{server.url}/in?x=1", setting), full).outcome
    (asked,) = server.asked
    assert ("POST", "/in?x=1") == (asked.method, asked.path)
    assert {
        "format": 1,
        "key": hello.key,
        "program": "aurora-2027",
        "at": "2027-01-11T09:00:00+00:00",
        "to": {"name": "Ada Lovelace", "address": "ada@example.org", "columns": {"payroll": "P-17"}},
        "from": {"name": "Aurora mentoring", "address": "aurora@example.org"},
        "language": "en",
        "subject": "Welcome, Ada",
        "text": hello.text,
        "html": hello.html,
        "message_id": hello.message_id,
        "reply_to": "aurora@example.org",
        "unsubscribe": "stop@example.org",
        "invitation": {
            "method": "REQUEST",
            "uid": "s1@l7.mentorkit",
            "sequence": 2,
            "calendar": "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        },
        "attachments": [
            {"name": "agenda.md", "media_type": "text/markdown", "base64": base64.b64encode(b"# Agenda").decode()}
        ],
    } == asked.json
    assert {"Host", "User-Agent", "Connection", "Content-Length", "Content-Type", "Idempotency-Key"} == set(
        asked.headers
    )
    assert hello.key == asked.headers["Idempotency-Key"]


def test_every_attempt_has_the_same_body_and_key(server, setting, hello):
    for _ in range(2):
        delivered(opened(server.url, setting), hello)
    first, second = server.asked
    assert (first.body, first.headers) == (second.body, second.headers)
    assert {"columns", "invitation", "attachments", "reply_to"}.isdisjoint({*first.json, *first.json["to"]})


@pytest.mark.parametrize("text", ["a long secret", "whsec_" + base64.b64encode(b"raw \0 key").decode()])
def test_a_receiver_can_prove_who_sent_it(server, setting, hello, text):
    setting.reveal.secrets["HOOK_SECRET"] = text
    delivered(opened(server.url, setting, secret=Secret("env", "HOOK_SECRET"), token=Secret("file", "token")), hello)
    headers, body = server.asked[0].headers, server.asked[0].body
    key = b"raw \0 key" if text.startswith("whsec_") else text.encode()
    assert "Bearer secret-of-token" == headers["Authorization"]
    assert abs(time.time() - int(headers["webhook-timestamp"])) < 60
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert f"v1,{expected}" == headers["webhook-signature"]
    assert headers["webhook-id"] == headers["Idempotency-Key"]


def test_a_key_with_other_letters_goes_into_one_header_line(server, setting, hello):
    delivered(opened(server.url, setting), evolve(hello, key="größe\u2028x"))
    assert "gr%C3%B6%C3%9Fe%E2%80%A8x" == server.asked[0].headers["Idempotency-Key"]


def test_half_a_character_in_a_name_does_not_keep_a_message_from_going(server, setting, hello):
    assert "sent" == delivered(opened(server.url, setting), evolve(hello, to_name="Ada \ud800")).outcome
    assert "Ada ?" == server.asked[0].json["to"]["name"]


# --------------------------------------------------------------------------------------- what answers mean


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_taken_is_sent(server, setting, hello, status):
    server.say(status)
    assert "sent" == delivered(opened(server.url, setting), hello).outcome


@pytest.mark.parametrize("status", [400, 402, 406, 413, 415, 422, 451])
def test_refused_for_good_is_failed_and_the_next_one_is_tried(server, setting, hello, status):
    server.say(status, "Ada Lovelace is not known here")
    channel = opened(server.url, setting)
    receipt = delivered(channel, hello)
    assert "failed" == receipt.outcome
    assert "Ada" not in receipt.detail
    assert "sent" == delivered(channel, hello).outcome


@pytest.mark.parametrize("status", [401, 403, 404, 405, 407, 410, 307, 308])
def test_what_is_said_of_every_message_closes_the_channel(server, setting, hello, status):
    server.say(status)
    channel = opened(server.url, setting)
    assert "deferred" == delivered(channel, hello).outcome
    with pytest.raises(ChannelDownError, match=str(status)):
        channel.prepare(hello)
    assert 1 == len(server.asked)


@pytest.mark.parametrize("status", [408, 409, 500, 502, 504, 507, 520, 299 + 300])
def test_what_may_have_been_taken_is_unknown(server, setting, hello, status):
    server.say(status)
    assert "unknown" == delivered(opened(server.url, setting, dedupe_window="24 hours"), hello).outcome


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_never_followed(server, setting, hello, status):
    server.say(status, headers={"Location": f"{server.url}/elsewhere"})
    assert "sent" != delivered(opened(f"{server.url}/in", setting), hello).outcome
    assert ["/in"] == [one.path for one in server.asked]


@pytest.mark.parametrize("status", [429, 503])
def test_later_is_deferred_for_as_long_as_the_server_says(server, setting, hello, status):
    server.say(status, headers={"Retry-After": "120"})
    channel = opened(server.url, setting)
    receipt = delivered(channel, hello)
    assert ("deferred", timedelta(seconds=120)) == (receipt.outcome, receipt.retry_after)
    with pytest.raises(ChannelDownError, match=r"asks to wait 1[12][0-9] seconds"):
        channel.prepare(hello)


def test_a_run_waits_a_moment_where_the_server_asks_for_one(server, setting, hello):
    server.say(429, headers={"Retry-After": "7"})
    channel, waited = opened(server.url, setting), []
    channel.pause = waited.append
    assert "deferred" == delivered(channel, hello).outcome
    assert "sent" == delivered(channel, hello).outcome
    assert [7] == [round(one) for one in waited]


def test_three_unclear_answers_in_a_row_close_the_channel(server, setting, hello):
    channel = opened(server.url, setting)
    for status in (500, 500, 422, 500, 502, 500):
        server.say(status)
        delivered(channel, hello)
    with pytest.raises(ChannelDownError, match="3 messages in a row"):
        channel.prepare(hello)
    assert 6 == len(server.asked)


@pytest.mark.parametrize("drop", ["before", "after"])
def test_a_connection_that_ends_without_an_answer_is_unknown(server, setting, hello, drop):
    server.say(drop=drop)
    assert "unknown" == delivered(opened(server.url, setting), hello).outcome


@pytest.mark.parametrize(
    "raw", [b"\r\n\r\n", b"SSH-2.0-x\r\n", b"HTTP/1.1 abc\r\n\r\n", b"HTTP/1.1 200 OK\r\n" + b"a" * 70000]
)
def test_an_answer_that_is_none_is_unknown(server, setting, hello, raw):
    server.say(raw=raw)
    assert "unknown" == delivered(opened(server.url, setting), hello).outcome


def test_an_answer_that_does_not_come_in_time_is_unknown(server, setting, hello):
    server.say(delay=1)
    assert Receipt("unknown", "no answer in time") == delivered(opened(server.url, setting, timeout=0.1), hello)


def test_a_status_counts_although_the_rest_comes_too_slowly_or_is_too_long(server, setting, hello):
    server.say(200, "x" * 100, trickle=0.05)
    started = time.monotonic()
    assert "sent" == delivered(opened(server.url, setting, timeout=0.3), hello).outcome
    assert time.monotonic() - started < 2
    server.say(200, "x" * 5_000_000)
    assert "sent" == delivered(opened(server.url, setting), hello).outcome


# ------------------------------------------------------------------------------------- what keeps it from going


def test_a_server_that_is_not_there_closes_the_channel_before_anything_is_sent(setting, hello):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with pytest.raises(ChannelDownError, match="Connection refused"):
            opened(f"http://127.0.0.1:{unused.getsockname()[1]}/", setting).prepare(hello)


def test_a_host_that_nobody_knows_closes_the_channel(setting, hello):
    with pytest.raises(ChannelDownError, match=r"no-such-host.invalid:443 is not found"):
        opened("https://no-such-host.invalid/", setting).prepare(hello)


def test_a_certificate_must_be_trusted_and_be_the_hosts(secure_server, trusting, setting, hello):
    port = secure_server.port
    with pytest.raises(ChannelDownError, match="certificate is not trusted"):
        opened(f"https://localhost:{port}/", setting).prepare(hello)
    wires = Wires(tls=trusting, lookup=lambda host, port: ["127.0.0.1"])
    with pytest.raises(ChannelDownError, match="certificate is not trusted"):
        opened(f"https://another.example.org:{port}/", setting, wires).prepare(hello)
    assert "sent" == delivered(opened(f"https://localhost:{port}/", setting, Wires(tls=trusting)), hello).outcome
    assert 1 == len(secure_server.asked)


def test_certificates_of_the_organizations_own_are_trusted_by_the_usual_variable(
    secure_server, certificates, setting, hello, monkeypatch
):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))
    wires = Wires(tls=ssl.create_default_context)
    assert "sent" == delivered(opened(f"https://localhost:{secure_server.port}/", setting, wires), hello).outcome


def test_a_server_without_tls_is_not_spoken_to(server, setting, hello):
    with pytest.raises(ChannelDownError, match="no secure connection"):
        opened(f"https://localhost:{server.port}/", setting).prepare(hello)
    assert [] == server.asked


def test_a_handshake_that_never_ends_is_given_up(setting, hello):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        threading.Thread(target=lambda: [silent.accept(), time.sleep(1)], daemon=True).start()
        port = silent.getsockname()[1]
        with pytest.raises(ChannelDownError, match="no answer in time"):
            opened(f"https://localhost:{port}/", setting, timeout=0.1).prepare(hello)


def test_a_name_is_looked_up_once_and_what_was_judged_is_called(server, setting, hello):
    """A rebinding resolver says something harmless first and this machine then."""
    looked_up = []

    def rebinding(host, port):
        looked_up.append(host)
        return ["127.0.0.1"] if len(looked_up) == 1 else ["169.254.169.254"]

    channel = opened(f"http://rebinding.example.org:{server.port}/", setting, Wires(lookup=rebinding))
    prepared = channel.prepare(hello)
    assert ["rebinding.example.org"] == looked_up
    assert "sent" == prepared.commit().outcome
    assert f"rebinding.example.org:{server.port}" == server.asked[0].headers["Host"]
    with pytest.raises(ChannelDownError, match="is not called"):
        channel.prepare(hello)


def test_private_servers_are_not_called_unless_the_program_says_so(server, setting, hello):
    wires = Wires(lookup=lambda host, port: ["127.0.0.1"])
    channel = opened(f"https://hooks.example.org:{server.port}/", setting, wires, allow_private=False)
    with pytest.raises(ChannelDownError, match="private network"):
        channel.prepare(hello)
    assert 0 == server.connections


def test_the_next_number_of_a_host_is_tried_where_the_first_does_not_answer(server, setting, hello):
    wires = Wires(lookup=lambda host, port: ["::1", "127.0.0.1"])
    assert "sent" == delivered(opened(f"http://localhost:{server.port}/", setting, wires), hello).outcome


# --------------------------------------------------------------------------------------------- secrets, options


def test_a_secret_address_is_never_said(server, setting, hello):
    setting.reveal.secrets["HOOK"] = f"{server.url}/canary-7f3a?sig=canary-7f3a"
    channel = opened(Secret("env", "HOOK"), setting, secret=Secret("env", "canary"))
    server.say(401)
    said = [repr(channel), str(delivered(channel, hello)), repr(channel.prepare)]
    with pytest.raises(ChannelDownError) as down:
        channel.prepare(hello)
    setting.reveal.secrets["HOOK"] = "http://canary-7f3a.invalid/ canary-7f3a"
    with pytest.raises(ChannelDownError) as wrong:
        opened(Secret("env", "HOOK"), setting).prepare(hello)
    setting.reveal.secrets["HOOK"] = "https://canary-7f3a.invalid/"
    with pytest.raises(ChannelDownError) as missing:
        opened(Secret("env", "HOOK"), setting).prepare(hello)
    said += [str(down.value), str(wrong.value), str(missing.value)]
    assert not [one for one in said if "canary-7f3a" in one or "secret-of" in one or "Ada" in one]
    assert "the address in HOOK" in said[-1]


def test_a_secret_that_cannot_be_read_closes_the_channel(setting, hello):
    channel = opened("http://127.0.0.1:1/", setting, secret=Secret("env", "HOOK_SECRET"))
    setting.reveal.secrets["HOOK_SECRET"] = "whsec_no base64!"
    with pytest.raises(ChannelDownError, match="HOOK_SECRET") as wrong:
        channel.prepare(hello)
    assert "no base64!" not in str(wrong.value)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"url": "http://hooks.example.org/"}, "https://"),
        ({"url": "https://hooks.example.org/", "dedupe_window": "a day"}, "span"),
        ({"url": "https://hooks.example.org/", "dedupe_window": "0 hours"}, "span"),
        ({"url": "https://hooks.example.org/", "dedupe_window": "400 days"}, "span"),
        ({"url": "https://hooks.example.org/", "timeout": 0}, "seconds"),
        ({"url": "https://hooks.example.org/", "timeout": 1e9}, "seconds"),
    ],
)
def test_wrong_options_are_told(options, told):
    with pytest.raises(ValueError, match=told):
        WebhookOptions(**options)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", timedelta()),
        ("30 minutes", timedelta(minutes=30)),
        ("1 hour", timedelta(hours=1)),
        ("3 days", timedelta(3)),
    ],
)
def test_a_receiver_that_drops_repeats_makes_them_harmless_for_that_long(setting, text, expected):
    assert expected == opened("https://hooks.example.org/", setting, dedupe_window=text).harmless_for


def test_a_body_is_json_that_anybody_reads(server, setting, hello):
    delivered(opened(server.url, setting), evolve(hello, subject='"}\\ \u2028 \U0001f600 <!everyone>'))
    assert '"}\\ \u2028 \U0001f600 <!everyone>' == json.loads(server.asked[0].body.decode("utf-8"))["subject"]


# ---------------------------------------------------------------------------------------------------- the page


def test_the_recipe_of_the_page_proves_what_is_sent_and_nothing_else(server, setting, hello):
    page = (Path(__file__).parents[3] / "docs/reference/channels.md").read_text(encoding="utf-8")
    (recipe,) = re.findall(r"```python\n(.*?)```", page.partition("## `webhook`")[2], re.DOTALL)
    known = {}
    exec(recipe, known)
    for text in ("a long secret", "whsec_" + base64.b64encode(b"raw \0 key").decode()):
        setting.reveal.secrets["HOOK_SECRET"] = text
        delivered(opened(server.url, setting, secret=Secret("env", "HOOK_SECRET")), hello)
        headers, body = server.asked[-1].headers, server.asked[-1].body
        assert known["is_ours"](headers, body, text)
        assert not known["is_ours"](headers, body + b" ", text)
        assert not known["is_ours"](headers, body, text + "x" * 4)
        assert not known["is_ours"]({**headers, "webhook-id": "other"}, body, text)
        assert not known["is_ours"]({**headers, "webhook-timestamp": "1"}, body, text)
        assert not known["is_ours"]({}, body, text)


def test_the_page_says_what_options_and_keys_there_are(hello):
    page = (Path(__file__).parents[3] / "docs/reference/channels.md").read_text(encoding="utf-8")
    section = page.partition("## `webhook`")[2]
    full = evolve(
        hello,
        invitation=Invitation("REQUEST", "s1", 2, b""),
        attachments=(Attachment("a", "text/plain", b""),),
        reply_to="a@example.org",
        unsubscribe="b@example.org",
        values=(("payroll", "P-17"),),
    )
    said = described(full, "p")
    for key in (
        *said,
        *said["to"],
        *said["invitation"],
        *said["attachments"][0],
        *(one.name for one in fields(WebhookOptions)),
    ):
        assert f"`{key}`" in section, key
