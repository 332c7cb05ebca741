"""A mail server that does wrong: at every verb, before the end of a message and after it."""

import select
import socket

import pytest
from attrs import evolve

from mentorkit.core.contracts import Attachment, ChannelDownError
from mentorkit_channels.smtp.dialogue import Dialogue
from servers.faulty_smtp import DROP, HANG, OFFERS, TAKE_AND_DROP, TAKE_AND_HANG, Fault, slowly
from servers.starting import free_port, wait_until

SHORT = 0.6  # seconds that the channel waits for a reply that does not come


def outcome_of(channel, outgoing):
    """What became of a message, as the ledger would see it: a receipt's outcome, `down`, or `undone`."""
    try:
        prepared = channel.prepare(outgoing)
    except ChannelDownError:
        return "down"
    except OSError:
        return "undone"
    return prepared.commit().outcome


@pytest.mark.parametrize("ahead", [(), ("PIPELINING",)], ids=["step by step", "told ahead"])
@pytest.mark.parametrize(
    ("verb", "fault", "expected"),
    [
        *((verb, HANG, "down") for verb in ("connect", "ehlo", "mail")),
        *((verb, DROP, "down") for verb in ("connect", "ehlo", "mail")),
        *((verb, "hello?", "down") for verb in ("connect", "ehlo", "mail")),
        *((verb, "421 4.3.2 closing", "down") for verb in ("connect", "ehlo", "mail", "rcpt", "data")),
        ("connect", "554 5.7.1 no", "down"),
        ("connect", slowly("220 " + "x" * 60), "down"),
        ("ehlo", "550 5.7.1 no", "down"),
        ("ehlo", slowly("250 " + "x" * 60), "down"),
        ("mail", "530 5.7.0 log in first", "down"),
        ("mail", "550 5.1.8 no such domain", "down"),
        ("mail", "553 5.7.1 not your address", "down"),
        ("mail", slowly("250 " + "x" * 60), "down"),
        ("mail", "451 4.3.0 later", "deferred"),
        ("mail", "452 4.3.1 storage", "deferred"),
        ("mail", "552 5.3.4 too big", "failed"),
        ("mail", "350 what", "down"),
        ("rcpt", HANG, "undone"),
        ("rcpt", DROP, "undone"),
        ("rcpt", slowly("250 " + "x" * 60), "undone"),
        ("rcpt", "hello?", "undone"),
        ("rcpt", "350 what", "undone"),
        ("connect", "220 hello\n250 more", "down"),
        ("mail", "250 ok\n250 more", "undone"),
        ("rcpt", "250 ok\n354 more", "undone"),
        ("data", "354 ok\n250 taken", "undone"),
        ("rcpt", "450 4.2.0 greylisted", "deferred"),
        ("rcpt", "451 4.7.1 later", "deferred"),
        ("rcpt", "452 4.2.2 full", "deferred"),
        ("rcpt", "550 5.1.1 unknown", "failed"),
        ("rcpt", "552 5.2.2 full", "failed"),
        ("rcpt", "554 5.7.1 relay denied", "failed"),
        ("rcpt", "550 5.7.1 <a@x>: Sender address rejected: not yours", "down"),
        ("data", HANG, "undone"),
        ("data", DROP, "undone"),
        ("data", slowly("354 " + "x" * 60), "undone"),
        ("data", "250 ok", "undone"),
        ("data", "451 4.3.0 later", "deferred"),
        ("data", "554 5.5.1 no", "failed"),
        ("dot", HANG, "unknown"),
        ("dot", DROP, "unknown"),
        ("dot", TAKE_AND_HANG, "unknown"),
        ("dot", TAKE_AND_DROP, "unknown"),
        ("dot", "hello?", "unknown"),
        ("dot", "354 what", "unknown"),
        ("dot", "250 ok\n551 no", "sent"),
        ("dot", "250-ok\n550 no", "unknown"),
        ("dot", slowly("250 2.0.0 queued"), "sent"),
        ("dot", "421 4.3.2 closing", "deferred"),
        ("dot", "451 4.3.0 later", "deferred"),
        ("dot", "452 4.3.1 storage", "deferred"),
        ("dot", "550 5.1.1 unknown", "failed"),
        ("dot", "552 5.3.4 too big", "failed"),
        ("dot", "554 5.6.0 content", "failed"),
    ],
    ids=str,
)
def test_each_fault_at_each_verb(serving, opened, hello, monkeypatch, verb, fault, expected, ahead):
    if fault in (HANG, TAKE_AND_HANG):
        monkeypatch.setattr("mentorkit_channels.smtp.transaction._PATIENCE", 1)
    server = serving({verb: fault}, offers=(*OFFERS, *ahead))
    waits = isinstance(fault, Fault) and fault.kind != "drop"
    assert expected == outcome_of(opened(server.port, timeout=SHORT if waits else 10.0), hello)
    took = fault in (TAKE_AND_DROP, TAKE_AND_HANG) or expected == "sent" or fault == "250-ok\n550 no"
    assert took == bool(server.taken)


