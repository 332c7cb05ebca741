from __future__ import annotations

import csv
import json
from pathlib import Path

import cattrs
import pytest

from mentorkit.command_line.boundary import run_command
from mentorkit.core.contracts import Asking, AskingModel, MentoringModel
from mentorkit.core.relationships import Member, Relationship
from mentorkit.core.roster import RosterFacts
from mentorkit.testing import program_folder
from mentorkit_models.reverse import Reverse, ReverseOptions

MODEL = Reverse()
PEOPLE = """\
id,name,level,manager_id,wants,skills
boss,Ada Osei,9,,robots;memes,
vice,Ben Ruiz,8,boss,memes;sailing,
head,Cleo Diaz,5,vice,,
lead,Dev Patel,3,head,,robots
new,Eva Novak,1,lead,,memes
guest,Finn Berg,2,,,robots;memes
"""
PROGRAM = """\
[program]
name = "Upside down"
starts = 2027-01-11
length = "26 weeks"
timezone = "Europe/London"

[roster]
file = "people.csv"
%s

[model]
use = "reverse"

[matching.criteria.topics]
kind = "overlap"
mentee = "wants"
mentor = "skills"

[matching.rules.seniority-gap]
at_most = -2

[matching.rules.outside-reporting-line]
"""


def matched(folder: Path, capfd: pytest.CaptureFixture[str], roster: str, people: str = PEOPLE) -> dict[str, str]:
    """Return who mentors each executive, as `match --json` says."""
    program_folder(folder, {"p.toml": PROGRAM % roster, "people.csv": people})
    assert 0 == run_command(["match", str(folder / "p.toml"), "--json", "--at", "2027-01-11T10:00"])
    document = json.loads(capfd.readouterr().out)
    return {one["mentees"][0]: one["mentors"][0] for one in document["relationships"]}


@pytest.mark.parametrize(
    ("levels", "mentors", "mentees"),
    [
        ([], set(), set()),
        ([3.0], {3.0}, set()),
        ([1.0, 2.0], {1.0}, {2.0}),
        ([1.0, 2.0, 5.0], {1.0, 2.0}, {5.0}),
        ([1.0, 2.0, 5.0, 6.0], {1.0, 2.0}, {5.0, 6.0}),
    ],
)
def test_the_upper_half_of_the_levels_are_mentees(
    levels: list[float], mentors: set[float], mentees: set[float]
) -> None:
    assert {"mentor": mentors, "mentee": mentees} == MODEL.roles_by_level(levels)


def test_executives_named_one_by_one_are_mentored_by_juniors_outside_of_their_line(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    listed = '[roster.roles.mentee]\nid = ["boss", "VICE"]\n[roster.roles.mentor]\nlevel = { at_most = 3 }'
    assert {"boss": "guest"} == matched(tmp_path, capfd, listed)
    assert 0 == run_command(["match", str(tmp_path / "p.toml"), "--explain-unmatched", "--at", "2027-01-11T10:00"])
    assert "outside-reporting-line rules out 2" in capfd.readouterr().out


def test_nobody_mentors_the_manager_of_their_manager(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """`lead` stands two below `vice`: the report of a direct report, who is out of the question by the line alone."""
    listed = '[roster.roles.mentee]\nid = "vice"\n[roster.roles.mentor]\nid = "lead"'
    assert {} == matched(tmp_path, capfd, listed)
    assert {"vice": "lead"} == matched(tmp_path, capfd, listed, PEOPLE.replace("lead,Dev Patel,3,head", "lead,D,3,"))


def test_executives_by_level_are_never_mentored_by_somebody_near_them(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    by_level = "[roster.roles.mentee]\nlevel = { at_least = 3 }\n[roster.roles.mentor]\nlevel = { at_most = 2 }"
    found = matched(tmp_path, capfd, by_level)
    rows = {row["id"]: int(row["level"]) for row in csv.DictReader(PEOPLE.splitlines())}
    assert 1 == len(found)
    assert all(rows[mentor] - rows[mentee] <= -2 for mentee, mentor in found.items())


def test_the_pair_counts_as_who_wants_and_who_offers_and_ends_with_either() -> None:
    members = (Member("junior", "mentor"), Member("boss", "mentee"))
    assert [(members[1], members[0])] == MODEL.counted_pairs(ReverseOptions(), members)
    relationship = Relationship("r", members, 1.0)
    assert {"end"} == {MODEL.on_leaving(ReverseOptions(), relationship, one) for one in ("junior", "boss")}


def test_the_executive_is_asked_first_unless_nobody_is() -> None:
    assert isinstance(MODEL, AskingModel)
    assert isinstance(MODEL, MentoringModel)
    assert Asking(("mentee",), 5) == MODEL.asking(ReverseOptions())
    assert Asking(("mentee",), 10) == MODEL.asking(cattrs.structure({"answer_days": 10}, ReverseOptions))
    assert MODEL.asking(ReverseOptions(ask=False)) is None
    with pytest.raises(ValueError, match="answer_days"):
        ReverseOptions(answer_days=0)


def test_it_suits_leaders_who_meet_new_perspectives_and_needs_juniors() -> None:
    def facts(juniors: int, knowing: int = 10) -> RosterFacts:
        filled = {"manager_id": 1.0, "skills": 1.0, "wants": 1.0}
        sides = {"mentor": juniors, "mentee": 10}
        return RosterFacts(200, sides, sides, 4, filled, knowing={"mentor": knowing}, sponsor=True)

    served = MODEL.fit(["executive-awareness", "inclusion", "career-growth"], facts(10)).goals
    assert {"executive-awareness": 3, "inclusion": 3, "career-growth": 0} == served
    assert () == MODEL.fit([], facts(10)).gates
    assert ["5 mentors offer 5 places for 10 mentees: 5 more are needed"] == [
        one.says for one in MODEL.fit([], facts(5)).gates
    ]
    (few,) = MODEL.fit([], facts(10, 3)).gates
    assert ("3 juniors know a topic that an executive wants; there are 10 executives", True) == (few.says, few.blocks)


def test_without_managers_it_is_no_choice_and_without_a_sponsor_a_doubtful_one() -> None:
    sides = {"mentor": 10, "mentee": 10}

    found = {one.name: one.blocks for one in MODEL.fit([], RosterFacts(20, sides, sides, 4)).gates}

    assert {"reporting-line": True, "sponsor": False} == found
