"""Every bundled template, played to its end on a roster of real people: `expected/NAME.txt` says what came of it.

`programs/NAME.toml` extends the template NAME and reads a file of `rosters/`; to add a template, add its program and
run `pytest tests/templates --regenerate`, which writes what is expected, to be read in the diff. Mails themselves are
checked in `tests/test_bundled_templates.py`; here it is who gets which of them, how often, and when.
"""

from __future__ import annotations

import shutil
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from attrs import frozen

from mentorkit.opening import Opened, open_program
from mentorkit.plugin_loading import build_catalogue
from mentorkit.running.simulating import Simulation, simulate

pytestmark = pytest.mark.uncounted

HERE = Path(__file__).parent
PROGRAMS = sorted(HERE.glob("programs/*.toml"))
NOT_PLAYED = {"program-basics"}
"""Templates that are no programs by themselves."""


@frozen
class Played:
    """A program that was played to its end."""

    file: Path
    opened: Opened
    simulation: Simulation


@pytest.fixture(scope="module", params=PROGRAMS, ids=lambda file: file.stem)
def played(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Play a program in a folder of its own, once for all tests that look at it: pytest runs them one after another."""
    file, folder = request.param, tmp_path_factory.mktemp("played")
    shutil.copy(file, folder)
    shutil.copytree(HERE / "rosters", folder / "rosters")
    opened = open_program(folder / file.name, at=str(_begins(file)))
    return Played(file, opened, simulate(opened, folder / "played"))


def _begins(file: Path) -> object:
    program = tomllib.loads(file.read_text(encoding="utf-8"))["program"]
    return program.get("opens", program["starts"])


def summary(opened: Opened, simulation: Simulation) -> str:
    """Return what came of a program, as a page to read."""
    program, history = opened.program, simulation.history
    participants = Counter(role for person in opened.roster.participants for role in person.roles)
    kinds = Counter(
        (_counted(Counter(member.role for member in one.relationship.members)), one.state)
        for one in history.relationships
    )
    days = [known.session.starts.date() for known in history.sessions]
    series = Counter(known.session.series for known in history.sessions)
    return "\n".join(
        [
            f"{program.id}: {program.starts} to {program.ends}, {len(opened.roster.people)} people",
            f"  takes part  {_counted(participants)}",
            *(f"  {state:<10}  {count} with {members}" for (members, state), count in sorted(kinds.items())),
            f"  sessions    {_counted(series)}, {min(days)} to {max(days)}" if days else "  sessions    none",
            "",
            f"{'step':<24}{'as':<16}{'people':>6}{'sent':>6}  first       last",
            *_sent(simulation),
            "",
            f"never sent: {', '.join(_never(opened, simulation)) or 'nothing'}",
            "",
        ]
    )


def _counted(things: Counter[str]) -> str:
    return ", ".join(f"{count} {thing}" for thing, count in sorted(things.items()))


def _sent(simulation: Simulation) -> Iterator[str]:
    got = defaultdict(list)
    for one in simulation.history.transmissions.values():
        got[one.step, one.key.split(".")[3]].append(one)
    for (step, role), some in sorted(got.items(), key=lambda each: (min(one.due for one in each[1]), each[0])):
        days = [one.due.date() for one in some]
        people = len({one.number for one in some})
        yield f"{step:<24}{role:<16}{people:>6}{len(some):>6}  {min(days)}  {max(days)}"


def _never(opened: Opened, simulation: Simulation) -> Iterable[str]:
    sent = {one.step for one in simulation.history.transmissions.values()}
    return [step.name for step in opened.program.timeline if step.name not in sent]


def test_every_template_is_played() -> None:
    offers = build_catalogue().templates.items()
    bundled = {name for name, offer in offers if offer.origin.distribution == "mentorkit"}

    assert bundled - NOT_PLAYED == {file.stem for file in PROGRAMS}
    assert {file.stem for file in PROGRAMS} == {file.stem for file in HERE.glob("expected/*.txt")}


def test_a_template_comes_to_what_is_expected(played: Played, request: pytest.FixtureRequest) -> None:
    expected = HERE / "expected" / f"{played.file.stem}.txt"
    found = summary(played.opened, played.simulation)
    if request.config.getoption("--regenerate"):
        expected.write_text(found, encoding="utf-8")

    assert expected.read_text(encoding="utf-8") == found


def test_everything_goes_out_on_time(played: Played) -> None:
    outcome = played.simulation.outcome

    assert outcome.sent
    assert ((), (), (), ()) == (outcome.failed, outcome.unprepared, outcome.unreached, outcome.in_doubt)


def test_the_program_has_no_errors_and_says_nothing_that_a_client_must_mend(played: Played) -> None:
    assert [] == [(one.code, one.message) for one in played.opened.diagnostics if one.severity != "note"]
    assert played.file.stem == str(played.opened.program.id)
