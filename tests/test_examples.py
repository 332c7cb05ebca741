"""The shipped examples: what their README says is so."""

from __future__ import annotations

import csv
import json
import re
import runpy
import shutil
from collections import Counter
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from mentorkit.command_line.boundary import run_command
from mentorkit.core.history import History, KnownRelationship
from mentorkit.core.plan import Plan
from mentorkit.core.planning.deciding import make_plan
from mentorkit.core.relationships import Matching
from mentorkit.core.zones import person_zone, to_local
from mentorkit.opening import Opened, open_program
from mentorkit.running.composing import make_composer
from mentorkit.running.simulating import Simulation, simulate

pytestmark = pytest.mark.uncounted

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
TEMPLATE = ROOT / "program-templates" / "mentorkit_templates" / "traditional-one-on-one"
PROMISE = r"gets (\d+) in 24 weeks, a mentor with one mentee (\d+): .* at most (\d+) more"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_roster_is_what_the_script_makes_of_the_plain_one(tmp_path: Path) -> None:
    source = EXAMPLES / "adventureworks"
    for name in ("add_signups.py", "adventureworks.csv"):
        shutil.copy(source / name, tmp_path)

    runpy.run_path(str(tmp_path / "add_signups.py"), run_name="__main__")

    assert (source / "people.csv").read_bytes() == (tmp_path / "people.csv").read_bytes()


def test_only_answers_were_added_to_real_people() -> None:
    plain = rows(EXAMPLES / "adventureworks" / "adventureworks.csv")
    added = ("skills", "languages", "role", "wants", "capacity")

    for before, after in zip(plain, rows(EXAMPLES / "adventureworks" / "people.csv"), strict=True):
        assert {name: cell for name, cell in before.items() if name not in added} == {
            name: cell for name, cell in after.items() if name not in added
        }
        assert after["role"] or not any(after[name] for name in added)


@cache
def opened(name: str) -> Opened:
    return open_program(EXAMPLES / name / "program.toml", at="2027-01-04")


@cache
def plan(name: str) -> Plan:
    one = opened(name)
    return make_plan(one.program, one.roster, one.catalogue, History(), one.at).plan


def matching(name: str) -> Matching:
    made = plan(name).matching
    assert made is not None
    return made


each_example = pytest.mark.parametrize("name", ["adventureworks", "civil-service", "pilot"])


@pytest.mark.parametrize(
    ("name", "notes"),
    [
        ("adventureworks", {"step-left-out", "events-later"}),
        ("civil-service", {"step-left-out", "default-left-out"}),
        ("pilot", None),
    ],
    ids=["adventureworks", "civil-service", "pilot"],
)
def test_check_has_nothing_to_complain_about(name: str, notes: set[str] | None) -> None:
    found = opened(name).diagnostics
    assert {"note"} == {one.severity for one in found}
    assert notes is None or notes == {one.code for one in found}


@each_example
def test_the_matching_is_proven_to_be_the_best(name: str) -> None:
    certificate = matching(name).certificate

    assert certificate.exact
    assert 0 == certificate.gap


@each_example
def test_every_session_finds_a_time(name: str) -> None:
    made = plan(name)

    assert () == made.schedule.unplaced
    assert 7 * len(matching(name).relationships) == len(made.schedule.sessions)


def test_sessions_across_zones_fall_into_the_hours_of_both_sides() -> None:
    one, made = opened("adventureworks"), plan("adventureworks")
    zones = {person.id: person_zone(person, one.program.timezone) for person in one.roster.participants}
    locals_abroad = [
        to_local(session.starts, zones[person])
        for session in made.schedule.sessions
        for person in session.people
        if zones[person].startswith(("Europe/", "Australia/"))
    ]

    assert locals_abroad
    assert {(8 <= local.hour < 19, local.weekday() < 5) for local in locals_abroad} == {(True, True)}


def test_some_stay_without_a_partner_and_all_of_them_are_told() -> None:
    unmatched = matching("adventureworks").unmatched
    made = plan("adventureworks")
    told = {one.recipient.id for one in (*made.due, *made.later) if one.step == "unmatched-notice"}

    assert 0 < len(unmatched) < 10
    assert all(one.reasons for one in unmatched)
    assert {one.person for one in unmatched} == told


def test_pairs_to_keep_apart_are_apart() -> None:
    apart = {frozenset(row.values()) for row in rows(EXAMPLES / "adventureworks" / "keep-apart.csv")}
    pairs = {frozenset(one.people()) for one in matching("adventureworks").relationships}

    assert 2 == len(apart)
    assert not apart & pairs


