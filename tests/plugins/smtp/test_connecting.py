"""Getting in: encrypted or not at all, and logged in by whatever both sides know."""

import socket

import pytest

from mentorkit.core.contracts import ChannelDownError, Secret
from servers.faulty_smtp import DROP, HANG, slowly
from servers.starting import free_port

PASSWORD = Secret("env", "PASSWORD")
TOKEN = Secret("env", "TOKEN")


@pytest.fixture
def ca(certificates):
    return str(certificates.authority)


def chain(certificates):
    return certificates.chain, certificates.key


def test_starttls_encrypts_before_anything_is_said(serving, opened, hello, certificates, ca):
    server = serving(chain=chain(certificates))
    assert "sent" == opened(server.port, security="starttls", ca=ca).prepare(hello).commit().outcome
    assert ["EHLO [127.0.0.1]", "STARTTLS", "EHLO [127.0.0.1]"] == server.said[:3]
    assert [False, False, *[True] * (len(server.said) - 2)] == server.encrypted


def test_tls_encrypts_from_the_first_byte(serving, opened, hello, certificates, ca):
    server = serving(chain=chain(certificates), begins_encrypted=True)
    assert "sent" == opened(server.port, security="tls", ca=ca).prepare(hello).commit().outcome
    assert all(server.encrypted)
    assert "STARTTLS" not in server.said


def test_where_no_starttls_is_offered_nothing_is_sent(serving, opened, hello):
    server = serving()
    with pytest.raises(ChannelDownError, match="offers no STARTTLS"):
        opened(server.port, security="starttls").prepare(hello)
    assert ["EHLO [127.0.0.1]"] == server.said


@pytest.mark.parametrize("answer", ["454 4.7.0 not now", "500 what", DROP, HANG, slowly("220 " + "x" * 60), "hello?"])
def test_where_starttls_fails_nothing_is_sent(serving, opened, hello, certificates, ca, answer):
    server = serving({"starttls": answer}, chain=chain(certificates))
    with pytest.raises(ChannelDownError):
        opened(server.port, security="starttls", ca=ca, timeout=0.6).prepare(hello)
    assert "STARTTLS" == server.said[-1]


def test_what_is_said_ahead_of_the_encryption_ends_it(serving, opened, hello, certificates, ca):
    server = serving({"starttls": "220 go ahead\n250 injected"}, chain=chain(certificates))
    with pytest.raises(ChannelDownError, match="ahead of the encryption"):
        opened(server.port, security="starttls", ca=ca).prepare(hello)


def test_a_certificate_of_an_unknown_authority_is_not_trusted(serving, opened, hello, certificates):
    server = serving(chain=chain(certificates))
    with pytest.raises(ChannelDownError, match=r"certificate is not to be trusted: .*; .* name its certificate: ca = "):
        opened(server.port, security="starttls").prepare(hello)
    assert "STARTTLS" == server.said[-1]


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_certificate_for_another_name_is_not_trusted(serving, opened, hello, certificates, ca, security):
    server = serving(chain=certificates.of_another, begins_encrypted=security == "tls")
    with pytest.raises(ChannelDownError, match=r"certificate is not to be trusted: .*not valid for"):
        opened(server.port, security=security, ca=ca).prepare(hello)


def test_a_server_that_does_not_speak_tls_is_told_as_such(serving, opened, hello):
    server = serving()
    with pytest.raises(ChannelDownError, match=r'encryption failed: .*; it may want security = "starttls"'):
        opened(server.port, security="tls").prepare(hello)


def test_a_name_that_nobody_has_is_told_as_such(opened, hello):
    with pytest.raises(ChannelDownError, match=r"no connection to the mail server nobody\.invalid:25"):
        opened(None, host="nobody.invalid").prepare(hello)


@pytest.mark.parametrize("mechanisms", [("PLAIN", "LOGIN"), ("PLAIN",), ("CRAM-MD5", "PLAIN")])
def test_a_password_goes_by_plain(serving, opened, hello, mechanisms):
    server = serving(mechanisms=mechanisms)
    assert "sent" == opened(server.port, user="aurora", password=PASSWORD).prepare(hello).commit().outcome
    assert ["\0aurora\0öffne dich"] == server.credentials


def test_a_password_goes_by_login_where_there_is_nothing_else(serving, opened, hello):
    server = serving({"auth": ["334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6", "235 ok"]}, mechanisms=("LOGIN",))
    assert "sent" == opened(server.port, user="aurora", password=PASSWORD).prepare(hello).commit().outcome
    assert ["AUTH LOGIN", "YXVyb3Jh", "w7ZmZm5lIGRpY2g="] == server.said[1:4]


