"""The channel `caldav`: against Radicale where a calendar server's own behavior counts, and against faults."""

import base64

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from mentorkit.core.contracts import (
    ChannelDownError,
    ChannelKind,
    ColumnsChannel,
    IdentifiedChannel,
    Invitation,
    InvitingChannel,
    Secret,
)
from mentorkit.testing import a_person
from mentorkit_channels.caldav import CaldavKind, CaldavOptions
from mentorkit_channels.services.calendar_entries import entry_name, is_writable_calendar, stored, version_of
from servers.calendars import PASSWORD, USER

SECRET = Secret("env", "PASSWORD")
UID = "r1-1@aurora-2027.mentorkit"
CALENDAR = "/ada/mentoring/"
ENTRY = f"{CALENDAR}r1-1@aurora-2027.mentorkit.ics"
A_CALENDAR = (
    '<?xml version="1.0"?><d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:response>'
    "<d:propstat><d:prop><d:resourcetype><d:collection/><c:calendar/></d:resourcetype>RIGHTS</d:prop></d:propstat>"
    "</d:response></d:multistatus>"
)


def opened(url, setting, place="{login}/mentoring/", **options):
    setting.reveal.secrets.setdefault("PASSWORD", PASSWORD)
    made = CaldavOptions(url=f"{url}/{place}", user=USER, password=SECRET, allow_private=True, **options)
    return CaldavKind().open(made, setting)


def content(method, sequence, hour):
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//EN", f"METHOD:{method}", "BEGIN:VEVENT", "SUMMARY:Größe"]
    lines += [f"UID:{UID}", "DTSTAMP:20270111T090000Z", f"SEQUENCE:{sequence}", "STATUS:CONFIRMED"]
    lines += [f"DTSTART:20270405T{hour:02}0000Z", f"DTEND:20270405T{hour:02}3000Z"]
    lines += ["ORGANIZER:mailto:aurora@example.org", "ATTENDEE;CN=Ada:mailto:ada@example.org"]
    return "\r\n".join([*lines, "END:VEVENT", "END:VCALENDAR", ""]).encode()


def invite(hello, sequence=0, method="REQUEST", hour=8, login="ada"):
    one = Invitation(method, UID, sequence, content(method, sequence, hour))
    return evolve(hello, invitation=one, values=(("login", login),))


def delivered(channel, outgoing):
    return channel.prepare(outgoing).commit()


def told(receipt):
    return receipt.outcome, receipt.detail


# ------------------------------------------------------------------------------------------------- Radicale


def test_radicale_has_a_session_once_then_moved_then_no_more(calendar_server, setting, hello):
    """Each step is repeated by a run that knows nothing of the one before."""
    calendar_server.calendar("ada")
    for step, hours in (
        (invite(hello), [8]),
        (invite(hello, 1, hour=15), [15]),
        (invite(hello, 2, "CANCEL", hour=15), []),
        (invite(hello, 2, hour=9), [9]),
    ):
        for _ in range(2):
            opened(calendar_server.url, setting).prepare(step).abandon()
            assert "sent" == delivered(opened(calendar_server.url, setting), step).outcome
        found = calendar_server.entries("ada")["ada"]
        assert [(UID, f"2027-04-05T{hour:02}:00:00+00:00") for hour in hours] == [
            (one["uid"], one["starts"]) for one in found
        ]
    assert "METHOD" not in found[0]["text"]
    assert "ORGANIZER;SCHEDULE-AGENT=CLIENT:mailto:aurora@example.org" in found[0]["text"]
    (attendee,) = [line for line in found[0]["text"].splitlines() if line.startswith("ATTENDEE")]
    assert "SCHEDULE-AGENT=CLIENT" in attendee
    assert ["mailto:ada@example.org"] == found[0]["attendees"]
    assert "SUMMARY:Größe" in found[0]["text"]


