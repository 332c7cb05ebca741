"""A model with slots in one local file, from roster to JSON and back by the command line."""

import json
from pathlib import Path

from mentorkit.command_line.boundary import run_command
from mentorkit.testing import program_folder

PLUGIN = Path(__file__).with_name("flash_plugin.py")
PROGRAM = """\
program = { name = "Half hours", starts = 2027-01-11, length = "2 weeks", timezone = "Europe/Oslo" }
plugins.files = ["flash_plugin.py"]
roster.file = "people.csv"
model.use = "half-hours"
model.options = { times = ["Mon 9:00", "Mon 9:30", "Tue 9:00"], rotate = ROTATE }
roster.capacity.expert = "capacity"
roster.columns.topics = { column = "topics", split = ";" }
roster.columns.free = { column = "free", split = ";" }

sessions = { count = 1, cadence = "every 1 week" }

[matching.criteria.topics]
kind = "overlap"
column = "topics"
between = ["asker", "expert"]

[matching.rules.other-team]
kind = "different"
column = "department"

[timeline.hello]
when = "match"
to = "asker"
message = "messages/hello"
"""
HELLO = "---\nsubject: Hello\n---\nDear {{ me.name }},\n"
PEOPLE = """\
id,role,department,topics,free,capacity
x1,expert,A,law;tax,Mon 9:00;Mon 9:30;Tue 9:00,2
x2,expert,B,art,Mon 9:00;Mon 9:30;Tue 9:00,3
a1,asker,C,law,Mon 9:00;Mon 9:30;Tue 9:00,
a2,asker,A,art;law,Mon 9:00;Mon 9:30;Tue 9:00,
a3,asker,C,tax,Mon 9:00;Mon 9:30;Tue 9:00,
a4,asker,C,art,,
"""
TIMES = {"Mon 9:00", "Mon 9:30", "Tue 9:00"}


def run(tmp_path, monkeypatch, capfd, *arguments, rotate="false"):
    files = {"people.csv": PEOPLE, "p.toml": PROGRAM.replace("ROTATE", rotate), "messages/hello.md": HELLO}
    program_folder(tmp_path, {**files, "flash_plugin.py": PLUGIN.read_text()})
    monkeypatch.chdir(tmp_path)
    at = [] if "--verify" in arguments else ["--at", "2027-01-11T10:00"]
    assert 0 == run_command(["match", "p.toml", *arguments, *at])
    return capfd.readouterr().out


def test_meetings_go_from_roster_to_json_with_their_slots(tmp_path, monkeypatch, capfd):
    found = json.loads(run(tmp_path, monkeypatch, capfd, "--json"))
    meetings = [(*one["mentees"], *one["mentors"], one["slot"], one["score"]) for one in found["relationships"]]
    assert {("a1", "x1", 100.0), ("a2", "x2", 50.0), ("a3", "x1", 100.0)} == {(a, x, s) for a, x, _, s in meetings if s}
    assert all(slot in TIMES for *_, slot, _ in meetings)
    assert len(meetings) == len({(asker, slot) for asker, _, slot, _ in meetings})
    assert len(meetings) == len({(expert, slot) for _, expert, slot, _ in meetings})
    certificate = found["certificate"]
    assert (3, 3, 250.0, 250.0, True) == tuple(
        certificate[key] for key in ("matched", "matched_bound", "total_score", "total_score_bound", "exact")
    )
    assert ["a4"] == [one["id"] for one in found["unmatched"]]


def test_an_event_fills_the_rounds_and_the_text_says_them(tmp_path, monkeypatch, capfd):
    text = run(tmp_path, monkeypatch, capfd, rotate="true")
    assert "slot" in text.splitlines()[0]
    assert 5 == sum(time in line for line in text.splitlines() for time in TIMES)


def test_a_saved_day_is_proven_again(tmp_path, monkeypatch, capfd):
    run(tmp_path, monkeypatch, capfd, "--out", "day.json")
    assert "250.0" in run(tmp_path, monkeypatch, capfd, "--verify", "day.json")
