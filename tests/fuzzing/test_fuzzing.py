"""Every file of the corpus, and a moment of searching from there: nothing leaves a door but what it promises."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SEED = 7
"""Of what is searched here: always the same inputs. `make fuzz` has other ones each time."""
SECONDS = 0.4
"""Of processor time for each target."""
CASES = 200
"""Inputs with structure for all targets together."""


@pytest.fixture(scope="session", autouse=True)
def _desk() -> Iterator[None]:
    from fuzz.scratch import scratch

    yield
    shutil.rmtree(scratch().parent, ignore_errors=True)


def targets() -> tuple[str, ...]:
    from fuzz.targets import NAMES

    return NAMES


def test_every_target_has_a_module_and_a_corpus_and_none_is_left_out() -> None:
    modules = {path.stem for path in (ROOT / "fuzz" / "targets").glob("*.py")} - {"__init__"}
    assert set(targets()) == modules
    from fuzz.corpora import files_of
    from fuzz.targets import load_target

    assert all(files_of(load_target(name)) for name in targets())
    assert {path.name for path in (ROOT / "fuzz" / "corpus").iterdir()} <= modules


@pytest.mark.parametrize("name", targets())
def test_nothing_of_the_corpus_and_nothing_near_it_is_a_finding(name: str, tmp_path: Path) -> None:
    from fuzz.corpora import inputs_of, saved
    from fuzz.driving import driven, replayed
    from fuzz.structured import share_of, structured
    from fuzz.targets import load_target

    target = load_target(name)
    found = replayed(target, inputs_of(target)).findings | driven(target, SEED, SECONDS).findings
    found |= structured(target, SEED, cases=share_of(name, CASES)).findings
    told = []
    for what, (data, finding) in found.items():
        path = saved(name, data)
        told.append(f"{what}\n{finding.told}\npython -m fuzz.run {name} {path}")
    assert not found, "\n\n".join(told)


def test_a_target_that_lets_something_through_is_a_finding_with_its_place(tmp_path: Path) -> None:
    from fuzz.driving import driven
    from fuzz.target import Target

    def broken(data: bytes) -> None:
        assert b"\xff" not in data

    def slow(data: bytes) -> None:
        sum(range(10**6))

    found = driven(Target("words", broken), SEED, 10, most=2000).findings
    assert ["AssertionError"] == [what.partition(" ")[0] for what in found]
    assert all(b"\xff" in data for data, _ in found.values())
    assert ["too slow"] == list(driven(Target("words", slow, seconds=0.0), SEED, 10, most=1).findings)


def test_a_finding_with_structure_is_brought_down_to_a_short_one_and_known_ones_end_nothing() -> None:
    from fuzz.structured import structured
    from fuzz.target import Target

    def broken(data: bytes) -> None:
        assert b"weeks" not in data

    tally = structured(Target("words", broken), SEED, cases=300)
    assert 300 <= tally.executions
    ((data, _),) = tally.findings.values()
    assert len(data) <= len(b"every weeks")


def test_every_target_has_a_structure_and_shares_come_to_all_cases() -> None:
    from fuzz.structured import share_of
    from fuzz.structures import STRATEGIES

    assert set(targets()) == set(STRATEGIES)
    assert 100_000 <= sum(share_of(name, 100_000) for name in targets()) < 100_100


def test_the_same_seed_makes_the_same_inputs() -> None:
    from fuzz.driving import driven
    from fuzz.target import Target

    seen: list[list[bytes]] = [[], []]
    for kept in seen:
        driven(Target("words", kept.append), SEED, 60, most=500)
    assert seen[0] == seen[1]
    assert len(set(seen[0])) > 400


def test_what_was_found_is_replayed_on_the_command_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    from fuzz.run import main

    file = ROOT / "fuzz" / "corpus" / "words" / "found-last-day-of-the-calendar.txt"
    assert 0 == main(["words", str(file)])
    assert "takes" in capsys.readouterr().out
