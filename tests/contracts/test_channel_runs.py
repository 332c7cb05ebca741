"""Programs with channels of their own, run by run by the command line."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mentorkit import clock
from mentorkit.command_line.boundary import run_command
from mentorkit.testing import program_folder

PLUGIN = Path(__file__).with_name("post_plugin.py")
PROGRAM = """\
program = { name = "Ways", starts = 2027-01-11, length = "12 weeks", timezone = "UTC", coordinator = "c@example.org" }
plugins.files = ["post_plugin.py"]
roster.file = "people.csv"
model.use = "one-on-one"
sessions = { count = 2, cadence = "every 2 weeks" }
matching.rules = {}

[timeline.hello]
when = "start"
to = ["everyone", "coordinator"]
message = "messages/hello"
"""
MAIL_AND_CHAT = """
[channels.mail]
use = "post"
host = "mail"

[channels.chat]
use = "post"
host = "chat"
column = "handle"
"""
PEOPLE = """\
id,name,role,email,handle,channel
m1,Ada,mentor,ada@example.org,@ada,chat
m2,Ben,mentor,ben@example.org,,chat
e1,Eve,mentee,,007,
e2,Fay,mentee,fay@example.org,@fay,
"""
NOON = datetime(2027, 1, 11, 12, tzinfo=UTC)


class Folder:
    """A program in a folder, and the commands run there at a moment that is taken for now."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capfd, self.now = folder, capfd, NOON
        monkeypatch.chdir(folder)
        monkeypatch.setattr(clock, "now", lambda: self.now)

    def write(self, channels: str = MAIL_AND_CHAT, people: str = PEOPLE, program: str = PROGRAM) -> None:
        files = {
            "p.toml": program + channels,
            "people.csv": people,
            "post_plugin.py": PLUGIN.read_text(),
            "messages/hello.md": "---\nsubject: Hello\n---\nHello {{ me.name }}.\n",
        }
        program_folder(self.folder, files)

    def tell(self, **hosts: Mapping[str, Any]) -> None:
        (self.folder / "told.json").write_text(json.dumps(hosts))

    def __call__(self, command: str, *words: str) -> tuple[int, str, str]:
        self.capfd.readouterr()
        code = run_command([*command.split(), "p.toml", *words])
        told = self.capfd.readouterr()
        return code, told.out, told.err

    def run(self, *words: str, later: timedelta = timedelta()) -> dict[str, Any]:
        """Run with consent, and return what is printed, with the exit code."""
        self.now += later
        code, out, err = self("run", "--yes", "--json", *words)
        assert out, err
        return {**json.loads(out), "exit": code}

    def arrived(self, host: str) -> list[dict[str, Any]]:
        path = self.folder / f"{host}.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    def names(self, host: str) -> list[str]:
        return sorted(one["to"] for one in self.arrived(host))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Folder:
    made = Folder(tmp_path, monkeypatch, capfd)
    made.write()
    return made


def test_who_prefers_a_channel_gets_it_where_it_reaches_them_and_others_the_first_that_does(folder: Folder) -> None:
    done = folder.run()
    assert ["Ada", "Eve"] == folder.names("chat")
    assert ["Ben", "Fay", "c@example.org"] == folder.names("mail")
    assert {"mail": 3, "chat": 2} == {
        name: sum(one["channel"] == name for one in done["sent"]) for name in ("mail", "chat")
    }
    assert 0 == done["exit"]
    assert [] == folder.run()["sent"]


def test_a_channel_gets_the_cells_by_which_it_finds_people_as_they_were_typed(folder: Folder) -> None:
    folder.run()
    assert {"Ada": {"handle": "@ada"}, "Eve": {"handle": "007"}} == {
        one["to"]: one["values"] for one in folder.arrived("chat")
    }
    assert [{}] * 3 == [one["values"] for one in folder.arrived("mail")]