def test_a_token_goes_by_xoauth2(serving, opened, hello):
    server = serving(mechanisms=("PLAIN", "XOAUTH2"))
    assert "sent" == opened(server.port, user="aurora@example.org", oauth=TOKEN).prepare(hello).commit().outcome
    assert ["user=aurora@example.org\x01auth=Bearer ya29.token\x01\x01"] == server.credentials


def test_ways_of_logging_in_may_be_named_on_two_lines(serving, opened, hello):
    server = serving(mechanisms=("LOGIN", "XOAUTH2"), offers=("SIZE 1000000", "AUTH=LOGIN", "auth=login"))
    assert "sent" == opened(server.port, user="aurora", oauth=TOKEN).prepare(hello).commit().outcome


def test_a_token_that_is_not_taken_is_told_with_the_servers_own_words(serving, opened, hello):
    refused = ["334 eyJzdGF0dXMiOiI0MDEifQ==", "535 5.7.8 Username and Password not accepted"]
    server = serving({"auth": refused}, mechanisms=("XOAUTH2",))
    with pytest.raises(ChannelDownError, match=r"does not let us in: 535 5\.7\.8 .* look at user and oauth"):
        opened(server.port, user="aurora", oauth=TOKEN).prepare(hello)
    assert "" == server.said[-1]


@pytest.mark.parametrize(
    "answer",
    ["535 5.7.8 no", "534 5.7.9 weak", "454 4.7.0 later", "421 4.7.0 closing", "500 what", DROP, HANG, "hello?"],
)
def test_who_is_not_let_in_sends_nothing(serving, opened, hello, answer):
    server = serving({"auth": answer}, mechanisms=("PLAIN",))
    with pytest.raises(ChannelDownError) as told:
        opened(server.port, user="aurora", password=PASSWORD, timeout=0.6).prepare(hello)
    assert server.said[-1].startswith("AUTH PLAIN")
    assert "öffne" not in str(told.value)


@pytest.mark.parametrize(("offered", "told"), [((), "it offers none"), (("GSSAPI", "NTLM"), "it offers GSSAPI, NTLM")])
def test_where_there_is_no_common_way_of_logging_in_it_says_which_there_are(serving, opened, hello, offered, told):
    server = serving(mechanisms=offered)
    with pytest.raises(ChannelDownError, match=rf"no way of logging in by PLAIN or LOGIN; {told}"):
        opened(server.port, user="aurora", password=PASSWORD).prepare(hello)


def test_a_password_never_leaves_the_machine_in_the_clear(serving, opened, hello, monkeypatch):
    server = serving(mechanisms=("PLAIN",))
    channel = opened(server.port, host="localhost", user="aurora", password=PASSWORD)
    monkeypatch.setattr(socket.socket, "getpeername", lambda _: ("192.0.2.1", 25))
    with pytest.raises(ChannelDownError, match="another machine"):
        channel.prepare(hello)
    assert not any(line.startswith("AUTH") for line in server.said)


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_authorities_that_cannot_be_read_call_nobody(serving, opened, hello, tmp_path, content):
    server = serving()
    if content:
        (tmp_path / "ca.pem").write_text(content)
    with pytest.raises(ChannelDownError, match=r"the certificates in .*ca\.pem cannot be read"):
        opened(server.port, security="starttls", ca=str(tmp_path / "ca.pem")).prepare(hello)
    assert 0 == server.connections


def test_a_secret_that_is_not_there_calls_nobody(serving, opened, hello, tmp_path):
    server = serving(mechanisms=("PLAIN",))
    with pytest.raises(ChannelDownError, match="cannot be read"):
        opened(server.port, user="a", password=Secret("file", str(tmp_path / "none"))).prepare(hello)
    assert 0 == server.connections


def test_a_token_is_read_anew_for_each_connection(serving, opened, hello, tmp_path):
    token = tmp_path / "token"
    server = serving(mechanisms=("XOAUTH2",))
    channel = opened(server.port, user="a", oauth=Secret("file", str(token)))
    for word in ("first\n", "second\n"):
        token.write_text(word)
        channel.prepare(hello).commit()
        channel.close()
    assert ["first", "second"] == [one.split("Bearer ")[1].strip("\x01") for one in server.credentials]


def test_it_introduces_itself_as_it_is_told_to(serving, opened, hello):
    server = serving()
    opened(server.port, hello="mentoring.example.org").prepare(hello).commit()
    assert "EHLO mentoring.example.org" == server.said[0]


def test_after_the_channel_was_down_it_may_be_up_again(opened, serving, hello):
    server = serving({"connect": ["421 4.3.2 starting"]})
    channel = opened(server.port)
    with pytest.raises(ChannelDownError):
        channel.prepare(hello)
    assert "sent" == channel.prepare(hello).commit().outcome


def test_a_port_that_nobody_listens_on_says_where(opened, hello):
    port = free_port()
    with pytest.raises(ChannelDownError, match=f"127.0.0.1:{port}"):
        opened(port).prepare(hello)
