"""Measure matching from a roster to its certificate: `python -m benchmarks.matching --mentees 5000 --mentors 5000`."""

from __future__ import annotations

import argparse
import json

from benchmarks.instances import TAGS, a_big_roster, a_usual_program
from benchmarks.measuring import Stages
from mentorkit.core.history import History
from mentorkit.core.matching.solving import match
from mentorkit.plugin_loading import build_catalogue


def main() -> None:
    """Match once and print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mentees", type=int, default=5_000)
    parser.add_argument("--mentors", type=int, default=5_000)
    parser.add_argument("--places", type=int, default=1, help="places per mentor")
    parser.add_argument("--tags", type=int, default=TAGS, help="tags in use")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    roster = a_big_roster(asked.mentees, asked.mentors, asked.places, asked.tags, asked.seed)
    catalogue, stages = build_catalogue(), Stages()
    with stages.stage("matching"):
        outcome = match(a_usual_program(asked.seed), roster, catalogue, History())
    certificate = outcome.matching.certificate
    result = {
        "matched": certificate.matched,
        "matched_bound": certificate.matched_bound,
        "total_score": certificate.total_score,
        "gap": certificate.gap,
        "exact": certificate.exact,
    }
    print(json.dumps({**stages.figures(), **result}))


if __name__ == "__main__":
    main()