def test_an_entry_that_somebody_has_added_to_is_changed_all_the_same(calendar_server, setting, hello):
    """Programs count up SEQUENCE when their owner adds a reminder: that is no later version of the session."""
    calendar_server.calendar("ben")
    delivered(opened(calendar_server.url, setting), invite(hello, login="ben"))
    path = f"/ben/mentoring/{entry_name(UID)}"
    _, body = calendar_server.ask("GET", path, "ben")
    alarm = b"BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:x\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\nEND:VEVENT"
    theirs = body.replace(b"\nSEQUENCE:0", b"\nSEQUENCE:7").replace(b"END:VEVENT", alarm)
    assert b"\nSEQUENCE:7" in theirs
    assert 204 == calendar_server.ask("PUT", path, "ben", theirs)[0]
    assert ("sent", "was there already") == told(
        delivered(opened(calendar_server.url, setting), invite(hello, login="ben"))
    )
    assert b"VALARM" in calendar_server.ask("GET", path, "ben")[1]
    assert "sent" == delivered(opened(calendar_server.url, setting), invite(hello, 1, hour=15, login="ben")).outcome
    assert b"\r\nDTSTART:20270405T150000Z\r\n" in calendar_server.ask("GET", path, "ben")[1]
    assert ("sent", "a later one is there") == told(
        delivered(opened(calendar_server.url, setting), invite(hello, login="ben"))
    )


def test_an_entry_that_changes_between_looking_and_writing_is_not_written_over(calendar_server, setting, hello):
    calendar_server.calendar("eva")
    first = opened(calendar_server.url, setting).prepare(invite(hello, login="eva"))
    assert "sent" == delivered(opened(calendar_server.url, setting), invite(hello, 1, hour=15, login="eva")).outcome
    assert ("deferred", "412 Precondition Failed") == told(first.commit())
    second = opened(calendar_server.url, setting).prepare(invite(hello, 2, hour=9, login="eva"))
    assert "sent" == delivered(opened(calendar_server.url, setting), invite(hello, 3, hour=10, login="eva")).outcome
    assert ("deferred", "412 Precondition Failed") == told(second.commit())
    _, body = calendar_server.ask("GET", f"/eva/mentoring/{entry_name(UID)}", "eva")
    assert b"\r\nDTSTART:20270405T100000Z\r\n" in body


def test_whose_calendar_is_missing_goes_another_way_and_whose_is_locked_waits(calendar_server, setting, hello):
    calendar_server.calendar("finn")
    calendar_server.calendar("locked")
    channel = opened(calendar_server.url, setting)
    missing = "there is no calendar where the roster says it is"
    assert ("deferred", missing) == told(delivered(channel, invite(hello, login="nobody")))
    assert "sent" == delivered(channel, invite(hello, login="finn")).outcome
    assert ("failed", missing) == told(delivered(channel, invite(hello, login="somebody")))
    assert ("deferred", "we may not write to the calendar") == told(delivered(channel, invite(hello, login="locked")))
    another = opened(calendar_server.url, setting, place="{login}/private/")
    assert ("deferred", "we may not look into the calendar: 403 Forbidden") == told(
        delivered(another, invite(hello, login="finn"))
    )


def test_radicale_with_a_wrong_password_closes_the_channel(calendar_server, setting, hello):
    setting.reveal.secrets["PASSWORD"] = "wrong"
    channel = opened(calendar_server.url, setting)
    with pytest.raises(ChannelDownError, match="does not let us in: 401 Unauthorized; look at user and password"):
        channel.prepare(invite(hello))


# ------------------------------------------------------------------------------------------------- faults


def faulty(server, setting, rights="", entry=404, body="", etag=""):
    server.on("PROPFIND", CALENDAR, 207, A_CALENDAR.replace("RIGHTS", rights))
    server.on("GET", ENTRY, entry, body, headers={"ETag": etag} if etag else {})
    return opened(server.url, setting)


