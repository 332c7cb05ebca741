"""Mail as bytes: its headers, its parts, and invitations as calendars look for them."""

from email import message_from_bytes, policy

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from mentorkit.core.contracts import Invitation, Outgoing
from mentorkit.testing import a_moment
from mentorkit_channels.mail import as_bytes, in_ascii

HELLO = Outgoing(
    key="k",
    to_name="Ada Lovelace",
    to_address="ada@example.org",
    from_name="Aurora mentoring",
    from_address="aurora@example.org",
    subject="Welcome, Ada",
    text="Hello Ada, grüß dich.\n",
    html="<p>Hello Ada.</p>\n",
    at=a_moment("2027-01-11T09:00:00+00:00"),
    message_id="k@l7.mentorkit",
)
ICS = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//mentorkit//EN\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:s1@l7\r\n"
    "SUMMARY:Ada and Łukasz\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def parsed(outgoing, **how):
    return message_from_bytes(as_bytes(outgoing, **how), policy=policy.default)


def structure_of(part):
    inner = [structure_of(one) for one in part.iter_parts()] if part.is_multipart() else []
    return (part.get_content_type(), inner) if inner else part.get_content_type()


def test_answers_and_farewells_have_their_addresses():
    mail = parsed(evolve(HELLO, reply_to="office@example.org", unsubscribe="leave+l7@example.org"))
    assert "office@example.org" == mail["Reply-To"].addresses[0].addr_spec
    assert "<mailto:leave%2Bl7@example.org>" == mail["List-Unsubscribe"]


def test_without_them_there_are_no_such_headers():
    assert {"Reply-To", "List-Unsubscribe"}.isdisjoint(parsed(HELLO).keys())


@pytest.mark.parametrize("field", ["reply_to", "unsubscribe", "to_address", "from_address"])
@pytest.mark.parametrize(
    "address",
    [
        "a@x.org\r\nBcc: eve@x.org",
        "a@x.org\nBcc: eve@x.org",
        "a@x.org\rBcc: eve@x.org",
        "a@x.org, eve@x.org",
        "a@x.org>, <mailto:eve@x.org",
        "A <a@x.org>",
        "a",
        "@x.org",
        "a@x.org\0",
    ],
)
def test_an_address_that_is_not_one_address_is_refused(field, address):
    with pytest.raises(ValueError):  # noqa: PT011 (partly the standard library's words)
        as_bytes(evolve(HELLO, **{field: address}))


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("a@bücher.example", "a@xn--bcher-kva.example"),
        ("a@BÜCHER.example", "a@xn--bcher-kva.example"),
        ("ü@x.org", "ü@x.org"),
    ],
)
def test_domains_are_written_in_ascii(address, written):
    assert written == in_ascii(address)


@pytest.mark.parametrize("domain", ["straße.example", "βόλος.example", "\uff45xample.org", "a\u200db.example"])
def test_a_domain_that_would_become_another_is_refused(domain):
    with pytest.raises(ValueError, match="without becoming another"):
        as_bytes(evolve(HELLO, to_address=f"ada@{domain}"))


@pytest.mark.parametrize("length", [20, 64, 150, 240])
def test_a_long_address_to_leave_by_stays_one_address(length):
    mail = as_bytes(evolve(HELLO, unsubscribe=f"{'x' * (length - 12)}@example.org"))
    (line,) = (one for one in mail.replace(b"\r\n ", b"").split(b"\r\n") if one.startswith(b"List-Unsubscribe"))
    assert f"List-Unsubscribe: <mailto:{'x' * (length - 12)}@example.org>".encode() == line


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_an_invitation_is_one_of_the_alternatives_and_an_attachment(method):
    content = ICS.replace("REQUEST", method).encode()
    mail = parsed(evolve(HELLO, invitation=Invitation(method, "s1@l7", 0, content)))
    assert (
        "multipart/mixed",
        [("multipart/alternative", ["text/plain", "text/html", "text/calendar"]), "application/ics"],
    ) == structure_of(mail)
    calendar = mail.get_payload(0).get_payload(2)
    assert (method, "utf-8") == (calendar.get_param("method"), calendar.get_content_charset())
    assert content.decode() == calendar.get_content().replace("\r\n", "\n").replace("\n", "\r\n")
    attachment = mail.get_payload(1)
    assert ("invite.ics", content) == (attachment.get_filename(), attachment.get_content())


def test_the_same_message_is_the_same_bytes():
    invited = evolve(HELLO, invitation=Invitation("REQUEST", "s1@l7", 0, ICS.encode()))
    assert as_bytes(invited) == as_bytes(invited)
    assert as_bytes(invited) != as_bytes(evolve(invited, message_id="k2@l7.mentorkit"))


def test_for_a_server_of_seven_bits_every_byte_is_ascii_and_says_the_same():
    invited = evolve(HELLO, to_name="Zoë", subject="Grüße", invitation=Invitation("REQUEST", "s", 0, ICS.encode()))
    assert not as_bytes(invited).isascii()
    assert as_bytes(invited, seven_bit=True).isascii()
    mail = parsed(invited, seven_bit=True)
    assert "Hello Ada, grüß dich.\n" == mail.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert "Łukasz" in mail.get_payload(0).get_payload(2).get_content()


hostile = st.lists(
    st.sampled_from(
        [
            "\r\n",
            "\n",
            "\r",
            "\0",
            "\x0b",
            "\x85",
            "\u2028",
            "Bcc: eve@x.org",
            "=?utf-8?q?a=0ABcc:_e@x?=",
            "<e@x.org>",
            ",",
        ]
    )
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    max_size=6,
).map("".join)
EXPECTED = {
    *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Reply-To", "List-Unsubscribe"),
    *("Content-Language", "MIME-Version", "Content-Type"),
}


@given(to=hostile, sender=hostile, subject=hostile)
def test_no_words_add_a_header_or_a_recipient(to, sender, subject):
    words = {"to_name": to, "from_name": sender, "reply_to": "office@example.org", "unsubscribe": "leave@example.org"}
    try:
        mail = parsed(evolve(HELLO, subject=subject, **words))
    except ValueError:
        return
    assert EXPECTED == set(mail.keys())
    assert len(EXPECTED) == len(mail.keys())
    assert ["ada@example.org"] == [one.addr_spec for one in mail["To"].addresses]
    assert ["aurora@example.org"] == [one.addr_spec for one in mail["From"].addresses]
