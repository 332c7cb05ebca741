"""The benchmarks hang together: what is planned is there, and a page comes from whatever was measured."""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> tuple[ModuleType, ModuleType, ModuleType]:
    monkeypatch.syspath_prepend(str(ROOT))
    from benchmarks import environments, page, planned

    return environments, page, planned


def test_everything_planned_is_there(parts: tuple[ModuleType, ...]) -> None:
    environments, page, planned = parts
    for one in planned.INSTANCES:
        assert (ROOT / "benchmarks" / "cases" / f"{one.case}.py").is_file()
        assert set(one.ours) <= set(planned.OWN)
        for peer in (*one.peers, *one.patient):
            assert (ROOT / "benchmarks" / "rivals" / f"{peer.script}.py").is_file()
            assert peer.environment in environments.ENVIRONMENTS
    names = {one.case.replace("_", "-") for one in planned.INSTANCES}
    assert names | {one.case for one in planned.FURTHER} | set(planned.OWN_PLAN) == set(page.CASES)
    told = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    assert all(f"`{name}`" in told for name in page.CASES)


def measured(engine: str, size: int, cpu: float, **more: object) -> dict[str, object]:
    instance = f"{size:,} mentees, {size // 2:,} mentors with 2 places"
    figures = {"cpu_seconds": cpu, "wall_seconds": cpu, "peak_megabytes": 90, "stages": {"solving": cpu / 2}}
    return {"case": "two-sided", "instance": instance, "size": size, "engine": engine, **figures, **more}


def test_the_page_says_what_was_measured_and_how_many_times_as_much_peers_take(
    parts: tuple[ModuleType, ...], tmp_path: Path
) -> None:
    results = [
        measured("mentorkit", 100, 0.5, placed=100, total_score=5000.0, bound=5000.0),
        measured("scipy & co", 100, 5.0, placed=100, total_score=5000.0),
        measured("mentorkit", 1000, 2.0, placed=999, total_score=50000.0, bound=50000.0),
        {"case": "two-sided", "instance": "1,000 mentees, 500 mentors with 2 places", "size": 1000, "engine": "slow"}
        | {"failed": "stopped after 900 seconds"},
    ]
    path = parts[1].write(results, tmp_path, {"numpy": "2.0"})
    text = path.read_text(encoding="utf-8")
    assert tmp_path / "explanation" / "performance.md" == path
    assert "| 100 mentees, 50 mentors with 2 places | mentorkit | 0.250 |" in text
    assert "scipy & co | 2.500 |" in text
    assert "| 10 / 5.0 |" in text
    assert "| slow | stopped after 900 seconds |" in text
    assert "## Peers" not in text
    assert "scipy & co takes 2.500 s and 90 MB, mentorkit 0.250 s (0.500 s in all) and 90 MB: 10 times" in text
    assert "In all 1 comparisons, peer and mentorkit place as many" in text
    worse = [results[0], {**results[1], "total_score": 4999.9}]
    told = parts[1].write(worse, tmp_path, {}).read_text(encoding="utf-8")
    assert (
        "- 100 mentees, 50 mentors with 2 places: mentorkit 100 people and 5,000.0 points, scipy & co 100 and 4,999.9."
        in told
    )
    assert {line.count("|") for line in text.splitlines() if line.startswith("|")} == {12}
    figures = re.findall(r"\.\./images/(\S+\.svg)", text)
    assert 2 == len(figures)
    for name in figures:
        drawn = ET.fromstring((tmp_path / "images" / name).read_text(encoding="utf-8"))
        assert {"mentorkit", "scipy & co"} < {one.text for one in drawn.iter("{http://www.w3.org/2000/svg}text")}


def test_the_page_says_what_whole_stages_take(parts: tuple[ModuleType, ...], tmp_path: Path) -> None:
    figures = {"cpu_seconds": 50.25, "wall_seconds": 51.0, "peak_megabytes": 1290}
    stages = {"reading": 2.5, "planning": 47.75}
    results = [
        {"case": "planning", "instance": "100,000 people", "size": 100_000, "engine": "mentorkit"}
        | {**figures, "stages": stages, "note": "3,333 messages"},
        {"case": "mailing", "instance": "1,000 mails", "size": 1_000, "engine": "mentorkit", "failed": "needs root"},
    ]
    text = parts[1].write(results, tmp_path, {}).read_text(encoding="utf-8")
    told = "reading 2.500 s, planning 47.8 s; 3,333 messages"
    assert f"| 100,000 people | 50.2 | 51.0 | 1,290 | {told} |" in text
    assert "| 1,000 mails | | | | needs root |" in text
    assert "total score" not in text.partition("## Plans")[2]


def test_a_command_is_measured_alone(parts: tuple[ModuleType, ...], tmp_path: Path) -> None:
    from benchmarks.measuring import command

    asked = [sys.executable, "-c", "import os; print(os.getcwd(), os.environ['WHO'])"]
    said, figures = command(asked, tmp_path, {"WHO": "me"})
    assert f"{tmp_path.resolve()} me\n" == said
    assert 0 < figures["cpu_seconds"] < 30
    assert 0 < figures["peak_megabytes"]
    with pytest.raises(SystemExit, match="no"):
        command([sys.executable, "-c", "raise SystemExit('no')"], tmp_path, {})
