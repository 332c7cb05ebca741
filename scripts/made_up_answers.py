"""Makes up what people of an example program might say: prints a file of events for `mentorkit record --from`.

Nobody ever gave these answers. They depend on a hash of ids alone, so they are the same every time.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from pathlib import Path

SAID = {
    "pulse.match": (("5", 45), ("4", 33), ("3", 14), ("2", 5), ("1", 3)),
    "pulse.worth": (("5", 38), ("4", 40), ("3", 16), ("2", 6)),
    "midpoint.meetings": (("yes", 88), ("no", 12)),
    "midpoint.match": (("5", 44), ("4", 34), ("3", 15), ("2", 5), ("1", 2)),
    "midpoint.progress": (("5", 14), ("4", 42), ("3", 32), ("2", 9), ("1", 3)),
    "midpoint.continue": (("as now", 74), ("with changes", 20), ("with somebody else", 6)),
}
DAYS = {"pulse": "2027-02-12T16:00:00Z", "midpoint": "2027-03-29T16:00:00Z"}


def drawn(key: str, weights: tuple[tuple[str, int], ...]) -> str:
    """Return one of the answers, by their weights of a hundred."""
    place = int(hashlib.sha256(key.encode()).hexdigest(), 16) % 100
    for answer, weight in weights:
        if place < weight:
            return answer
        place -= weight
    return weights[-1][0]


def main(run_folder: Path, until: str) -> None:
    """Print what became of the sessions that began before a day, and what people answered."""
    told = csv.writer(sys.stdout, lineterminator="\n")
    told.writerow(("id", "at", "person", "kind", "subject", "value"))
    with (run_folder / "schedule.csv").open(encoding="utf-8", newline="") as opened:
        sessions = [row for row in csv.DictReader(opened) if row["starts_utc"] < until]
    people = {}
    for row in sessions:
        person = row["people"].split(";")[0]
        people |= dict.fromkeys(row["people"].split(";"))
        kind = drawn(row["session"], (("met", 90), ("missed", 4), ("", 6)))
        if kind:
            told.writerow(
                (f"{kind}-{row['session']}", f"{row['starts_utc'][:10]}T23:59:00Z", person, kind, row["session"], "")
            )
    for person in people:
        for subject, weights in SAID.items():
            survey = subject.partition(".")[0]
            if drawn(f"{survey}-{person}", (("answers", 64), ("", 36))):
                answer = drawn(f"{subject}-{person}", weights)
                told.writerow((f"{subject}-{person}", DAYS[survey], person, "answered", subject, answer))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