def test_channels_are_used_in_the_order_of_delivery_channels(folder: Folder) -> None:
    folder.write(MAIL_AND_CHAT + '[delivery]\nchannels = ["chat", "mail"]\n')
    folder.run()
    assert ["Ada", "Eve", "Fay"] == folder.names("chat")


def test_a_declared_channel_that_is_not_listed_is_not_used(folder: Folder) -> None:
    folder.write(MAIL_AND_CHAT + '[delivery]\nchannels = "chat"\n')
    done = folder.run()
    assert ["Ada", "Eve", "Fay"] == folder.names("chat")
    assert (2, 0) == (len(done["unreached"]), done["exit"])
    assert [] == folder.arrived("mail")


def test_a_program_without_channels_delivers_to_the_outbox_and_asks_nobody(folder: Folder) -> None:
    folder.write("")
    code, out, _ = folder("run")
    assert 0 == code
    assert "outbox/" in out
    assert 5 == len(list(folder.folder.glob("p.run/outbox/*.eml")))


def test_the_outbox_may_be_one_of_several(folder: Folder) -> None:
    folder.write("[channels.chat]" + MAIL_AND_CHAT.partition("[channels.chat]")[2] + "[channels.outbox]\n")
    folder.run()
    assert ["Ada", "Eve", "Fay"] == folder.names("chat")
    assert 2 == len(list(folder.folder.glob("p.run/outbox/*hello*.eml")))


def test_the_first_delivery_by_channels_that_leave_the_machine_needs_a_yes_and_so_does_another_host(
    folder: Folder,
) -> None:
    code, _, err = folder("run")
    assert (4, []) == (code, folder.arrived("mail"))
    assert "5 messages would leave this machine, and nobody has consented to chat and mail yet" in err
    assert 0 == folder("run", "--yes")[0]
    folder.write(people=PEOPLE + "e3,Gil,mentee,gil@example.org,,\n")
    assert 0 == folder("run")[0]
    assert "Gil" in folder.names("mail")
    folder.write(
        MAIL_AND_CHAT.replace('"mail"', '"other"'),
        people=PEOPLE + "e3,Gil,mentee,gil@example.org,,\ne4,Hal,mentee,hal@example.org,,\n",
    )
    code, _, err = folder("run")
    assert (4, []) == (code, folder.arrived("other"))
    assert "consented to mail yet, or host or sender have changed" in err


def test_what_leaves_the_machine_goes_on_no_other_day(folder: Folder) -> None:
    code, _, err = folder("run", "--yes", "--at", "2027-01-11T14:00")
    assert (2, []) == (code, folder.arrived("mail"))
    assert "rehearse with --simulate" in err
    assert 0 == folder("run", "--yes", "--at", "2027-01-11T12:30")[0]


def test_a_saved_plan_of_this_morning_may_be_carried_out_at_noon(folder: Folder) -> None:
    assert 0 == folder("plan", "--out", "plan.json")[0]
    folder.now += timedelta(hours=5)
    assert 0 == folder("run", "--yes", "--plan", "plan.json")[0]
    assert 3 == len(folder.arrived("mail"))


def test_a_run_that_waits_for_a_yes_leaves_nothing_and_its_saved_plan_holds(folder: Folder) -> None:
    assert 0 == folder("plan", "--out", "plan.json")[0]
    before = sorted(folder.folder.rglob("*"))
    assert 4 == folder("run", "--plan", "plan.json")[0]
    assert 4 == folder("run")[0]
    assert before == sorted(folder.folder.rglob("*"))
    assert 0 == folder("run", "--yes", "--plan", "plan.json")[0]
    assert 3 == len(folder.arrived("mail"))


def test_a_simulation_uses_the_outbox_alone(folder: Folder) -> None:
    assert 0 == folder("run", "--simulate")[0]
    assert ([], []) == (folder.arrived("mail"), folder.arrived("chat"))
    assert list(folder.folder.glob("p.sim/outbox/*.eml"))


