"""A ledger that is not the right one is never written, because it would send everything again."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import tomllib
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mentorkit.core.catalogue import Catalogue, Offer, Origin
from mentorkit.core.contracts import ChannelSetting, Outgoing
from mentorkit.core.deliveries import Transmission
from mentorkit.core.errors import RefusedError, RunError
from mentorkit.core.plan import Newcomer
from mentorkit.core.program import TemplateUse
from mentorkit.guarding.high_water import read_mark, state_folder
from mentorkit.guarding.ledger_guard import Guarded, adopt, guarded, misgivings
from mentorkit.guarding.lock_file import Lock, read_lock, write_lock
from mentorkit.guarding.one_runner import one_runner
from mentorkit.guarding.verifying import verify
from mentorkit.running.channels import open_channel
from mentorkit.running.delivering import carry_out
from mentorkit.running.parcels import BATCH
from mentorkit.testing import a_plan, a_program, a_transmission
from mentorkit.workspace import Workspace, workspace
from mentorkit_channels.outbox import OutboxKind

NOON = datetime(2027, 1, 11, 12, tzinfo=UTC)
PROGRAM = a_program()


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return workspace(tmp_path / "pilot.toml")


def run(places: Workspace, *, leaves: bool = False, key: str = "hello") -> Guarded:
    """Do what a run does to a ledger: record something, and perhaps let it leave the machine."""
    with guarded(places, PROGRAM, Catalogue(), NOON) as found:
        history = found.ledger.read()
        newcomers = () if history.numbers else (Newcomer(1, "17"),)
        due = (a_transmission(f"{key}{history.mark}", 1, "17"),)
        found.ledger.record_plan(a_plan(ledger_id=found.ledger.id, mark=history.mark, newcomers=newcomers, due=due))
        if leaves:
            found.before_leaving()
    return found


def test_a_first_run_makes_a_ledger_and_pins_it(places: Workspace) -> None:
    found = run(places)
    assert () == found.notes
    lock = read_lock(places.lock_file)
    assert lock is not None
    assert found.ledger.id == lock.ledger
    assert PROGRAM.template == lock.template
    mark = read_mark(state_folder(), lock.ledger)
    assert mark is not None
    assert (2, False) == (mark.number, mark.left_machine)


def test_later_runs_go_on_and_leave_the_lock_alone(places: Workspace) -> None:
    first = run(places)
    before = written(places.lock_file)
    second = run(places)
    assert () == second.notes
    assert first.ledger.id == second.ledger.id
    assert before == written(places.lock_file)


def written(path: Path) -> tuple[int, int, bytes]:
    """Return which file it is, when it was written, and what is in it; reading it changes none of these."""
    return path.stat().st_ino, path.stat().st_mtime_ns, path.read_bytes()


def test_files_are_private_whatever_the_umask(places: Workspace) -> None:
    before = os.umask(0)
    try:
        run(places)
    finally:
        os.umask(before)
    files = [*places.folder.iterdir(), *state_folder().rglob("*.json")]
    assert {0o600} == {stat.S_IMODE(path.stat().st_mode) for path in files}
    folders = [places.folder, state_folder(), state_folder() / "ledgers"]
    assert {0o700} == {stat.S_IMODE(path.stat().st_mode) for path in folders}
    assert 0o644 == stat.S_IMODE(places.lock_file.stat().st_mode)


def test_nothing_in_the_run_folder_tells_when_or_where_it_ran(places: Workspace) -> None:
    run(places)
    assert b"" == (places.folder / ".runner").read_bytes()


# --------------------------------------------------------------------------------------------------------- runners


def test_the_second_runner_is_told_who_holds_the_program(places: Workspace) -> None:
    code = (
        "import sys; from datetime import datetime, UTC; from pathlib import Path\n"
        "from mentorkit.guarding.one_runner import one_runner\n"
        f"with one_runner(Path({str(places.folder)!r}), datetime(2027, 1, 11, tzinfo=UTC)):\n"
        "    print('held', flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=-1, stdout=-1, text=True) as other:
        assert other.stdout is not None
        assert "held\n" == other.stdout.readline()
        said = rf"held by process {other.pid} on .*, since 2027-01-11T00:00:00\+00:00"
        for _ in range(2):
            with pytest.raises(RefusedError, match=said):
                run(places)
        assert not places.ledger.exists()
        other.send_signal(signal.SIGKILL)
        other.wait()
    run(places)


def test_a_runner_lets_go_at_the_end_and_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), one_runner(tmp_path / "run", NOON):
        raise ZeroDivisionError
    with one_runner(tmp_path / "run", NOON):
        pass


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match=r"file.*cannot be written"), one_runner(tmp_path / "file" / "run", NOON):
        pass


# --------------------------------------------------------------------------------------------- lost and wrong ledgers


def test_a_lost_ledger_starts_anew_while_nothing_has_left(places: Workspace) -> None:
    first = run(places)
    shutil.rmtree(places.folder)
    again = run(places)
    assert [("ledger-anew", "warning")] == [(one.code, one.severity) for one in again.notes]
    assert first.ledger.id != again.ledger.id
    assert () == run(places).notes


def test_a_ledger_that_is_elsewhere_is_no_lost_one(places: Workspace, tmp_path: Path) -> None:
    first = run(places)
    lock = places.lock_file.read_bytes()
    with pytest.raises(
        RefusedError, match=r"this program's ledger is .*pilot\.run/ledger\.sqlite; .*--folder .*pilot\.run"
    ):
        run(workspace(places.program_file, tmp_path / "other"))
    assert not (tmp_path / "other").exists()
    assert lock == places.lock_file.read_bytes()
    assert first.ledger.id == run(places).ledger.id
    places.folder.rename(tmp_path / "other")
    assert first.ledger.id == run(workspace(places.program_file, tmp_path / "other")).ledger.id
    with pytest.raises(RefusedError, match=r"this program's ledger is .*other/ledger\.sqlite"):
        run(places)


def test_who_only_looks_is_warned_of_another_ledger(places: Workspace, tmp_path: Path) -> None:
    assert () == misgivings(places, "")
    first = run(places)
    assert () == misgivings(places, first.ledger.id)
    elsewhere = workspace(places.program_file, tmp_path / "other")
    said = [(one.code, one.severity, one.message) for one in misgivings(elsewhere, "")]
    assert [("ledger-other", "warning")] == [one[:2] for one in said]
    assert f"this program's ledger is {places.ledger}" in said[0][2]
    assert f"which is {places.ledger}" in misgivings(elsewhere, "another")[0].message
    shutil.rmtree(places.folder)
    assert () == misgivings(places, "")


@pytest.mark.parametrize("inside", [".", "full"])
def test_a_folder_that_is_no_run_folder_is_refused(places: Workspace, tmp_path: Path, inside: str) -> None:
    (tmp_path / "pilot.toml").write_text("")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("")
    folder = tmp_path / ("full" if inside == "full" else ".")
    with pytest.raises(RefusedError, match="cannot be the run folder"):
        run(workspace(places.program_file, folder))
    assert not (folder / ".runner").exists()
    (tmp_path / "empty").mkdir()
    for _ in range(2):
        run(workspace(places.program_file, tmp_path / "empty"))


def test_a_lost_ledger_is_refused_once_something_has_left(places: Workspace) -> None:
    run(places, leaves=True)
    run(places)
    shutil.rmtree(places.folder)
    with pytest.raises(RefusedError, match=r"missing.*left this machine.*ledger adopt .*pilot\.toml"):
        run(places)
    assert not places.ledger.exists()


def test_a_lost_ledger_is_refused_where_nobody_knows_what_was_sent(places: Workspace) -> None:
    run(places)
    shutil.rmtree(places.folder)
    shutil.rmtree(state_folder())
    with pytest.raises(RefusedError, match="not known what was sent"):
        run(places)


def test_what_leaves_is_remembered_before_it_leaves(places: Workspace) -> None:
    with guarded(places, PROGRAM, Catalogue(), NOON) as found:
        found.before_leaving()
        mark = read_mark(state_folder(), found.ledger.id)
        assert mark is not None
        assert mark.left_machine


def test_how_far_it_got_is_remembered_after_an_error_too(places: Workspace) -> None:
    with pytest.raises(ZeroDivisionError), guarded(places, PROGRAM, Catalogue(), NOON) as found:
        _fail_after_consent(found)
    mark = read_mark(state_folder(), found.ledger.id)
    assert mark is not None
    assert 1 == mark.number


def test_how_far_it_got_is_remembered_before_anything_claimed_is_sent(places: Workspace, tmp_path: Path) -> None:
    with guarded(places, PROGRAM, Catalogue(), NOON) as found:
        found.ledger.record_plan(a_plan(newcomers=(Newcomer(1, "17"),)))
    shutil.copy(places.ledger, tmp_path / "backup")
    gaps = send(places, BATCH + 2, tmp_path / "as-killed")
    assert [0] == sorted(set(gaps[:1] + gaps[BATCH : BATCH + 1]))
    shutil.rmtree(state_folder())
    (tmp_path / "as-killed").rename(state_folder())
    shutil.copy(tmp_path / "backup", places.ledger)
    with pytest.raises(RefusedError, match="earlier copy"):
        run(places)


def _composed(one: Transmission) -> Outgoing:
    return Outgoing(one.key, "Ada", "ada@example.org", "", "c@example.org", "Hello", "Hello.", "", NOON, "m@x")


def send(places: Workspace, count: int, killed: Path) -> list[int]:
    """Send so many messages by the outbox; return how far the mark was behind at each, and keep that of the first."""
    gaps: list[int] = []
    with guarded(places, PROGRAM, Catalogue(), NOON) as found:
        ledger = found.ledger

        def compose(one: Transmission) -> Outgoing:
            if not gaps:
                shutil.copytree(state_folder(), killed)
            mark = read_mark(state_folder(), ledger.id)
            gaps.append(ledger.tail().number - (mark.number if mark else 0))
            return _composed(one)

        kind = OutboxKind()
        due = tuple(a_transmission(f"late{number:02}", 1, "17") for number in range(count))
        plan = a_plan(ledger_id=ledger.id, mark=ledger.tail().number, due=due)
        channel = open_channel(kind, None, ChannelSetting(str(places.folder)))
        assert count == len(carry_out(plan, ledger, [channel], compose, after_claim=found.remember).sent)
    return gaps


def test_a_state_directory_that_becomes_unwritable_stops_the_run_before_anything_is_sent(places: Workspace) -> None:
    with pytest.raises(RunError, match="remembers how far"):
        _send_with_no_state(places)
    assert [] == list((places.folder / "outbox").glob("*.eml"))


def _send_with_no_state(places: Workspace) -> None:
    kind = OutboxKind()
    with guarded(places, PROGRAM, Catalogue(), NOON) as found:
        shutil.rmtree(state_folder())
        state_folder().write_text("")
        due = a_plan(newcomers=(Newcomer(1, "17"),), due=(a_transmission("a", 1, "17"),))
        channel = open_channel(kind, None, ChannelSetting(str(places.folder)))
        carry_out(due, found.ledger, [channel], _composed, after_claim=found.remember)


def _fail_after_consent(found: Guarded) -> None:
    found.ledger.give_consent("email", "digest", NOON)
    raise ZeroDivisionError


def test_an_earlier_copy_is_refused(places: Workspace, tmp_path: Path) -> None:
    run(places)
    shutil.copy(places.ledger, tmp_path / "backup")
    run(places)
    shutil.copy(tmp_path / "backup", places.ledger)
    with pytest.raises(RefusedError, match=r"entry 2 and had got to entry 3.*earlier copy"):
        run(places)


def test_one_that_is_lost_is_not_taken_for_one_that_never_was(places: Workspace) -> None:
    with pytest.raises(RefusedError, match="there is no ledger"):
        verify(places)
    run(places, leaves=True)
    shutil.rmtree(places.folder)
    with pytest.raises(RefusedError, match="is missing, and messages have left this machine"):
        verify(places)


def test_who_only_looks_is_warned_of_an_earlier_copy(places: Workspace, tmp_path: Path) -> None:
    first = run(places)
    shutil.copy(places.ledger, tmp_path / "backup")
    run(places)
    assert () == misgivings(places, first.ledger.id)
    shutil.copy(tmp_path / "backup", places.ledger)
    (found,) = misgivings(places, first.ledger.id)
    assert ("ledger-behind", "warning", True) == (found.code, found.severity, "earlier copy" in found.message)


def test_a_ledger_that_took_another_turn_is_refused(places: Workspace, tmp_path: Path) -> None:
    run(places)
    shutil.copy(places.ledger, tmp_path / "backup")
    mark = next((state_folder() / "ledgers").iterdir())
    kept = mark.read_bytes()
    run(places)
    further = mark.read_bytes()
    shutil.copy(tmp_path / "backup", places.ledger)
    mark.write_bytes(kept)
    run(places, key="other")
    mark.write_bytes(further)
    with pytest.raises(RefusedError, match="earlier copy"):
        run(places)


def test_a_run_that_was_killed_leaves_a_ledger_that_is_ahead_and_fine(places: Workspace) -> None:
    run(places)
    mark = next((state_folder() / "ledgers").iterdir())
    kept = mark.read_bytes()
    run(places)
    mark.write_bytes(kept)
    run(places)
    assert kept != mark.read_bytes()


def test_another_ledger_is_refused(places: Workspace, tmp_path: Path) -> None:
    run(places)
    other = workspace(tmp_path / "other.toml")
    run(other)
    shutil.copy(other.ledger, places.ledger)
    with pytest.raises(RefusedError, match=r"not the one that .*pilot\.lock names"):
        run(places)


def test_an_empty_ledger_in_place_of_a_full_one_is_refused(places: Workspace, tmp_path: Path) -> None:
    run(places, leaves=True)
    with guarded(workspace(tmp_path / "other.toml"), PROGRAM, Catalogue(), NOON) as other:
        path = other.ledger.path
    shutil.copy(path, places.ledger)
    with pytest.raises(RefusedError, match="not the one"):
        run(places)
    places.ledger.write_bytes(b"")
    with pytest.raises(RefusedError, match="is empty"):
        run(places)
    assert b"" == places.ledger.read_bytes()


@pytest.mark.parametrize("lost", ["lock", "mark", "both"])
def test_an_interrupted_first_run_is_continued(places: Workspace, lost: str) -> None:
    first = run(places)
    if lost in ("lock", "both"):
        places.lock_file.unlink()
    if lost in ("mark", "both"):
        shutil.rmtree(state_folder())
    again = run(places)
    assert first.ledger.id == again.ledger.id
    assert places.lock_file.exists()
    assert (["ledger-unknown-here"] if lost == "mark" else []) == [one.code for one in again.notes]
    assert () == run(places).notes


def test_an_interrupted_start_anew_is_continued(places: Workspace) -> None:
    run(places)
    kept = places.lock_file.read_bytes()
    shutil.rmtree(places.folder)
    with guarded(places, PROGRAM, Catalogue(), NOON) as found:
        anew = found.ledger.id
    places.lock_file.write_bytes(kept)
    assert anew == run(places).ledger.id
    lock = read_lock(places.lock_file)
    assert lock is not None
    assert anew == lock.ledger


# ------------------------------------------------------------------------------------------------------- adoption


@pytest.mark.parametrize("loss", ["missing", "earlier copy", "another"])
def test_adopting_goes_on_and_sends_nothing_from_before(places: Workspace, tmp_path: Path, loss: str) -> None:
    run(places, leaves=True)
    shutil.copy(places.ledger, tmp_path / "backup")
    run(places)
    if loss == "missing":
        places.ledger.unlink()
    elif loss == "earlier copy":
        shutil.copy(tmp_path / "backup", places.ledger)
    else:
        other = workspace(tmp_path / "other.toml")
        run(other)
        shutil.copy(other.ledger, places.ledger)
    with pytest.raises(RefusedError, match="adopt"):
        run(places)

    assert places.ledger == adopt(places, PROGRAM, Catalogue(), assume_sent_until=NOON, now=NOON)

    run(places)
    with guarded(places, PROGRAM, Catalogue(), NOON) as found:
        history = found.ledger.read()
        assert {"superseded"} == {known.state for known in history.transmissions.values()}
        assert NOON == history.assume_sent_until
        found.ledger.check()
    places.ledger.unlink()
    with pytest.raises(RefusedError, match="left this machine"):
        run(places)


@pytest.mark.parametrize("damage", ["cut off", "empty", "altered"])
def test_adopting_sets_a_damaged_ledger_aside(places: Workspace, damage: str) -> None:
    first = run(places, leaves=True)
    _damage(places.ledger, damage)
    kept = places.ledger.read_bytes()
    if damage != "altered":
        with pytest.raises(RefusedError, match=r"ledger adopt .*--assume-sent-until TIME`"):
            run(places)
    for _ in range(2):
        adopt(places, PROGRAM, Catalogue(), assume_sent_until=NOON, now=NOON)
    assert kept == places.ledger.with_name("ledger.sqlite.damaged-1").read_bytes()
    assert not places.ledger.with_name("ledger.sqlite.damaged-2").exists()
    again = run(places)
    assert first.ledger.id != again.ledger.id
    with guarded(places, PROGRAM, Catalogue(), NOON) as found:
        assert NOON == found.ledger.read().assume_sent_until
        found.ledger.check()


def _damage(path: Path, how: str) -> None:
    if how == "altered":
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute("UPDATE transmissions SET state = 'sent'")
    else:
        path.write_bytes(b"" if how == "empty" else path.read_bytes()[:5000])


# ------------------------------------------------------------------------------------------------- lock and mark files


def test_a_lock_file_is_stable_text(tmp_path: Path) -> None:
    path = tmp_path / "pilot.lock"
    lock = Lock("abc", TemplateUse("traditional", "1.0", "d" * 8), {"zeta": "2", "acme-mentoring": "1.5"})
    write_lock(path, lock)
    assert lock == read_lock(path)
    assert [["ledger", "template", "plugins"], ["acme-mentoring", "zeta"]] == [
        list(tomllib.loads(path.read_text())),
        list(tomllib.loads(path.read_text())["plugins"]),
    ]
    assert ["pilot.lock"] == [one.name for one in tmp_path.iterdir()]


@pytest.mark.parametrize("text", ["[ledger", "", "[ledger]\nid = 7\n", "\xff"])
def test_a_damaged_lock_file_is_refused(places: Workspace, text: str) -> None:
    run(places)
    places.lock_file.write_bytes(text.encode("latin-1"))
    with pytest.raises(RefusedError, match=r"pilot\.lock .*version control"):
        run(places)


def test_a_damaged_mark_is_refused(places: Workspace) -> None:
    run(places)
    next((state_folder() / "ledgers").iterdir()).write_text("{}")
    with pytest.raises(RefusedError, match="remembers how far"):
        run(places)


def test_a_state_directory_that_cannot_be_written_stops_before_anything(
    places: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    with pytest.raises(RefusedError, match="cannot be read"):
        run(places)


def test_another_version_of_a_plugin_is_told(places: Workspace) -> None:
    def installed(version: str) -> Catalogue:
        offer: Offer[Any] = Offer(object(), Origin("acme-mentoring", version, "acme"))
        other: Offer[Any] = Offer(object(), Origin("else", version, "x"))
        return Catalogue(models={"one-on-one": offer, "unused": other})

    with guarded(places, PROGRAM, installed("1.0"), NOON) as found:
        assert () == found.notes
    lock = read_lock(places.lock_file)
    assert lock is not None
    assert {"acme-mentoring": "1.0"} == lock.plugins
    with guarded(places, PROGRAM, installed("2.0"), NOON) as found:
        assert ["plugin-version-changed"] == [one.code for one in found.notes]
    assert lock == read_lock(places.lock_file)
