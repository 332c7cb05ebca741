import email
import gc
import os
import shutil
import stat
import subprocess
import unicodedata
from email import policy
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from mentorkit.core.contracts import Attachment, ChannelKind, ChannelSetting, Outgoing
from mentorkit.testing import a_moment, a_person
from mentorkit_channels import mentorkit_channels
from mentorkit_channels.mail import as_bytes
from mentorkit_channels.outbox import Outbox, OutboxKind

HELLO = Outgoing(
    key="20270111T0900Z.welcome.p1.mentor",
    to_name="Ada Lovelace",
    to_address="ada@example.org",
    from_name="Aurora mentoring",
    from_address="aurora@example.org",
    subject="Welcome, Ada",
    text="Hello Ada.\n",
    html="<p>Hello Ada.</p>\n",
    at=a_moment("2027-01-11T09:00:00+00:00"),
    message_id="20270111T0900Z.welcome.p1.mentor@l7.mentorkit",
)


HEADERS = sorted(
    [
        *("Auto-Submitted", "Content-Language", "Content-Type", "Date", "From"),
        *("MIME-Version", "Message-ID", "Subject", "To"),
    ]
)


def opened(folder: Path, durable: bool = True) -> Outbox:
    return OutboxKind().open(None, ChannelSetting(str(folder), durable))


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "outbox").iterdir())


def parsed(content: bytes) -> email.message.EmailMessage:
    return email.message_from_bytes(content, policy=policy.default)


def body(message: email.message.EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_the_outbox_is_offered_as_a_channel_that_stays_on_the_machine():
    (kind,) = (one for one in mentorkit_channels() if one.name == "outbox")
    assert isinstance(kind, ChannelKind)
    assert ("outbox", None, False, True) == (kind.name, kind.options, kind.leaves_machine, kind.repeat_is_harmless)


@pytest.mark.parametrize("durable", [True, False])
def test_a_commit_leaves_one_complete_private_file(tmp_path, durable):
    prepared = opened(tmp_path, durable).prepare(HELLO)
    assert [f".tmp.{HELLO.key}"] == files(tmp_path)
    assert "sent" == prepared.commit().outcome
    assert [f"{HELLO.key}.eml"] == files(tmp_path)
    path = tmp_path / "outbox" / f"{HELLO.key}.eml"
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    assert 0o700 == stat.S_IMODE(path.parent.stat().st_mode)
    message = parsed(path.read_bytes())
    assert "Welcome, Ada" == message["Subject"]
    assert "Ada Lovelace <ada@example.org>" == message["To"]
    assert "Aurora mentoring <aurora@example.org>" == message["From"]
    assert f"<{HELLO.message_id}>" == message["Message-ID"]
    assert HELLO.at == message["Date"].datetime
    assert "auto-generated" == message["Auto-Submitted"]
    assert "Hello Ada.\n" == body(message, "plain")
    assert "<p>Hello Ada.</p>\n" == body(message, "html")


def test_what_is_abandoned_leaves_nothing(tmp_path):
    opened(tmp_path).prepare(HELLO).abandon()
    assert [] == files(tmp_path)


def test_the_same_message_twice_is_one_file_of_the_same_bytes(tmp_path):
    channel = opened(tmp_path)
    channel.prepare(HELLO).commit()
    path = tmp_path / "outbox" / f"{HELLO.key}.eml"
    before = (path.read_bytes(), path.stat().st_ino, path.stat().st_mtime_ns)
    assert "sent" == channel.prepare(HELLO).commit().outcome
    assert before == (path.read_bytes(), path.stat().st_ino, path.stat().st_mtime_ns)
    assert [path.name] == files(tmp_path)


def test_a_message_delivered_in_an_earlier_wording_counts_as_sent_and_stays(tmp_path):
    channel = opened(tmp_path)
    channel.prepare(HELLO).commit()
    assert "sent" == channel.prepare(evolve(HELLO, subject="New words")).commit().outcome
    assert "Welcome, Ada" == parsed((tmp_path / "outbox" / f"{HELLO.key}.eml").read_bytes())["Subject"]


def test_a_folder_that_outlived_its_ledger_keeps_the_old_files_beside_the_new(tmp_path):
    channel = opened(tmp_path)
    channel.prepare(HELLO).commit()
    anew = evolve(HELLO, message_id="x@other.mentorkit", subject="Welcome again")
    for _ in range(2):
        receipt = channel.prepare(anew).commit()
        assert "sent" == receipt.outcome
        assert f"{HELLO.key}.2.eml" in receipt.detail
    assert [f"{HELLO.key}.2.eml", f"{HELLO.key}.eml"] == files(tmp_path)
    subjects = [parsed((tmp_path / "outbox" / name).read_bytes())["Subject"] for name in files(tmp_path)]
    assert ["Welcome again", "Welcome, Ada"] == subjects


def test_a_killed_run_leaves_nothing_behind_that_the_next_one_keeps(tmp_path):
    opened(tmp_path).prepare(HELLO)
    killed_after_link = opened(tmp_path).prepare(evolve(HELLO, key="other"))
    os.link(killed_after_link.temporary, tmp_path / "outbox/other.eml")
    prepared = opened(tmp_path).prepare(evolve(HELLO, key="other"))
    assert [".tmp.other", "other.eml"] == files(tmp_path)
    assert "sent" == prepared.commit().outcome


def test_opening_it_writes_nothing(tmp_path):
    opened(tmp_path)
    assert [] == list(tmp_path.iterdir())


def test_a_step_that_certainly_did_not_happen_is_deferred(tmp_path, monkeypatch):
    prepared = opened(tmp_path).prepare(HELLO)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "link", full)
    receipt = prepared.commit()
    assert "deferred" == receipt.outcome
    assert "No space left" in receipt.detail
    assert [] == files(tmp_path)


