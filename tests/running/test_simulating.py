"""A whole program on a virtual clock, and nothing real touched by it."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from attrs import evolve

from mentorkit.core.contracts import ChannelSetting
from mentorkit.core.errors import RefusedError
from mentorkit.core.planning.deciding import make_plan
from mentorkit.ledger import open_ledger
from mentorkit.opening import Opened, open_program
from mentorkit.running.channels import open_channel
from mentorkit.running.delivering import carry_out
from mentorkit.running.run_once import late_composer
from mentorkit.running.simulating import simulate
from mentorkit.testing import program_folder

PEOPLE = """\
id,name,email,level,department,country,timezone,skills,wants
1,Ada,ada@example.org,5,R&D,GB,Europe/London,python;sql,
2,Bo,bo@example.org,5,Sales,US,America/New_York,selling,
3,Cy,cy@example.org,4,R&D,NZ,Pacific/Auckland,rust,
4,Di,di@example.org,2,R&D,GB,Europe/London,,python
5,Ed,ed@example.org,2,Sales,US,America/New_York,,selling
6,Flo,flo@example.org,1,R&D,NZ,Pacific/Auckland,,rust
"""

PROGRAM = """\
format = 1
program.name = "Pilot"
program.starts = 2027-01-11
program.length = "8 weeks"
program.timezone = "Europe/London"
program.coordinator = "coordinator@example.org"
program.id = "pilot"
roster.file = "people.csv"
model.use = "one-on-one"
sessions.count = 3
sessions.cadence = "2 weeks"
"""

KICK_OFF = """
[timeline.kick-off]
when = "start - 14 days"
to = "everyone"
message = "messages/kick-off"
expires = "3 days"
"""


def opened(folder: Path, more: str = "") -> Opened:
    kick_off = "---\nsubject: Soon\n---\nHello {{ me.name }}.\n"
    files = {"program.toml": PROGRAM + more, "people.csv": PEOPLE, "messages/kick-off.md": kick_off}
    return open_program(program_folder(folder, files) / "program.toml")


def content(folder: Path) -> dict[str, bytes]:
    """Return every file but the ledger."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith("ledger.sqlite"))
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def test_everybody_accepts_meets_and_gets_everything(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    played = simulate(opened(tmp_path), tmp_path / "sim", lambda done, total: told.append((done, total)))
    history = played.history
    assert 3 == len(history.published)
    assert {"held"} == {known.state for known in history.sessions}
    assert 9 == len(history.sessions)
    assert {"sent"} == {known.state for known in history.transmissions.values()}
    assert {one.key for one in played.outcome.sent} == history.transmissions.keys()
    assert 0 == played.outcome.exit_code
    files = {path.stem for path in (tmp_path / "sim" / "outbox").iterdir()}
    assert history.transmissions.keys() == files
    assert {"accepted", "met"} == {event.kind for event in history.events}
    assert played.ended >= max(known.session.starts for known in history.sessions)
    assert (len(files), len(files)) == told[-1]
    assert all(done <= total for done, total in told)


def test_it_ends_at_the_last_moment_at_which_something_was_sent(tmp_path: Path) -> None:
    played = simulate(opened(tmp_path, KICK_OFF.replace("start - 14 days", "end + 30 days at 17:00")), tmp_path / "sim")
    last = max(known.due for known in played.history.transmissions.values())
    assert last == played.ended


def test_nothing_real_is_read_or_written(tmp_path: Path) -> None:
    before = opened(tmp_path / "a")
    (tmp_path / "a" / "program.run").mkdir()
    (tmp_path / "a" / "program.run" / "ledger.sqlite").write_text("not looked at")
    (tmp_path / "a" / "program.lock").write_text("not looked at")
    kept = content(tmp_path / "a")
    simulate(before, tmp_path / "sim")
    assert kept == content(tmp_path / "a")
    assert [] == list(Path(os.environ["XDG_STATE_HOME"]).iterdir())


def test_it_plays_the_same_every_time(tmp_path: Path) -> None:
    played = [simulate(opened(tmp_path / name), tmp_path / f"{name}.sim") for name in ("a", "b")]
    assert content(tmp_path / "a.sim") == content(tmp_path / "b.sim")
    assert played[0].outcome == played[1].outcome


def test_planning_anew_at_every_moment_comes_to_the_same(tmp_path: Path) -> None:
    """What is saved by planning once a day changes nothing."""
    program = opened(tmp_path, KICK_OFF)
    played = simulate(program, tmp_path / "sim")
    assert played.history.transmissions == _played_slowly(program, played.began, tmp_path / "slow")


def _played_slowly(program: Opened, at: datetime, folder: Path) -> object:
    kind = program.catalogue.channels["outbox"].implementation
    channel = open_channel(kind, None, ChannelSetting(str(folder), durable=False))
    with open_ledger(folder / "ledger.sqlite", create_for="pilot", durable=False) as ledger:
        while True:
            plan = make_plan(program.program, program.roster, program.catalogue, ledger.read(), at).plan
            plan = evolve(plan, ledger_id=ledger.id)
            carry_out(plan, ledger, [channel], late_composer(program, ledger.read))
            if not plan.later:
                return ledger.read().transmissions
            at = plan.later[0].due


def test_it_begins_with_the_earliest_step(tmp_path: Path) -> None:
    plain = simulate(opened(tmp_path / "a"), tmp_path / "a.sim")
    early = simulate(opened(tmp_path / "b", KICK_OFF), tmp_path / "b.sim")
    assert plain.began <= datetime(2027, 1, 11, tzinfo=UTC)
    assert datetime(2026, 12, 27, 20, tzinfo=UTC) == early.began  # nine o'clock in Auckland
    assert 6 == sum(item.step == "kick-off" for item in early.outcome.sent)


def test_the_first_run_can_come_when_somebody_says(tmp_path: Path) -> None:
    begins = datetime(2027, 1, 6, 12, tzinfo=UTC)
    played = simulate(opened(tmp_path), tmp_path / "sim", begins=begins)
    assert begins == played.began
    assert {begins} == {known.published_at for known in played.history.relationships}
    announced = {one.due.date() for one in played.history.transmissions.values() if one.step == "match-announcement"}
    assert {begins.date()} == announced


def test_the_matching_waits_for_the_end_of_sign_up(tmp_path: Path) -> None:
    program = opened(tmp_path, "program.opens = 2026-12-01\nprogram.signup_closes = 2026-12-18\n")
    played = simulate(program, tmp_path / "sim")
    closes = datetime(2026, 12, 19, tzinfo=UTC)
    assert datetime(2026, 12, 1, tzinfo=UTC) == played.began
    assert {closes} == {known.published_at for known in played.history.relationships}
    assert {"held"} == {known.state for known in played.history.sessions}


def test_a_session_is_held_when_it_is_over(tmp_path: Path) -> None:
    played = simulate(opened(tmp_path), tmp_path / "sim")
    ends = {known.session.id: known.session.starts + timedelta(hours=1) for known in played.history.sessions}
    assert ends == {event.subject: event.at for event in played.history.events if event.kind == "met"}


@pytest.mark.parametrize("taken", ["file", "folder"])
def test_a_folder_that_is_not_empty_is_refused(tmp_path: Path, taken: str) -> None:
    program = opened(tmp_path / "a")
    target = tmp_path / "sim"
    if taken == "folder":
        target.mkdir()
        (target / "kept").write_text("kept")
    else:
        target.write_text("kept")
    with pytest.raises(RefusedError, match="not empty"):
        simulate(program, target)
    assert "kept" == (target / "kept" if taken == "folder" else target).read_text()
