"""An intake of joiners beside what is published: `python -m benchmarks.intakes --people 100000`.

Two thirds are mentees, one third mentors with two places, and a hundredth of both have joined since. Everybody before
them is matched first, which is one measurement; from there on each further one has a process of its own: the intake
with what is published as given, and a rematch of everyone that begins from nothing and from the prices of the first
matching, as the ledger keeps them.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from attrs import evolve

from benchmarks.instances import a_big_roster, a_usual_program
from benchmarks.measuring import Stages, cpu_seconds, tell
from mentorkit.core.history import History, KnownRelationship
from mentorkit.core.matching import MatchingOutcome, match
from mentorkit.core.matching.earlier_prices import kept_prices
from mentorkit.core.problems import Effort
from mentorkit.core.proofs import Price
from mentorkit.core.relationships import Member, Relationship
from mentorkit.core.roster import Roster
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import a_roster

FIRST = datetime(2027, 1, 11, 9, tzinfo=UTC)
INTAKE = date(2027, 3, 1)
FIRST_MATCHING = "first matching"
KINDS = {
    "published as given": {"rematch": False, "warm": False},
    "rematch from nothing": {"rematch": True, "warm": False},
    "rematch from earlier prices": {"rematch": True, "warm": True},
}


def main() -> None:
    """Measure all kinds, or one of them after a first matching that is there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--kind", choices=(FIRST_MATCHING, *KINDS), help="only this one, with --first")
    parser.add_argument("--first", type=Path, help="where the first matching is kept")
    asked = parser.parse_args()
    if asked.kind:
        measure(asked.people, asked.kind, asked.first)
        return
    with tempfile.TemporaryDirectory() as folder:
        for kind in (FIRST_MATCHING, *KINDS):
            more = ["--kind", kind, "--first", str(Path(folder) / "first.json")]
            command = [sys.executable, "-m", "benchmarks.intakes", "--people", str(asked.people), *more]
            subprocess.run(command, check=True)


def measure(people: int, kind: str, first: Path) -> None:
    """Solve one kind of intake and print what it took."""
    roster = a_big_roster(people * 2 // 3, people // 3, 2)
    match(a_usual_program(), a_big_roster(200, 100, 2), build_catalogue(), History())  # what is loaded when needed
    if kind == FIRST_MATCHING:
        before = without_joiners(roster)
        outcome = solved(before, people, kind, History(), {})
        first.write_text(json.dumps(kept(outcome)), encoding="utf-8")
        return
    how = KINDS[kind]
    history = remembered(json.loads(first.read_text(encoding="utf-8")), without_joiners(roster))
    if not how["warm"]:
        history = evolve(history, prices={})
    known = {one.relationship.id for one in history.published}
    solved(roster, people, kind, history, {"on": INTAKE, "occasion": "intake", "rematch": how["rematch"]}, known)


def solved(
    roster: Roster,
    people: int,
    kind: str,
    history: History,
    how: dict[str, Any],
    known: Collection[str] = (),
) -> MatchingOutcome:
    """Match, from the roster to the certified result, and print a measurement."""
    stages, times = Stages(), Times()
    with stages.stage("matching"):
        outcome = match(a_usual_program(), roster, build_catalogue(), history, effort=Effort(tell=times.told), **how)
    figures = stages.figures() | {"stages": times.stages()}
    certificate = outcome.matching.certificate
    figures |= {"placed": certificate.matched, "total_score": certificate.total_score}
    figures["bound"] = certificate.total_score_bound
    if how.get("rematch"):
        still = sum(one.id in known for one in outcome.matching.relationships)
        figures["note"] = f"{still:,} of {len(known):,} pairs stay"
    tell("intakes", f"{people:,} people, 1 % joiners: {kind}", people, "mentorkit", **figures)
    return outcome


def without_joiners(roster: Roster) -> Roster:
    """Return the roster without the last hundredth of each role."""
    before = []
    for role in ("mentee", "mentor"):
        there = roster.in_role(role)
        before += there[: len(there) - len(there) // 100]
    return a_roster(*before)


def kept(outcome: MatchingOutcome) -> dict[str, Any]:
    """Return what a ledger keeps of a matching."""
    pairs = [[one.id, *one.people("mentor"), *one.people("mentee")] for one in outcome.matching.relationships]
    prices = [[one.person, price.covers, price.tenths] for one, price in kept_prices(outcome.solved).items()]
    return {"pairs": pairs, "prices": prices}


def remembered(first: dict[str, Any], before: Roster) -> History:
    """Return the history of a program with a published first matching."""
    ids = [person.id for person in before.people]
    return History(
        ledger_id="benchmark",
        mark=1,
        numbers={person: number for number, person in enumerate(ids, 1)},
        seen=dict.fromkeys(ids, FIRST),
        occasions={"match": FIRST},
        relationships=tuple(_published(first["pairs"])),
        prices={Member(person, "mentor"): Price(covers, tenths) for person, covers, tenths in first["prices"]},
    )


def _published(pairs: list[list[str]]) -> Iterator[KnownRelationship]:
    for key, mentor, mentee in pairs:
        members = (Member(mentor, "mentor"), Member(mentee, "mentee"))
        yield KnownRelationship(Relationship(key, members, 50.0, "match"), "published", FIRST)


class Times:
    """CPU seconds between one thing that a matching tells of and the next."""

    def __init__(self) -> None:
        self.begun: list[tuple[str, float]] = []

    def told(self, what: str, share: float) -> None:
        """Note when something begins, and when the last thing ends."""
        if what in ("posing", "solving", "certifying"):
            self.begun.append(("" if share else what, cpu_seconds()))

    def stages(self) -> dict[str, float]:
        """Return CPU seconds by what was done; what comes after the certificate belongs to nobody."""
        ends = [*self.begun[1:], ("", cpu_seconds())]
        return {what: round(after - at, 2) for (what, at), (_, after) in zip(self.begun, ends, strict=True) if what}


if __name__ == "__main__":
    main()
