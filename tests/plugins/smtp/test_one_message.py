"""Whatever a message says, the server sees one message, and the one that was meant."""

from contextlib import ExitStack
from email import message_from_bytes, policy

import pytest
from attrs import evolve
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mentorkit.core.contracts import Attachment, Invitation
from mentorkit_channels.smtp.transaction import stuffed
from servers.faulty_smtp import faulty_smtp

SMUGGLED = "MAIL FROM:<eve@example.org>\r\nRCPT TO:<ben@example.org>\r\nDATA\r\nSubject: smuggled\r\n\r\nhi"
ENDS = ("\r\n.\r\n", "\n.\n", "\r.\r", "\n.\r\n", "\r\n.\n", "\r\n.\r", "\r.\r\n", "\n.\r", "\n\n.\r\n", "\r\n\0.\r\n")


@pytest.fixture(scope="module")
def lenient(open_channel):
    """A channel to a server for which any line break around a dot ends a message."""
    with ExitStack() as ending:
        server = ending.enter_context(faulty_smtp(lenient=True))
        channel = open_channel(server.port)
        ending.callback(channel.close)
        yield server, channel


def read_by(lenient, outgoing):
    """The one message that a server took, and what it said."""
    server, channel = lenient
    before = len(server.taken), len(server.said)
    assert "sent" == channel.prepare(outgoing).commit().outcome
    assert ["MAIL", "RCPT", "DATA"] == [line.split()[0] for line in server.said[before[1] :] if line[:4] != "EHLO"]
    (taken,) = server.taken[before[0] :]
    assert ("aurora@example.org", ("ada@example.org",)) == (taken.sender, taken.recipients)
    return taken.content


@pytest.mark.parametrize("end", ENDS, ids=repr)
@pytest.mark.parametrize("where", ["text", "html", "subject", "to_name", "calendar", "attachment"])
def test_no_message_smuggles_another_past(lenient, hello, end, where):
    words = f"Hello{end}{SMUGGLED}{end}"
    if where == "calendar":
        evil = evolve(hello, invitation=Invitation("REQUEST", "u", 0, words.encode()))
    elif where == "attachment":
        evil = evolve(hello, attachments=(Attachment("x.txt", "text/plain", words.encode()),))
    elif where == "subject":
        with pytest.raises(ValueError, match="subject"):
            read_by(lenient, evolve(hello, subject=words))
        return
    else:
        evil = evolve(hello, **{where: words})
    content = read_by(lenient, evil)
    assert b"\nSubject: smuggled" not in content.partition(b"\r\n\r\n")[0]


pieces = st.sampled_from([*ENDS, ".", "..", "\r", "\n", "\r\n", "QUIT", "é", "x" * 1200, "\0", "\x85", "\u2028"])
bodies = st.lists(pieces | st.text(st.characters(exclude_categories=["Cs"]), max_size=10), max_size=8).map("".join)


@given(text=bodies, html=bodies)
@settings(max_examples=60)
def test_any_body_is_one_message_that_reads_back_the_same(lenient, hello, text, html):
    content = read_by(lenient, evolve(hello, text=text + "\n", html=html + "\n"))
    message = message_from_bytes(content, policy=policy.default)
    assert [] == message.defects
    for kind, words in (("plain", text), ("html", html)):
        part = message.get_body((kind,)).get_content().replace("\r\n", "\n")
        assert f"{words}\n".replace("\r\n", "\n").replace("\r", "\n") == part


@given(
    st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b".", b"..", b"a", b"\xc3\xa9", b"\0"]), max_size=12).map(b"".join)
)
@example(b".")
@example(b"")
@example(b"\r.\r")
def test_no_line_on_the_wire_is_a_dot_alone_and_every_break_is_cr_lf(content):
    wire = stuffed(content)
    assert wire.endswith(b"\r\n")
    lines = wire.split(b"\r\n")[:-1]
    assert all(b"\r" not in line and b"\n" not in line for line in lines)
    assert b"." not in lines
    back = [line[1:] if line.startswith(b".") else line for line in lines]
    plain = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    assert (plain if plain.endswith(b"\n") else plain + b"\n").split(b"\n")[:-1] == back