def test_without_a_fault_it_is_sent_to_one_recipient_with_the_senders_envelope(serving, opened, hello):
    server = serving()
    receipt = opened(server.port, bounces="bounces@example.org").prepare(hello).commit()
    assert ("sent", "250 2.0.0 queued as 1") == (receipt.outcome, receipt.detail)
    (taken,) = server.taken
    assert ("bounces@example.org", ("ada@example.org",)) == (taken.sender, taken.recipients)


@pytest.mark.parametrize("after", [DROP, HANG, "421 4.3.2 closing", "hello?"], ids=str)
def test_a_no_to_a_recipient_stands_whatever_comes_after_it(serving, opened, hello, after):
    server = serving({"rcpt": ["550 5.1.1 unknown"], "rset": after})
    channel = opened(server.port, timeout=SHORT)
    assert ["failed", "sent"] == [channel.prepare(hello).commit().outcome for _ in range(2)]
    assert 2 == server.connections


def test_a_reply_without_end_is_none(serving, opened, hello):
    endless = serving({"connect": "\n".join(["220-hello"] * 9000)})
    with pytest.raises(ChannelDownError, match="has no end"):
        opened(endless.port).prepare(hello)
    long = serving({"connect": "220 " + "x" * 200_000})
    with pytest.raises(ChannelDownError, match="has no end"):
        opened(long.port).prepare(hello)


def test_a_connection_that_breaks_at_the_end_of_a_message_leaves_doubt(serving, opened, hello, monkeypatch):
    server = serving()
    prepared = opened(server.port).prepare(hello)

    def lost(*_):
        raise TimeoutError("timed out")

    monkeypatch.setattr(socket.socket, "sendall", lost)
    assert "unknown" == prepared.commit().outcome


def test_it_reaches_whoever_has_one_plain_address(opened):
    channel = opened(1)
    assert channel.reaches(None, "ada@example.org")
    assert not any(
        channel.reaches(None, one) for one in ("", "ada", "a@x.org, b@x.org", "a@x.org\r\nRCPT TO:<b@x.org>")
    )


def test_nobody_listening_means_that_the_channel_is_down(opened, hello):
    channel = opened(free_port())
    with pytest.raises(
        ChannelDownError, match=r"no connection to the mail server 127\.0\.0\.1:\d+: Connection refused"
    ):
        channel.prepare(hello)


def test_opening_connects_to_nothing(serving, opened):
    server = serving()
    opened(server.port)
    assert 0 == server.connections


def test_a_server_that_reads_ahead_is_told_all_that_comes_before_a_message_at_once(serving, opened, hello):
    server = serving({"rcpt": ["550 5.1.1 unknown"], "mail": ["250 ok", "451 4.3.0 later"]}, offers=("PIPELINING",))
    server.script = {**server.script, "data": ["554 5.5.1 no valid recipients", "503 5.5.1 MAIL first"]}
    channel = opened(server.port)
    assert ["failed", "deferred", "sent"] == [channel.prepare(hello).commit().outcome for _ in range(3)]
    assert 1 == server.connections
    assert 1 == len(server.taken)
    assert ["MAIL", "RCPT", "DATA", "RSET"] * 2 + ["MAIL", "RCPT", "DATA"] == [
        one.split()[0] for one in server.said[1:]
    ]


def test_a_server_that_waits_for_a_message_to_nobody_gets_none(serving, opened, hello):
    server = serving({"rcpt": ["550 5.1.1 unknown"]}, offers=("PIPELINING",))
    channel = opened(server.port)
    assert ["failed", "sent"] == [channel.prepare(hello).commit().outcome for _ in range(2)]
    assert 2 == server.connections
    assert [("ada@example.org",)] == [one.recipients for one in server.taken]


