"""No path, name or link makes mentorkit write outside of where it writes, or read what a program does not name."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import sqlite3
import stat
from pathlib import Path

import pytest

from mentorkit.durable_files import write_whole
from security.guarded import CANARY, HELLO, NOON, PROGRAM, Guarded
from security.spellings import SPELLINGS, UNWRITABLE

TEMPLATE = """\
[template]
name = "ours"
version = "1"
[roster]
file = PATH
[answers]
files = [PATH]
[timeline.one]
when = "start"
to = "everyone"
message = PATH
[surveys.two]
questions = PATH
when = "start"
to = "everyone"
message = "messages/hello"
[matching.rules.three]
kind = "never"
file = PATH
[series.four]
count = 1
cadence = "every 2 weeks"
who = "mentor"
agendas = PATH
"""
LITERALLY = ("file-missing", "message-missing", "agendas-missing", "file-unreadable", "not-a-file")
"""Of a name that is taken as it stands, and is not there."""
NAMES = {
    "steps": ("", '[timeline.NAME]\nwhen = "start"\nto = "everyone"\nmessage = "messages/hello"\n'),
    "surveys": ("", '[surveys.NAME]\nquestions = "q.toml"\nwhen = "start"\nto = "everyone"\n'),
    "channels": ("", '[channels.NAME]\nuse = "outbox"\n'),
    "contacts": ("[contacts]\n", 'NAME = "x@example.org"\n'),
}
"""What stands before all of them, and each of them."""


def errors(guarded: Guarded) -> list[dict[str, str]]:
    checked = guarded("check", "--json")
    assert checked.code in (0, 2)
    return [one for one in json.loads(checked.out)["problems"] if one["severity"] == "error"]


@pytest.mark.uncounted
def test_nothing_that_a_template_names_lies_outside_of_its_folder(guarded: Guarded) -> None:
    """Six places in each; a way out is refused, anything else is a name like others of which there is no file."""
    assert 45 <= len(SPELLINGS)
    program = PROGRAM.replace('roster.file = "people.csv"\n', "").replace("matching.rules = {}\n", "")
    guarded.write({"p.toml": f'extends = "./ours"\n{program}', "ours/messages/hello.md": HELLO})
    refused = 0
    for name, spelling in SPELLINGS.items():
        guarded.write({"ours/template.toml": TEMPLATE.replace("PATH", json.dumps(spelling))})
        found = [one["code"] for one in errors(guarded)]
        assert set(found) <= {"outside-folder"} or set(found) <= set(LITERALLY), (name, found)
        assert 5 <= len(found), (name, found)
        refused += "outside-folder" in found
    assert 22 == refused


@pytest.mark.uncounted
def test_nothing_that_is_extended_lies_outside_of_the_folder(guarded: Guarded) -> None:
    for name, spelling in SPELLINGS.items():
        guarded.write({"p.toml": f"extends = {json.dumps(spelling)}\n{PROGRAM}"})
        codes = {one["code"] for one in errors(guarded)}
        assert codes & {"outside-folder", "extends-unknown", "extends-path", "file-missing"}, (name, codes)


@pytest.mark.parametrize(("head", "table"), NAMES.values(), ids=NAMES)
def test_what_becomes_a_part_of_keys_and_names_of_files_is_a_plain_word(
    guarded: Guarded, head: str, table: str
) -> None:
    guarded.write({"q.toml": '[[question]]\nid = "a"\ntext = "b"\n'})
    spellings = [one for one in (*SPELLINGS.values(), *UNWRITABLE.values()) if one != "CON"]
    guarded.write({"p.toml": PROGRAM + head + "".join(table.replace("NAME", json.dumps(one)) for one in spellings)})
    found = errors(guarded)
    refused = [one for one in found if one["code"] == "wrong-value"]
    assert len(spellings) == len({one["path"] for one in refused})


@pytest.mark.uncounted
def test_cells_of_a_roster_lead_nowhere(guarded: Guarded) -> None:
    """Ids, names and columns that name calendars: one person for each spelling."""
    rows = [["id", "name", "email", "role", "busy_calendar"]]
    for number, spelling in enumerate(SPELLINGS.values()):
        role = "mentor" if number % 2 else "mentee"
        rows.append([f"{spelling[:190]}{number}", spelling[:90], f"x{number}@example.org", role, spelling])
    table = io.StringIO()
    csv.writer(table).writerows(rows)
    guarded.write({"people.csv": table.getvalue()})
    ran = guarded("run", *NOON)
    pairs = len(SPELLINGS) // 2
    assert (0, 2 * pairs) == (ran.code, len(list((guarded.folder / "p.run/calendars").iterdir())))
    told = guarded("plan", *NOON).err
    assert "lies outside of the roster's folder" in told
    assert "there is no such file" in told
    made = {str(path.relative_to(guarded.folder)).partition("/")[0] for path in guarded.folder.rglob("*")}
    assert {"messages", "p.lock", "p.run", "p.toml", "people.csv"} == made


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a b", "x" * 3000, "‥/above", "=1", "$(id)", "<b>"])
def test_whatever_the_id_of_a_program_is_its_files_are_where_they_belong(guarded: Guarded, name: str) -> None:
    guarded.write({"p.toml": f"program.id = {json.dumps(name)}\n{PROGRAM}"})
    assert 0 == guarded("run", *NOON).code
    assert 2 == len(list((guarded.folder / "p.run/outbox").iterdir()))
    for mail in (guarded.folder / "p.run/outbox").iterdir():
        assert max(map(len, mail.read_bytes().splitlines())) < 998


@pytest.mark.parametrize("id", ["../../above", "/etc/x", ""])
def test_a_lock_or_ledger_of_somebody_else_names_no_file_of_the_state_directory(
    guarded: Guarded,
    id: str,  # noqa: A002 (what it is)
) -> None:
    """How far a ledger had got is kept in a file that is named by its id."""
    assert 0 == guarded("run", *NOON).code
    lock, ledger = guarded.folder / "p.lock", guarded.folder / "p.run" / "ledger.sqlite"
    with sqlite3.connect(ledger) as connection:
        connection.execute("UPDATE meta SET value = ? WHERE name = 'ledger'", [id])
    connection.close()
    said = lock.read_text().splitlines()
    lock.write_text("\n".join(f"id = {json.dumps(id)}" if line.startswith("id = ") else line for line in said))
    before = state_files()
    for command in (("run", *NOON), ("record", "met", "--person", "1", *NOON)):
        ran = guarded(*command)
        assert 2 == ran.code, ran.err
        assert "is the id of no ledger" in ran.err
    shutil.rmtree(guarded.folder / "p.run")
    assert 2 == guarded("run", *NOON).code
    assert before == state_files()


def state_files() -> list[Path]:
    return sorted(Path(os.environ["XDG_STATE_HOME"]).parent.rglob("*.json"))


# ------------------------------------------------------------------------------------------------------------ links


LINKS = {
    "p.run/matches.csv": "above.csv",
    "p.run/schedule.csv": "above.csv",
    "p.run/waiting.csv": "nowhere.csv",
    "p.run/report.html": "above.txt",
    "p.run/.report.html.new": "above.txt",
    "p.run/template": "beside",
    "p.lock": "nowhere.txt",
    ".p.lock.new": "above.txt",
    "saved.json": "nowhere.txt",
    ".saved.json.new": "above.txt",
}


@pytest.mark.parametrize(("place", "target"), [("p.run/calendars", "beside"), ("p.run/calendars/1.ics", "above.ics")])
def test_links_where_something_is_written_are_replaced_and_not_followed(
    guarded: Guarded, place: str, target: str
) -> None:
    for name, leads_to in {**LINKS, place: target}.items():
        link = guarded.folder / name
        link.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        link.symlink_to(guarded.root / leads_to)
    assert 0 == guarded("run", *NOON).code
    assert 0 == guarded("report", *NOON).code
    assert 0 == guarded("plan", *NOON, "--out", "saved.json").code
    assert not [name for name in (*LINKS, place) if (guarded.folder / name).is_symlink()]
    assert not [name for name in LINKS.values() if "nowhere" in name and (guarded.root / name).exists()]


@pytest.mark.parametrize(
    ("place", "target", "code", "told"),
    [
        ("p.run/ledger.sqlite", "above.txt", 2, "is a symbolic link"),
        ("p.run/ledger.sqlite", "nowhere.sqlite", 1, "could not be made"),
        ("p.run/.runner", "above.txt", 1, "cannot be written"),
        ("p.run/.runner", "nowhere.txt", 1, "cannot be written"),
        ("p.run/outbox", "beside", 1, "is a symbolic link"),
        ("p.run/outbox", "nowhere", 1, "is a symbolic link"),
        ("p.lock", "above.toml", 2, "p.lock"),
    ],
)
def test_a_link_that_cannot_be_replaced_stops_the_run_with_its_name(
    guarded: Guarded, place: str, target: str, code: int, told: str
) -> None:
    (guarded.folder / "p.run").mkdir(mode=0o700)
    (guarded.folder / place).symlink_to(guarded.root / target)
    ran = guarded("run", *NOON)
    assert code == ran.code, ran.err
    assert told in ran.out + ran.err
    assert (guarded.folder / place).is_symlink()
    assert not list(guarded.beside.glob("*.eml"))


def test_a_message_of_the_outbox_is_not_written_through_a_link(guarded: Guarded) -> None:
    outbox = guarded.folder / "p.run" / "outbox"
    outbox.mkdir(mode=0o700, parents=True)
    (outbox / ".tmp.20270111T0900Z.hello.p1.mentor").symlink_to(guarded.root / "above.txt")
    (outbox / "20270111T0900Z.hello.p2.mentee.eml").symlink_to(guarded.root / "above.txt")
    assert 0 == guarded("run", *NOON).code
    assert ["20270111T0900Z.hello.p1.mentor.eml", "20270111T0900Z.hello.p2.mentee.2.eml"] == sorted(
        path.name for path in outbox.iterdir() if not path.is_symlink()
    )


def test_a_link_put_there_in_the_moment_before_writing_is_not_followed(
    guarded: Guarded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever sees what is about to be written has a moment between looking and writing, and none after it."""
    unlink = Path.unlink

    def and_plant(path: Path, missing_ok: bool = False) -> None:
        unlink(path, missing_ok=missing_ok)
        path.symlink_to(guarded.root / "above.txt")

    monkeypatch.setattr(Path, "unlink", and_plant)
    with pytest.raises(FileExistsError) as refused:
        write_whole(guarded.folder / "saved.json", b"x")
    assert str(guarded.folder / "saved.json") == refused.value.filename
    assert guarded("run", *NOON).code in (1, 2)


