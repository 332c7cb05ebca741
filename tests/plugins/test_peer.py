from __future__ import annotations

import csv
import json
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import cattrs
import pytest

from mentorkit.command_line.boundary import run_command
from mentorkit.core.contracts import FacilitatedModel, MentoringModel, RoundsModel, VariableModel
from mentorkit.core.relationships import Member, Relationship
from mentorkit.core.roster import RosterFacts
from mentorkit.testing import program_folder
from mentorkit_models.peer import CircleSize, Peer, PeerOptions

MODEL = Peer()
NAMES = ["ada", "ben", "cy", "dee", "eli", "flo", "gus", "hal", "ida", "jo", "kim"]
PEOPLE = "id,name,level,manager_id,wants,skills,hire_date,email\n" + "".join(
    f"{name},{name.title()},{2 + number % 2},{'ada' if number == 5 else ''},robots,robots;memes,"
    f"{'2027-01-05' if number < 3 else '2015-01-01'},{name}@example.org\n"
    for number, name in enumerate(NAMES)
)
PROGRAM = """\
[program]
name = "Side by side"
starts = 2027-01-11
length = "12 weeks"
timezone = "Europe/London"

[roster]
file = "people.csv"
%s

[model]
use = "peer"
options = { %s }

[matching.rules.outside-reporting-line]
"""


def a_folder(folder: Path, options: str, roster: str = "", more: str = "") -> str:
    program_folder(folder, {"p.toml": PROGRAM % (roster, options) + more, "people.csv": PEOPLE})
    return str(folder / "p.toml")


def matched(folder: Path, capfd: pytest.CaptureFixture[str], options: str, roster: str = "") -> dict[str, object]:
    assert 0 == run_command(["match", a_folder(folder, options, roster), "--json", "--at", "2027-01-11T10:00"])
    found: dict[str, object] = json.loads(capfd.readouterr().out)
    return found


def sizes(found: dict[str, object]) -> list[int]:
    return sorted(len(one["members"]) for one in found["relationships"])  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("options", "matcher", "expected"),
    [
        ("", "peers", [2, 2, 2, 2, 3]),
        ('odd = "leave-out"', "peers", [2, 2, 2, 2, 2]),
        ('form = "circles"', "circles", [5, 6]),
        ('form = "circles", circle = { target = 3, max = 4 }', "circles", [3, 4, 4]),
        ('rounds = "every 2 weeks"', "rotation", [2, 2, 2, 2, 3]),
    ],
)
def test_each_form_makes_relationships_of_its_sizes(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], options: str, matcher: str, expected: list[int]
) -> None:
    found = matched(tmp_path, capfd, options)
    together = [{one["id"] for one in each["members"]} for each in found["relationships"]]  # type: ignore[attr-defined]

    assert (matcher, expected) == (found["certificate"]["matcher"], sizes(found))  # type: ignore[index]
    assert not any({"ada", "flo"} <= people for people in together)
    assert {"peer"} == {one["role"] for each in found["relationships"] for one in each["members"]}  # type: ignore[attr-defined]


