"""Several messages as one: what it looks like, and that its parts stay together and go out once."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import define, evolve, field
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mentorkit.core.contracts import Channel, ChannelSetting, Outgoing, Receipt
from mentorkit.core.deliveries import Transmission
from mentorkit.core.plan import Newcomer
from mentorkit.core.roster import Person
from mentorkit.ledger import Ledger, open_ledger
from mentorkit.messages.frame import framed
from mentorkit.running.bundling import bundle_key, bundled
from mentorkit.running.channels import OpenChannel
from mentorkit.running.delivering import carry_out
from mentorkit.testing import a_person, a_plan, a_transmission

NOON = datetime(2027, 1, 11, 12, tzinfo=UTC)
PEOPLE = {"1": a_person("1", "mentor"), "2": a_person("2", "mentor")}


@define
class Box:
    """A channel in memory that gives the receipts it is told to, and keeps what it took by key."""

    name: str = "box"
    summary: str = ""
    options: None = None
    leaves_machine: bool = False
    repeat_is_harmless: bool = False
    outcomes: list[str] = field(factory=list)
    took: list[Outgoing] = field(factory=list)

    def open(self, options: None, setting: ChannelSetting) -> Channel:
        return self

    def reaches(self, person: Person | None, address: str) -> bool:
        return True

    def prepare(self, outgoing: Outgoing) -> Parcel:
        return Parcel(self, outgoing)

    @property
    def opened(self) -> OpenChannel:
        return OpenChannel(self.name, self, self)

    @property
    def arrived(self) -> dict[str, Outgoing]:
        """By key: what repeats is dropped."""
        return {one.key: one for one in reversed(self.took)}


@define
class Parcel:
    box: Box
    outgoing: Outgoing

    def commit(self) -> Receipt:
        outcome: Any = self.box.outcomes.pop(0) if self.box.outcomes else "sent"
        if self.outgoing.key in self.box.arrived:
            return Receipt("sent", "was there already")
        if outcome in ("sent", "unknown"):
            self.box.took.append(self.outgoing)
        return Receipt(outcome, outcome)

    def abandon(self) -> None:
        pass


def compose(one: Transmission) -> Outgoing:
    html = framed(f"<p>{one.key}</p>\n", one.key, "en")
    return Outgoing(one.key, "Ada", "a@example.org", "", "", one.key, f"{one.key}.", html, one.due, f"{one.key}@pilot")


def send(ledger: Ledger, *channels: Box, at: datetime = NOON, due: str = "", to: str = "1", digest: bool = True) -> Any:
    known = ledger.read()
    new = () if known.numbers else (Newcomer(1, "1"), Newcomer(2, "2"))
    ones = tuple(a_transmission(key, int(to), to) for key in due)
    plan = a_plan(at=at, ledger_id=known.ledger_id, mark=known.mark, newcomers=new, due=ones)
    outcome = carry_out(plan, ledger, [one.opened for one in channels], compose, people=PEOPLE, digest=digest)
    ledger.check()
    return outcome


def states(ledger: Ledger) -> dict[str, str]:
    return {key: known.state for key, known in ledger.read().transmissions.items()}


def a_ledger(folder: Path) -> Ledger:
    return open_ledger(folder / "ledger.sqlite", create_for="pilot", durable=False)


def test_one_message_has_a_heading_for_each_and_is_one_page() -> None:
    parts = [evolve(compose(a_transmission(key)), subject=f"About {key} & more") for key in "ab"]
    one = bundled(parts, bundle_key(["a", "b"]))
    assert "About a & more · About b & more" == one.subject
    assert "About a & more\n==============\n\na.\n\n\nAbout b & more\n==============\n\nb.\n" == one.text
    assert (1, 1, 2) == (one.html.count("<main"), one.html.count("</html>"), one.html.count("<h1>"))
    assert (
        one.html.index("About a &amp; more</h1>") < one.html.index(">a</p>") < one.html.index("About b &amp; more</h1>")
    )
    assert f"{one.key}@pilot" == one.message_id


def test_a_long_subject_says_how_many_more_there_are() -> None:
    parts = [evolve(compose(a_transmission(key)), subject=key * 50) for key in "abcd"]
    assert f"{'a' * 50} · {'b' * 50} (+2)" == bundled(parts, "key").subject


def test_all_to_one_recipient_goes_out_as_one_and_others_get_their_own(tmp_path: Path) -> None:
    with a_ledger(tmp_path) as ledger:
        box = Box()
        send(ledger, box, due="abc")
        outcome = send(ledger, box, due="d", to="2")
        assert [bundle_key(["a", "b", "c"]), "d"] == [one.key for one in box.took]
        assert ["d"] == [one.key for one in outcome.sent]
        assert {"a": "sent", "b": "sent", "c": "sent", "d": "sent"} == states(ledger)


def test_what_is_in_doubt_is_in_doubt_as_a_whole(tmp_path: Path) -> None:
    with a_ledger(tmp_path) as ledger:
        outcome = send(ledger, Box(outcomes=["unknown"]), due="ab")
        assert (["a", "b"], 1) == ([one.key for one in outcome.in_doubt], outcome.exit_code)


def test_what_may_have_arrived_as_one_is_repeated_as_the_same_one(tmp_path: Path) -> None:
    with a_ledger(tmp_path) as ledger:
        box = Box(repeat_is_harmless=True, outcomes=["unknown"])
        send(ledger, box, due="ab")
        send(ledger, box, at=NOON + timedelta(minutes=5), due="c")
        assert {"a": "sent", "b": "sent", "c": "sent"} == states(ledger)
        assert {bundle_key(["a", "b"]), "c"} == set(box.arrived)


def test_what_may_have_arrived_alone_is_repeated_alone(tmp_path: Path) -> None:
    with a_ledger(tmp_path) as ledger:
        box = Box(repeat_is_harmless=True, outcomes=["unknown"])
        send(ledger, box, due="a")
        send(ledger, box, at=NOON + timedelta(minutes=5), due="bc")
        assert {"a", bundle_key(["b", "c"])} == set(box.arrived)


def test_what_may_have_arrived_as_one_stays_one_where_that_is_not_wanted_any_more(tmp_path: Path) -> None:
    with a_ledger(tmp_path) as ledger:
        box = Box(repeat_is_harmless=True, outcomes=["unknown"])
        send(ledger, box, due="ab")
        send(ledger, box, at=NOON + timedelta(minutes=5), due="c", digest=False)
        assert {bundle_key(["a", "b"]), "c"} == set(box.arrived)


def test_a_run_that_died_between_the_marks_goes_on_with_the_same_message(tmp_path: Path) -> None:
    box = Box(repeat_is_harmless=True)
    with a_ledger(tmp_path) as ledger:
        ones = tuple(a_transmission(key) for key in "ab")
        ledger.record_plan(a_plan(newcomers=(Newcomer(1, "1"), Newcomer(2, "2")), due=ones))
        ledger.claim(["a", "b"], NOON)
        assert ledger.mark_all_at_risk(["a", "b"], "box", NOON, "box", bundle_key(["a", "b"]))
    with a_ledger(tmp_path) as ledger:
        send(ledger, box, due="c")
        assert {bundle_key(["a", "b"]), "c"} == set(box.arrived)


def test_of_what_is_not_all_ours_nothing_is_marked(tmp_path: Path) -> None:
    with a_ledger(tmp_path) as ledger:
        ledger.record_plan(a_plan(newcomers=(Newcomer(1, "1"),), due=tuple(a_transmission(key) for key in "ab")))
        ledger.claim(["a"], NOON)
        assert not ledger.mark_all_at_risk(["a", "b"], "box", NOON, "box", "key")
        assert {"a": "claimed", "b": "due"} == states(ledger)


def test_what_one_channel_refuses_goes_on_as_a_whole(tmp_path: Path) -> None:
    with a_ledger(tmp_path) as ledger:
        first, second = Box("first", outcomes=["failed"]), Box("second")
        outcome = send(ledger, first, second, due="ab")
        assert (["a", "b"], ["a", "b"]) == ([one.key for one in outcome.passed_on], [one.key for one in outcome.sent])
        assert [bundle_key(["a", "b"])] == [one.key for one in second.took]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("empty")
    a_ledger(folder).close()
    return folder / "ledger.sqlite"


def a_copy(empty: Path, folder: Path) -> Ledger:
    shutil.copy(empty, folder / "ledger.sqlite")
    return open_ledger(folder / "ledger.sqlite", durable=False)


OUTCOMES = st.sampled_from(["sent", "sent", "deferred", "unknown", "failed"])
RUNS = st.lists(
    st.tuples(st.integers(0, 600), st.integers(0, 3), st.sampled_from("12"), st.lists(OUTCOMES, max_size=4)),
    min_size=1,
    max_size=8,
)


@given(RUNS, st.booleans())
@example([(0, 1, "1", ["unknown", "sent"]), (316, 1, "1", [])], True)
@settings(max_examples=20, deadline=None)
def test_over_any_runs_each_part_arrives_once_or_is_named(
    empty: Path, tmp_path_factory: Any, runs: list[tuple[int, int, str, list[str]]], harmless: bool
) -> None:
    box, at, made = Box(repeat_is_harmless=harmless), NOON, 0
    with a_copy(empty, tmp_path_factory.mktemp("bundles")) as ledger:
        for minutes, number, to, outcomes in runs:
            at += timedelta(minutes=minutes)
            box.outcomes = list(outcomes)
            send(ledger, box, at=at, due="abcdefghijklmnopqrstuvwxyz"[made : made + number], to=to)
            made += number
        box.outcomes = []
        send(ledger, box, at=at + timedelta(hours=7))
        known = states(ledger)
    arrived = [line[:-1] for one in box.arrived.values() for line in one.text.split("\n") if len(line) == 2]
    assert len(set(arrived)) == len(arrived)
    assert made == len(known)
    assert {"sent", "failed", "in_doubt"} >= set(known.values())
    assert {key for key, state in known.items() if state == "sent"} <= set(arrived)
    assert not set(arrived) & {key for key, state in known.items() if state == "failed"}
