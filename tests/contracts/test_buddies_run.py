"""A model of peers in one local file, from roster to JSON by the command line: an odd one, pairs together and apart."""

import json
from pathlib import Path

import pytest

from mentorkit.command_line.boundary import run_command
from mentorkit.testing import program_folder

PLUGIN = Path(__file__).with_name("buddies_plugin.py")
PROGRAM = """\
program = { name = "Buddies", starts = 2027-01-11, length = "12 weeks", timezone = "Europe/Oslo" }
plugins.files = ["buddies_plugin.py"]
roster.file = "people.csv"
model.use = "buddies"
model.options.odd = "ODD"
sessions = { count = 3, cadence = "every 4 weeks" }
roster.columns.knows = { column = "knows", split = ";" }

[matching.criteria.knows]
kind = "similar"
column = "knows"

[matching.rules.other-team]
kind = "different"
column = "department"

[matching.rules.met]
kind = "never"
pairs = [["a1", "b1"]]

[matching.rules.together]
kind = "always"
pairs = [["a2", "c2"]]

[timeline.welcome]
when = "match"
to = "buddy"
message = "messages/welcome"
"""
PEOPLE = """\
id,name,role,department,knows
a1,Ada,buddy,A,sql;go;ops
a2,Ali,buddy,A,law
b1,Bo,buddy,B,sql;go
b2,Bea,buddy,B,sql;tax
c1,Cy,buddy,C,tax
c2,Cleo,buddy,C,art
c3,Cem,buddy,C,go
"""
WELCOME = "---\nsubject: Meet {{ partners | map(attribute='name') | join(' and ') }}\n---\nDear {{ me.name }},\n"


def matched(tmp_path, monkeypatch, capfd, odd):
    files = {"people.csv": PEOPLE, "p.toml": PROGRAM.replace("ODD", odd), "messages/welcome.md": WELCOME}
    program_folder(tmp_path, {**files, "buddies_plugin.py": PLUGIN.read_text()})
    monkeypatch.chdir(tmp_path)
    assert 0 == run_command(["match", "p.toml", "--json", "--at", "2027-01-11T10:00"])
    return json.loads(capfd.readouterr().out)


@pytest.mark.parametrize(
    ("odd", "groups", "total"),
    [
        ("trio", {("a1", "b2", "c1"), ("a2", "c2"), ("b1", "c3")}, 87.5),
        ("leave-out", {("a2", "c2"), ("b1", "c3"), ("b2", "c1")}, 100.0),
    ],
)
def test_peers_go_from_roster_to_json(tmp_path, monkeypatch, capfd, odd, groups, total):
    found = matched(tmp_path, monkeypatch, capfd, odd)
    assert groups == {tuple(one["peers"]) for one in found["relationships"]}
    assert (total, total, 0.0, True) == tuple(
        found["certificate"][key] for key in ("total_score", "total_score_bound", "gap", "exact")
    )
    assert (["a1"] if odd == "leave-out" else []) == [one["id"] for one in found["unmatched"]]


def test_a_round_of_a_rotation_goes_from_roster_to_json(tmp_path, monkeypatch, capfd):
    program = PROGRAM.replace("ODD", "trio") + '\n[matching]\nuse = "rotation"\n'
    files = {"people.csv": PEOPLE, "p.toml": program, "messages/welcome.md": WELCOME}
    program_folder(tmp_path, {**files, "buddies_plugin.py": PLUGIN.read_text()})
    monkeypatch.chdir(tmp_path)
    assert 0 == run_command(["match", "p.toml", "--json", "--at", "2027-01-11T10:00"])
    found = json.loads(capfd.readouterr().out)
    groups = [tuple(one["peers"]) for one in found["relationships"]]
    assert [2, 2, 3] == sorted(map(len, groups))
    assert any({"a2", "c2"} <= set(group) for group in groups)
    assert ("rotation", False, 7, None) == tuple(
        found["certificate"][key] for key in ("matcher", "exact", "matched", "matched_bound")
    )
    assert {"round": 1, "repeats": 0} == found["certificate"]["extra"]
