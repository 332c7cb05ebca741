"""What simulated people do: as often as the rates say, and such that it can be."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from attrs import evolve, fields

from mentorkit.core.contracts import Asking
from mentorkit.core.deliveries import Recipient, Transmission
from mentorkit.core.history import KnownSession
from mentorkit.core.program import Program, Question
from mentorkit.core.relationships import Member, Relationship
from mentorkit.core.reporting.surveys import possible_answers
from mentorkit.core.roster import Person, Roster
from mentorkit.core.sessions import Session
from mentorkit.core.simulating import WORLDS, World
from mentorkit.core.simulating.rates import Rates
from mentorkit.opening import open_program
from mentorkit.testing import program_folder

AT = datetime(2027, 1, 11, tzinfo=UTC)
MANY = 3000
QUESTIONS = (
    Question("good", "How good?", "scale", scale=(1, 5)),
    Question("again", "Again?", "yes-no"),
    Question("where", "Where?", "choice", ("here", "there")),
    Question("why", "Why?"),
)
PROGRAM = """\
program.name = "Pilot"
program.starts = 2027-01-11
program.timezone = "Europe/London"
program.coordinator = "coordinator@example.org"
roster.file = "people.csv"
model.use = "one-on-one"
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    files = {
        "program.toml": PROGRAM,
        "people.csv": "id,name,email,level\n1,Ada,a@example.org,5\n2,Bo,b@example.org,1\n",
    }
    folder = program_folder(tmp_path_factory.mktemp("pilot"), files)
    opened = open_program(folder / "program.toml").program
    survey = next(step for step in opened.timeline if step.questions)
    timeline = tuple(evolve(step, questions=QUESTIONS) if step is survey else step for step in opened.timeline)
    return evolve(opened, timeline=timeline)


def people(count: int = MANY) -> Roster:
    return Roster(tuple(Person(str(number), ("mentee",), {"mentee": 1}, {}) for number in range(count)))


def pairs() -> Iterable[Relationship]:
    for number in range(MANY):
        yield Relationship(f"r{number}", (Member(f"m{number}", "mentor"), Member(f"e{number}", "mentee")), 50.0)


def a_session(number: int = 1, days: int = 0, hour: int = 10, *who: str) -> Session:
    starts = datetime(2027, 3, 1, hour, tzinfo=UTC) + timedelta(days=days)  # a Monday, in winter time
    local = starts.replace(tzinfo=None)
    return Session(f"r-{number}", "r", "sessions", number, local, "Europe/London", starts, 60, who or ("1", "2"))


def share(kinds: list[str], kind: str, of: int = MANY) -> float:
    return kinds.count(kind) / of


@pytest.mark.parametrize("world", WORLDS)
def test_those_asked_and_those_matched_answer_as_often_as_the_rates_say(program: Program, world: str) -> None:
    rates = WORLDS[world]
    asking = evolve(program, model=evolve(program.model, asking=Asking(("mentor",), 5)))
    asked, heard = World(asking, people(), rates), World(program, people(), rates)
    answers = [event.kind for one in pairs() for event in asked.when_asked(one, AT)]
    words = [event.kind for one in pairs() for event in heard.when_published(one, AT)]

    assert rates.says_yes == pytest.approx(share(answers, "accepted"), abs=0.03)
    assert rates.says_no == pytest.approx(share(answers, "declined"), abs=0.03)
    assert rates.confirms == pytest.approx(share(words, "accepted", 2 * MANY), abs=0.03)
    assert rates.objects == pytest.approx(share(words, "declined", 2 * MANY), abs=0.01)


@pytest.mark.parametrize("world", WORLDS)
def test_sessions_and_years_go_as_the_rates_say(program: Program, world: str) -> None:
    rates = WORLDS[world]
    one = World(evolve(program, ends=AT.date() + timedelta(days=365)), people(), rates)
    sessions = [a_session(number) for number in range(MANY)]
    words = [event.kind for session in sessions for event in one.after(session)]
    left = [event for person in range(MANY) for event in one.leaving(str(person), AT)]

    assert rates.reports == pytest.approx(len(words) / (2 * MANY), abs=0.03)
    assert rates.misses == pytest.approx(words.count("missed") / len(words), abs=0.03)
    assert rates.moves * (1 - rates.misses) == pytest.approx(
        sum(map(bool, map(one.puts_off, sessions))) / MANY, abs=0.03
    )
    assert rates.leaves == pytest.approx(len(left) / MANY, abs=0.03)


