"""Runs a script that measures on its own, in this process, and tells what it found as a measurement.

`python -m benchmarks.cases.further --case teams --words "20 teams of 3" --size 60 benchmarks.teams --teams 20`. Such a
script prints a line of JSON with `solving` (wall, cpu), `matched` and `total_score` (each with its bound), and may say
`certifying_cpu`.
"""

from __future__ import annotations

import argparse
import io
import json
import runpy
import sys
from contextlib import redirect_stdout
from typing import Any

from benchmarks.measuring import peak_megabytes, tell


def measurement(found: dict[str, Any]) -> dict[str, Any]:
    """Return the figures of a script in the words of a measurement."""
    solving, certifying = found["solving"], float(found.get("certifying_cpu", 0.0))
    (placed, _), (points, bound) = found["matched"], found["total_score"]
    return {
        "cpu_seconds": round(solving["cpu"] + certifying, 2),
        "wall_seconds": solving["wall"],
        "peak_megabytes": found.get("peak_megabytes") or peak_megabytes(),
        "stages": {"solving": solving["cpu"], **({"certifying": certifying} if certifying else {})},
        "placed": placed,
        "total_score": points,
        **({} if bound is None else {"bound": bound}),
    }


def main() -> None:
    """Run the script and print one measurement."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--case", required=True)
    asked.add_argument("--words", required=True, help="the instance, in words")
    asked.add_argument("--size", type=int, required=True)
    asked.add_argument("module")
    asked.add_argument("arguments", nargs=argparse.REMAINDER)
    wanted = asked.parse_args()
    said = io.StringIO()
    sys.argv = [wanted.module, *wanted.arguments]
    with redirect_stdout(said):
        runpy.run_module(wanted.module, run_name="__main__")
    last = [line for line in said.getvalue().splitlines() if line.startswith("{")][-1]
    tell(wanted.case, wanted.words, wanted.size, "mentorkit", **measurement(json.loads(last)))


if __name__ == "__main__":
    main()
