"""Asking first, and working on request, where they meet reviews, lost ledgers, leavers and last days."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from attrs import evolve

from mentorkit.core.happenings import Told
from mentorkit.core.planning import make_plan
from mentorkit.core.planning.publishing import make_publication
from mentorkit.core.requests import requests_of
from mentorkit.ledger import open_ledger
from mentorkit.loading import load_program
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import a_moment, a_person, a_roster, program_folder

PLUGIN = Path(__file__).with_name("asking_plugin.py")
MORNING = a_moment("2027-01-11T10:00:00+00:00")
PROGRAM = """\
program = { name = "Seams", starts = 2027-01-11, length = "8 weeks", timezone = "UTC", coordinator = "c@example.org" }
roster.file = "people.csv"
plugins.files = ["asking_plugin.py"]
model = { use = "MODEL", options = { days = 2, open = 4 } }
sessions = { count = 1 }
matching.publish = "PUBLISH"

[matching.criteria.topics]
kind = "overlap"
mentee = "wants"
mentor = "skills"
"""
FLASH = """\
program = { name = "Seams", starts = 2027-01-11, length = "40 weeks", timezone = "UTC", coordinator = "c@example.org" }
roster.file = "people.csv"
model = { use = "flash", options = { OPTIONS } }
"""
ROSTER = a_roster(
    *(a_person(one, "mentor", skills=frozenset({"sql"})) for one in ("m1", "m2", "m3")),
    *(a_person(one, "mentee", wants=frozenset({"sql"})) for one in ("e1", "e2")),
)
NO_MENTORS = a_roster(*(evolve(one, places={"mentor": 0}) for one in ROSTER.people))


FILES = {
    "asking_plugin.py": PLUGIN.read_text(),
    "people.csv": "id\n",
    "hi.md": "---\nsubject: Hi\n---\nDear {{ me.name }},\n",
}


class Seam:
    """A program, its ledger, and the plans carried out."""

    def __init__(self, loaded, ledger):
        self.loaded, self.ledger = loaded, ledger

    def __call__(self, at, told=(), roster=ROSTER, make=make_plan):
        plan = make(self.loaded.program, roster, self.loaded.catalogue, self.ledger.read(), at, told).plan
        self.ledger.record_plan(evolve(plan, ledger_id=self.ledger.id))
        return plan

    def publish(self, at):
        return self(at, make=make_publication)

    def states(self):
        return {one.relationship.id: (one.state, one.reason) for one in self.ledger.read().relationships}


@pytest.fixture
def seam(tmp_path):
    opened = []

    def make(model="asked-first", publish="auto", text=PROGRAM):
        text = text.replace("MODEL", model).replace("PUBLISH", publish)
        program_folder(tmp_path, {"p.toml": text, **FILES})
        loaded = load_program(tmp_path / "p.toml", build_catalogue())
        assert loaded.program, loaded.diagnostics
        opened.append(open_ledger(tmp_path / "ledger.sqlite", create_for="p", durable=False))
        return Seam(loaded, opened[0])

    yield make
    for ledger in opened:
        ledger.close()


def told(at, person, kind, value=""):
    return [Told(f"{person}-{kind}", at - timedelta(hours=1), person, kind, "", value)]


def test_in_the_place_of_a_lost_ledger_people_have_all_their_days_to_answer(seam):
    """Whom was asked about whom is lost, so it is asked now, however long ago the program began."""
    run, at = seam(), MORNING + timedelta(weeks=4)
    run.ledger.adopt(at - timedelta(hours=1), at)
    run(at)
    assert {at} == {one.asked_at for one in run.ledger.read().asked}
    run(at + timedelta(days=2))
    assert 2 == len(run.ledger.read().asked)
    run(at + timedelta(days=3))
    assert ["expired", "expired"] == [one.reason for one in run.ledger.read().relationships if one.asked_at == at]


@pytest.mark.parametrize("known_in_time", [True, False])
def test_what_would_be_over_by_now_never_begins(seam, known_in_time):
    run = seam()
    plan = make_plan(run.loaded.program, ROSTER, run.loaded.catalogue, run.ledger.read(), MORNING).plan
    made = tuple(evolve(one, until=date(2027, 1, 12)) for one in plan.matching.relationships)
    run.ledger.record_plan(evolve(plan, ledger_id=run.ledger.id, matching=evolve(plan.matching, relationships=made)))
    accepting, silent = made
    yes = told(MORNING + timedelta(hours=2), *accepting.people("mentor"), "accepted")
    if known_in_time:
        run(MORNING + timedelta(days=1), yes)
    run(MORNING + timedelta(days=2), yes)
    assert (("ended", "completed") if known_in_time else ("proposed", "expired")) == run.states()[accepting.id]
    assert ("proposed", "expired") == run.states()[silent.id]


@pytest.mark.parametrize("model", ["asked-first", "on-request"])
def test_a_proposal_for_who_lost_somebody_or_asked_is_withdrawn_when_it_cannot_be_any_more(seam, model):
    run = seam(model, "review")
    run(MORNING)
    run.publish(MORNING)
    asked = run.ledger.read().asked
    assert [] == list(asked) if model == "on-request" else 2 == len(asked)
    at = MORNING + timedelta(hours=3)
    about = told(at, *asked[0].relationship.people("mentor"), "declined") if asked else told(at, "e1", "requested")
    run(at, about)
    (proposed,) = run.ledger.read().proposed
    run(at + timedelta(hours=1), about, NO_MENTORS)
    assert ("proposed", "withdrawn") == run.states()[proposed.relationship.id]
    plan = make_publication(
        run.loaded.program, NO_MENTORS, run.loaded.catalogue, run.ledger.read(), at + timedelta(hours=2), about
    ).plan
    assert plan.matching is None


def test_a_proposal_is_withdrawn_when_nobody_needs_it_any_more(seam):
    run = seam("asked-first", "review")
    run(MORNING)
    run.publish(MORNING)
    at, (first, _) = MORNING + timedelta(hours=3), run.ledger.read().asked
    declined = told(at, *first.relationship.people("mentor"), "declined")
    run(at, declined)
    assert 1 == len(run.ledger.read().proposed)
    paused = told(at + timedelta(hours=1), *first.relationship.people("mentee"), "paused")
    assert 1 == len(run(at + timedelta(hours=1), declined + paused).withdrawn)
    assert () == run(at + timedelta(hours=2), declined + paused).withdrawn


def test_under_review_the_first_matching_of_a_model_on_request_takes_place_though_nobody_has_asked(seam):
    """Else no request would ever expire: its days count from the first matching."""
    run = seam("on-request", "review")
    run(MORNING)
    assert {"match": MORNING} == run.ledger.read().occasions
    run(MORNING + timedelta(hours=1), told(MORNING + timedelta(hours=1), "e1", "requested"), NO_MENTORS)
    over = MORNING + timedelta(days=8)
    events = run(over, roster=NO_MENTORS).rearranged.events
    assert [("e1", "expired")] == [(one.person, one.value) for one in events]


def test_in_the_place_of_a_lost_ledger_a_request_is_served_by_who_is_found_for_it_now(seam):
    run, at = seam(text=FLASH.replace("OPTIONS", "ask = false")), MORNING + timedelta(weeks=4)
    run.ledger.adopt(at - timedelta(hours=1), at)
    run(at, told(at - timedelta(days=3), "e1", "requested", "sql"))
    known = run.ledger.read()
    (request,) = requests_of(run.loaded.program, known.relationships, known.events)
    assert at == request.served_at
    assert all(one.session.starts > at for one in known.sessions)


@pytest.mark.parametrize(("left_on", "found"), [(date(2027, 3, 1), True), (date(2027, 1, 18), False)])
@pytest.mark.parametrize("options", ["ask = false", 'form = "office-hours"'])
def test_who_leaves_within_the_program_still_meets_somebody_before(seam, left_on, found, options):
    """They have nothing to begin that lasts as long as the program: a meeting within four weeks, or on 3 February."""
    run = seam(text=FLASH.replace("OPTIONS", options))
    more = {"left_on": left_on, "office_hours": "2027-02-03 14:00"}
    roster = a_roster(*(evolve(one, values={**one.values, **more}) for one in ROSTER.people))
    matching = run(MORNING, told(MORNING, "e1", "requested", "sql"), roster).matching
    assert found == bool(matching and matching.relationships)


@pytest.mark.parametrize(("role", "said"), [("mentee", "left"), ("mentor", "accepted")])
def test_nobody_is_asked_any_more_about_what_is_settled(seam, role, said):
    """What could not be sent waits for the next run; by then it may have lost its reason."""
    ask = '\n[timeline.ask]\nwhen = "ask"\nto = "mentor"\nmessage = "hi"\n'
    run = seam(text=PROGRAM + ask)
    due = {one.key: one.deliveries[0].relationship for one in run(MORNING).due}
    assert 2 == len(due)
    at, (first, second) = MORNING + timedelta(hours=1), run.ledger.read().asked
    plan = run(at, told(at, *first.relationship.people(role), said))
    assert [second.relationship.id] == [due[one.key] for one in plan.waiting]
