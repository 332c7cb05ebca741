"""Programs of every model among simulated people: `worlds/MODEL.txt` holds what a usual world comes to.

`pytest tests/running/test_simulated_worlds.py --regenerate` writes these pages, to be read in the diff.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from mentorkit.core.history import History
from mentorkit.core.simulating import happened
from mentorkit.opening import open_program
from mentorkit.presenting.simulation import simulation_json, simulation_text
from mentorkit.running.simulated_people import SimulatedPeople
from mentorkit.running.simulating import Simulation, simulate
from mentorkit.testing import program_folder

MODELS = ("one-on-one", "group", "peer", "reverse", "erg", "flash")
HERE = Path(__file__).parent
TOPICS = ("pricing", "python", "selling", "writing")

PROGRAM = """\
program.name = "Pilot"
program.starts = 2027-01-11
program.length = "8 weeks"
program.timezone = "Europe/London"
program.coordinator = "coordinator@example.org"
program.seed = 8
roster.file = "people.csv"
"""

FEW_SESSIONS = """\
sessions.count = 3
sessions.cadence = "2 weeks"
"""


def people() -> list[str]:
    """Return the rows of a roster: six seniors, twelve juniors who each report to one of them, and four topics."""
    rows = ["id,name,email,manager_id,department,level,hire_date,skills,wants,erg,erg_consent"]
    for number in range(1, 19):
        topic, other = TOPICS[number % 4], TOPICS[(number + 1) % 4]
        senior = number <= 6
        boss = "" if senior else str(1 + number % 6)
        start = f"{number},Person {number},p{number}@example.org,{boss},Department {number % 3}"
        rows.append(f"{start},{5 if senior else 2},2020-01-{number:02},{topic};{other},{other},Network,yes")
    return rows


@cache
def played(model: str, world: str, *, backwards: bool = False) -> tuple[Simulation, str, dict[str, object]]:
    """Play a program of a model; return that, and what is told of it as text and JSON."""
    head, *rows = people()
    files = {
        "program.toml": f'{PROGRAM}model.use = "{model}"\n' + ("" if model == "flash" else FEW_SESSIONS),
        "people.csv": "\n".join([head, *(reversed(rows) if backwards else rows)]) + "\n",
    }
    with TemporaryDirectory() as folder:
        opened = open_program(program_folder(Path(folder), files) / "program.toml")
        simulation = simulate(opened, Path(folder) / "sim", world=world)
        told = simulation_text(opened.program, simulation, "program.sim")
        return simulation, told, simulation_json(opened.program, simulation, "program.sim")


def done(history: History) -> Counter[tuple[object, ...]]:
    """Return what people did, without the order in which it was written down."""
    return Counter((one.id, one.at, one.person, one.kind, one.subject, one.value) for one in history.events)


@pytest.mark.parametrize("model", MODELS)
def test_what_a_usual_world_comes_to(model: str, request: pytest.FixtureRequest) -> None:
    expected = HERE / "worlds" / f"{model}.txt"
    simulation, told, _ = played(model, "usual")
    if request.config.getoption("--regenerate"):
        expected.write_text(told + "\n", encoding="utf-8")

    assert expected.read_text(encoding="utf-8") == told + "\n"
    assert 0 == simulation.outcome.exit_code


def test_the_order_of_the_roster_plays_no_part() -> None:
    forwards, backwards = (played("flash", "usual", backwards=one)[0].history for one in (False, True))

    assert {"requested", "answered"} < {one.kind for one in forwards.events}
    assert done(forwards) == done(backwards)


def test_in_an_ideal_world_everybody_asks_once_and_nobody_declines_leaves_or_answers() -> None:
    document = played("flash", "ideal")[2]

    assert {"accepted", "met", "requested"} <= {one.kind for one in played("flash", "ideal")[0].history.events}
    assert {"declined": 0, "unanswered": 0, "left": 0, "moved": 0, "answered": 0, "requested": 12} == {
        kind: document["happened"][kind]  # type: ignore[index]
        for kind in ("declined", "unanswered", "left", "moved", "answered", "requested")
    }


def test_nobody_acts_after_they_have_left_and_nothing_is_said_of_what_is_canceled() -> None:
    history = played("reverse", "rough")[0].history
    left = {one.person: one.at for one in history.events if one.kind == "left"}
    canceled = {one.session.id for one in history.sessions if one.state == "canceled"}

    assert left
    assert canceled
    assert [] == [one for one in history.events if one.person in left and one.at > left[one.person]]
    assert [] == [one for one in history.events if one.subject in canceled and one.kind in ("met", "missed")]


def test_who_declines_or_says_nothing_frees_the_others_for_somebody_else() -> None:
    counts = happened_in("reverse", "rough")

    assert counts["declined"] > 0
    assert counts["unanswered"] > 0
    assert any(key.startswith("again-") for key in played("reverse", "rough")[0].history.occasions)


def happened_in(model: str, world: str) -> dict[str, int]:
    counts = played(model, world)[2]["happened"]
    assert isinstance(counts, dict)
    return counts


def test_what_happened_is_told_and_counted() -> None:
    _, told, document = played("reverse", "rough")
    counts = happened_in("reverse", "rough")

    assert "rough" == document["world"]
    assert "played on a virtual clock: people of a rough world" in told
    assert f"{counts['declined']} declined, {counts['left']} left" in told
    assert re.search(rf"no answer +{counts['unanswered']} proposals?\n", told)


def test_requests_come_in_and_are_served_or_expire() -> None:
    counts = happened_in("flash", "rough")
    waiting = counts["requested"] - counts["served"] - counts["expired"]

    assert 0 < counts["served"] < counts["requested"]
    assert 0 <= waiting < counts["requested"]


def test_what_they_act_on_is_what_the_ledger_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between reading and planning, what they did is worked into what is known; the ledger says the same."""
    seen: list[bool] = []
    act = SimulatedPeople.act

    def checked(self: SimulatedPeople, at: object) -> History:
        history = act(self, at)  # type: ignore[arg-type]
        seen.append(history == self.ledger.read())
        return history

    monkeypatch.setattr(SimulatedPeople, "act", checked)
    program = PROGRAM + FEW_SESSIONS + 'model.use = "reverse"\n'
    files = {"program.toml": program, "people.csv": "\n".join(people()) + "\n"}
    opened = open_program(program_folder(tmp_path, files) / "program.toml")
    played_here = simulate(opened, tmp_path / "sim", world="rough")

    assert happened(opened.program, played_here.history)["left"] > 0
    assert {True} == set(seen)
