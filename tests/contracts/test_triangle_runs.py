"""A model of three roles and a scope around it, in one local file, from roster to ledger by the command line."""

import csv
import json
from pathlib import Path

import pytest

from mentorkit.command_line.boundary import run_command
from mentorkit.ledger import read_history
from mentorkit.testing import program_folder

PLUGIN = Path(__file__).with_name("triangle_plugin.py")
PROGRAM = """\
[program]
name = "Triangles"
starts = 2027-01-11
length = "12 weeks"
timezone = "Europe/Oslo"

[plugins]
files = ["triangle_plugin.py"]

[roster]
file = "people.csv"
columns.groups = { column = "groups", split = ";" }

[model]
use = "tagged"
options = { column = "groups", tag = "pride", apart = "site" }
inner.use = "triangle"

[matching.criteria.field]
kind = "same"
column = "field"
between = ["junior", "manager"]

[matching.rules.outside-reporting-line]

[sessions]
count = 3
cadence = "every 4 weeks"

[timeline.welcome]
when = "match"
to = ["executive", "manager", "junior"]
message = "messages/welcome"
"""
PEOPLE = """\
id,name,role,site,field,groups,manager_id
x1,Xenia,executive,Oslo,law,pride,
x2,Xaver,executive,Bonn,law,pride,
g1,Gina,manager,Rome,law,pride,x1
g2,Gero,manager,Lima,law,,x1
j1,Jo,junior,Kyiv,law,pride,g2
j2,Jim,junior,Rome,law,pride,g2
j3,Jan,junior,Nuuk,law,,g2
"""
WELCOME = "---\nsubject: Meet {{ partners | map(attribute='name') | join(' and ') }}\n---\nDear {{ me.name }},\n"


def test_three_roles_go_from_roster_to_ledger(tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    files = {"triangles.toml": PROGRAM, "people.csv": PEOPLE, "triangle_plugin.py": PLUGIN.read_text()}
    files |= {"messages/welcome.md": WELCOME, "messages/welcome.executive.md": WELCOME.replace("Dear", "Honored")}
    program_folder(tmp_path, files)

    assert 0 == run_command(["check", "triangles.toml"])
    assert "local-code" in capfd.readouterr().err

    assert 0 == run_command(["match", "triangles.toml", "--json", "--at", "2027-01-11T10:00"])
    document = json.loads(capfd.readouterr().out)
    (team,) = document["relationships"]
    assert ["executive", "manager", "junior"] == [member["role"] for member in team["members"]]
    assert ["x2", "g1"] == team["mentors"]
    assert (["j1"], []) == (team["mentees"], team["peers"])
    assert {"j2", "j3"} == {one["id"] for one in document["unmatched"]}

    assert 0 == run_command(["run", "triangles.toml", "--at", "2027-01-11T10:00"])
    capfd.readouterr()
    mails = sorted((tmp_path / "triangles.run" / "outbox").glob("*.eml"))
    assert ["executive", "junior", "manager"] == sorted(path.name.split(".")[3] for path in mails)
    honored = next(path for path in mails if ".executive." in path.name)
    assert b"Honored" in honored.read_bytes()
    with (tmp_path / "triangles.run" / "matches.csv").open(newline="") as file:
        roles = {row["person"]: row["role"] for row in csv.DictReader(file)}
    assert {member["id"]: member["role"] for member in team["members"]} == roles
    (known,) = read_history(tmp_path / "triangles.run" / "ledger.sqlite").relationships
    assert roles == {member.person: member.role for member in known.relationship.members}


@pytest.mark.parametrize(
    ("matcher", "why"),
    [
        ("teams", 'the matcher "teams" pursues coverage before total-score and nothing else'),
        ("first-fit", "the matcher first-fit does not say which objectives it pursues"),
    ],
)
def test_nobody_can_say_what_coverage_costs_teams(tmp_path, monkeypatch, capfd, matcher, why):
    monkeypatch.chdir(tmp_path)
    program = f'matching.use = "{matcher}"\n{PROGRAM}'
    files = {"p.toml": program, "people.csv": PEOPLE, "triangle_plugin.py": PLUGIN.read_text()}
    program_folder(tmp_path, {**files, "messages/welcome.md": WELCOME})
    assert 0 == run_command(["match", "p.toml", "--trade-off", "--json", "--at", "2027-01-11T10:00"])
    (trade,) = json.loads(capfd.readouterr().out)["trade_off"]
    assert why in trade["reason"]
    assert (None, None, 1) == (trade["amount"], trade["without"], trade["matched"])
