"""Who belongs to which group stands in the roster and nowhere else: in no byte of anything that mentorkit writes."""

from __future__ import annotations

import csv
import json
from email import message_from_bytes
from itertools import combinations, cycle, islice
from pathlib import Path

import pytest

from mentorkit.command_line.boundary import run_command
from mentorkit.testing import program_folder

pytestmark = pytest.mark.uncounted

CANARIES = ("zebrafinch", "quokkaring", "yabbyclub")
SECRET = "xenoguild"
"""The group of people who have not consented."""
PROGRAM = """\
[program]
name = "Together"
starts = 2027-01-11
length = "24 weeks"
timezone = "Europe/London"
coordinator = "office@example.org"

[roster]
file = "people.csv"

[model]
use = "erg"
options.scope = "{scope}"
inner.use = "one-on-one"

[matching]
audit = ["erg"]

[matching.criteria.field]
kind = "same"
column = "department"

[matching.criteria.groups]
kind = "similar"
column = "erg"

[privacy]
small_cells = 5
"""
MATCH = ("match", "p.toml", "--at", "2027-01-11T10:00")
COMMANDS = (
    ("check", "p.toml", "--json"),
    ("show", "p.toml", "--origin"),
    MATCH,
    (*MATCH, "--json"),
    (*MATCH, "--explain-unmatched"),
    (*MATCH, "--explain-unmatched", "--json"),
    *((*MATCH, "--explain", str(one)) for one in range(1, 15)),
    (*MATCH, "--explain", "9", "--versus", "3", "--json"),
    (*MATCH, "--out", "saved.json"),
    (*MATCH, "--review", "review.csv"),
    ("plan", "p.toml", "--at", "2027-01-11T10:00", "--out", "plan.json"),
    ("plan", "p.toml", "--at", "2027-01-11T10:00", "--json"),
    ("run", "p.toml", "--at", "2027-01-11T10:00"),
    ("status", "p.toml", "--at", "2027-02-11T10:00", "--json"),
    ("report", "p.toml", "--at", "2027-02-11T10:00"),
    ("report", "p.toml", "--at", "2027-02-11T10:00", "--json"),
    ("report", "p.toml", "--at", "2027-02-11T10:00", "--format", "csv"),
)


def people() -> str:
    """Return eight mentors and eight mentees: members of a few small groups, some of two, and some without consent."""
    sets = [";".join(one) for one in (CANARIES[:1], CANARIES[1:2], CANARIES[:2], CANARIES[1:], ())]
    rows = []
    for number, groups in enumerate(islice(cycle(sets), 16), 1):
        role, department = ("mentor", "Sales") if number <= 8 else ("mentee", "Law")
        rows.append(f"{number},Person {number},p{number}@example.org,{role},{department},{groups},yes")
    hidden = [f"{number},Person {number},p{number}@example.org,mentee,Law,{SECRET},no" for number in (17, 18)]
    return "\n".join(["id,name,email,role,department,erg,erg_consent", *rows, *hidden]) + "\n"


