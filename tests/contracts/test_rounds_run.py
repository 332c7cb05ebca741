"""A model in rounds in one local file, from roster to ledger over several runs, and played to its end."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from mentorkit.command_line.boundary import run_command
from mentorkit.testing import program_folder

PLUGIN = Path(__file__).with_name("coffee_plugin.py")
PROGRAM = """\
program = { name = "Coffee", starts = 2027-01-11, length = "8 weeks", timezone = "Europe/Oslo" }
plugins.files = ["coffee_plugin.py"]
roster.file = "people.csv"
model.use = "coffee"
sessions = { count = 1 }

[timeline.meet]
when = "match"
to = "guest"
message = "messages/meet"

[timeline.how-was-it]
when = "session + 1 day"
to = "guest"
message = "messages/how"

[timeline.goodbye]
when = "relationship-end"
to = "guest"
message = "messages/how"
"""
MEET = """---
subject: Meet {{ partners | map(attribute='name') | join(' and ') }}
---
Dear {{ me.name }}, you have until {{ relationship.ends }}.
{% if session and session.facilitator %}
{{ "you host" if session.facilitating else session.facilitator.name ~ " hosts" }}
{% endif %}
"""
HOW = "---\nsubject: How was it\n---\nDear {{ me.name }},{{ ' over' if relationship.ended }}\n"
PEOPLE = "id,name,email\n" + "".join(f"p{n},Person {n},p{n}@example.org\n" for n in range(1, 7))
ROUNDS = ("2027-01-11", "2027-01-25", "2027-02-08", "2027-02-22")

Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    files = {"p.toml": PROGRAM, "messages/meet.md": MEET, "messages/how.md": HOW, "people.csv": PEOPLE}
    program_folder(tmp_path, {**files, "coffee_plugin.py": PLUGIN.read_text()})
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, code: int = 0) -> str:
        assert code == run_command([arguments[0], "p.toml", *arguments[1:]])
        return capfd.readouterr().out

    return run


def relationships(folder: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    with (folder / "matches.csv").open() as file:
        for row in csv.DictReader(file):
            one = found.setdefault(row["relationship"], {"people": [], **row})
            one["people"].append(row["person"])
    return found


def met(folder: Path) -> Counter[tuple[str, ...]]:
    groups = (one["people"] for one in relationships(folder).values())
    return Counter(pair for people in groups for pair in combinations(sorted(people), 2))


def test_every_round_has_relationships_of_its_own_and_nobody_meets_again(run: Run, tmp_path: Path) -> None:
    for number, day in enumerate(ROUNDS, 1):
        run("run", "--at", f"{day}T10:00")
        found = relationships(tmp_path / "p.run")
        assert 3 * number == len(found)
        ends = Counter((one["starts"], one["ends"], one["state"]) for one in found.values())
        assert 3 == sum(count for (starts, _, state), count in ends.items() if starts == day and state == "active")
        assert 3 * (number - 1) == sum(count for (*_, state), count in ends.items() if state == "ended (completed)")
    assert {1} == set(met(tmp_path / "p.run").values())
    ends = {(one["starts"], one["ends"]) for one in relationships(tmp_path / "p.run").values()}
    assert {("2027-01-11", "2027-01-24"), ("2027-02-22", "2027-03-07")} <= ends
    with (tmp_path / "p.run" / "schedule.csv").open() as file:
        sessions = list(csv.DictReader(file))
    last = {one: of["ends"] for one, of in relationships(tmp_path / "p.run").items()}
    assert 12 == len(sessions)
    assert all(one["starts_utc"][:10] <= last[one["relationship"]] for one in sessions)


def test_a_round_that_no_run_came_to_is_not_made_up_for(run: Run, tmp_path: Path) -> None:
    run("run", "--at", "2027-01-11T10:00")
    run("run", "--at", "2027-02-20T10:00")
    assert {"2027-01-11", "2027-02-20"} == {one["starts"] for one in relationships(tmp_path / "p.run").values()}
    assert {"2027-01-24", "2027-02-21"} == {one["ends"] for one in relationships(tmp_path / "p.run").values()}
    before = relationships(tmp_path / "p.run")
    run("run", "--at", "2027-02-21T10:00")
    assert before.keys() == relationships(tmp_path / "p.run").keys()


def test_plan_and_status_name_the_next_round(run: Run) -> None:
    at = ("--at", "2027-01-11T10:00")
    assert "next round: round-2 on Mon 2027-01-25, until Sun 2027-02-07" in run("plan", *at)
    assert "round-2" == json.loads(run("plan", "--json", *at))["next_round"]["key"]
    run("run", *at)
    assert "next round" in run("status", *at)
    later = json.loads(run("status", "--json", "--at", "2027-02-03T10:00"))
    assert {"key": "round-3", "on": "2027-02-08", "until": "2027-02-21"} == later["next_round"]
    assert "6 relationships have come to their last day" not in run("plan", *at)
    text = run("plan", "--at", "2027-01-25T10:00")
    assert "3 relationships have come to their last day" in text
    assert 3 == text.count("  2027-01-24  r")
    assert "became known" not in text


def test_who_joins_between_rounds_waits_for_the_next_or_is_taken_in_by_hand(run: Run, tmp_path: Path) -> None:
    run("run", "--at", "2027-01-11T10:00")
    (tmp_path / "people.csv").write_text(PEOPLE + "p7,Person 7,\np8,Person 8,\n")
    run("run", "--at", "2027-01-13T10:00")
    assert 3 == len(relationships(tmp_path / "p.run"))
    run("publish", "--fill", "--at", "2027-01-14T10:00")
    (new,) = (one for one in relationships(tmp_path / "p.run").values() if one["starts"] == "2027-01-14")
    assert (["p7", "p8"], "2027-01-24") == (sorted(new["people"]), new["ends"])


def test_it_plays_to_its_end_with_all_its_messages(run: Run, tmp_path: Path) -> None:
    run("run", "--simulate", "--world", "ideal")
    found = relationships(tmp_path / "p.sim")
    assert Counter({f"{day}": 3 for day in ROUNDS}) == Counter(one["starts"] for one in found.values())
    assert {"ended (completed)"} == {one["state"] for one in found.values() if one["starts"] != ROUNDS[-1]}
    assert {1} == set(met(tmp_path / "p.sim").values())
    sent = Counter(path.name.split(".")[1] for path in (tmp_path / "p.sim" / "outbox").iterdir())
    assert {"meet": 24, "how-was-it": 24, "goodbye": 24} == sent


def test_a_series_that_is_too_long_for_a_round_is_told(run: Run, tmp_path: Path) -> None:
    longer = PROGRAM.replace("{ count = 1 }", '{ count = 3, cadence = "1 week" }')
    (tmp_path / "p.toml").write_text(longer)
    (told,) = (one for one in json.loads(run("check", "--json"))["problems"] if one["severity"] == "warning")
    assert ("session-past-end", "sessions.count") == (told["code"], told["path"])
    assert "session 3 of 3 would lie after the round's last day, 2027-01-24" == told["message"]
    (tmp_path / "p.toml").write_text(longer.replace("count = 3", "count = 2"))
    assert not [one for one in json.loads(run("check", "--json"))["problems"] if one["severity"] == "warning"]


def test_rounds_and_intakes_exclude_each_other(run: Run, tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text(PROGRAM + '[matching]\nintake = "monthly"\nrematch = "everyone"\n')
    told = json.loads(run("check", "--json", code=2))
    assert ["matching.intake", "matching.rematch"] == [
        one["path"] for one in told["problems"] if one["code"] == "rounds-and-intakes"
    ]


def test_messages_and_calendars_say_who_leads(run: Run, tmp_path: Path) -> None:
    run("run", "--at", "2027-01-11T10:00")
    hosts = {min(one["people"]) for one in relationships(tmp_path / "p.run").values()}
    names = {f"Person {one[1:]}" for one in hosts}
    mails = [path.read_text() for path in sorted((tmp_path / "p.run" / "outbox").iterdir())]
    assert 3 == sum("you host" in one for one in mails)
    assert all("you have until Sunday 24 January 2027." in one for one in mails)
    assert names == {name for name in names if any(f"{name} hosts" in one for one in mails)}
    for host in hosts:
        calendar = (tmp_path / "p.run" / "calendars" / f"{host}.ics").read_text()
        assert f"Facilitator: Person {host[1:]}" in calendar.replace("\n ", "")


def test_who_is_left_over_in_a_round_hears_of_it_each_time_and_once(run: Run, tmp_path: Path) -> None:
    odd = PROGRAM.replace(
        'model.use = "coffee"', 'model = { use = "peer", options = { odd = "leave-out", rounds = "2 weeks" } }'
    )
    odd = odd.replace('to = "guest"', 'to = "matched"')
    sorry = '[timeline.sorry]\nwhen = "match + 0 days at 09:00"\nto = "unmatched"\nmessage = "messages/how"\n'
    (tmp_path / "p.toml").write_text(odd + sorry)
    (tmp_path / "messages" / "how.md").write_text("---\nsubject: How was it\n---\nDear {{ me.name }}\n")
    (tmp_path / "people.csv").write_text(PEOPLE + "p7,Person 7,\n")
    alone = []
    for number, day in enumerate(ROUNDS, 1):
        run("run", "--at", f"{day}T10:00")
        run("run", "--at", f"{day}T18:00")
        told = [path.name for path in (tmp_path / "p.run" / "outbox").iterdir() if ".sorry." in path.name]
        assert number == len(told)
        here = [one["people"] for one in relationships(tmp_path / "p.run").values() if one["starts"] == day]
        alone.append({f"p{n}" for n in range(1, 8)} - {person for people in here for person in people})
    assert [1] * 4 == [len(one) for one in alone]
    sent = {path.name.split(".")[2] for path in (tmp_path / "p.run" / "outbox").iterdir() if ".sorry." in path.name}
    assert len(frozenset().union(*alone)) == len(sent)
