"""What a reply means: sent, not now, never, nobody there, or no mail from us at all."""

import pytest

from mentorkit.core.contracts import Receipt
from mentorkit_channels.smtp.replies import Reply, in_words, receipt_of

SENT, DEFERRED, FAILED, UNKNOWN = "sent", "deferred", "failed", "unknown"


@pytest.mark.parametrize(
    ("code", "text", "outcome", "nobody"),
    [
        (250, "2.0.0 Ok: queued as 4F1", SENT, False),
        (251, "User not local; will forward", SENT, False),
        (421, "4.3.2 shutting down", DEFERRED, False),
        (450, "4.2.0 Greylisted", DEFERRED, False),
        (451, "4.7.1 try again later", DEFERRED, False),
        (452, "4.2.2 mailbox full", DEFERRED, False),
        (550, "5.1.1 <ada@example.org>: Recipient address rejected: User unknown", FAILED, True),
        (550, "5.1.10 RESOLVER.ADR.RecipientNotFound", FAILED, True),
        (550, "5.1.2 Domain not found", FAILED, True),
        (550, "5.2.1 The email account that you tried to reach is disabled", FAILED, True),
        (550, "No such user here", FAILED, True),
        (550, "Requested action not taken: mailbox unavailable", FAILED, True),
        (551, "User not local", FAILED, True),
        (553, "mailbox name not allowed", FAILED, True),
        (550, "5.7.1 Unable to relay", FAILED, False),
        (554, "5.7.1 Relay access denied", FAILED, False),
        (550, "Message rejected as spam", FAILED, False),
        (553, "5.7.1 sender is not yours", FAILED, False),
        (552, "5.2.2 Mailbox full", FAILED, False),
        (552, "5.3.4 Message too big", FAILED, False),
        (554, "5.6.0 Content rejected", FAILED, False),
        (354, "go ahead", UNKNOWN, False),
        (199, "hm", UNKNOWN, False),
    ],
)
def test_the_first_digit_decides_and_some_noes_say_that_nobody_is_there(code, text, outcome, nobody):
    receipt = receipt_of(Reply(code, (text,)), "ada@example.org")
    assert (outcome, nobody) == (receipt.outcome, receipt.bad_address)


@pytest.mark.parametrize(
    "text",
    [
        "5.1.8 <aurora@example.org>: Sender address rejected: Domain not found",
        "5.7.1 <aurora@example.org>: Sender address rejected: not owned by user mentorkit",
        "5.7.60 SMTP; Client does not have permissions to send as this sender",
        "5.2.252 SendAsDenied; not allowed to send as",
        "5.1.7 bad sender",
        "5.4.5 Daily user sending limit exceeded",
        "5.4.6 Daily sending quota exceeded",
        "5.1.90 Your message can't be sent because you've reached your daily limit for message recipients",
    ],
)
def test_a_no_to_the_sender_is_not_the_recipients_fault(text):
    reply = Reply(550, (text,))
    assert reply.refuses_sender
    assert not reply.says_nobody


def test_what_is_said_names_nobody():
    said = in_words(Reply(550, ("5.1.1 <Ada.Osei@example.org>: user Ada.Osei unknown, ask it@example.org",)))
    assert "550 5.1.1 <…>: user Ada.Osei unknown, ask <…>" == said
    reply = Reply(550, ("5.1.1 <Ada.Osei@example.org>: user Ada.Osei unknown",))
    assert "550 5.1.1 <…>: user <…> unknown" == in_words(reply, "Ada.Osei@example.org")


def test_what_is_said_is_one_line_that_a_terminal_can_show():
    said = in_words(Reply(554, ("5.7.1 \x1b[31mno\x07", "5.7.1 see\u2028policy" + " x" * 300)))
    assert said.startswith("554 5.7.1 [31mno see policy x x")
    assert said.isprintable()
    assert 240 == len(said)


def test_an_enhanced_code_of_another_class_is_none():
    assert "" == Reply(550, ("4.1.1 odd",)).status
    assert Receipt("failed", "550 4.1.1 odd") == receipt_of(Reply(550, ("4.1.1 odd",)), "a@x.org")
