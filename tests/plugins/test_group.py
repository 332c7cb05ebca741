"""The model `group`: unequal numbers of mentors and mentees, in groups."""

from __future__ import annotations

import json
from collections.abc import Sequence
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from mentorkit.command_line.boundary import run_command
from mentorkit.core.contracts import FacilitatedModel, MentoringModel, OnLeaving
from mentorkit.core.relationships import Member, Relationship
from mentorkit.core.roster import RosterFacts
from mentorkit.testing import program_folder
from mentorkit_models.group import Group, GroupOptions, GroupSize, MentorCount

MODEL = Group()
PROGRAM = """\
[program]
name = "Circles"
starts = 2027-01-11
length = "26 weeks"
timezone = "Europe/London"
%s

[roster]
file = "people.csv"

[model]
use = "group"
"""


def people(mentors: int, mentees: int, managers: dict[str, str] | None = None) -> str:
    """Return a roster of mentors m0, m1, … and mentees e0, e1, … of two departments in turn."""
    lines = ["id,name,email,level,department,manager_id,role"]
    for role, level, letter, count in (("mentor", 4, "m", mentors), ("mentee", 1, "e", mentees)):
        for number in range(count):
            own = f"{letter}{number}"
            department, manager = ("Sales", "IT")[number % 2] if level == 1 else "Board", (managers or {}).get(own, "")
            lines.append(f"{own},{own.upper()},{own}@example.org,{level},{department},{manager},{role}")
    return "\n".join(lines) + "\n"


def matched(
    folder: Path, capfd: pytest.CaptureFixture[str], roster: str, options: str = "", program: str = ""
) -> dict[str, Any]:
    """Return what `match --json` says of a program with these options."""
    program_folder(folder, {"p.toml": PROGRAM % program + options, "people.csv": roster})
    code = run_command(["match", str(folder / "p.toml"), "--json", "--at", "2027-01-11T10:00"])
    said = capfd.readouterr()
    assert 0 == code, said.err
    found: dict[str, Any] = json.loads(said.out)
    return found


def sizes(found: dict[str, Any]) -> list[tuple[int, int]]:
    return sorted((len(one["mentors"]), len(one["mentees"])) for one in found["relationships"])


@pytest.mark.parametrize(
    ("mentors", "mentees", "options", "groups", "spare", "unmatched"),
    [
        (4, 20, "", [(1, 5)] * 4, 0, 0),
        (7, 10, "", [(2, 5), (2, 5)], 3, 0),
        (1, 10, "", [(1, 8)], 0, 2),
        (1, 10, 'options.leftover = "overfull"\n', [(1, 9)], 0, 1),
        (1, 10, 'options.leftover = "peer-circle"\n', [(0, 3), (1, 7)], 0, 0),
        (3, 12, "options.mentees = { min = 3, target = 4, max = 4 }\noptions.mentors.max = 1\n", [(1, 4)] * 3, 0, 0),
    ],
)
def test_unequal_numbers_make_groups_and_nobody_is_dropped_in_silence(
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    mentors: int,
    mentees: int,
    options: str,
    groups: list[tuple[int, int]],
    spare: int,
    unmatched: int,
) -> None:
    found = matched(tmp_path, capfd, people(mentors, mentees), options)

    assert groups == sizes(found)
    assert (spare, unmatched) == (len(found["spare"]), len(found["unmatched"]))
    assert found["certificate"]["matched"] == mentees - unmatched