def test_links_lead_no_letter_and_no_calendar_in(guarded: Guarded) -> None:
    (guarded.folder / "inbox").mkdir()
    (guarded.folder / "inbox" / "1.eml").symlink_to(guarded.root / "above.txt")
    os.mkfifo(guarded.folder / "inbox" / "2.eml")
    (guarded.folder / "inbox" / "3.eml").mkdir()
    (guarded.folder / "1.ics").symlink_to(guarded.root / "above.ics")
    (guarded.folder / "2.ics").symlink_to("2.ics")
    people = "id,name,email,role,busy_calendar\n1,Ada,a@example.org,mentor,1.ics\n2,Ben,b@example.org,mentee,2.ics\n"
    guarded.write(
        {"p.toml": PROGRAM.replace('"people.csv"\n', '"people.csv"\nanswers.files = ["inbox"]\n'), "people.csv": people}
    )
    ran = guarded("run", *NOON)
    assert 0 == ran.code
    assert 2 == ran.err.count("leads out of")
    assert "there is no such file" in ran.err


@pytest.mark.parametrize("link", ["messages/hello.md", "messages", "template.toml", "surveys"])
def test_a_template_in_a_folder_reads_nothing_through_links(guarded: Guarded, link: str) -> None:
    guarded.write({"p.toml": f'extends = "./ours"\n{PROGRAM}', "ours/template.toml": TEMPLATE.partition("[roster]")[0]})
    guarded.write({"ours/messages/welcome.md": HELLO})
    (guarded.folder / "messages" / "hello.md").unlink()
    (guarded.beside / "hello.md").write_text(f"---\nsubject: {CANARY}\n---\n{CANARY}\n")
    (guarded.beside / "template.toml").write_text(f'[template]\nname = "{CANARY}"\nversion = "1"\n')
    guarded.before = guarded._neighbors()
    place, target = guarded.folder / "ours" / link, guarded.beside / link.rpartition("/")[2]
    if link == "messages":
        (place / "welcome.md").unlink()
        place.rmdir()
        target = guarded.beside
    if place.exists():
        place.unlink()
    place.symlink_to(target)
    assert errors(guarded)
    assert 2 == guarded("run", *NOON).code
    assert not (guarded.folder / "p.run").exists()


def test_what_is_written_is_a_plain_file_of_its_owner(guarded: Guarded) -> None:
    assert 0 == guarded("run", *NOON).code
    for path in (guarded.folder / "p.run").rglob("*"):
        kind = path.lstat()
        assert stat.S_ISREG(kind.st_mode) or stat.S_ISDIR(kind.st_mode)
        assert (1, os.getuid()) == (kind.st_nlink if path.is_file() else 1, kind.st_uid)