def written(folder: Path) -> dict[str, bytes]:
    """Return every file with its path in it, mails decoded as well, apart from the roster itself."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name != "people.csv"]
    return {str(path): str(path).encode() + path.read_bytes() + decoded(path) for path in files}


def decoded(path: Path) -> bytes:
    if path.suffix != ".eml":
        return b""
    parts = message_from_bytes(path.read_bytes()).walk()
    return b"".join(part.get_payload(decode=True) or b"" for part in parts)  # type: ignore[misc]


@pytest.mark.parametrize("scope", ["within", "cross", "open-to-allies"])
def test_no_output_and_no_file_names_a_group(
    scope: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    program_folder(tmp_path, {"p.toml": PROGRAM.format(scope=scope), "people.csv": people()})
    told = {}
    simulation = [("run", "p.toml", "--simulate")] if scope == "within" else []
    for command in (*COMMANDS, *simulation):
        code = run_command(command)
        streams = capfd.readouterr()
        assert 0 == code, (command, streams.err)
        told[" ".join(command)] = (streams.out + streams.err).encode()
    assert b" (4) " in told["match p.toml --at 2027-01-11T10:00"], (
        "somebody was matched, so there was something to tell"
    )
    found = {**told, **written(tmp_path)}
    assert any(name.endswith(".eml") for name in found)
    assert any(name.endswith(".sqlite") for name in found)
    for word in (*CANARIES, SECRET):
        assert [] == [name for name, content in found.items() if word.encode() in content.lower()], word


def test_who_has_not_consented_counts_as_nobodys_member(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Two who share a group are not put together where one has said no, or nothing, and nobody can tell why."""
    rows = "id,role,department,erg,erg_consent\n1,mentor,Sales,elk,{}\n2,mentee,Law,elk,yes\n"
    monkeypatch.chdir(tmp_path)
    for consent, pairs, reasons in (("yes", 1, []), ("no", 0, ["erg"]), ("", 0, ["erg"])):
        program_folder(tmp_path, {"p.toml": PROGRAM.format(scope="within"), "people.csv": rows.format(consent)})
        assert 0 == run_command([*MATCH, "--json"])
        document = json.loads(capfd.readouterr().out)
        found = [reason["rule"] for one in document["unmatched"] for reason in one["reasons"]]
        assert (pairs, reasons) == (len(document["relationships"]), found)


def test_messages_and_invitations_cannot_show_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = '[messages]\ncolumns = ["erg", "erg_consent"]\n[sessions]\ncount = 2\ncadence = "2 weeks"\n'
    shown += '[sessions.place]\ncolumn = "erg"\n'
    program_folder(tmp_path, {"p.toml": PROGRAM.format(scope="within") + shown, "people.csv": people()})
    assert 2 == run_command(["check", "p.toml"])
    told = capfd.readouterr().err
    assert 2 == told.count("error[message-sensitive-column]")
    assert 1 == told.count("error[place-sensitive-column]")


@pytest.mark.parametrize("column", ["erg", "erg_consent"])
def test_without_groups_or_consent_there_is_nothing_to_narrow_by(
    column: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    rows = list(csv.reader(people().splitlines()))
    at = rows[0].index(column)
    without = "\n".join(",".join(cell for number, cell in enumerate(row) if number != at) for row in rows) + "\n"
    program_folder(tmp_path, {"p.toml": PROGRAM.format(scope="within"), "people.csv": without})
    assert 2 == run_command(["check", "p.toml"])
    assert f'the scope "erg" reads the column "{column}", which the roster does not have' in capfd.readouterr().err


FOUR_LINES = """\
program.name = "Together"
program.starts = 2027-01-11
roster.file = "people.csv"
model.use = "erg"
"""


def test_four_lines_are_enough_and_every_two_share_a_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    pairs = members_of_each(tmp_path, monkeypatch, capfd, FOUR_LINES)
    assert 5 <= len(pairs)
    assert {len(one) for one in pairs} <= {2, 3}  # an odd one joins a pair


def test_every_two_of_a_circle_share_a_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    circles = 'model.inner.use = "peer"\nmodel.inner.options = { form = "circles", circle = { min = 3, target = 4 } }\n'
    assert members_of_each(tmp_path, monkeypatch, capfd, FOUR_LINES + circles)


def members_of_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], program: str
) -> list[list[str]]:
    """Return who is in each relationship, once every two of them are known to share a group and to have consented."""
    monkeypatch.chdir(tmp_path)
    roster = people().replace(",mentor,", ",peer,").replace(",mentee,", ",peer,")
    program_folder(tmp_path, {"p.toml": program, "people.csv": roster})
    of = {
        row["id"]: set(row["erg"].split(";")) if row["erg"] and row["erg_consent"] == "yes" else set()
        for row in csv.DictReader(people().splitlines())
    }
    assert 0 == run_command([*MATCH, "--json"])
    found = [[one["id"] for one in each["members"]] for each in json.loads(capfd.readouterr().out)["relationships"]]
    assert all(of[a] & of[b] for each in found for a, b in combinations(each, 2))
    return found