@each_example
def test_every_message_of_the_whole_program_can_be_written(name: str) -> None:
    one, made = opened(name), plan(name)
    published = [KnownRelationship(known, "published", one.at) for known in matching(name).relationships]
    compose = make_composer(one.program, one.roles, one.roster, published, made.schedule.sessions)

    for transmission in (*made.due, *made.later):
        message = compose(transmission)
        assert message is not None
        assert message.subject
        assert "{{" not in message.text
        assert "None" not in message.text


def test_the_message_beside_the_program_takes_the_place_of_the_template_s() -> None:
    by_name = {step.name: step.message for step in opened("adventureworks").program.timeline}
    mentee = by_name["kick-off"].pick("mentee", "en")
    mentor = by_name["kick-off"].pick("mentor", "en")

    assert mentee is not None
    assert mentor is not None
    assert "Before your first ride" == mentee.subject
    assert "Your first session is coming up" == mentor.subject


def test_the_program_changes_what_the_template_says_and_keeps_the_rest() -> None:
    program = opened("adventureworks").program
    weights = {criterion.name: criterion.weight for criterion in program.matching.criteria}

    assert {"skills": 50, "level": 20, "languages": 15, "department": 10} == weights
    assert {"seniority-gap", "outside-reporting-line", "keep-apart"} == {rule.name for rule in program.matching.rules}
    assert "3 weeks" == str(program.series[0].cadence[-1])
    assert "road captain" == program.words["mentor"]


@cache
def played() -> tuple[Simulation, dict[tuple[str, str], Counter[str]]]:
    """Play the pilot to its end; return that, and who got which step how often in which role."""
    with TemporaryDirectory() as folder:
        simulation = simulate(opened("pilot"), Path(folder) / "pilot.sim")
    ids = {number: person for person, number in simulation.history.numbers.items()}
    got: dict[tuple[str, str], Counter[str]] = {}
    for known in simulation.history.transmissions.values():
        assert "sent" == known.state
        got.setdefault((ids[known.number], known.key.split(".")[3]), Counter())[known.step] += 1
    return simulation, got


def test_a_whole_program_goes_out_without_a_failure() -> None:
    outcome = played()[0].outcome

    assert 500 < len(outcome.sent)
    assert ((), (), (), (), ()) == (
        outcome.failed, outcome.unprepared, outcome.unreached, outcome.in_doubt, outcome.expired,
    )  # fmt: skip


def test_nobody_gets_more_mail_than_the_template_promises() -> None:
    readme = (TEMPLATE / "README.md").read_text(encoding="utf-8")
    for_mentees, for_mentors, more = map(int, re.findall(PROMISE, " ".join(readme.split()))[0])
    one = opened("pilot")
    asking = {step.name for step in one.program.timeline if step.condition}
    pairs = Counter(person for known in played()[0].history.relationships for person in known.relationship.people())
    unasked = {
        who: sum(number for step, number in steps.items() if step not in asking) for who, steps in played()[1].items()
    }

    single = {who: number for who, number in unasked.items() if pairs[who[0]] == 1}
    assert {"mentee": for_mentees, "mentor": for_mentors} == {
        role: max(number for (_, own), number in single.items() if own == role) for role in ("mentee", "mentor")
    }
    assert max(sum(map(steps.__getitem__, asking)) for steps in played()[1].values()) <= more


def test_a_pair_never_gets_two_messages_on_one_day() -> None:
    one, made = opened("pilot"), plan("pilot")
    asking = {step.name for step in one.program.timeline if step.condition}
    pairs = Counter(person for known in matching("pilot").relationships for person in known.people())
    days = Counter(
        (each.recipient.id, to_local(each.due, each.zone).date())
        for each in (*made.due, *made.later)
        if each.step not in asking and pairs[each.recipient.id] == 1
    )

    assert 100 < len(days)
    assert {1} == set(days.values())


def test_answers_of_the_first_weeks_end_two_pairs_and_the_intake_fills_their_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(EXAMPLES / "adventureworks", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)

    codes = [run_command(["run", "program.toml", "--at", f"{day}T10:00"]) for day in ("2027-01-11", "2027-02-08")]

    _, _, second = capfd.readouterr().out.partition("2027-02-08")
    assert [0, 0] == codes
    assert "2 relationships ended (declined, left)" in second
    assert "5 early-end" in second
    assert "published 2 relationships" in second


