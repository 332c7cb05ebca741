"""From measurements to `docs/explanation/performance.md` and its figures. Nothing is quoted that was not measured."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.drawing import growth

Figures = Mapping[str, Any]

OURS = "mentorkit"

CASES = {
    "two-sided": (
        "Mentees and mentors",
        "Each mentee gets one mentor, mentors have two places. The objective is to place the most people and, placing "
        "as many, to have the largest total score. `optimal` proves that its result is the best; the other exact "
        "methods reach the same people and points, which the table shows.",
    ),
    "peers": (
        "Peers",
        "Pairs of equals; as many as possible, and of those the largest total score.",
    ),
    "stable": (
        "Stable matching",
        "Both sides rank by score; a mentee's list has the best so many. The matching itself (`proposing`) is measured "
        "apart from making the lists, which the package `matching` is given: its figure is the making of its game "
        "and the solving of it.",
    ),
    "groups": ("Groups", "Mentors with several mentees each."),
    "slots": ("Slots", "Meetings at given times."),
    "circles": ("Circles", "Peers in circles of about five, in which every two count."),
    "teams": ("Teams", "Members of several roles."),
    "planning": (
        "Plans",
        "The first plan of a one-on-one program in which a third of the people are mentors: reading program and "
        "roster, planning with matching, sessions and everything that is to come, and counting it as `mentorkit plan` "
        "shows it.",
    ),
    "scheduling": (
        "Sessions",
        "Twelve sessions, one every two weeks, for pairs in twelve zones and countries; everybody has a calendar of "
        "their own. Plain `datetime` arithmetic looks for sessions that are wrong. The peak has everybody's calendars.",
    ),
    "mailing": (
        "Sending",
        "A whole first `mentorkit run`: matching, planning, composing, and one announcement to each, counted where it "
        "arrives. The mail server shares the machine; CPU and peak are mentorkit's.",
    ),
}

WHOLE = ("planning", "scheduling", "mailing")
"""Cases in which nobody is compared with anybody, and nothing has a score."""

SOLVING = {"stable": "proposing"}
"""The stage that is compared with a peer's solving, where it is not all of ours."""


def write(results: Sequence[Figures], docs: Path, versions: Mapping[str, str]) -> Path:
    """Write the page and its figures below a folder of docs, and return where the page is."""
    images, path = docs / "images", docs / "explanation" / "performance.md"
    images.mkdir(parents=True, exist_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    parts = [_opening(versions)]
    for case, (heading, about) in CASES.items():
        own = [one for one in results if one.get("case") == case]
        if own and case in WHOLE:
            parts += [f"## {heading}\n\n{about}", _whole(own)]
        elif own:
            parts.append(f"## {heading}\n\n{about}")
            parts += _in_short(own)
            parts += _charts(case, own, images)
            parts.append(_table(own))
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    return path


def _opening(versions: Mapping[str, str]) -> str:
    known = ", ".join(f"{name} {number}" for name, number in versions.items())
    return f"""# Performance

Written by `make bench` from what one run measured, on {_machine()}, with Python {platform.python_version()}, {known}.

How to read the tables:

- Every row is a process of its own. *CPU* is user and system time of all its threads, *peak* the most memory it held.
  Of what takes less than four seconds it is the median of three processes.
- *Solving* is finding the matching, with everything that is done for it alone. *All* is, for mentorkit, also importing
  what it imports when first needed, preparing the scores from program and roster, and proving the result again by
  separate code (*certificate*); for the others, also bringing the scores into the form they need. The others are given
  the finished scores of all pairs; mentorkit computes them.
- *Times* is how much CPU a peer takes for solving, by mentorkit's for solving, and by mentorkit's for all.
- Compiled code comes from its cache, except in the row "first start", in which all of it is compiled.
- *Base install* is mentorkit with NumPy and SciPy alone: without numba and OR-Tools, which `mentorkit[fast]` adds."""


def _machine() -> str:
    model = platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), model)
    except OSError:
        pass
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores ({model}) and {memory:.0f} GB of memory"


def solving(one: Figures) -> float:
    """Return the CPU seconds of the stage that is compared."""
    stages = one.get("stages", {})
    return float(stages.get(SOLVING.get(one["case"], ""), stages.get("solving", one["cpu_seconds"])))


def _in_short(results: Sequence[Figures]) -> Iterable[str]:
    """Yield how each peer does where it solved the most people, and whether all who are exact agree."""
    solved = [one for one in results if "failed" not in one]
    ours = {one["instance"]: one for one in solved if one["engine"] == OURS}
    against = [one for one in solved if not one["engine"].startswith(OURS) and one["instance"] in ours]
    largest: dict[str, Figures] = {}
    for one in against:
        if one["size"] >= largest.get(one["engine"], one)["size"] and _is_regular(one):
            largest[one["engine"]] = one
    lines = [_compared(one, ours[one["instance"]]) for one in largest.values()]
    if lines:
        yield "\n".join(lines)
    if against:
        yield _agreement(against, ours)


def _compared(one: Figures, own: Figures) -> str:
    theirs, took, whole = solving(one), solving(own), float(own["cpu_seconds"])
    held, own_held = (f"{found['peak_megabytes']:,} MB" for found in (one, own))
    return (
        f"- {one['instance']}: {one['engine']} takes {_seconds(theirs)} s and {held}, mentorkit {_seconds(took)} s "
        f"({_seconds(whole)} s in all) and {own_held}: {_ratio(theirs, took)} times as much CPU for solving, "
        f"{_ratio(theirs, whole)} times all of mentorkit's."
    )