def test_the_kind_says_what_it_does(setting):
    kind = CaldavKind()
    options = CaldavOptions(url="https://dav.example.org/{login}/{calendar}/", user=USER, password=SECRET)
    for contract in (ChannelKind, ColumnsChannel, IdentifiedChannel, InvitingChannel):
        assert isinstance(kind, contract)
    assert (True, False, True) == (kind.carries_invitations, kind.carries_messages, kind.repeat_is_harmless)
    assert ("login", "calendar") == kind.columns(options)
    assert "caldav dav.example.org:443 as mentorkit" == kind.identity(options)
    channel = kind.open(options, setting)
    assert channel.reaches(a_person("1", login="ada", calendar="mentoring"), "")
    assert not channel.reaches(a_person("1", login="ada"), "ada@example.org")
    assert not channel.reaches(None, "ada@example.org")


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("https://dav.example.org/mentoring/", "everybody needs a calendar of their own"),
        ("https://dav.example.org/{lo gin}/", "plain characters"),
        ("https://dav.example.org/{login}/{}", "braces"),
        ("https://{host}/{login}/", "the host is no name"),
        ("https://dav.example.org/{login}/?x=1", 'has no "?"'),
        ("http://dav.example.org/{login}/", "https://"),
    ],
)
def test_addresses_that_are_none_are_refused(url, problem):
    with pytest.raises(ValueError, match=problem):
        CaldavOptions(url=url, user=USER, password=SECRET)


@pytest.mark.parametrize("user", ["", "a:b", "a\nb"])
def test_users_that_are_none_are_refused(user):
    with pytest.raises(ValueError, match='one line without ":"'):
        CaldavOptions(url="https://dav.example.org/{login}/", user=user, password=SECRET)


def test_nothing_is_written_before_the_commit(server, setting, hello):
    channel = faulty(server, setting)
    channel.prepare(invite(hello)).abandon()
    prepared = channel.prepare(invite(hello))
    assert ["PROPFIND", "GET", "GET"] == [one.method for one in server.asked]
    server.say(201)
    assert ("sent", "201 Created") == told(prepared.commit())
    (put,) = server.sent("PUT")
    assert (ENTRY, "*") == (put.path, put.headers["If-None-Match"])
    assert b"X-MENTORKIT-SEQUENCE:0\r\nEND:VEVENT" in put.body
    login = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    assert {f"Basic {login}"} == {one.headers["Authorization"] for one in server.asked}


@pytest.mark.parametrize("etag", ['"abc"', 'W/"abc"', "", "abc"])
def test_what_is_there_is_written_over_if_it_is_still_the_same(etag, server, setting, hello):
    channel = faulty(server, setting, entry=200, body=stored(invite(hello).invitation), etag=etag)
    server.say(204)
    assert "sent" == delivered(channel, invite(hello, 1, hour=15)).outcome
    (put,) = server.sent("PUT")
    assert (etag if etag == '"abc"' else None) == put.headers.get("If-Match")
    assert "If-None-Match" not in put.headers


@pytest.mark.parametrize(("there", "method"), [(0, "DELETE"), (1, "DELETE"), (2, "")])
def test_what_is_canceled_is_deleted_unless_a_later_one_is_there(there, method, server, setting, hello):
    channel = faulty(server, setting, entry=200, body=stored(invite(hello, there).invitation), etag='"abc"')
    server.say(204)
    receipt = delivered(channel, invite(hello, 1, "CANCEL"))
    assert ("sent", "204 No Content" if method else "a later one is there") == told(receipt)
    assert [method] * bool(method) == [one.method for one in server.asked if one.method not in ("PROPFIND", "GET")]
    assert ['"abc"'] * bool(method) == [one.headers["If-Match"] for one in server.sent("DELETE")]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (200, "sent"),
        (204, "sent"),
        (400, "failed"),
        (403, "deferred"),
        (404, "deferred"),
        (409, "failed"),
        (412, "deferred"),
        (423, "deferred"),
        (500, "unknown"),
        (503, "deferred"),
        (507, "deferred"),
    ],
)
def test_what_answers_mean_for_one_invitation(status, outcome, server, setting, hello):
    channel = faulty(server, setting)
    server.say(status)
    assert outcome == delivered(channel, invite(hello)).outcome
    server.say(201)
    assert "sent" == delivered(channel, invite(hello)).outcome


def test_an_answer_that_lets_nobody_in_closes_the_channel(server, setting, hello):
    channel = faulty(server, setting)
    server.say(401)
    assert "deferred" == delivered(channel, invite(hello)).outcome
    with pytest.raises(ChannelDownError, match="401 Unauthorized"):
        channel.prepare(invite(hello))


