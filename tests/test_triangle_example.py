"""The example of a model of one's own: what its README says is so, alone and inside a scope."""

from __future__ import annotations

import csv
import re
import shutil
from email import message_from_bytes
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from mentorkit.core.contracts import MentoringModel
from mentorkit.core.history import History
from mentorkit.core.plan import Plan
from mentorkit.core.planning.deciding import make_plan
from mentorkit.core.relationships import Matching, Member, Relationship
from mentorkit.core.roster import RosterFacts
from mentorkit.opening import Opened, open_program
from mentorkit.running.simulating import Simulation, simulate

EXAMPLE = Path(__file__).parent.parent / "examples" / "triangle"
each_program = pytest.mark.parametrize("name", ["program", "networks"])


@cache
def opened(name: str) -> Opened:
    return open_program(EXAMPLE / f"{name}.toml", at="2027-01-04")


@cache
def plan(name: str) -> Plan:
    one = opened(name)
    return make_plan(one.program, one.roster, one.catalogue, History(), one.at).plan


def matching(name: str) -> Matching:
    made = plan(name).matching
    assert made is not None
    return made


def model() -> MentoringModel:
    return opened("program").catalogue.models["triangle"].implementation


@each_program
def test_check_only_says_that_it_loads_local_code(name: str) -> None:
    assert ["local-code"] == [one.code for one in opened(name).diagnostics]


@each_program
def test_every_triangle_has_one_of_each_and_nobody_in_the_line_of_another(name: str) -> None:
    managers = {one.id: one.text("manager_id") for one in opened(name).roster.people}

    def above(person: str) -> set[str]:
        boss = managers.get(person, "")
        return {boss} | above(boss) if boss else set()

    found = matching(name).relationships
    assert found
    for triangle in found:
        assert ["executive", "manager", "junior"] == [one.role for one in triangle.members]
        assert not any(one in above(other) for one in triangle.people() for other in triangle.people())


def test_as_many_as_the_readme_says_and_none_could_be_better() -> None:
    said = re.search(r"makes (\d+) triangles of (\d+) juniors, (\d+) managers", (EXAMPLE / "README.md").read_text())
    assert said is not None
    roster = opened("program").roster
    counted = (len(matching("program").relationships), len(roster.in_role("junior")), len(roster.in_role("manager")))
    assert counted == tuple(map(int, said.groups()))
    assert (True, 0) == (matching("program").certificate.exact, matching("program").certificate.gap)


def test_inside_the_scope_juniors_are_members_who_consented_and_the_others_anybody() -> None:
    with (EXAMPLE / "networks.csv").open(newline="") as file:
        consented = {row["id"] for row in csv.DictReader(file) if row["may be used for matching"] == "yes"}
    by_role: dict[str, set[str]] = {}
    for triangle in matching("networks").relationships:
        for one in triangle.members:
            by_role.setdefault(one.role, set()).add(one.person)
    assert by_role["junior"] <= consented
    assert not by_role["manager"] <= consented
    assert not by_role["executive"] <= consented
    assert {"erg"} == {reason.rule for one in matching("networks").unmatched for reason in one.reasons}


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Simulation, Path]:
    """Return the program with networks, played to its end, and the folder that it was played in."""
    folder = tmp_path_factory.mktemp("networks")
    shutil.copytree(EXAMPLE, folder, dirs_exist_ok=True)
    one = open_program(folder / "networks.toml", at="2027-01-04")
    return simulate(one, folder / "networks.sim"), folder / "networks.sim"


def test_it_plays_to_its_end(played: tuple[Simulation, Path]) -> None:
    outcome, history = played[0].outcome, played[0].history
    assert ((), (), ()) == (outcome.failed, outcome.unprepared, outcome.in_doubt)
    assert {"announcement", "matching-summary", "not-yet", "reminder", "closing"} == {
        known.step for known in history.transmissions.values()
    }


def test_no_network_is_named_in_anything_that_is_written(played: tuple[Simulation, Path]) -> None:
    files = {path: content(path).lower() for path in played[1].rglob("*") if path.is_file()}
    assert len(files) > 100
    for word in (b"new parents", b"young professionals", b"green team"):
        assert [] == [path for path, found in files.items() if word in found]


def content(path: Path) -> bytes:
    """Return a file's bytes, and those of a mail as its reader sees them."""
    if path.suffix != ".eml":
        return path.read_bytes()
    return b"".join(part.get_payload(decode=True) or b"" for part in message_from_bytes(path.read_bytes()).walk())  # type: ignore[misc]


def test_levels_alone_divide_people_when_nobody_says_roles() -> None:
    whole: dict[str, Any] = dict(model().roles_by_level([1, 2, 3, 9]))
    assert {"executive": {9}, "manager": {2, 3}, "junior": {1}} == whole
    assert {"executive": set(), "manager": set(), "junior": {1}} == model().roles_by_level([1])


def test_it_ends_with_its_junior_and_goes_on_without_others() -> None:
    members = (Member("1", "executive"), Member("2", "manager"), Member("3", "junior"))
    triangle = Relationship("r", members, 1.0)
    assert ["continue", "continue", "end"] == [model().on_leaving(None, triangle, one) for one in ("1", "2", "3")]
    assert [("3", "1"), ("3", "2")] == [(a.person, b.person) for a, b in model().counted_pairs(None, members)]


def test_it_suits_leaders_who_want_to_know_more_and_needs_all_three_roles() -> None:
    full = RosterFacts(9, {}, {"executive": 3, "manager": 3, "junior": 3})
    assert {"executive-awareness": 3} == model().fit(["executive-awareness"], full).goals
    assert {"networks": 3, "quick-win": 0} == model().fit(["networks", "quick-win"], full).goals
    assert not model().fit(["networks"], full).blocked
    assert model().fit(["networks"], RosterFacts(9, {}, {"manager": 3, "junior": 3})).blocked
