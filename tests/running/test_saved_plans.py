import json
from datetime import timedelta

import pytest
from attrs import evolve, fields
from hypothesis import given
from hypothesis import strategies as st

from mentorkit.core.deliveries import Held, Recipient
from mentorkit.core.errors import RefusedError
from mentorkit.core.happenings import Departure, Ending, Happening, Joining
from mentorkit.core.history import Event, KnownSession, RosterSeen
from mentorkit.core.plan import Newcomer, Paced, Plan, Waiting
from mentorkit.core.proofs import Price
from mentorkit.core.relationships import Certificate, Matching, Member, Reason, Unmatched
from mentorkit.core.sessions import Schedule, Session, Unplaced
from mentorkit.running.saved_plans import check_saved, dump_plan, load_saved
from mentorkit.testing import a_moment, a_plan, a_relationship, a_transmission

NOON = a_moment("2027-01-11T12:00:00+00:00")
PAIR = a_relationship(("1", "mentor"), ("2", "mentee"), score=81.3)
MEETING = Session(
    f"{PAIR.id}-1", PAIR.id, "sessions", 1, a_moment("2027-01-13T10:00:00"), "Europe/London",
    a_moment("2027-01-13T10:00:00+00:00"), 60, ("1", "2"), "https://secret.example/room",
)  # fmt: skip
LEARNED = Happening(
    (Event("e1", NOON, "2", "left", "", "I did not like it"),),
    (Ending(PAIR.id, NOON, NOON, "left"),),
    (KnownSession(MEETING, "canceled", 1, 0, NOON),),
    ("reminder",),
    (Departure(PAIR.id, Member("2", "mentee"), NOON, "left", "e1"),),
    (Joining(PAIR.id, Member("3", "mentee"), NOON),),
)
PLAN = a_plan(
    digest="d" * 8,
    ledger_id="l" * 8,
    mark=3,
    newcomers=(Newcomer(1, "1"), Newcomer(2, "2")),
    occasions=("match",),
    matching=Matching(
        (PAIR,), (Unmatched("3", "mentee", (Reason("capacity", 1),)),), (), Certificate("optimal", True, 1, 81.3)
    ),
    schedule=Schedule((MEETING,), (Unplaced(PAIR.id, "sessions", 2, "a reason in words"),)),
    happening=LEARNED,
    rearranged=LEARNED,
    withdrawn=("r1",),
    waiting=(Waiting("left-over", "hello", 2),),
    expired=(a_transmission("late"),),
    suppressed=(a_transmission("unread"),),
    preview=Schedule((MEETING,)),
    series={"sessions": "mark"},
    roster=RosterSeen(NOON, "r" * 8, 3, 2),
    due=(a_transmission("hello"),),
    held=(Held(Recipient(2, "2", "mentee"), "missing", ("hello",)),),
    later=(a_transmission("reminder"),),
)  # fmt: skip


DIFFERENT = {
    "at": NOON + timedelta(minutes=1),
    "program": "other",
    "digest": "other",
    "ledger_id": "other",
    "mark": 4,
    "newcomers": (),
    "happening": Happening(),
    "rearranged": Happening(),
    "matching": None,
    "occasions": ("match", "intake"),
    "provisional": True,
    "proposing": True,
    "asking": True,
    "accepted": (PAIR,),
    "withdrawn": (),
    "published": NOON,
    "schedule": Schedule(),
    "due": (),
    "waiting": (),
    "expired": (),
    "suppressed": (),
    "held": (),
    "later": (),
    "preview": Schedule(),
    "series": {"sessions": "other"},
    "data": {"tzdata": "2026.6"},
    "identities": {"17": "a b c"},
    "prices": {Member("1", "mentor"): Price(1, -20)},
    "taking_part": {"17": False},
    "breaks": ("r7",),
    "ways": {"hello": "mail"},
    "paced": (Paced("hello", "hello", 2, NOON, "at-most"),),
    "roster": None,
}


@pytest.mark.parametrize("name", [one.name for one in fields(Plan)])
def test_a_plan_that_differs_in_anything_is_another_file(name):
    other = evolve(PLAN, **{name: DIFFERENT[name]})
    assert dump_plan(PLAN) != dump_plan(other)


