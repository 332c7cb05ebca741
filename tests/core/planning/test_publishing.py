from datetime import date

import pytest
from attrs import evolve

from mentorkit.core.errors import RefusedError
from mentorkit.core.history import History, KnownRelationship
from mentorkit.core.matching import Decisions
from mentorkit.core.moments import parse_when
from mentorkit.core.planning.deciding import make_plan
from mentorkit.core.planning.publishing import make_publication
from mentorkit.core.program import Intake, MatchingUse, Step, Use
from mentorkit.plugin_loading import build_catalogue
from mentorkit.testing import a_message, a_moment, a_person, a_program, a_roster

CATALOGUE = build_catalogue()
REVIEW = MatchingUse(Use("optimal"), publish="review")
PROGRAM = a_program(matching=REVIEW, timeline=())
ROSTER = a_roster(
    a_person("m1", "mentor"), a_person("m2", "mentor"), a_person("e1", "mentee"), a_person("e2", "mentee")
)
MONDAY, TUESDAY = a_moment("2027-01-11T12:00:00+00:00"), a_moment("2027-01-12T12:00:00+00:00")


def proposed(roster=ROSTER, program=PROGRAM):
    plan = make_plan(program, roster, CATALOGUE, History(), MONDAY).plan
    return evolve(
        History(ledger_id="l", mark=1, numbers={one.id: one.number for one in plan.newcomers}),
        relationships=tuple(KnownRelationship(one, "proposed") for one in plan.matching.relationships),
    )


def all_published():
    known = proposed()
    pairs = (KnownRelationship(one.relationship, "published", MONDAY) for one in known.relationships)
    return evolve(known, occasions={"match": MONDAY}, relationships=tuple(pairs))


def published(history, at=TUESDAY, roster=ROSTER, program=PROGRAM, **how):
    return make_publication(program, roster, CATALOGUE, history, at, **how).plan


def pairs(plan):
    return sorted("-".join(reversed(one.people())) for one in plan.matching.relationships)


def test_a_run_under_review_proposes_and_publishes_nothing():
    plan = make_plan(PROGRAM, ROSTER, CATALOGUE, History(), MONDAY).plan
    assert (True, (), 2) == (plan.proposing, plan.occasions, len(plan.matching.relationships))
    assert () == plan.schedule.sessions
    assert plan.preview.sessions


def test_what_is_proposed_is_published_with_sessions_and_sends_nothing():
    history = proposed()
    plan = published(history)
    assert {known.relationship.id for known in history.proposed} == {one.id for one in plan.matching.relationships}
    assert (TUESDAY, ("match",), 14, ()) == (plan.published, plan.occasions, len(plan.schedule.sessions), plan.due)


def test_what_would_not_be_proposed_today_is_refused():
    more = a_roster(*ROSTER.people[:3])
    with pytest.raises(RefusedError, match=r"1 of those .* 2 are no longer|proposes anew"):
        published(proposed(), roster=more)


def test_where_nothing_is_proposed_nothing_is_published():
    assert published(History()).matching is None


def test_decisions_stand_over_what_is_proposed():
    history = proposed()
    first = pairs(published(history))
    apart = Decisions(forbidden=(tuple(first[0].split("-")),))
    plan = published(history, decisions=apart)
    assert first[0] not in pairs(plan)
    assert {known.relationship.id for known in history.proposed} == set(plan.withdrawn)


def test_filling_is_an_intake_of_its_own():
    history = all_published()
    late = a_roster(*ROSTER.people, a_person("m3", "mentor"), a_person("e3", "mentee"))
    plan = published(history, roster=late, fill=True)
    assert (["e3-m3"], ("intake-2027-01-12",)) == (pairs(plan), plan.occasions)


def test_a_rematch_ends_what_is_not_part_of_it_once_it_is_published():
    everyone = evolve(
        PROGRAM, matching=evolve(REVIEW, rematch="everyone", intake=Intake(weekday=0, text="every monday"))
    )
    history = all_published()
    gone = a_roster(*(one for one in ROSTER.people if one.id != "e2"), a_person("e4", "mentee"))
    at = a_moment("2027-01-18T12:00:00+00:00")
    waiting = make_plan(everyone, gone, CATALOGUE, history, at).plan
    assert (True, ()) == (waiting.proposing, waiting.rearranged.endings)
    plan = published(history, at=at, roster=gone, program=everyone, fill=True)
    kept = {one.id for one in plan.matching.given}
    ended = {one.relationship for one in plan.rearranged.endings}
    assert {known.relationship.id for known in history.published} == kept | ended
    assert ended
    assert all(one.reason == "rematched" for one in plan.rearranged.endings)


def test_nothing_is_published_while_people_can_sign_up_or_after_the_end():
    open_until = evolve(PROGRAM, opens=date(2026, 12, 1), signup_closes=date(2027, 1, 12))
    with pytest.raises(RefusedError, match="sign-up is open until the end of 2027-01-12"):
        published(History(), program=open_until, fill=True)
    with pytest.raises(RefusedError, match="ended on 2027-06-28"):
        published(History(), at=a_moment("2027-07-01T12:00:00+00:00"), fill=True)


def test_an_intake_under_review_that_finds_nobody_has_taken_place():
    weekly = evolve(PROGRAM, matching=evolve(REVIEW, intake=Intake(weekday=0, text="every monday")))
    known = proposed()
    pairs_published = tuple(KnownRelationship(one.relationship, "published", MONDAY) for one in known.relationships)
    history = evolve(known, occasions={"match": MONDAY}, relationships=pairs_published)
    plan = make_plan(weekly, ROSTER, CATALOGUE, history, a_moment("2027-01-18T12:00:00+00:00")).plan
    assert (False, ("intake-2027-01-18",)) == (plan.proposing, plan.occasions)


def test_who_is_proposed_for_somebody_is_not_told_that_nobody_was_found():
    notice = Step("nobody", parse_when("match + 0 days"), ("unmatched",), a_message())
    weekly = evolve(PROGRAM, timeline=(notice,), matching=evolve(REVIEW, intake=Intake(weekday=0, text="every monday")))
    known = proposed()
    history = evolve(
        known,
        occasions={"match": MONDAY},
        seen=dict.fromkeys(known.numbers, MONDAY),
        relationships=tuple(KnownRelationship(one.relationship, "published", MONDAY) for one in known.relationships),
    )
    joined = a_roster(*ROSTER.people, a_person("m3", "mentor"), a_person("e3", "mentee"), a_person("e4", "mentee"))
    plan = make_plan(weekly, joined, CATALOGUE, history, a_moment("2027-01-18T12:00:00+00:00")).plan
    (placed,) = plan.matching.relationships
    told = {one.recipient.id for one in plan.due}
    assert {"e3", "e4"} - set(placed.people()) == told


def test_a_proposed_rematch_names_what_it_would_end():
    everyone = evolve(
        PROGRAM, matching=evolve(REVIEW, rematch="everyone", intake=Intake(weekday=0, text="every monday"))
    )
    history = all_published()
    others = a_roster(*(one for one in ROSTER.people if one.id != "e2"), a_person("e4", "mentee"))
    plan = make_plan(everyone, others, CATALOGUE, history, a_moment("2027-01-18T12:00:00+00:00")).plan
    published = {known.relationship.id for known in history.published}
    assert plan.breaks
    assert set(plan.breaks) <= published
    assert not plan.rearranged
