"""A model of groups in one local file, from roster to JSON by the command line: sizes, rules, a bench, too few."""

import json
from pathlib import Path

from mentorkit.command_line.boundary import run_command
from mentorkit.testing import program_folder

PLUGIN = Path(__file__).with_name("circles_plugin.py")
PROGRAM = """\
program = { name = "Circles", starts = 2027-01-11, length = "12 weeks", timezone = "Europe/Oslo" }
plugins.files = ["circles_plugin.py"]
roster.file = "people.csv"
model.use = "circles"
model.options = { fewest = 3, most = 4, spread = { department = 20.0 } }
sessions = { count = 3, cadence = "every 4 weeks" }

[matching.criteria.field]
kind = "same"
column = "field"
between = ["newcomer", "host"]

[matching.rules.outside-reporting-line]

[matching.rules.apart]
kind = "never"
pairs = [["n1", "n2"]]

[matching.rules.together]
kind = "always"
pairs = [["n3", "h1"], ["n4", "h1"]]

[timeline.welcome]
when = "match"
to = "newcomer"
message = "messages/welcome"
"""
PEOPLE = """\
id,name,role,department,field,manager_id
h1,Hal,host,A,law,
h2,Hedy,host,B,art,
h3,Hera,host,B,art,
h4,Hugo,host,C,tax,
h5,Hope,host,C,tax,
n1,Nan,newcomer,A,law,
n2,Ned,newcomer,B,law,
n3,Nia,newcomer,C,art,
n4,Noa,newcomer,A,art,
n5,Nuri,newcomer,A,law,h1
n6,Nils,newcomer,C,art,
"""
WELCOME = "---\nsubject: Meet {{ partners | map(attribute='name') | join(' and ') }}\n---\nDear {{ me.name }},\n"


TOO_FEW = "".join(line for line in PEOPLE.splitlines(keepends=True) if line[:2] not in {"n3", "n4", "n5", "n6"})


def told(tmp_path, monkeypatch, capfd, people, *arguments):
    program = PROGRAM if "n3" in people else PROGRAM.replace('pairs = [["n3", "h1"], ["n4", "h1"]]', "pairs = []")
    files = {"people.csv": people, "p.toml": program, "messages/welcome.md": WELCOME}
    program_folder(tmp_path, {**files, "circles_plugin.py": PLUGIN.read_text()})
    monkeypatch.chdir(tmp_path)
    assert 0 == run_command(["match", "p.toml", *arguments, "--at", "2027-01-11T10:00"])
    return capfd.readouterr().out


def matched(tmp_path, monkeypatch, capfd, people, *arguments):
    return json.loads(told(tmp_path, monkeypatch, capfd, people, *arguments, "--json"))


def test_groups_go_from_roster_to_json(tmp_path, monkeypatch, capfd):
    found = matched(tmp_path, monkeypatch, capfd, PEOPLE)
    circles = {tuple(one["mentees"]): one["mentors"] for one in found["relationships"]}
    assert [3, 3] == [len(mentees) for mentees in circles]
    assert [2, 2] == [len(hosts) for hosts in circles.values()]
    (with_h1,) = (mentees for mentees, hosts in circles.items() if "h1" in hosts)
    assert {"n3", "n4"} <= set(with_h1)
    assert "n5" not in with_h1
    assert not any({"n1", "n2"} <= set(mentees) for mentees in circles)
    assert 1 == len(found["spare"])
    assert [] == found["unmatched"]
    certificate = found["certificate"]
    assert (6, 6) == (certificate["matched"], certificate["matched_bound"])
    assert certificate["total_score"] <= certificate["total_score_bound"]
    assert "HiGHS" == certificate["extra"]["proven_by"]


def test_too_few_people_for_a_group_are_told_so(tmp_path, monkeypatch, capfd):
    found = matched(tmp_path, monkeypatch, capfd, TOO_FEW)
    assert [] == found["relationships"]
    assert [{"rule": "too-few", "blocks": 5}] == found["unmatched"][0]["reasons"]


def test_what_would_help_is_said_not_to_be_measured(tmp_path, monkeypatch, capfd):
    why = "gains can be measured only where one served side is matched in pairs with another"
    found = matched(tmp_path, monkeypatch, capfd, TOO_FEW, "--explain-unmatched")
    assert ([], why) == (found["relaxations"], found["relaxations_unmeasured"])
    text = told(tmp_path, monkeypatch, capfd, TOO_FEW, "--explain-unmatched")
    assert f"what would help (2 people unmatched)\n  That is not measured: {why}.\n" in text


def test_nobody_can_say_what_coverage_costs_groups(tmp_path, monkeypatch, capfd):
    (trade,) = matched(tmp_path, monkeypatch, capfd, PEOPLE, "--trade-off")["trade_off"]
    assert 'the matcher "groups" pursues coverage before total-score and nothing else' in trade["reason"]
    assert (None, None, 6) == (trade["amount"], trade["without"], trade["matched"])
