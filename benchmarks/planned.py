"""What is measured: which instances, and who solves each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

OURS, BASE, CHANCE = "mentorkit", "mentorkit, base install", "mentorkit random"


@dataclass(frozen=True)
class Peer:
    """A peer: its name, its script, and the environment that it runs in."""

    name: str
    script: str
    environment: str = "peers"


SCIPY = Peer("scipy linear_sum_assignment", "dense_scipy")
LAP = Peer("lap.lapjv", "dense_lap")
FLOW = Peer("OR-Tools SimpleMinCostFlow", "flow_ortools")
NETWORKX_FLOW = Peer("networkx max_flow_min_cost", "flow_networkx")
NETWORKX = Peer("networkx max_weight_matching", "blossom_networkx")
RUSTWORKX = Peer("rustworkx max_weight_matching", "blossom_rustworkx")
MATCHING = Peer("matching HospitalResident", "residents_matching", "matching")
MENTOR_MATCH = Peer("mentor-match", "munkres_mentor_match", "mentor-match")


@dataclass(frozen=True)
class Instance:
    """One instance and who solves it.

    Attributes:
        case: the module in `benchmarks.cases`.
        arguments: what it is asked.
        ours: names of our own engines; how each is asked says `OWN`.
        peers: the others.
        quick: whether a quick run has it.
        patient: peers that only a long run waits for.
    """

    case: str
    arguments: tuple[str, ...]
    ours: tuple[str, ...] = (OURS,)
    peers: tuple[Peer, ...] = ()
    quick: bool = False
    patient: tuple[Peer, ...] = ()


OWN = {
    OURS: (),
    BASE: ("--base",),
    CHANCE: ("--matcher", "random"),
}
"""How our engines are asked for."""


def two_sided(mentees: int, mentors: int, *more: str) -> tuple[str, ...]:
    """Return arguments for an instance in which a mentor has two places."""
    return "--mentees", str(mentees), "--mentors", str(mentors), "--places", "2", *more


INSTANCES = (
    Instance("two_sided", two_sided(100, 50), (OURS, BASE), (MENTOR_MATCH, NETWORKX_FLOW, SCIPY), quick=True),
    Instance("two_sided", two_sided(200, 100), (OURS, BASE), (MENTOR_MATCH, NETWORKX_FLOW, SCIPY)),
    Instance("two_sided", two_sided(500, 250), (OURS, BASE), (MENTOR_MATCH, NETWORKX_FLOW, SCIPY)),
    Instance("two_sided", two_sided(1_000, 500), (OURS, BASE, CHANCE), (SCIPY, LAP, FLOW), quick=True),
    Instance("two_sided", two_sided(2_000, 1_000), (OURS, BASE), (SCIPY, LAP, FLOW), quick=True),
    Instance("two_sided", two_sided(5_000, 2_500), (OURS, BASE), (SCIPY, LAP, FLOW)),
    Instance("two_sided", two_sided(10_000, 5_000), (OURS, BASE, CHANCE), (SCIPY, LAP, FLOW)),
    Instance("two_sided", two_sided(20_000, 10_000), (OURS, CHANCE), (SCIPY,)),
    Instance("two_sided", two_sided(100_000, 50_000), (OURS,)),
    Instance("two_sided", two_sided(1_000, 600), (OURS,), (SCIPY, LAP, FLOW), quick=True),
    Instance("two_sided", two_sided(10_000, 6_000), (OURS,), (SCIPY, LAP, FLOW)),
    Instance("two_sided", two_sided(100_000, 60_000), (OURS,)),
    Instance("two_sided", two_sided(1_000, 500, "--kind", "pairs"), (OURS,), (SCIPY,), quick=True),
    Instance("two_sided", two_sided(5_000, 2_500, "--kind", "pairs"), (OURS, BASE), (SCIPY, LAP)),
    Instance("two_sided", two_sided(10_000, 5_000, "--kind", "pairs"), (OURS,), (SCIPY,)),
    Instance("two_sided", ("--kind", "heritage"), (OURS, BASE, CHANCE), (SCIPY, LAP, FLOW), quick=True),
    Instance("peers", ("--people", "200"), (OURS, BASE, CHANCE), (RUSTWORKX, NETWORKX), quick=True),
    Instance("peers", ("--people", "500"), (OURS, BASE, CHANCE), (RUSTWORKX, NETWORKX)),
    Instance("peers", ("--people", "2000"), (OURS, BASE, CHANCE), (RUSTWORKX,)),
    Instance("peers", ("--people", "5000"), (OURS,), (RUSTWORKX,)),
    Instance("peers", ("--people", "10000"), (OURS, CHANCE), patient=(RUSTWORKX,)),
    Instance("peers", ("--people", "100000"), (OURS,)),
    Instance("stable", ("--mentees", "500"), (OURS, BASE), (MATCHING,), quick=True),
    Instance("stable", ("--mentees", "1000"), (OURS, BASE), (MATCHING,), quick=True),
    Instance("stable", ("--mentees", "2000"), (OURS, BASE), (MATCHING,)),
    Instance("stable", ("--mentees", "5000"), (OURS, BASE), (MATCHING,)),
    Instance("stable", ("--mentees", "10000"), (OURS, BASE), (MATCHING,)),
    Instance("stable", ("--mentees", "100000", "--length", "50"), (OURS,)),
)


@dataclass(frozen=True)
class Script:
    """A script of `benchmarks` that solves and measures on its own, and what it is asked."""

    case: str
    words: str
    size: int
    arguments: tuple[str, ...]
    quick: bool = False


FURTHER = (
    Script("groups", "120 mentees, 20 mentors", 120, ("--mentees", "120", "--mentors", "20"), quick=True),
    Script("groups", "1,000 mentees, 167 mentors", 1_000, ("--mentees", "1000", "--mentors", "167")),
    Script("groups", "10,000 mentees, 1,667 mentors", 10_000, ("--mentees", "10000", "--mentors", "1667")),
    Script("groups", "50,000 mentees, 8,334 mentors", 50_000, ("--mentees", "50000", "--mentors", "8334")),
    Script("circles", "20 people in circles of 5", 20, ("--people", "20"), quick=True),
    Script("circles", "1,000 people in circles of 5", 1_000, ("--people", "1000")),
    Script("circles", "5,000 people in circles of 5", 5_000, ("--people", "5000")),
    Script("teams", "20 teams of three", 60, ("--teams", "20"), quick=True),
    Script("teams", "100 teams of three", 300, ("--teams", "100")),
    Script("teams", "400 teams of three", 1_200, ("--teams", "400")),
)
"""What scripts named like their case are asked, where they are there."""

OWN_PLAN = ("slots", "planning", "scheduling", "mailing")
"""Scripts that print measurements of all their instances when asked with `--json`."""


def instances(only: str, *, quick: bool) -> Iterator[Instance]:
    """Yield what a run measures."""
    yield from (one for one in INSTANCES if (one.quick or not quick) and only in ("", one.case.replace("_", "-")))


def further(only: str, *, quick: bool) -> list[Script]:
    """Return what a run asks of scripts that measure on their own."""
    return [one for one in FURTHER if (one.quick or not quick) and only in ("", one.case)]