def _agreement(against: Sequence[Figures], ours: Mapping[str, Figures]) -> str:
    others = {}
    for one in against:
        own = ours[one["instance"]]
        if (one["placed"], one["total_score"]) != (own["placed"], own["total_score"]):
            told = f"{own['placed']:,} people and {own['total_score']:,.1f} points"
            theirs = f"{one['placed']:,} and {one['total_score']:,.1f}"
            others[one["instance"], one["engine"]] = f"- {one['instance']}: mentorkit {told}, {one['engine']} {theirs}."
    if not others:
        return f"In all {len(against)} comparisons, peer and mentorkit place as many people with the same total score."
    return "\n".join(
        ["Peer and mentorkit place as many people with the same total score, but for:", "", *others.values()]
    )


def _charts(case: str, results: Sequence[Figures], images: Path) -> Iterable[str]:
    regular = [one for one in results if "failed" not in one and _is_regular(one)]
    if len({one["size"] for one in regular}) < 2:
        return
    for what, unit, value in (
        ("time", "CPU seconds for solving", solving),
        ("memory", "peak megabytes", lambda one: float(one["peak_megabytes"])),
    ):
        lines: dict[str, list[tuple[float, float]]] = {}
        for one in sorted(regular, key=lambda found: found["size"]):
            lines.setdefault(one["engine"], []).append((one["size"], max(value(one), 1e-4)))
        name = f"performance-{case}-{what}.svg"
        title = f"{CASES[case][0]}: {unit} by number of people"
        (images / name).write_text(growth(title, "people", unit, lines), encoding="utf-8")
        yield f"![{title}](../images/{name})"


def _is_regular(one: Figures) -> bool:
    """Return whether an instance belongs into a series of sizes: not the real roster, not the variants."""
    marks = (":", "scores of pairs", "first start")
    spare = one["case"] == "two-sided" and "2 places" in one["instance"] and _places(one["instance"]) != one["size"]
    return not spare and not any(mark in one["instance"] + one["engine"] for mark in marks)


def _places(instance: str) -> int:
    words = instance.replace(",", "").split()
    return int(words[words.index("mentors") - 1]) * 2


def _table(results: Sequence[Figures]) -> str:
    bounded = any("bound" in one for one in results)
    heads = [
        "instance",
        "engine",
        "solving, CPU s",
        "certificate, CPU s",
        "all, CPU s",
        "wall s",
        "peak MB",
        "placed",
        "total score",
    ]
    heads += ["bound"] if bounded else []
    rows = [[*heads, "times"]]
    for instance in dict.fromkeys(one.get("instance", "") for one in results):
        same = [one for one in results if one.get("instance", "") == instance]
        ours = next((one for one in same if one["engine"] == OURS and "failed" not in one), None)
        for number, one in enumerate(same):
            rows.append([instance if number == 0 else "", *_cells(one, ours, bounded=bounded)])
    line = ["|".join(["", *("---" for _ in rows[0]), ""])]
    text = [f"| {' | '.join(row)} |" for row in rows]
    notes = dict.fromkeys(f"`{one['engine']}`: {one['note']}." for one in results if one.get("note"))
    return "\n".join([text[0], *line, *text[1:]]) + ("\n\n" + "\n".join(notes) if notes else "")


def _whole(results: Sequence[Figures]) -> str:
    """Return a table of what whole commands take, and what came of it."""
    rows = ["| what | CPU s | wall s | peak MB | |", "|---|---|---|---|---|"]
    for one in results:
        if "failed" in one:
            rows.append(f"| {one.get('instance', '')} | | | | {one['failed']} |")
            continue
        stages = one.get("stages", {})
        parts = [f"{name} {_seconds(seconds)} s" for name, seconds in stages.items()] if len(stages) > 1 else []
        told = "; ".join(filter(None, (", ".join(parts), one.get("note", ""))))
        took = f"{_seconds(one['cpu_seconds'])} | {_seconds(one['wall_seconds'])} | {one['peak_megabytes']:,}"
        rows.append(f"| {one['instance']} | {took} | {told} |")
    return "\n".join(rows)


def _cells(one: Figures, ours: Figures | None, *, bounded: bool) -> list[str]:
    if "failed" in one:
        return [one["engine"], one["failed"], *[""] * (8 if bounded else 7)]
    bound = [_number(one.get("bound"))] if bounded else []
    return [
        one["engine"],
        _seconds(solving(one)),
        _seconds(one["stages"]["certifying"]) if "certifying" in one.get("stages", {}) else "",
        _seconds(one["cpu_seconds"]),
        _seconds(one["wall_seconds"]),
        f"{one['peak_megabytes']:,}",
        f"{one['placed']:,}" if one.get("placed") is not None else "",
        _number(one.get("total_score")),
        *bound,
        _times(one, ours),
    ]


def _times(one: Figures, ours: Figures | None) -> str:
    if ours is None or one["engine"].startswith(OURS):
        return ""
    return f"{_ratio(solving(one), solving(ours))} / {_ratio(solving(one), float(ours['cpu_seconds']))}"


def _ratio(theirs: float, own: float) -> str:
    ratio = theirs / max(own, 1e-4)
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.1f}" if ratio >= 1 else f"{ratio:.2f}"


def _seconds(seconds: float) -> str:
    return f"{seconds:,.0f}" if seconds >= 100 else f"{seconds:.1f}" if seconds >= 10 else f"{seconds:.3f}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.1f}"