def test_an_unknown_recipient_is_a_bad_address_and_others_are_not_held_up(serving, opened, hello):
    server = serving({"rcpt": ["550 5.1.1 <ada@example.org>: User unknown", "250 ok"]})
    channel = opened(server.port)
    receipt = channel.prepare(hello).commit()
    assert ("failed", True, "550 5.1.1 <…>: User unknown") == (receipt.outcome, receipt.bad_address, receipt.detail)
    assert "sent" == channel.prepare(evolve(hello, to_address="ben@example.org")).commit().outcome
    assert 1 == server.connections


def test_greylisting_defers_and_the_next_attempt_is_taken(serving, opened, hello):
    server = serving({"rcpt": ["450 4.2.0 Greylisted, come back in 300 seconds"]})
    channel = opened(server.port)
    assert ["deferred", "sent"] == [channel.prepare(hello).commit().outcome for _ in range(2)]
    assert 1 == len(server.taken)


def test_what_is_abandoned_is_not_delivered_and_the_next_message_is(serving, opened, hello):
    server = serving()
    channel = opened(server.port)
    channel.prepare(hello).abandon()
    assert "sent" == channel.prepare(evolve(hello, subject="Next")).commit().outcome
    (taken,) = server.taken
    assert b"Subject: Next\r\n" in taken.content
    assert 2 == server.connections


def test_a_message_that_is_left_lying_never_swallows_the_next(serving, opened, hello):
    server = serving()
    channel = opened(server.port)
    left = channel.prepare(hello)
    assert "sent" == channel.prepare(evolve(hello, subject="Next")).commit().outcome
    assert "sent" == left.commit().outcome
    assert [b"Next", b"Welcome, Ada"] == [one.content.split(b"Subject: ")[1].split(b"\r\n")[0] for one in server.taken]


def test_one_connection_serves_many_messages_and_is_taken_leave_of(serving, opened, hello):
    server = serving()
    channel = opened(server.port)
    for _ in range(5):
        assert "sent" == channel.prepare(hello).commit().outcome
    channel.close()
    assert 1 == server.connections
    assert "QUIT" == server.said[-1]
    assert 5 == len(server.taken)
    assert "sent" == channel.prepare(hello).commit().outcome


@pytest.mark.parametrize("again", [DROP, "421 4.7.0 too many messages on this connection"])
def test_a_connection_that_was_closed_between_messages_is_opened_anew(serving, opened, hello, again):
    server = serving({"mail": ["250 ok", again]})
    channel = opened(server.port)
    assert ["sent", "sent"] == [channel.prepare(hello).commit().outcome for _ in range(2)]
    assert 2 == server.connections
    assert 2 == len(server.taken)


@pytest.mark.parametrize(
    ("reply", "connections"), [("250 ok", 1), ("421 4.4.2 idle too long", 2), (DROP, 2), (HANG, 2)]
)
def test_after_a_while_the_server_is_asked_whether_it_is_still_there(
    serving, opened, hello, monkeypatch, reply, connections
):
    monkeypatch.setattr("mentorkit_channels.smtp.channel._IDLE", 0.0)
    server = serving({"noop": reply})
    channel = opened(server.port, timeout=SHORT)
    assert ["sent", "sent"] == [channel.prepare(hello).commit().outcome for _ in range(2)]
    assert "NOOP" in server.said
    assert connections == server.connections


@pytest.mark.parametrize("fault", [DROP, Fault("drop", "421 4.3.2 shutting down")], ids=str)
def test_a_server_that_breaks_off_within_a_message_has_not_taken_it(serving, opened, hello, fault):
    server = serving({"body": fault})
    large = evolve(hello, attachments=(Attachment("x.bin", "application/octet-stream", b"x" * 5_000_000),))
    assert "undone" == outcome_of(opened(server.port), large)
    assert [] == server.taken


def test_what_a_server_says_before_the_end_of_a_message_ends_it(serving, opened, hello, monkeypatch):
    server = serving({"body": Fault("drop", "421 4.3.2 shutting down")})
    real = Dialogue.send

    def send_and_wait(self, content):
        real(self, content)
        if len(content) > 500:
            wait_until(lambda: select.select([self.socket], [], [], 0)[0], "the server to speak")

    monkeypatch.setattr(Dialogue, "send", send_and_wait)
    with pytest.raises(OSError, match=r"broke off within the message: 421 4\.3\.2 shutting down"):
        opened(server.port).prepare(hello)
    assert [] == server.taken


