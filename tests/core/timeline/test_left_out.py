from datetime import date, timedelta

from attrs import evolve

from mentorkit.core.contracts import Role, Round
from mentorkit.core.history import COMPLETED, KnownRelationship
from mentorkit.core.moments import parse_when
from mentorkit.core.program import ModelUse, Step, Use
from mentorkit.core.timeline.laying_out import Calendar, transmissions
from mentorkit.core.zones import to_local
from mentorkit.testing import a_message, a_moment, a_person, a_program, a_relationship, a_roster

ROLES = (Role("mentor", "mentor", served=False), Role("mentee", "mentee", served=True))
ROUNDS = tuple(Round(f"round-{n}", date(2027, n, 1), date(2027, n, 25)) for n in (1, 2, 3))
FIRST, SECOND, THIRD = (a_moment(f"2027-0{n}-01T10:00:00+00:00") for n in (1, 2, 3))
ROSTER = a_roster(a_person("17", "mentor"), *(a_person(one, "mentee") for one in ("42", "43", "44")))
PAIR = a_relationship(("17", "mentor"), ("42", "mentee"))
UNMATCHED = Step("sorry", parse_when("match + 0 days", ()), ("unmatched",), a_message())


def heard(calendar, rounds=ROUNDS, roster=ROSTER, step=UNMATCHED, **model):
    use = ModelUse(Use("one-on-one"), roles=ROLES, rounds=rounds, **model)
    program = a_program(timeline=(step,), model=use, starts=date(2027, 1, 1), ends=date(2027, 4, 1))
    found = transmissions(program, roster, ROLES, calendar, {one.id: int(one.id) for one in roster.people})
    return [
        f"{to_local(one.due, one.zone):%m-%d} {one.recipient.id} {delivery.occurrence}"
        for one in found
        for delivery in one.deliveries
    ]


def a_calendar(occasions, *relationships, **changes):
    return Calendar(relationships, (), min(occasions.values()), occasions=occasions, **changes)


def completed(relationship, begins, ends):
    return KnownRelationship(evolve(relationship, until=date(2027, 1, 25)), "ended", begins, ends, COMPLETED)


IN_ROUNDS = {"round-1": FIRST, "round-2": SECOND, "round-3": THIRD}
AT_INTAKES = {"match": FIRST, "intake-2027-02-01": SECOND, "intake-2027-03-01": THIRD}


def test_who_has_nobody_in_a_round_hears_so_of_each_round():
    over = completed(PAIR, FIRST, FIRST + timedelta(days=24))
    again = KnownRelationship(a_relationship(("17", "mentor"), ("43", "mentee")), "published", THIRD)
    assert [
        "01-01 44 once", "02-01 42 round-2", "02-01 43 round-2", "02-01 44 round-2", "03-01 42 round-3",
        "03-01 44 round-3",
    ] == heard(a_calendar(IN_ROUNDS, over, again))  # fmt: skip


def test_who_has_found_somebody_since_a_round_is_not_told_of_it_when_they_are_alone_again():
    filled = completed(PAIR, SECOND + timedelta(days=3), SECOND + timedelta(days=20))
    assert ["03-01 42 round-3"] == [one for one in heard(a_calendar(IN_ROUNDS, filled)) if " 42 " in one]


def test_who_comes_with_or_after_a_round_hears_once_that_they_wait():
    seen = {**dict.fromkeys(("17", "42", "43"), FIRST), "44": SECOND}
    here = a_roster(ROSTER.by_id["44"])
    assert ["02-01 44 once", "03-01 44 round-3"] == heard(a_calendar(IN_ROUNDS, seen=seen), roster=here)
    later = {**seen, "44": SECOND + timedelta(days=5)}
    assert ["02-06 44 once", "03-01 44 round-3"] == heard(a_calendar(IN_ROUNDS, seen=later), roster=here)


def test_intakes_tell_those_who_have_lost_somebody_and_nobody_twice():
    left = KnownRelationship(PAIR, "ended", FIRST, FIRST + timedelta(days=9), "left")
    assert ["01-01 43 once", "01-01 44 once", "02-01 42 intake-2027-02-01"] == heard(a_calendar(AT_INTAKES, left), ())


def test_an_intake_says_nothing_to_those_whose_relationship_had_come_to_its_last_day():
    over = completed(PAIR, FIRST, FIRST + timedelta(days=24))
    assert [] == [one for one in heard(a_calendar(AT_INTAKES, over), ()) if " 42 " in one]


def test_who_loses_somebody_at_an_intake_that_breaks_all_hears_of_it():
    broken = KnownRelationship(PAIR, "ended", FIRST, SECOND, "rematched")
    assert "02-01 42 intake-2027-02-01" in heard(a_calendar(AT_INTAKES, broken), ())


def test_what_is_matched_between_rounds_or_on_request_leaves_nobody_out():
    left = KnownRelationship(PAIR, "ended", FIRST, FIRST + timedelta(days=9), "left")
    between = {"match": FIRST, "again-2027-02-01": SECOND, "requests-2027-03-01": THIRD}
    assert ["01-01 43 once", "01-01 44 once"] == heard(a_calendar(between, left), ())
    assert [] == heard(a_calendar(AT_INTAKES, left), (), request_days=5)


def test_who_is_asked_or_proposed_in_a_round_is_not_told_and_whose_proposal_fails_hears_then():
    asked = KnownRelationship(PAIR, "proposed", asked_at=SECOND)
    assert [] == [one for one in heard(a_calendar(IN_ROUNDS, asked)) if " 42 round-2" in one]
    proposed = heard(a_calendar(IN_ROUNDS, KnownRelationship(PAIR, "proposed")))
    assert ["02-01 42 round-2"] == [one for one in proposed if " 42 " in one]
    no = evolve(asked, reason="declined", end_noted=SECOND + timedelta(days=4))
    assert "02-05 42 round-2" in heard(a_calendar(IN_ROUNDS, no))


def test_repeating_and_other_groups_are_as_at_the_first_matching():
    short = {"round-1": FIRST, "round-2": SECOND}
    repeated = evolve(UNMATCHED, repeat=parse_when("start + 2 weeks").offset, until=parse_when("end - 1 week"))
    told = heard(a_calendar(short), roster=a_roster(ROSTER.by_id["44"]), step=repeated)
    assert [f"02-{day} 44 round-2{n}" for day, n in (("01", ""), ("15", "~2"))] == [o for o in told if "round" in o][:2]
    spare = evolve(UNMATCHED, to=("spare",))
    assert ["01-01 17 once"] == heard(a_calendar(short), step=spare)