@pytest.mark.parametrize("name", ["happening", "rearranged"])
@pytest.mark.parametrize("part", [one.name for one in fields(Happening)])
def test_a_plan_that_learned_anything_else_is_another_file(name, part):
    happening = getattr(PLAN, name)
    assert getattr(happening, part)
    assert dump_plan(PLAN) != dump_plan(evolve(PLAN, **{name: evolve(happening, **{part: ()})}))
    for one in fields(Event):
        event = evolve(happening.events[0], **{one.name: NOON + timedelta(1) if one.name == "at" else "other"})
        assert dump_plan(PLAN) != dump_plan(evolve(PLAN, **{name: evolve(happening, events=(event,))}))


def test_what_people_wrote_is_in_no_saved_plan():
    text = dump_plan(PLAN)
    assert "I did not like" not in text
    assert '"reason": "left"' in text
    reworded = evolve(PLAN.happening, endings=(evolve(PLAN.happening.endings[0], reason="moved away to Rome"),))
    other = dump_plan(evolve(PLAN, happening=reworded))
    assert text != other
    assert "Rome" not in other


def test_a_plan_is_kept_as_json_without_names_and_texts():
    text = dump_plan(PLAN)
    document = json.loads(text)
    assert (1, "2027-01-11T12:00:00Z", "pilot", "dddddddd", "llllllll", 3) == tuple(
        document[key] for key in ("format", "at", "program", "digest", "ledger", "mark")
    )
    assert [
        {
            "deliveries": ["hello/once/p1/mentor"],
            "due": "2027-01-11T12:00:00Z",
            "expires": "2027-01-18T12:00:00Z",
            "key": "hello",
            "to": {"id": "1", "kind": "person", "number": 1, "role": "mentor"},
        }
    ] == document["due"]
    assert "2027-01-13T10:00" == document["sessions"][0]["local"]
    assert 81.3 == document["relationships"][0]["score"]
    assert "secret" not in text
    assert "words" not in text
    assert [f" {json.dumps(key)}:" for key in sorted(document)] == [
        line.partition(":")[0] + ":" for line in text.splitlines() if line.startswith(' "')
    ]


def test_the_same_plan_made_again_is_accepted_for_a_day():
    for age in (timedelta(0), timedelta(hours=24)):
        assert NOON == check_saved(dump_plan(PLAN), PLAN, NOON + age).at


@pytest.mark.parametrize(
    ("plan", "now", "said"),
    [
        (PLAN, NOON + timedelta(hours=24, seconds=1), "more than 24 hours ago"),
        (PLAN, NOON - timedelta(seconds=1), "has not come yet"),
        (evolve(PLAN, program="other"), NOON, 'of program "pilot", not of "other"'),
        (evolve(PLAN, ledger_id="other"), NOON, "another ledger"),
        (evolve(PLAN, mark=7), NOON, "from entry 3 to 7"),
        (evolve(PLAN, due=(), later=()), NOON, "differs in due, later"),
        (evolve(PLAN, digest="other"), NOON, "has changed since"),
    ],
)
def test_any_difference_is_refused_by_name(plan, now, said):
    with pytest.raises(RefusedError, match=said):
        check_saved(dump_plan(PLAN), plan, now)


def test_a_plan_that_comes_out_differently_from_the_same_inputs_is_not_called_old():
    told = "differs in due, although program, people and what is installed are the same: .*, or a plugin comes to"
    with pytest.raises(RefusedError, match=told):
        check_saved(dump_plan(PLAN), evolve(PLAN, due=()), NOON)
    with pytest.raises(RefusedError, match="differs in due; make a new one"):
        check_saved(dump_plan(PLAN), evolve(PLAN, due=(), digest="other"), NOON)


@given(st.integers(0, len(dump_plan(PLAN)) - 1), st.characters(codec="utf-8"))
def test_no_edited_plan_is_accepted(place, character):
    text = dump_plan(PLAN)
    edited = text[:place] + character + text[place + 1 :]
    if edited == text:
        assert check_saved(edited, PLAN, NOON)
    else:
        with pytest.raises(RefusedError):
            check_saved(edited, PLAN, NOON)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "{}", "not json", '{"format": 2}', '{"format": 1}', "[" * 100_000,
     dump_plan(PLAN).replace("12:00:00Z", "12:00:00"), dump_plan(PLAN).replace('"mark": 3', '"mark": "3"')],
)  # fmt: skip
def test_what_is_no_saved_plan_is_refused(text):
    with pytest.raises(RefusedError, match="mentorkit plan --out FILE"):
        load_saved(text)