def test_a_server_that_stops_reading_holds_nobody_for_long(serving, opened, hello):
    server = serving({"body": HANG})
    large = evolve(hello, attachments=(Attachment("x.bin", "application/octet-stream", b"x" * 5_000_000),))
    assert "undone" == outcome_of(opened(server.port, timeout=SHORT), large)


def test_a_connection_that_breaks_before_the_end_of_a_message_leaves_no_doubt(serving, opened, hello, monkeypatch):
    server = serving()
    prepared = opened(server.port).prepare(hello)

    def broken(*_):
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(socket.socket, "sendall", broken)
    assert "deferred" == prepared.commit().outcome


def test_a_sender_that_is_refused_at_the_end_holds_the_rest_back(serving, opened, hello):
    server = serving({"dot": "550 5.7.60 SMTP; Client does not have permissions to send as this sender"})
    channel = opened(server.port)
    assert "deferred" == channel.prepare(hello).commit().outcome
    with pytest.raises(ChannelDownError, match="takes no mail from this sender"):
        channel.prepare(hello)
    assert 1 == server.said.count("DATA")


def test_a_message_without_a_valid_form_calls_nobody(serving, opened, hello):
    server = serving()
    with pytest.raises(ValueError, match="subject"):
        opened(server.port).prepare(evolve(hello, subject="a\nBcc: eve@example.org"))
    assert 0 == server.connections


def test_what_is_larger_than_the_server_takes_is_not_sent_there(serving, opened, hello):
    server = serving(offers=("SIZE 500",))
    receipt = opened(server.port).prepare(evolve(hello, text="x" * 600 + "\n")).commit()
    assert "failed" == receipt.outcome
    assert "the mail server takes 500" in receipt.detail
    assert not any(line.startswith("MAIL") for line in server.said)


def test_addresses_beyond_ascii_go_only_where_they_are_understood(serving, opened, hello):
    to = evolve(hello, to_address="jürgen@bücher.example")
    server = serving()
    assert "sent" == opened(server.port).prepare(to).commit().outcome
    assert "RCPT TO:<jürgen@xn--bcher-kva.example>" in server.said
    assert any(line.startswith("MAIL") and line.endswith(" SMTPUTF8") for line in server.said)
    older = serving(offers=("8BITMIME",))
    assert "failed" == opened(older.port).prepare(to).commit().outcome


def test_smtputf8_is_not_asked_for_without_need(serving, opened, hello):
    server = serving()
    opened(server.port).prepare(evolve(hello, to_name="Zoë", to_address="zoe@bücher.example")).commit()
    (command,) = (line for line in server.said if line.startswith("MAIL"))
    assert "SMTPUTF8" not in command


def test_a_server_for_ascii_only_gets_ascii_only(serving, opened, hello):
    server = serving(offers=())
    words = evolve(hello, text="Grüße, Zoë\n", html="<p>Grüße</p>\n", to_name="Zoë", subject="Grüße")
    assert "sent" == opened(server.port).prepare(words).commit().outcome
    (taken,) = server.taken
    assert taken.content.isascii()
    assert "MAIL FROM:<aurora@example.org>" in server.said


def test_the_end_of_a_message_is_one_call_and_nothing_waits_to_be_joined_to_it(serving, opened, hello, monkeypatch):
    server = serving()
    prepared = opened(server.port).prepare(hello)
    sent = []
    real = socket.socket.sendall
    connection = prepared.dialogue.socket
    assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    monkeypatch.setattr(
        socket.socket, "sendall", lambda self, content: (sent.append((self, content)), real(self, content))
    )
    assert "sent" == prepared.commit().outcome
    assert [b".\r\n"] == [content for who, content in sent if who is connection]


def test_mail_goes_evenly_and_no_faster_than_it_may(serving, opened, hello):
    server = serving()
    channel = opened(server.port, per_minute=30)
    now = [0.0]
    waits = []

    def sleep(seconds):
        waits.append(seconds)
        now[0] += seconds

    channel.pace.clock, channel.pace.sleep = lambda: now[0], sleep
    for _ in range(3):
        channel.prepare(hello).commit()
    now[0] += 10
    channel.prepare(hello).commit()
    assert [2.0, 2.0] == waits