def test_an_answer_is_one_that_its_question_allows(program: Program) -> None:
    one = World(program, people(), WORLDS["usual"])
    survey = next(step for step in program.timeline if step.questions == QUESTIONS)
    values: dict[str, set[str]] = {}
    for number in range(MANY):
        to = Recipient(number, str(number), "mentee")
        sent = Transmission(f"t{number}", survey.name, to, AT, AT + timedelta(days=7), "UTC", ())
        for event in one.when_sent(sent, AT):
            assert AT < event.at <= AT + timedelta(days=4)
            values.setdefault(event.subject, set()).add(event.value)

    for question in QUESTIONS[:3]:
        assert set(possible_answers(question)) == values[f"{survey.name}.{question.id}"]
    assert {"(a simulated answer)"} == values[f"{survey.name}.why"]


def test_contacts_answer_nothing_and_plain_steps_ask_nothing(program: Program) -> None:
    one = World(program, people(9), evolve(WORLDS["usual"], answers=1.0))
    survey = next(step for step in program.timeline if step.questions == QUESTIONS)
    plain = next(step for step in program.timeline if not step.questions and step.condition is None)
    to = Recipient(1, "1", "mentee")
    sent = Transmission("t", survey.name, to, AT, AT, "UTC", ())

    assert 4 == len(tuple(one.when_sent(sent, AT)))
    assert () == tuple(one.when_sent(evolve(sent, recipient=evolve(to, kind="contact")), AT))
    assert () == tuple(one.when_sent(evolve(sent, step=plain.name), AT))


def test_a_session_is_put_off_to_the_next_weekday_that_suits_everybody(program: Program) -> None:
    one = World(program, people(9), WORLDS["usual"])
    relationship = Relationship("r", (Member("1", "mentor"), Member("2", "mentee")), 50.0)
    told = datetime(2027, 2, 26, 10, tzinfo=UTC)

    def to(session: Session, *others: Session) -> str | None:
        event = one.put_off(KnownSession(session), relationship, map(KnownSession, others), told)
        return event.value if event else None

    friday, monday = a_session(1, days=4), a_session(1)
    busy = evolve(a_session(9, 1, 10, "1", "7"), relationship="other")
    assert "2027-03-02T10:00" == to(monday)
    assert "2027-03-08T10:00" == to(friday)  # not on a weekend
    assert "2027-03-03T10:00" == to(monday, busy)
    assert to(monday, a_session(2, days=1, hour=9)) is None  # not after the next one
    last = evolve(relationship, until=monday.local.date())
    assert one.put_off(KnownSession(monday), last, (), told) is None


def test_it_is_put_off_on_a_day_before_its_own(program: Program) -> None:
    one = World(program, people(9), WORLDS["rough"])
    days = {
        (session.starts.date() - said.date()).days
        for session in (a_session(number) for number in range(200))
        if (said := one.puts_off(session))
    }
    assert {1, 2, 3} == days


def test_another_seed_is_another_world(program: Program) -> None:
    worlds = [World(evolve(program, seed=seed), people(), WORLDS["rough"]) for seed in (1, 1, 2)]
    first, same, other = (
        [event.person for number in range(200) for event in world.leaving(str(number), AT)] for world in worlds
    )
    assert first == same
    assert first != other


def test_the_rates_are_those_of_the_documentation() -> None:
    page = (Path(__file__).parents[3] / "docs/reference/command-line.md").read_text(encoding="utf-8")
    table = page.partition("| of whom | does what |")[2].partition("\n\n")[0].splitlines()[2:]
    told = [[_number(cell) for cell in line.split("|")[3:6]] for line in table]
    silent = [1 - one.says_yes - one.says_no for one in WORLDS.values()]
    asked, matched = ("says_yes", "says_no", ""), ("confirms", "objects", "moves", "misses", "absent", "reports")
    order = (*asked, *matched, "answers", "leaves", "requests", "days")
    for name, row in zip(order, told, strict=True):
        expected = [getattr(one, name) for one in WORLDS.values()] if name else silent
        assert [one and pytest.approx(one) for one in expected] == row, name
    assert {one.name for one in fields(Rates)} - {"content"} == {*order} - {""}


def _number(cell: str) -> float | None:
    """Return what a cell of the table says: a share, a number, or nothing."""
    found = re.fullmatch(r"([\d.]+)( %| times)?", cell.strip())
    if found is None:
        return {"once": 1.0, "": None}[cell.strip()]
    return float(found[1]) / (100 if found[2] == " %" else 1)
