"""The package `matching`: its `HospitalResident` on the same lists, residents proposing.

It copies a graph of all players recursively, which needs a deep stack: it gets one of 512 MB.
"""

from __future__ import annotations

import sys
import threading
import warnings

import numpy as np
from matching.games import HospitalResident

from benchmarks.measuring import Stages
from benchmarks.rivals.reading import Instance, asked, told


def preferences(people: np.ndarray, others: np.ndarray, ranks: np.ndarray) -> dict[int, list[int]]:
    """Return everybody's list, the best first."""
    order = np.lexsort((ranks, people))
    found: dict[int, list[int]] = {}
    for person, other in zip(people[order].tolist(), others[order].tolist(), strict=True):
        found.setdefault(person, []).append(other)
    return found


def main(instance: Instance) -> None:
    """Solve and tell."""
    stages = Stages()
    pairs, ranks = np.load(instance.folder / "pairs.npy"), np.load(instance.folder / "ranks.npy")
    with stages.stage("preparing"):
        residents = preferences(pairs[:, 0], pairs[:, 1], ranks[:, 0])
        hospitals = preferences(pairs[:, 1], pairs[:, 0], ranks[:, 1])
        places = {one: int(instance.column_places[one]) for one in hospitals}
    with stages.stage("solving"):
        game = HospitalResident.create_from_dictionaries(residents, hospitals, places)
        solved = game.solve()
    chosen = [(resident.name, hospital.name) for hospital, accepted in solved.items() for resident in accepted]
    told(instance, "matching HospitalResident", stages, chosen, note="with its stack of calls raised to 512 MB")


warnings.simplefilter("ignore")
sys.setrecursionlimit(10_000_000)
threading.stack_size(512 * 1024 * 1024)
thread = threading.Thread(target=main, args=(asked(),))
thread.start()
thread.join()
