"""What all cases are asked on the command line."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks.cases.solving import imitate_base_install


def parser(about: str | None) -> argparse.ArgumentParser:
    """Return a parser of what every case understands: say, pose or solve, where to, as whom, without what."""
    asked = argparse.ArgumentParser(description=about)
    asked.add_argument("action", choices=("about", "pose", "solve"))
    asked.add_argument("--folder", type=Path, default=Path(".bench/instance"), help="where `pose` writes")
    asked.add_argument("--engine", default="mentorkit", help="what measurements call it")
    asked.add_argument("--base", action="store_true", help="as if numba and OR-Tools were not installed")
    asked.add_argument("--matcher", default="")
    return asked


def parsed(asked: argparse.ArgumentParser) -> argparse.Namespace:
    """Return what was asked for; with `--base` some packages are hidden from then on."""
    found = asked.parse_args()
    if found.base:
        imitate_base_install()
    return found
