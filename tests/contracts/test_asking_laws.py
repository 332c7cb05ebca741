"""Whatever people answer, request and let pass: nothing is sent or asked twice, and no request is lost."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorkit.core.happenings import Told
from mentorkit.core.planning import make_plan
from mentorkit.core.planning.status import make_status
from mentorkit.core.requests import requests_of
from mentorkit.ledger import open_ledger
from mentorkit.loading import load_program
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import a_moment, a_person, a_roster, program_folder

PLUGIN = Path(__file__).with_name("asking_plugin.py")
MESSAGE = "---\nsubject: Hi\n---\nDear {{ me.name }},\n"
MORNING = a_moment("2027-01-11T10:00:00+00:00")
MENTORS, MENTEES = ("m1", "m2", "m3"), ("e1", "e2")
PROGRAM = """\
program = { name = "Laws", starts = 2027-01-11, length = "8 weeks", timezone = "UTC", coordinator = "c@example.org" }
roster.file = "people.csv"
plugins.files = ["asking_plugin.py"]
model = { use = "MODEL", options = { days = 2, open = 4 } }
sessions = { count = 1 }

[matching.criteria.topics]
kind = "overlap"
mentee = "wants"
mentor = "skills"

[timeline.ask]
when = "ask"
to = "mentor"
message = "messages/hi"

[timeline.remind]
when = "ask + 1 day"
to = ["mentor", "coordinator"]
message = "messages/hi"

[timeline.hello]
when = "match"
to = ["mentor", "mentee", "unmatched"]
message = "messages/hi"
REQUESTS"""
ON_REQUEST = """
[timeline.received]
when = "request"
to = ["mentee", "coordinator"]
message = "messages/hi"

[timeline.still-looking]
when = "request + 2 days"
if = "unserved"
to = "mentee"
message = "messages/hi"
"""
ROSTER = a_roster(
    *(a_person(one, "mentor", skills=frozenset({"sql", f"t{number}"})) for number, one in enumerate(MENTORS)),
    *(a_person(one, "mentee", wants=frozenset({"sql"})) for one in MENTEES),
)
DAYS = st.lists(
    st.lists(
        st.one_of(
            st.tuples(st.sampled_from(("accepted", "declined")), st.sampled_from(MENTORS), st.just("")),
            st.tuples(st.just("requested"), st.sampled_from(MENTEES), st.sampled_from(("sql", "t1; t2", ""))),
            st.tuples(st.sampled_from(("paused", "resumed", "ended")), st.sampled_from(MENTORS + MENTEES), st.just("")),
        ),
        max_size=3,
    ),
    min_size=4,
    max_size=16,
)


@pytest.fixture(scope="module")
def programs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("laws")
    found = {}
    for name, more in (("asked-first", ""), ("on-request", ON_REQUEST)):
        text = PROGRAM.replace("MODEL", name).replace("REQUESTS", more)
        files = {
            "p.toml": text,
            "asking_plugin.py": PLUGIN.read_text(),
            "messages/hi.md": MESSAGE,
            "people.csv": "id\n",
        }
        program_folder(folder / name, {**files, "messages/hi.md": MESSAGE})
        found[name] = load_program(folder / name / "p.toml", build_catalogue())
        assert found[name].program, found[name].diagnostics
    return found.__getitem__


@pytest.fixture(scope="module")
def empty_ledger(tmp_path_factory):
    path = tmp_path_factory.mktemp("empty") / "ledger.sqlite"
    open_ledger(path, create_for="p", durable=False).close()
    return path


def pairs(known):
    return frozenset(known.relationship.people())


def check_who_is_together(history):
    """Nobody is published without a yes, has more than their places, or is asked again about whom they refused."""
    said = {(event.kind, event.person, event.subject) for event in history.events}
    taken = Counter(person for known in history.binding for person in known.relationship.people())
    assert all(taken[one] <= 1 for one in taken)
    refused = Counter(pairs(one) for one in history.relationships if one.reason in ("declined", "expired"))
    refused += Counter(pairs(one) for one in history.relationships if one.state == "ended")
    for known in history.relationships:
        if known.published_at is not None:
            assert ("accepted", known.relationship.people("mentor")[0], known.relationship.id) in said
        if refused[pairs(known)]:
            assert 1 == sum(pairs(known) == pairs(one) for one in history.relationships)


def check_requests(loaded, history, status):
    """Every request is served, expired or named; each relationship is for one of them."""
    requests = requests_of(loaded.program, history.relationships, history.events)
    named = {key for need in status.needs if need.kind == "requested" for key in need.subjects}
    assert {one.key for one in requests if one.open} == named
    assert all(need.detail for need in status.needs if need.kind == "requested")
    assert all((one.served_at is None) or (one.expired_at is None) for one in requests)
    serving = [one.relationship for one in requests if one.relationship]
    assert len(serving) == len(set(serving))
    assert {known.relationship.id for known in history.relationships if not known.withdrawn} <= set(serving)


@pytest.mark.parametrize("name", ["asked-first", "on-request"])
@settings(max_examples=15, deadline=None)
@given(days=DAYS)
def test_over_any_answers_nothing_is_sent_or_asked_twice_and_no_request_is_lost(programs, empty_ledger, name, days):
    loaded = programs(name)
    program, catalogue = loaded.program, loaded.catalogue
    sent, told = Counter(), []
    with TemporaryDirectory() as folder, open_ledger(Path(shutil.copy(empty_ledger, folder)), durable=False) as ledger:
        for number, events in enumerate(days):
            at = MORNING + timedelta(days=number)
            told += [
                Told(f"{number}-{index}", at - timedelta(hours=1), person, kind, "", value)
                for index, (kind, person, value) in enumerate(events)
            ]
            plan = make_plan(program, ROSTER, catalogue, ledger.read(), at, told).plan
            ledger.record_plan(evolve(plan, ledger_id=ledger.id))
            sent.update(delivery.key for one in plan.due for delivery in one.deliveries)
            taken = {event.id for event in ledger.read().events}
            told = [one for one in told if one.id in taken]  # what could not be about anything is not said again
            again = make_plan(program, ROSTER, catalogue, ledger.read(), at, told)
            assert ((), (), None, False) == (
                again.plan.due, again.plan.accepted, again.plan.matching, bool(again.plan.happening),
            )  # fmt: skip
            assert not again.plan.rearranged
            check_who_is_together(ledger.read())
            if name == "on-request":
                check_requests(loaded, ledger.read(), make_status(program, ROSTER, catalogue, again))
    assert {1} >= set(sent.values())