def test_planning_leaves_nothing(folder: Folder) -> None:
    before = sorted(folder.folder.rglob("*"))
    for channels in (MAIL_AND_CHAT, ""):
        folder.write(channels)
        assert 0 == folder("plan")[0]
    assert before == [path for path in sorted(folder.folder.rglob("*")) if "__pycache__" not in path.parts]


def test_of_a_channel_that_is_down_everything_waits_and_the_others_go_on(folder: Folder) -> None:
    folder.tell(mail={"down": "mail.example.org refuses the connection"})
    done = folder.run()
    assert ["Ada", "Eve"] == folder.names("chat")
    assert [{"channel": "mail", "detail": "mail.example.org refuses the connection", "waiting": 3}] == done["down"]
    assert (3, 1) == (done["waiting"], done["exit"])
    code, out, _ = folder("run")
    assert 1 == code
    assert "mail  3 messages  mail.example.org refuses the connection" in out
    folder.tell()
    assert (3, 0) == (len((again := folder.run())["sent"]), again["exit"])
    assert ["Ben", "Fay", "c@example.org"] == folder.names("mail")


def test_the_status_says_what_waits_for_a_channel_that_is_down_and_why(folder: Folder) -> None:
    folder.tell(mail={"down": "535 who are you?"}, chat={"down": "401"})
    code, out, _ = folder("run", "--yes")
    assert 1 == code
    assert "nothing was due" not in folder("run")[1]
    code, out, _ = folder("status")
    assert 1 == code
    assert "Nothing needs you." not in out
    assert "Ben (m2), Fay (e2), coordinator  due 2027-01-11  3 messages by mail  535 who are you?" in out
    assert "Ada (m1), Eve (e1)               due 2027-01-11  2 messages by chat  401" in out
    assert "next: mentorkit run p.toml" in out
    folder.tell()
    folder.run()
    code, out, _ = folder("status")
    assert (0, False) == (code, "535" in out)


def test_the_status_names_those_whom_no_channel_reaches(folder: Folder) -> None:
    folder.write(people=PEOPLE.replace("ben@example.org", ""))
    folder.run()
    code, out, _ = folder("status")
    assert 0 == code
    assert "no channel reaches them" in out
    assert "Ben (m2)  due 2027-01-11  1 message" in out
    folder.write()
    assert 1 == len(folder.run()["sent"])
    assert "no channel reaches them" not in folder("status")[1]


def test_what_is_deferred_waits_as_long_as_the_other_side_says(folder: Folder) -> None:
    folder.tell(mail={"receipts": {"Ben": {"outcome": "deferred", "detail": "429", "retry_after": 3600}}})
    assert 1 == len(folder.run()["deferred"])
    folder.tell()
    assert [] == folder.run(later=timedelta(minutes=59))["sent"]
    assert 1 == len(folder.run(later=timedelta(minutes=1))["sent"])


def test_the_channel_stands_in_the_ledger_from_the_second_mark_on(folder: Folder) -> None:
    folder.tell(mail={"receipts": {"Ben": {"outcome": "unknown"}}})
    done = folder.run()
    assert ["mail"] == [one["channel"] for one in done["in_doubt"]]
    with sqlite3.connect(folder.folder / "p.run/ledger.sqlite") as ledger:
        rows = ledger.execute(
            "SELECT channel, state, count(*) FROM transmissions GROUP BY channel, state ORDER BY 1, 2"
        )
        assert [("chat", "sent", 2), ("mail", "in_doubt", 1), ("mail", "sent", 2)] == list(rows)


def test_channels_are_closed_once_the_run_is_over(folder: Folder) -> None:
    folder.run()
    assert (folder.folder / "mail.closed").exists()
    assert (folder.folder / "chat.closed").exists()


REFUSED = {"outcome": "failed", "detail": "550 <fay@example.org> is not here", "bad_address": True}


def log(folder: Folder, key: str) -> list[str]:
    with sqlite3.connect(folder.folder / "p.run/ledger.sqlite") as ledger:
        return [after for (after,) in ledger.execute("SELECT after FROM log WHERE subject = ? ORDER BY n", (key,))]


