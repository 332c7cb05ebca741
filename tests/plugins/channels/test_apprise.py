"""The channel `apprise`, through Apprise itself to a server of ours."""

import json
import time
from pathlib import Path

import pytest
from attrs import evolve

from mentorkit.core.contracts import ChannelDownError, ChannelKind, ColumnsChannel, IdentifiedChannel, Secret
from mentorkit.testing import a_person
from mentorkit_channels.apprise import AppriseKind, AppriseOptions

URL = Secret("env", "URL")


def opened(setting, url, **options):
    setting.reveal.secrets["URL"] = url
    return AppriseKind().open(AppriseOptions(url=URL, column="phone", **options), setting)


def here(server):
    return f"json://canary:canary@127.0.0.1:{server.port}/in/{{to}}"


def to(phone, outgoing, **changes):
    return evolve(outgoing, values=(("phone", phone),), **changes)


def gone(process):
    return process.poll() is not None


def test_the_kind_says_what_it_does_without_loading_anything(setting):
    kind, options = AppriseKind(), AppriseOptions(url=URL, column="phone")
    for contract in (ChannelKind, ColumnsChannel, IdentifiedChannel):
        assert isinstance(kind, contract)
    assert ("phone",) == kind.columns(options)
    assert "apprise { env = URL }" == kind.identity(options)
    assert "best effort" in kind.summary
    channel = kind.open(options, setting)
    assert channel.reaches(a_person("1", phone="+44 1"), "")
    assert not channel.reaches(a_person("1"), "ada@example.org")
    assert not channel.reaches(None, "ada@example.org")


def test_apprise_sends_once_it_is_told_to_and_only_to_the_recipient(server, setting, hello):
    prepared = opened(setting, here(server)).prepare(to("+44/1?x=&#,b json://x", hello))
    time.sleep(0.1)
    assert [] == server.asked
    receipt = prepared.commit()
    assert ("sent", "Apprise says so") == (receipt.outcome, receipt.detail)
    assert gone(prepared.process)
    (asked,) = server.asked
    assert asked.path.startswith("/in/")
    assert 2 == asked.path.count("/")
    assert ("Welcome, Ada", "Hello Ada.") == (asked.json["title"], asked.json["message"])


def test_what_is_abandoned_is_not_sent(server, setting, hello):
    prepared = opened(setting, here(server)).prepare(to("1", hello))
    prepared.abandon()
    assert gone(prepared.process)
    assert [] == server.asked


def test_no_from_apprise_is_not_believed_to_be_one_and_three_close_the_channel(server, setting, hello):
    channel = opened(setting, here(server))
    for _ in range(3):
        server.say(500)
        assert "unknown" == channel.prepare(to("1", hello)).commit().outcome
    with pytest.raises(ChannelDownError, match="3 messages in a row"):
        channel.prepare(to("1", hello))


def test_a_service_that_never_answers_is_given_up_and_ended(server, setting, hello):
    server.say(delay=3)
    prepared = opened(setting, here(server), timeout=0.5).prepare(to("1", hello))
    started = time.monotonic()
    receipt = prepared.commit()
    assert ("unknown", "Apprise said nothing in time") == (receipt.outcome, receipt.detail)
    assert time.monotonic() - started < 2.5
    assert gone(prepared.process)


def test_redirects_are_not_followed(server, setting, hello):
    server.say(307, headers={"Location": f"http://127.0.0.1:{server.port}/elsewhere"})
    assert "unknown" == opened(setting, here(server)).prepare(to("1", hello)).commit().outcome
    assert 1 == len(server.asked)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("nonsense://canary/{to}", "does not understand"),
        ("json://canary/", "has no {to}"),
        ("canary {to}", "understand"),
    ],
)
def test_a_url_that_is_none_closes_the_channel(url, told, setting, hello):
    with pytest.raises(ChannelDownError) as down:
        opened(setting, url).prepare(to("1", hello))
    assert told in str(down.value)
    assert "canary" not in str(down.value)


def test_without_apprise_it_says_how_to_install_it(setting, hello, tmp_path, monkeypatch):
    (tmp_path / "apprise.py").write_text("raise ImportError\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(ChannelDownError, match=r"pip install mentorkit\[apprise\]"):
        opened(setting, "json://127.0.0.1/{to}").prepare(to("1", hello))


def test_what_lies_in_the_working_folder_is_not_taken_for_apprise(server, setting, hello, tmp_path, monkeypatch):
    (tmp_path / "apprise.py").write_text("raise SystemExit\n")
    (tmp_path / "json.py").write_text("raise SystemExit\n")
    monkeypatch.chdir(tmp_path)
    opened(setting, here(server)).prepare(to("1", hello)).abandon()


def test_the_address_is_on_no_command_line(server, setting, hello):
    prepared = opened(setting, here(server)).prepare(to("1", hello))
    command = Path(f"/proc/{prepared.process.pid}/cmdline")
    said = command.read_bytes() if command.exists() else json.dumps(prepared.process.args).encode()
    prepared.abandon()
    assert b"canary" not in said
