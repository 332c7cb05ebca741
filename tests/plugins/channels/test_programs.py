"""Programs whose messages go over the web, run by the command line."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from mentorkit import clock
from mentorkit.command_line.boundary import run_command
from mentorkit.testing import program_folder

PROGRAM = """\
program = { name = "Ways", starts = 2027-01-11, length = "12 weeks", timezone = "UTC", coordinator = "c@example.org" }
roster.file = "people.csv"
model.use = "one-on-one"
sessions = { count = 2, cadence = "every 2 weeks", book = "none" }
matching.rules = {}

[timeline.hello]
when = "start"
to = ["everyone", "coordinator"]
message = "messages/hello"
"""
CHANNELS = """
[channels.chat]
use = "slack"
token = { env = "SLACK_TOKEN" }
base_url = "URL/api"
allow_private = true

[channels.hook]
use = "webhook"
url = { env = "HOOK_URL" }
secret = { file = "hook-secret" }
allow_private = true
"""
PEOPLE = """\
id,name,role,email,slack_id
m1,Ada,mentor,ada@example.org,U0ADA0ADA
e1,Eve,mentee,eve@example.org,
"""
NOON = datetime(2027, 1, 11, 12, tzinfo=UTC)


@pytest.fixture
def run(server, tmp_path, monkeypatch, capfd):
    """Give what runs a command in a folder with the program, and returns exit code, output and diagnostics."""
    now = [NOON]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(clock, "now", lambda: now[0])
    monkeypatch.setenv("SLACK_TOKEN", "xoxb-canary")
    monkeypatch.setenv("HOOK_URL", f"{server.url}/canary-hook")
    server.on("POST", "/api/auth.test", body={"ok": True})
    server.on("POST", "/api/chat.postMessage", body={"ok": True, "ts": "1.2"})

    def write(channels=CHANNELS, people=PEOPLE, program=PROGRAM):
        files = {
            "p.toml": program + channels.replace("URL/", f"{server.url}/"),
            "people.csv": people,
            "hook-secret": "canary-key\n",
            "messages/hello.md": "---\nsubject: Hello\n---\nHello {{ me.name }}.\n",
        }
        program_folder(tmp_path, files)

    def asked(command, *words, later=timedelta()):
        now[0] += later
        capfd.readouterr()
        code = run_command([command, "p.toml", *words])
        told = capfd.readouterr()
        return code, told.out, told.err

    asked.write, asked.folder = write, tmp_path
    write()
    return asked


def posted(server, path):
    return [one for one in server.asked if one.path == path]


def test_everybody_is_reached_by_the_first_channel_that_can_and_nothing_tells_a_secret(run, server):
    said = [run("check"), run("plan"), run("show"), run("show", "--origin")]
    code, out, _ = run("run", "--yes", "--json")
    assert 0 == code
    assert {"chat": 1, "hook": 2} == {
        name: sum(one["channel"] == name for one in json.loads(out)["sent"]) for name in ("chat", "hook")
    }
    assert ["U0ADA0ADA"] == [one.json["channel"] for one in posted(server, "/api/chat.postMessage")]
    assert ["c@example.org", "eve@example.org"] == sorted(
        one.json["to"]["address"] for one in posted(server, "/canary-hook")
    )
    said += [(code, out, ""), run("run", "--yes"), run("status"), run("report")]
    assert 3 == len(posted(server, "/api/chat.postMessage") + posted(server, "/canary-hook"))
    assert not [one for one in said if "canary" in one[1] + one[2]]
    files = [path for path in run.folder.rglob("*") if path.is_file() and path.name != "hook-secret"]
    assert len(files) > 5
    assert not [path for path in files if b"canary" in path.read_bytes()]


def test_an_address_of_ones_own_gets_invitations_and_chat_does_not(run, server):
    run.write(program=PROGRAM.replace('book = "none"', 'book = "all"'))
    assert 0 == run("run", "--yes")[0]
    assert 1 == len(posted(server, "/api/chat.postMessage"))
    invited = [one.json for one in posted(server, "/canary-hook") if "invitation" in one.json]
    assert {"ada@example.org": 2, "eve@example.org": 2} == {
        address: sum(one["to"]["address"] == address for one in invited)
        for address in ("ada@example.org", "eve@example.org")
    }
    assert {"REQUEST"} == {one["invitation"]["method"] for one in invited}
    assert all(one["invitation"]["calendar"].startswith("BEGIN:VCALENDAR\r\n") for one in invited)


def test_what_slack_does_not_know_goes_on_to_the_next_channel(run, server):
    server.on("POST", "/api/chat.postMessage", body={"ok": False, "error": "user_disabled"})
    code, out, _ = run("run", "--yes", "--json")
    assert 3 == len(posted(server, "/canary-hook"))
    assert 0 == code, out


def test_a_wrong_token_keeps_the_messages_of_that_channel_alone(run, server):
    server.on("POST", "/api/auth.test", body={"ok": False, "error": "invalid_auth"})
    code, out, err = run("run", "--yes")
    assert 1 == code
    assert "invalid_auth" in out + err
    assert 2 == len(posted(server, "/canary-hook"))
    server.on("POST", "/api/auth.test", body={"ok": True})
    assert 0 == run("run", "--yes", later=timedelta(hours=1))[0]
    assert (1, 2) == (len(posted(server, "/api/chat.postMessage")), len(posted(server, "/canary-hook")))


def test_a_secret_that_is_not_set_is_named_and_nothing_is_lost(run, server, monkeypatch):
    monkeypatch.delenv("HOOK_URL")
    code, out, err = run("run", "--yes")
    assert 1 == code
    assert "HOOK_URL is not set" in out + err
    assert 1 == len(posted(server, "/api/chat.postMessage"))
    monkeypatch.setenv("HOOK_URL", f"{server.url}/canary-hook")
    assert 0 == run("run", "--yes", later=timedelta(hours=1))[0]
    assert 2 == len(posted(server, "/canary-hook"))


def test_what_has_no_answer_is_in_doubt_and_is_not_sent_again(run, server):
    server.on("POST", "/api/chat.postMessage", drop="after")
    code, out, _ = run("run", "--yes", "--json")
    assert (1, 1) == (code, len(json.loads(out)["in_doubt"]))
    server.on("POST", "/api/conversations.open", body={"ok": False, "error": "missing_scope"})
    run("run", "--yes", later=timedelta(hours=2))
    assert 1 == len(posted(server, "/api/chat.postMessage"))


def test_a_server_that_asks_to_wait_is_asked_again_after_that(run, server):
    server.on("POST", "/canary-hook", 429, headers={"Retry-After": "1800"})
    run("run", "--yes")
    assert 1 == len(posted(server, "/canary-hook"))
    server.on("POST", "/canary-hook", 200)
    run("run", "--yes", later=timedelta(minutes=20))
    first_wait = len(posted(server, "/canary-hook"))
    run("run", "--yes", later=timedelta(minutes=20))
    keys = [one.headers["Idempotency-Key"] for one in posted(server, "/canary-hook")]
    assert (2, 3, 2) == (first_wait, len(keys), len(set(keys)))


@pytest.mark.parametrize(
    ("channels", "told"),
    [
        ('[channels.chat]\nuse = "slack"\ntoken = "xoxb-canary"\n', "a secret is never written here"),
        ('[channels.chat]\nuse = "slack"\n', '"token" is missing'),
        ('[channels.hook]\nuse = "webhook"\nurl = "http://hooks.example.org/"\n', "must begin with https://"),
        ('[channels.hook]\nuse = "webhook"\nurl = "https://0x7f.1/"\n', "four plain numbers"),
        ('[channels.chat]\nuse = "matrix"\nurl = "https://m.example.org"\ntoken = { env = "T" }\n', "matrix_room"),
    ],
)
def test_what_is_wrong_is_told_by_check_with_its_line(channels, told, run):
    run.write(channels)
    code, out, err = run("check")
    assert 2 == code
    assert told in out + err
    assert "p.toml:1" in out + err
    assert "canary" not in out + err