def checked(capfd: pytest.CaptureFixture[str], program: str) -> tuple[int, str]:
    """Check a messy export; return the exit code, and what is told."""
    code = run_command(["check", str(EXAMPLES / "messy-exports" / program), "--at", "2027-01-04"])
    return code, capfd.readouterr().err


@pytest.mark.parametrize(("program", "code"), [("acas.toml", 0), ("mentor-terms.toml", 2)])
def test_a_messy_export_is_told_what_to_ask_hr_for(capfd: pytest.CaptureFixture[str], program: str, code: int) -> None:
    found, told = checked(capfd, program)
    readme = (EXAMPLES / "messy-exports" / "README.md").read_text(encoding="utf-8")

    assert code == found
    assert "ask HR" in told
    for line in re.findall(r"^    (?:acas|mentor-terms)\S*: (?:error|warning)\[.*$", readme, re.MULTILINE):
        if line.split(":")[0].strip().removesuffix(".csv").removesuffix(".toml") in program:
            assert line.strip() in told


def test_the_sign_up_sheets_become_a_program_that_runs_to_its_end(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    program, folder = str(EXAMPLES / "civil-service" / "program.toml"), str(tmp_path / "played")

    assert 0 == run_command(["run", program, "--simulate", "--folder", folder])

    assert re.search(r"relationships +50\n", capfd.readouterr().out)
    assert (tmp_path / "played" / "report.html").is_file()


def test_a_directory_and_a_file_of_requests_become_a_program_that_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(EXAMPLES / "mentor-directory", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)

    first = run_command(["run", "program.toml", "--at", "2027-01-11T12:00"])
    assert "2 requested" in capfd.readouterr().out
    asked = [path.name for path in (tmp_path / "program.run" / "outbox").glob("*.ask.*")]
    accepted = run_command(["record", "program.toml", "accepted", "--person", "FA143", "--at", "2027-01-13T09:00"])
    second = run_command(["run", "program.toml", "--at", "2027-01-13T18:00"])
    capfd.readouterr()
    third = run_command(["status", "program.toml", "--at", "2027-01-13T18:01", "--json"])
    document = capfd.readouterr().out

    assert (0, 0, 0, 0) == (first, accepted, second, third)
    assert 2 == len(asked)
    assert "cobol" in document
    assert 2 == (tmp_path / "program.run" / "matches.csv").read_text().count(",active")


def matched_across_departments(capfd: pytest.CaptureFixture[str], program: str, *arguments: str) -> dict[str, Any]:
    path = EXAMPLES / "civil-service" / program
    assert 0 == run_command(["match", str(path), "--at", "2027-01-04", "--json", *arguments])
    found: dict[str, Any] = json.loads(capfd.readouterr().out)
    return found


def as_told(found: dict[str, Any]) -> str:
    """Return total and lowest score as cells of the table in the README."""
    lowest = min(one["score"] for one in found["relationships"])
    return f"{found['certificate']['total_score']:,.1f} | {lowest:.1f} |"


def test_two_promises_across_departments_come_to_what_the_readme_says(capfd: pytest.CaptureFixture[str]) -> None:
    best = matched_across_departments(capfd, "program.toml", "--trade-off")
    stable = matched_across_departments(capfd, "stable.toml")
    readme = (EXAMPLES / "civil-service" / "README.md").read_text(encoding="utf-8")
    trade = best["trade_off"][1]

    for program, found in (("program.toml", best), ("stable.toml", stable)):
        (row,) = (line for line in readme.splitlines() if line.startswith(f"| `{program}`"))
        assert as_told(found) in row
    assert ("worst-off", "total-score", True) == (trade["objective"], trade["costs"], trade["proven"])
    assert f"{trade['amount']:,.1f} points of {trade['without']:,.1f}" in readme
    assert 0 == stable["certificate"]["extra"]["blocking_pairs"]


@pytest.mark.parametrize("program", ["program.toml", "stable.toml"])
def test_every_department_and_grade_is_compared(capfd: pytest.CaptureFixture[str], program: str) -> None:
    audits = matched_across_departments(capfd, program)["audit"]

    assert ["department", "level"] == [one["column"] for one in audits]
    assert 6 == len(audits[0]["groups"])
    assert {1.0} == {group["match_rate"] for one in audits for group in one["groups"]}