def test_departments_are_spread_and_nobody_sits_with_their_manager(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    managers = {"e1": "e0", "e2": "m0", "e5": "e4"}

    found = matched(tmp_path, capfd, people(2, 10, managers))

    together = [{*one["mentors"], *one["mentees"]} for one in found["relationships"]]
    assert 2 == len(together)
    assert not [pair for pair in managers.items() if any(set(pair) <= group for group in together)]
    for group in together:
        assert len([one for one in group if one[0] == "e" and int(one[1:]) % 2]) in (2, 3)


def test_too_few_for_a_group_are_refused_and_pairs_are_proposed(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    program_folder(tmp_path, {"p.toml": PROGRAM % "", "people.csv": people(2, 2)})

    assert 2 == run_command(["check", str(tmp_path / "p.toml"), "--at", "2027-01-11T10:00"])

    said = capfd.readouterr().err
    assert "error[groups-too-few]: 2 people want a mentor, and a group has at least 3 of them" in said
    assert 'model.use = "one-on-one"' in said


@pytest.mark.parametrize(
    ("mentors", "mentees", "managers"),
    [
        (3, 3, {"e0": "m0", "e1": "m1", "e2": "m2"}),  # every mentor may lead two of them
        (2, 4, {"e1": "e0", "e2": "e1", "e3": "e2"}),  # of any three, one is above another
    ],
)
def test_who_cannot_sit_in_any_group_of_that_size_is_told_that_they_are_too_few(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], mentors: int, mentees: int, managers: dict[str, str]
) -> None:
    found = matched(tmp_path, capfd, people(mentors, mentees, managers))

    assert ([], mentees) == (found["relationships"], len(found["unmatched"]))
    for one in found["unmatched"]:
        assert {"rule": "too-few", "blocks": 2} == one["reasons"][0]
        assert not {"capacity", "not-chosen"} & {why["rule"] for why in one["reasons"]}


def test_mentors_are_not_told_of_groups_where_there_are_none(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    managers = {"e0": "m0", "e1": "m1", "e2": "m2"}
    coordinator = 'coordinator = "office@example.org"'
    program_folder(tmp_path, {"p.toml": PROGRAM % coordinator, "people.csv": people(3, 3, managers)})

    assert 0 == run_command(["run", str(tmp_path / "p.toml"), "--simulate", "--folder", str(tmp_path / "played")])

    mails = [
        " ".join(mail.get_content().split())
        for file in (tmp_path / "played").rglob("*.eml")
        if "You stand by" in (mail := message_from_bytes(file.read_bytes(), policy=default))["subject"]
        and (mail := mail.get_body(("plain",)))
    ]
    assert 3 == len(mails), capfd.readouterr().err
    assert not [text for text in mails if "Every group has somebody" in text]
    assert all("No group needs another person to lead it at present" in text for text in mails)


def test_who_is_left_beside_a_group_is_not_told_that_they_are_too_few(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    found = matched(tmp_path, capfd, people(2, 4, {"e0": "m0", "e1": "m1"}))

    assert 1 == len(found["relationships"])
    assert ["not-chosen"] == [why["rule"] for why in found["unmatched"][0]["reasons"]][:1]


def test_too_few_are_no_problem_while_people_can_still_sign_up(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    program = "opens = 2027-01-04\nsignup_closes = 2027-01-11\n"

    found = matched(tmp_path, capfd, people(2, 2), program=program)

    assert [] == found["relationships"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("options.mentees = { min = 6, target = 5, max = 8 }", "min, target and max must not fall"),
        ("options.mentors = { min = 3, max = 2 }", "min must not be more than max"),
        ('options.leftover = "nobody"', "leftover"),
        ("options.spread = { departmnt = 5 }", "departmnt"),
    ],
)
def test_options_that_cannot_be_are_errors_at_their_place(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], options: str, told: str
) -> None:
    program_folder(tmp_path, {"p.toml": f"{PROGRAM % ''}{options}\n", "people.csv": people(2, 8)})

    assert 2 == run_command(["check", str(tmp_path / "p.toml"), "--at", "2027-01-11T10:00"])

    said = capfd.readouterr().err
    assert told in said
    assert "p.toml:13:" in said


def members(mentors: Sequence[str], mentees: Sequence[str]) -> tuple[Member, ...]:
    return (*(Member(one, "mentor") for one in mentors), *(Member(one, "mentee") for one in mentees))


def test_mentors_lead_in_turn_and_members_of_a_circle_do() -> None:
    assert isinstance(MODEL, FacilitatedModel)
    assert isinstance(MODEL, MentoringModel)
    led, circle = members("ab", "xyz"), members("", "xyz")

    assert ["a", "b", "a"] == [MODEL.facilitator(GroupOptions(), led, number) for number in (1, 2, 3)]
    assert ["x", "y", "z", "x"] == [MODEL.facilitator(GroupOptions(), circle, number) for number in (1, 2, 3, 4)]
    assert "" == MODEL.facilitator(GroupOptions(), (), 1)


@pytest.mark.parametrize(
    ("mentees", "leaves", "then"),
    [("xyz", "a", "refill"), ("xyz", "x", "refill"), ("xy", "x", "end"), ("x", "a", "refill")],
)
def test_a_group_gets_somebody_else_while_two_mentees_are_left(mentees: str, leaves: str, then: str) -> None:
    group = Relationship("r", members("a", mentees), 80.0)

    assert then == MODEL.on_leaving(GroupOptions(), group, leaves)


@pytest.mark.parametrize("leaves", ["a", "x"])
@pytest.mark.parametrize("answer", ["continue", "end"])
def test_a_group_may_go_on_without_or_end(answer: OnLeaving, leaves: str) -> None:
    group = Relationship("r", members("a", "xyz"), 80.0)

    assert answer == MODEL.on_leaving(GroupOptions(on_leaving=answer), group, leaves)


def test_every_mentee_counts_with_every_mentor_and_nobody_in_a_circle() -> None:
    pairs = [(a.person, b.person) for a, b in MODEL.counted_pairs(GroupOptions(), members("ab", "xy"))]

    assert [("x", "a"), ("x", "b"), ("y", "a"), ("y", "b")] == pairs
    assert [] == MODEL.counted_pairs(GroupOptions(), members("", "xy"))


def test_options_have_the_usual_sizes() -> None:
    options = GroupOptions()

    assert (GroupSize(3, 5, 8), MentorCount(1, 2), "waitlist") == (options.mentees, options.mentors, options.leftover)
    assert ("department",) == MODEL.columns(options)


def test_it_suits_many_with_few_mentors_and_no_handful() -> None:
    def facts(mentors: int, mentees: int) -> RosterFacts:
        filled = {"manager_id": 1.0, "skills": 1.0, "wants": 1.0, "department": 1.0}
        return RosterFacts(200, {"mentor": mentors, "mentee": mentees}, {"mentor": mentors}, 4, filled)

    found = MODEL.fit(["reach", "confidential"], facts(10, 50))
    assert {"reach": 3, "confidential": 0} == found.goals
    assert ((), 1) == (found.gates, sum(one.points for one in found.modifiers))
    assert ["mentors"] == [gate.name for gate in MODEL.fit([], facts(5, 50)).gates]
    assert ["mentees"] == [gate.name for gate in MODEL.fit([], facts(5, 5)).gates]