@pytest.mark.parametrize("key", ["../x", "a/b", ".hidden", "", "a\nb", "x" * 201])
def test_a_key_that_is_no_file_name_is_refused(tmp_path, key):
    channel = opened(tmp_path)
    with pytest.raises(ValueError, match="file name"):
        channel.prepare(evolve(HELLO, key=key))
    assert [] == files(tmp_path)


def test_it_reaches_everybody_and_writes_no_recipient_where_there_is_no_address(tmp_path):
    channel = opened(tmp_path)
    assert channel.reaches(a_person("1", "mentor"), "")
    assert channel.reaches(None, "")
    channel.prepare(evolve(HELLO, to_address="")).commit()
    message = parsed((tmp_path / "outbox" / f"{HELLO.key}.eml").read_bytes())
    assert () == message["To"].addresses


@pytest.mark.parametrize(
    "address",
    [
        "Eve, Inc <a@x.org>, b@x.org",
        "a@x.org, b@x.org",
        "a@x.org b@x.org",
        "a@x.org\r\nBcc: b@x.org",
        "a@x.org;b@x.org",
    ],
)
def test_an_address_that_is_not_one_address_is_refused(tmp_path, address):
    channel = opened(tmp_path)
    with pytest.raises(ValueError):  # noqa: PT011 (the standard library's words)
        channel.prepare(evolve(HELLO, to_address=address))
    assert [] == files(tmp_path)


@pytest.mark.parametrize("subject", ["a\nBcc: eve@x.org", "a\rb", "a\0b", "a\u2028b", "a\x0bb"])
def test_a_subject_of_several_lines_is_refused(subject):
    with pytest.raises(ValueError, match="subject"):
        as_bytes(evolve(HELLO, subject=subject))


def test_a_name_never_becomes_another_recipient():
    message = parsed(as_bytes(evolve(HELLO, to_name="Eve, Inc <a@x>, b@x\r\nBcc: c@x")))
    (recipient,) = message["To"].addresses
    assert "ada@example.org" == recipient.addr_spec
    assert "Eve, Inc <a@x>, b@x Bcc: c@x" == recipient.display_name
    assert message["Bcc"] is None


@pytest.mark.parametrize(
    "name", ["Eve <eve@x.org>, " + "y" * 90, "Eve <eve@x.org>, " + "y " * 45, '"' * 120, "( " * 60, "a@x.org," * 20]
)
def test_a_long_name_never_becomes_another_recipient(name):
    message = parsed(as_bytes(evolve(HELLO, to_name=name, from_name=name)))
    for field in ("To", "From"):
        (address,) = message[field].addresses
        assert gist(name) == gist(address.display_name)
        assert () == message[field].defects


def test_addresses_beyond_ascii_keep_their_meaning():
    domain = parsed(as_bytes(evolve(HELLO, to_address="ada@bücher.example")))
    assert "ada@xn--bcher-kva.example" == domain["To"].addresses[0].addr_spec
    local = as_bytes(evolve(HELLO, to_address="jürgen@example.org"))
    assert "jürgen@example.org".encode() in local