def test_what_one_channel_refuses_goes_by_the_next_in_the_same_run_and_both_stand_in_the_log(folder: Folder) -> None:
    folder.tell(mail={"receipts": {"Fay": REFUSED}})
    done = folder.run()
    (passed,) = done["passed_on"]
    assert ("mail", "550 <…> is not here") == (passed["channel"], passed["detail"])
    assert ["chat"] == [one["channel"] for one in done["sent"] if one["key"] == passed["key"]]
    assert ["Ada", "Eve", "Fay"] == folder.names("chat")
    assert ([], 0) == (done["failed"], done["exit"])
    assert ["due", "claimed", "at_risk", "failed", "claimed", "at_risk", "sent"] == log(folder, passed["key"])


def test_what_no_channel_takes_has_failed(folder: Folder) -> None:
    folder.tell(mail={"receipts": {"Fay": REFUSED, "Ben": REFUSED}}, chat={"receipts": {"Fay": REFUSED}})
    done = folder.run()
    assert ([("chat", 1), ("mail", 1)], 1) == (sorted((one["channel"], 1) for one in done["failed"]), done["exit"])
    folder.tell()
    assert [] == folder.run()["sent"]
    assert 1 == folder("status")[0]


def test_what_a_channel_refused_waits_for_the_next_one_where_that_is_down(folder: Folder) -> None:
    folder.tell(mail={"receipts": {"Fay": REFUSED}}, chat={"down": "no connection"})
    done = folder.run()
    assert [3] == [one["waiting"] for one in done["down"]]
    folder.tell()
    folder.run()
    assert ["Ada", "Eve", "Fay"] == folder.names("chat")
    assert "Fay" not in folder.names("mail")


LATER = """
[timeline.later]
when = "start + 1 days at 12:00"
to = ["everyone", "coordinator"]
message = "messages/hello"
"""


def test_a_bad_address_is_not_tried_again_until_the_roster_has_another_one(folder: Folder) -> None:
    folder.write(program=PROGRAM + LATER)
    folder.tell(mail={"receipts": {"Ben": REFUSED}})
    folder.run()
    folder.tell()
    code, out, _ = folder("status")
    assert 1 == code
    assert "not reached at this address by this channel" in out
    assert "550 <(address)> is not here" in out
    assert len(folder.run(later=timedelta(days=1))["unreached"]) == 1
    assert "Ben" not in folder.names("mail")
    folder.write(program=PROGRAM + LATER, people=PEOPLE.replace("ben@", "benedict@"))
    assert 1 == len(folder.run()["sent"])
    assert ["Ben", "Fay", "Fay", "c@example.org", "c@example.org"] == folder.names("mail")
    assert "not reached at this address" not in folder("status")[1]
    assert b"ben@" not in (folder.folder / "p.run/ledger.sqlite").read_bytes()


def test_what_failed_is_tried_again_once_somebody_says_so_and_the_address_with_it(folder: Folder) -> None:
    folder.write(program=PROGRAM + LATER)
    folder.tell(mail={"receipts": {"Ben": REFUSED, "c@example.org": {"outcome": "failed", "detail": "552 full"}}})
    folder.run()
    folder.tell()
    out = folder("status")[1]
    assert "next: mentorkit ledger retry p.toml\n" in out
    assert "next: mentorkit ledger retry p.toml --person m2" in out
    assert (2, True) == ((told := folder("ledger retry", "--person", "nobody"))[0], "knows nobody" in told[2])
    code, out, _ = folder("ledger retry", "--person", "m2")
    assert 0 == code
    assert "the address of Ben (m2) is tried again by mail" in out
    assert "next: mentorkit run p.toml" in out
    assert 1 == len(folder.run()["sent"])
    assert "not reached at this address" not in folder("status")[1]
    document = json.loads(folder("ledger retry", "--json")[1])
    assert (1, 0, []) == (len(document["retried"]), document["left"], document["addresses"])
    assert 1 == len(folder.run()["sent"])
    assert ["Ben", "Fay", "c@example.org"] == folder.names("mail")
    assert ["nothing has failed"] == folder("ledger retry")[1].splitlines()
    assert 0 == folder("ledger verify")[0]
    assert (3, 0) == (len(folder.run(later=timedelta(days=1))["sent"]) - 2, folder("status")[0])