@pytest.mark.parametrize(("status", "raised"), [(500, OSError), (429, ChannelDownError), (301, OSError)])
def test_what_cannot_be_looked_at_is_not_written_to(status, raised, server, setting, hello):
    with pytest.raises(raised, match="does not say what is in a calendar"):
        faulty(server, setting, entry=status).prepare(invite(hello))
    server.on("PROPFIND", CALENDAR, status)
    with pytest.raises(raised, match="does not say what is at somebody's calendar"):
        opened(server.url, setting).prepare(invite(hello))
    assert [] == server.sent("PUT")


@pytest.mark.parametrize("login", ["..", ".", "ben/../ada", "ada\\x", "a\x00", "x" * 201, "\ud800"])
def test_no_cell_leads_to_another_place(login, server, setting, hello):
    receipt = delivered(opened(server.url, setting), invite(hello, login=login))
    assert ("failed", True) == (receipt.outcome, receipt.bad_address)
    assert 0 == server.connections


def test_any_letter_may_be_in_a_name(server, setting, hello):
    path = "/%C3%A1da%20o%27x%3F%23@x.org/mentoring/"
    server.on("PROPFIND", path, 404)
    delivered(opened(server.url, setting), invite(hello, login="áda o'x?#@x.org"))
    assert [path] == [one.path for one in server.asked]


def test_rights_are_believed_where_a_server_says_them(server, setting, hello):
    def rights(*names):
        told = "".join(f"<d:privilege><d:{one}/></d:privilege>" for one in names)
        return f"<d:current-user-privilege-set>{told}</d:current-user-privilege-set>"

    for names, outcome in (((), "sent"), (("read",), "deferred"), (("read", "write"), "sent"), (("bind",), "sent")):
        assert outcome == delivered(faulty(server, setting, rights(*names)), invite(hello)).outcome, names


def test_a_folder_is_no_calendar(server, setting, hello):
    server.on("PROPFIND", CALENDAR, 207, A_CALENDAR.replace("RIGHTS", "").replace("<c:calendar/>", ""))
    receipt = delivered(opened(server.url, setting), invite(hello))
    assert ("deferred", "there is no calendar where the roster says it is") == told(receipt)
    assert ["PROPFIND"] == [one.method for one in server.asked]


def test_a_message_that_is_no_invitation_goes_nowhere(server, setting, hello):
    with pytest.raises(ValueError, match="nothing but invitations"):
        opened(server.url, setting).prepare(evolve(hello, values=(("login", "ada"),)))


# ------------------------------------------------------------------------------------------------- entries


@pytest.mark.parametrize("name", ["ö" * 40, "x" * 200, "€" * 60])
def test_a_line_that_grows_is_folded_between_letters(name):
    lines = f"BEGIN:VEVENT\r\nATTENDEE;CN={name}:mailto:a@x.org\r\nEND:VEVENT\r\n".encode()
    written = stored(Invitation("REQUEST", UID, 3, lines))
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    assert f"ATTENDEE;SCHEDULE-AGENT=CLIENT;CN={name}:" in written.replace(b"\r\n ", b"").decode()
    assert all(line.decode() or not line for line in written.split(b"\r\n"))
    assert 3 == version_of(written)


def test_names_of_entries_are_one_step_and_never_too_long():
    assert "a%2F..%2Fb%20c@p.ics" == entry_name("a/../b c@p")
    assert 68 == len(entry_name("x" * 500))
    assert entry_name("x" * 500) != entry_name("x" * 501)


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "replace")))
def test_whatever_a_server_says_is_read(answer):
    assert is_writable_calendar(answer) in (True, False, None)
    assert -1 <= version_of(answer)
    assert isinstance(stored(Invitation("REQUEST", UID, 0, answer)), bytes)


def test_an_answer_with_entities_is_no_calendar():
    answer = A_CALENDAR.replace("RIGHTS", "&x;").replace("?>", '?><!DOCTYPE d [<!ENTITY x "y">]>', 1).encode()
    assert is_writable_calendar(answer) is None
    assert is_writable_calendar(A_CALENDAR.replace("RIGHTS", "").encode()) is True