def test_attachments_come_with_it():
    with_invite = evolve(HELLO, attachments=(Attachment("invite.ics", "text/calendar", b"BEGIN:VCALENDAR\r\n"),))
    (attachment,) = parsed(as_bytes(with_invite)).iter_attachments()
    assert ("invite.ics", "text/calendar") == (attachment.get_filename(), attachment.get_content_type())


def test_plain_words_stay_readable_in_the_file():
    content = as_bytes(evolve(HELLO, text="Grüße an Łukasz, bis bald.\n"))
    assert "Grüße an Łukasz, bis bald.".encode() in content


def gist(words: str) -> str:
    """What people see of words on one line: not how they are spaced, nor spaces without width."""
    invisible = ("Cc", "Zl", "Zp")
    return "".join(s for s in words if not s.isspace() and s != "\u200b" and unicodedata.category(s) not in invisible)


marked = st.sampled_from(
    [
        "Eve <eve@x.org>, ",
        "=?utf-8?q?hi?=",
        "=?utf-8?b?aGk=?= ",
        '"',
        "<a@x.org>",
        ", ",
        "é" * 70,
        "x" * 120,
        "\\",
        ";",
        "(",
    ]
)
words = st.lists(marked | st.text(st.characters(exclude_categories=["Cs"]), max_size=40), max_size=4).map("".join)
text_words = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)
one_line = words.map(lambda text: "".join(sign for sign in text if gist(sign) or sign == " "))


@given(name=words, subject=one_line.map(str.strip).filter(bool), text=text_words)
def test_any_words_give_one_message_to_one_recipient_that_reads_back_the_same(name, subject, text):
    outgoing = evolve(HELLO, to_name=name, subject=subject, text=text + "\n", html=f"<p>{text}</p>\n")
    content = as_bytes(outgoing)
    assert content == as_bytes(outgoing)
    message = parsed(content)
    assert [] == message.defects
    (recipient,) = message["To"].addresses
    assert "ada@example.org" == recipient.addr_spec
    assert gist(name)[:150] == gist(recipient.display_name)[:150]
    assert HEADERS == sorted(message.keys())
    assert gist(subject) == gist(str(message["Subject"]))
    plain = (text + "\n").replace("\r\n", "\n").replace("\r", "\n")
    assert plain == body(message, "plain")
    assert f"<p>{text}</p>\n".replace("\r\n", "\n").replace("\r", "\n") == body(message, "html")


MUTT = shutil.which("neomutt") or shutil.which("mutt")


@pytest.mark.skipif(MUTT is None, reason="needs mutt or neomutt")
def test_a_mail_program_reads_it(tmp_path):
    for folder in ("cur", "new", "tmp"):
        (tmp_path / "box" / folder).mkdir(parents=True)
    mail = as_bytes(evolve(HELLO, to_name="Łukasz", subject="Grüße, Zoë", text="Bis bald, *Łukasz*.\n"))
    (tmp_path / "box/new/1").write_bytes(mail.replace(b"\r\n", b"\n"))
    piped = "set folder=~ pipe_decode=yes wait_key=no quit=yes"
    keys = f"push '<pipe-message>cat >{tmp_path}/read<enter><quit>'"
    # A text terminal program needs a terminal: what it draws there is thrown away.
    ours, theirs = os.openpty()
    subprocess.run(
        [
            str(MUTT),
            "-n",
            "-F",
            "/dev/null",
            "-e",
            piped,
            "-e",
            "alternative_order text/plain",
            "-e",
            keys,
            "-f",
            str(tmp_path / "box"),
        ],
        env={**os.environ, "HOME": str(tmp_path), "TERM": "vt100", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"},
        check=False,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        timeout=20,
    )
    os.close(theirs)
    os.close(ours)
    read = (tmp_path / "read").read_text(encoding="utf-8")
    assert "\nTo: Łukasz <ada@example.org>\n" in read
    assert "\nSubject: Grüße, Zoë\n" in read
    assert "Bis bald, *Łukasz*.\n" in read


def test_mails_leave_nothing_behind_that_only_the_collector_finds():
    as_bytes(HELLO)
    gc.collect()
    gc.disable()
    try:
        for number in range(20):
            as_bytes(evolve(HELLO, key=f"{number}", to_name=f"Ada {number}", message_id=f"{number}@l7.mentorkit"))
        assert 0 == gc.collect()
    finally:
        gc.enable()