def test_what_is_too_late_by_now_stays_failed(folder: Folder) -> None:
    folder.tell(mail={"receipts": {"Ben": REFUSED}})
    folder.run()
    folder.now += timedelta(days=8)
    code, out, _ = folder("ledger retry")
    assert 0 == code
    assert "1 message stayed failed: too late by now" in out
    assert "tried again by mail" in out
    assert "hello" not in {one["step"] for one in folder.run()["sent"]}


def test_what_one_channel_refused_goes_by_it_again_once_it_is_tried_again(folder: Folder) -> None:
    folder.tell(mail={"receipts": {"Fay": REFUSED}}, chat={"receipts": {"Fay": REFUSED}})
    folder.run()
    folder.tell()
    folder("ledger retry")
    assert ["mail"] == [one["channel"] for one in folder.run()["sent"]]


def test_the_plan_counts_by_channel_and_a_saved_one_holds_to_it(folder: Folder) -> None:
    folder.write(people=PEOPLE + "e3,Gil,mentee,,,\n")
    code, out, _ = folder("plan")
    assert 0 == code
    assert "by channel\n  chat                              2 messages\n  mail" in out
    assert "no channel reaches the recipient  1 message" in out
    assert ["", "chat", "chat", "mail", "mail", "mail"] == sorted(
        json.loads(folder("plan", "--json")[1])["ways"].values()
    )
    folder("plan", "--out", "plan.json")
    folder.write(people=PEOPLE.replace("007", "") + "e3,Gil,mentee,,,\n")
    code, _, err = folder("run", "--yes", "--plan", "plan.json")
    assert (2, []) == (code, folder.arrived("mail"))
    assert "stale" in err


def test_check_warns_of_participants_whom_no_channel_reaches_and_of_preferences_for_none(folder: Folder) -> None:
    assert "warning" not in folder("check")[2]
    folder.write(people=PEOPLE.replace("007", "") + "e3,Gil,mentee,,,mial\n")
    code, _, err = folder("check")
    assert 0 == code
    assert "no channel reaches e1, e3: mail needs email; chat needs handle" in err
    assert 'e3 prefer a channel that messages do not go by, the first of them "mial"' in err
    assert 'did you mean "mail"?' in err


SECRETIVE = '[channels.mail]\nuse = "post"\nhost = "mail"\npassword = {}\n'


def test_a_secret_is_read_when_it_is_needed_and_stands_nowhere(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.write(SECRETIVE.format('{ env = "POST_PASSWORD" }'))
    (down,) = folder.run()["down"]
    assert "the environment variable POST_PASSWORD is not set" == down["detail"]
    monkeypatch.setenv("POST_PASSWORD", "hunter2")
    for command in ("check", "show", "plan", "run", "status"):
        code, out, err = folder(command)
        assert (0, False) == (code, "hunter2" in out + err), err
    assert {"hunter2"} == {one["password"] for one in folder.arrived("mail")}
    kept = [path for path in folder.folder.rglob("*") if path.is_file() and path.name != "mail.jsonl"]
    assert [] == [path for path in kept if b"hunter2" in path.read_bytes()]
    assert 'env = "POST_PASSWORD"' in folder("show")[1]


@pytest.mark.parametrize("content", [b"hunter2\n", b"hunter2", b"\xef\xbb\xbfhunter2\r\n"])
def test_a_secret_may_be_in_a_file_beside_the_program(folder: Folder, content: bytes) -> None:
    folder.write(SECRETIVE.format('{ file = "secrets/post" }'))
    program_folder(folder.folder, {"secrets/post": content})
    assert 0 == folder.run()["exit"]
    assert {"hunter2"} == {one["password"] for one in folder.arrived("mail")}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "cannot be read: No such file or directory"),
        (b"", "is empty"),
        (b"\n", "is empty"),
        (b"hunter2\nhunter3\n", "holds a line break or another character that no secret has"),
        (b"hunter\xff", "is not UTF-8"),
        (b"x" * 65537, "is larger than 64 KiB"),
    ],
)
def test_a_file_that_holds_no_secret_is_named_and_not_quoted(folder: Folder, content: bytes | None, told: str) -> None:
    folder.write(SECRETIVE.format('{ file = "post" }'))
    if content is not None:
        (folder.folder / "post").write_bytes(content)
    (down,) = folder.run()["down"]
    assert told in down["detail"]
    assert "hunter" not in down["detail"]
    assert [] == folder.arrived("mail")