def test_newcomers_get_buddies_who_are_not_new(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    roster = (
        '[roster.roles.newcomer]\nhire_date = { within = "14 days" }\n'
        '[roster.roles.buddy]\nhire_date = { longer_ago = "26 weeks" }'
    )
    found = matched(tmp_path, capfd, 'form = "buddies", lasts = "30 days"', roster)
    relationships = found["relationships"]

    assert {"ada", "ben", "cy"} == {one["mentees"][0] for one in relationships}  # type: ignore[attr-defined]
    assert {"ada", "ben", "cy"}.isdisjoint(one["mentors"][0] for one in relationships)  # type: ignore[attr-defined]
    assert ("optimal", 0.0) == (found["certificate"]["matcher"], found["certificate"]["gap"])  # type: ignore[index]


@pytest.mark.uncounted
def test_in_rounds_nobody_meets_the_same_person_twice(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Ten people; were they eleven, the third of a trio would be a guest, and could meet one of the two again."""
    program = a_folder(tmp_path, 'rounds = "every 2 weeks"', '[roster.eligible]\nid = { not = "kim" }')
    assert 0 == run_command(["run", program, "--simulate", "--world", "ideal"])
    with (tmp_path / "p.sim" / "matches.csv").open() as file:
        rows = list(csv.DictReader(file))
    capfd.readouterr()
    met: list[tuple[str, ...]] = []
    for one in sorted({row["relationship"] for row in rows}):
        met += combinations(sorted(row["person"] for row in rows if row["relationship"] == one), 2)

    assert 6 * 5 == len(met)
    assert len(set(met)) == len(met)
    assert {f"2027-{day}" for day in ("01-24", "02-07", "02-21", "03-07", "03-21", "04-04")} == {
        row["ends"] for row in rows
    }


@pytest.mark.parametrize(
    ("every", "length", "expected"),
    [
        ("every 2 weeks", date(2027, 2, 8), [date(2027, 1, 11), date(2027, 1, 25)]),
        ("every 4 weeks", date(2027, 2, 7), [date(2027, 1, 11)]),
        ("every 4 weeks", date(2027, 2, 6), []),
        ("1 month", date(2027, 4, 1), [date(2027, 1, 11), date(2027, 2, 11)]),
    ],
)
def test_rounds_follow_each_other_as_long_as_a_whole_one_fits(every: str, length: date, expected: list[date]) -> None:
    rounds = MODEL.rounds(PeerOptions(rounds=every), date(2027, 1, 11), length)
    assert expected == [one.on for one in rounds]
    assert all((later.on - one.until).days == 1 for one, later in zip(rounds, list(rounds)[1:], strict=False))
    assert len({one.key for one in rounds}) == len(rounds)
    assert () == MODEL.rounds(PeerOptions(), date(2027, 1, 11), length)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"rounds": "now and then"}, "not a cadence"),
        ({"rounds": "every week", "form": "circles"}, "rounds are for pairs"),
        ({"lasts": "a while", "form": "buddies"}, "not a length"),
        ({"lasts": "90 days"}, "lasts is for buddies"),
        ({"circle": {"min": 1}}, "must be >= 2"),
        ({"circle": {"min": 4, "target": 3}}, "must not decrease"),
        ({"circle": {"max": 4}}, "must not decrease"),
    ],
)
def test_options_that_mean_nothing_are_refused(given: dict[str, object], why: str) -> None:
    with pytest.raises(cattrs.ClassValidationError) as raised:
        cattrs.structure(given, PeerOptions)
    told = str(raised.value.exceptions)
    assert why in told or why in "".join(str(getattr(one, "exceptions", "")) for one in raised.value.exceptions)


def test_newcomers_and_buddies_part_on_a_day_of_their_own(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    roster = (
        '[roster.roles.newcomer]\nhire_date = "2027-01-05"\n[roster.roles.buddy]\nhire_date = { longer_ago = "1 week" }'
    )
    program = a_folder(tmp_path, 'form = "buddies", lasts = "30 days"', roster)
    assert 0 == run_command(["run", program, "--simulate", "--world", "ideal"])
    capfd.readouterr()
    with (tmp_path / "p.sim" / "matches.csv").open() as file:
        assert {("2027-02-09", "ended (completed)")} == {(row["ends"], row["state"]) for row in csv.DictReader(file)}


@pytest.mark.parametrize(
    ("intake", "ends"),
    [("", "2027-02-09"), ('[matching]\nintake = "every 4 weeks"\n', "2027-02-18")],
)
def test_in_place_of_a_lost_ledger_buddies_have_what_is_known_of_their_time(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], intake: str, ends: str
) -> None:
    roster = (
        '[roster.roles.newcomer]\nhire_date = "2027-01-05"\n[roster.roles.buddy]\nhire_date = { longer_ago = "1 week" }'
    )
    program = a_folder(tmp_path, 'form = "buddies", lasts = "30 days"', roster, intake)
    assert 0 == run_command(["ledger", "adopt", program, "--assume-sent-until", "2027-01-20T10:00"])
    assert 0 == run_command(["run", program, "--at", "2027-01-20T12:00"])
    capfd.readouterr()
    with (tmp_path / "p.run" / "matches.csv").open() as file:
        assert {ends} == {row["ends"] for row in csv.DictReader(file)}


def of(*members: tuple[str, str]) -> Relationship:
    return Relationship("r", tuple(Member(person, role) for person, role in members), 50.0)


PEERS = [(name, "peer") for name in NAMES]


@pytest.mark.parametrize(
    ("options", "relationship", "person", "expected"),
    [
        (PeerOptions(), of(*PEERS[:2]), "ada", "end"),
        (PeerOptions(), of(*PEERS[:3]), "ada", "continue"),
        (PeerOptions(form="circles"), of(*PEERS[:4]), "ada", "refill"),
        (PeerOptions(form="circles", on_leaving="continue"), of(*PEERS[:4]), "ada", "continue"),
        (PeerOptions(form="circles", on_leaving="end"), of(*PEERS[:4]), "ada", "end"),
        (PeerOptions(form="circles"), of(*PEERS[:3]), "ada", "end"),
        (PeerOptions(form="circles", circle=CircleSize(5)), of(*PEERS[:5]), "ada", "end"),
        (PeerOptions(form="buddies"), of(("ada", "newcomer"), ("eli", "buddy")), "eli", "end"),
        (PeerOptions(form="buddies"), of(("ada", "newcomer"), ("eli", "buddy")), "ada", "end"),
    ],
)
def test_what_happens_when_somebody_leaves(
    options: PeerOptions, relationship: Relationship, person: str, expected: str
) -> None:
    assert expected == MODEL.on_leaving(options, relationship, person)


@pytest.mark.parametrize("form", ["pairs", "buddies"])
def test_only_circles_may_be_told_what_to_do_without_somebody(form: Any) -> None:
    with pytest.raises(ValueError, match="on_leaving is for circles"):
        PeerOptions(form=form, on_leaving="continue")


def test_everybody_in_a_circle_leads_in_turn() -> None:
    members = of(*PEERS[:3]).members
    options = PeerOptions(form="circles")
    assert ["ada", "ben", "cy", "ada"] == [MODEL.facilitator(options, members, number) for number in (1, 2, 3, 4)]
    assert "" == MODEL.facilitator(options, (), 1)
    assert "" == MODEL.facilitator(PeerOptions(), members, 1)


def test_every_two_peers_count_and_newcomers_with_their_buddies() -> None:
    peers, pair = of(*PEERS[:3]).members, of(("eli", "buddy"), ("ada", "newcomer")).members
    assert 3 == len(MODEL.counted_pairs(PeerOptions(), peers))
    assert [("ada", "eli")] == [(a.person, b.person) for a, b in MODEL.counted_pairs(PeerOptions(form="buddies"), pair)]


def test_without_levels_it_suits_better_and_one_person_alone_not_at_all() -> None:
    flat = MODEL.fit(["onboarding"], RosterFacts(20, {"peer": 20}, levels=1))
    steep = MODEL.fit(["onboarding"], RosterFacts(20, {"peer": 20}, levels=4))
    alone = MODEL.fit(["onboarding"], RosterFacts(1, {"peer": 1}, levels=1))
    assert (3, 1.0, 0) == (flat.goals["onboarding"], flat.modifiers[0].points, len(steep.modifiers))
    assert (False, False, True) == (flat.blocked, steep.blocked, alone.blocked)


def test_it_keeps_the_contracts() -> None:
    assert [True] * 4 == [
        isinstance(MODEL, one) for one in (MentoringModel, VariableModel, RoundsModel, FacilitatedModel)
    ]
    assert {"peer"} == set(MODEL.roles_by_level([1, 2]))
    by_level = MODEL.variant(PeerOptions(form="buddies")).roles_by_level
    assert by_level is not None
    assert [frozenset(), frozenset()] == list(by_level([1, 2]).values())
