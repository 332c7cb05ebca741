"""The servers that tests talk to: they are real, and a test without its server never passes for one that has it."""

import smtplib
import ssl
import subprocess
import sys
from pathlib import Path

import pytest

from servers import needing
from servers.starting import HOST, listens, own_folder, running, wait_until

HELLO = b"Subject: Hello\r\nTo: ada@example.org\r\n\r\nHello.\r\n"


def test_a_mail_comes_back_over_imap(mail):
    with smtplib.SMTP(HOST, mail.smtp, timeout=30) as client:
        client.sendmail("office@example.org", ["ada@example.org"], HELLO)
    (read,) = mail.mails("ada", 1)
    assert ("Hello", "Hello.\n") == (read["Subject"], read.get_content().replace("\r\n", "\n"))


def test_tls_is_of_an_authority_that_only_tests_trust(mail_server):
    trusting = ssl.create_default_context(cafile=mail_server.certificates.authority)
    with smtplib.SMTP_SSL(HOST, mail_server.smtps, context=trusting, timeout=30) as client:
        assert 250 == client.noop()[0]
    with pytest.raises(ssl.SSLCertVerificationError):
        smtplib.SMTP_SSL(HOST, mail_server.smtps, context=ssl.create_default_context(), timeout=30)


def test_a_missing_server_skips_a_test_but_fails_it_in_ci(monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="needs no-such-server"):
        needing.program("no-such-server")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="needs no-such-server"):
        needing.program("no-such-server")


def test_a_server_that_does_not_start_says_why():
    failing = ["sh", "-c", "echo no port left; exit 3"]
    with (
        own_folder("failing") as folder,
        pytest.raises(RuntimeError, match="no port left"),
        running(failing, folder, [1]),
    ):
        raise AssertionError("it did not start")


def test_servers_end_with_a_test_run_that_is_killed(tmp_path):
    script = f"""
import sys, time
sys.path.insert(0, {str(Path(__file__).parent)!r})
from servers.starting import free_port, own_folder, running
from pathlib import Path
port = free_port()
with running([sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"], Path({str(tmp_path)!r}), [port]):
    print(port, flush=True)
    time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as run:
        port = int(run.stdout.readline())
        assert listens(port)
        run.kill()
    wait_until(lambda: not listens(port), "the server to end")