@pytest.mark.parametrize(
    "written", ['"hunter2"', '{ text = "hunter2" }', '["hunter2"]', '{ env = "A", file = "hunter2" }']
)
def test_a_secret_in_the_program_file_is_refused_without_repeating_it(folder: Folder, written: str) -> None:
    folder.write(SECRETIVE.format(written))
    code, out, err = folder("check")
    assert 2 == code
    assert "channels.mail.password" in folder("check", "--json")[1] + folder("check", "--json")[2]
    assert '{ env = "NAME" }' in out + err
    assert "hunter2" not in out + err


def test_check_names_each_secret_that_is_not_where_the_program_says(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("POST_PASSWORD", raising=False)
    headers = '\n[channels.mail.headers]\nX-Key = { file = "secrets/key" }\n'
    folder.write(SECRETIVE.format('{ env = "POST_PASSWORD" }') + headers)
    code, out, err = folder("check")
    assert (0, 2) == (code, err.count("warning[secret-missing]"))
    assert "the environment variable POST_PASSWORD is not set: a run by now would send nothing by mail" in err
    assert "secrets/key cannot be read: No such file or directory" in err
    assert "p.toml:" in err.partition("warning[secret-missing]")[0].splitlines()[-1]
    monkeypatch.setenv("POST_PASSWORD", "hunter2")
    program_folder(folder.folder, {"secrets/key": "hunter3\n"})
    code, out, err = folder("check")
    assert (0, 0) == (code, err.count("secret-missing"))
    assert "hunter" not in out + err


def test_a_template_names_no_secrets(folder: Folder) -> None:
    template = '[template]\nname = "house"\nversion = "1"\n'
    channel = '[channels.mail]\nuse = "post"\nheaders = { key = { env = "KEY" } }\n'
    program_folder(folder.folder, {"house/template.toml": template + channel})
    folder.write("", program=f'extends = "./house"\n{PROGRAM}')
    code, out, err = folder("check")
    assert 2 == code
    assert "secret-in-template" in out + err


@pytest.mark.parametrize(
    ("channels", "code"),
    [
        ('[channels.mail]\nuse = "poster"\n', "unknown-channel"),
        ('[channels.mail]\nuse = "post"\nhots = "x"\n', "unknown-key"),
        ('[channels.mail]\nuse = "post"\nhost = 5\n', "wrong-type"),
        ('[channels.chat]\nuse = "post"\ncolumn = "nick"\n', "column-missing"),
        (MAIL_AND_CHAT + '[delivery]\nchannels = ["male"]\n', "channel-not-declared"),
        (MAIL_AND_CHAT + "[delivery]\nchannels = []\n", "wrong-value"),
    ],
)
def test_what_does_not_fit_is_told(folder: Folder, channels: str, code: str) -> None:
    folder.write(channels)
    status, out, err = folder("check")
    assert 2 == status
    assert f"error[{code}]" in out + err


def test_show_prints_the_order_that_nobody_wrote(folder: Folder) -> None:
    assert 'delivery.channels = ["mail", "chat"]' in folder("show", "--origin")[1]
