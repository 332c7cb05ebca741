"""Fills in every message for made-up readers, so that no mistake of an author is left for the day of sending.

The readers differ in all that can make a message fail: role, language, no, one or several relationships, and sessions
that are there or not. What the roster holds makes hardly any fail, as an empty cell is an empty text; the few messages
that it can are tried for everybody in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from functools import partial
from itertools import product
from typing import Any, get_args

from attrs import evolve

from mentorkit.core.contracts import Role
from mentorkit.core.diagnostics import Diagnostic, error
from mentorkit.core.errors import ProgramError
from mentorkit.core.history import Event
from mentorkit.core.program import INVITATION, MEMBERSHIP, MessageSet, MessageText, Program, Step, as_spelled
from mentorkit.core.relationships import Member, Relationship
from mentorkit.core.requests import Requested
from mentorkit.core.roster import Person, Roster
from mentorkit.core.sessions import Session
from mentorkit.messages.naming import Change, Ending, Reader, Topic, known_names, program_wording, role_words
from mentorkit.messages.rendering import problems_of
from mentorkit.messages.translations import check_translations
from mentorkit.messages.varying import varies_by_reader

OUTSIDE_ROLES = frozenset({"eligible", "not-signed-up"})
"""Groups whose people need not take part yet: they get messages as the group."""

BY_ROLE = frozenset({"everyone", "matched", "unmatched", "spare", "silent"})
"""Groups of participants: they get messages in each of their roles."""

_OF_A_RELATIONSHIP = frozenset(
    {"match", "ask", "relationship-midpoint", "relationship-end", "member-leaves", "member-joins", "session"}
)
_ENDS = (slice(None, 1), slice(-1, None))
_IN_ONE = frozenset({"matched"})
_ALONE = OUTSIDE_ROLES | {"unmatched", "spare", "managers"}


def check_messages(program: Program, roles: Sequence[Role], roster: Roster) -> tuple[Diagnostic, ...]:
    """Return every problem of the timeline's messages, of agendas and of questions, each once, in their order."""
    found = list(_sensitive_columns(program))
    for step in program.steps:
        found += _step_problems(program, roles, roster, step)
    found += _wording_problems(program, roles)
    found += check_translations(program, roster)
    return tuple(dict.fromkeys(found))


def reader_language(message: MessageSet, wanted: str) -> str:
    """Return a reader's language as the files of this message spell it: `DE` finds `x.de.md`, `pt-br` `x.pt-BR.md`."""
    return as_spelled((text.language for text in message.texts), wanted)


def reader_roles(roles: Sequence[Role], group: str) -> tuple[str, ...]:
    """Return the roles in which the people of a group get messages; other groups are roles of their own."""
    return tuple(role.name for role in roles) if group in BY_ROLE else (group,)


def _sensitive_columns(program: Program) -> Iterator[Diagnostic]:
    for column in program.message_columns:
        if program.privacy.hides(column):
            listed = column in program.privacy.sensitive
            why = "which the program calls sensitive" if listed else "which is always sensitive"
            other = ", or out of `[privacy] sensitive`" if listed and column not in MEMBERSHIP else ""
            yield error(
                "message-sensitive-column",
                f'messages would show the column "{column}", {why}',
                path="messages.columns",
                help=f"take it out of `[messages] columns`{other}",
            )


def _step_problems(program: Program, roles: Sequence[Role], roster: Roster, step: Step) -> Iterator[Diagnostic]:
    languages = dict.fromkeys(["", *sorted({person.text("language") for person in roster.people})])
    for group in step.to:
        for role in reader_roles(roles, group):
            variants = [step.message.pick(role, reader_language(step.message, one)) for one in languages]
            if None in variants:
                yield _no_variant(step, role)
            for text in dict.fromkeys(one for one in variants if one is not None):
                found = list(_variant_problems(program, roles, step, role, group, text, _ADA))
                if not found and varies_by_reader(text):
                    found = list(_problems_of_readers(program, roles, roster, step, role, group, text))
                yield from found


def _problems_of_readers(
    program: Program, roles: Sequence[Role], roster: Roster, step: Step, role: str, group: str, text: MessageText
) -> Iterator[Diagnostic]:
    """Yield what is wrong with a message for the first person of the roster for whom something is."""
    by_cells = {tuple(person.values.items()): person for person in reversed(roster.people)}
    for person in reversed(by_cells.values()):
        found = list(_variant_problems(program, roles, step, role, group, text, person.values))
        if found:
            told = f"it cannot be written for {person.id}, and perhaps for others: {found[0].message}"
            yield evolve(found[0], message=told)
            return


def _wording_problems(program: Program, roles: Sequence[Role]) -> Iterator[Diagnostic]:
    """Yield what is wrong with agendas, and with questions in the languages that the made-up readers do not have."""
    names = program_wording(program, role_words(program, roles))
    tries: list[Callable[[], object]] = []
    for agenda in (agenda for series in program.series for agenda in series.agendas):
        tries += [partial(names.agenda, one) for one in (agenda.original, *agenda.translations)]
    for name, asked in ((step.name, one) for step in program.timeline for one in step.questions):
        tries += [partial(names.question, asked.read_in(one.language), name) for one in asked.translations]
    for attempt in tries:
        try:
            attempt()
        except ProgramError as problem:
            yield from problem.diagnostics


def _no_variant(step: Step, role: str) -> Diagnostic:
    place = f"surveys.{step.name}" if step.questions else f"timeline.{step.name}.to"
    return error(
        "message-missing-variant",
        f'"{step.name}" goes to "{role}", but {step.message.name} has no text for them',
        path=place,
        help=f"add {step.message.name}.{role}.md, or {step.message.name}.md for everybody",
    )


def _variant_problems(
    program: Program,
    roles: Sequence[Role],
    step: Step,
    role: str,
    group: str,
    text: MessageText,
    cells: Mapping[str, Any],
) -> Iterator[Diagnostic]:
    """Yield what is wrong with a message for readers with these cells, and partners with the same."""
    words = role_words(program, roles)
    people = _people(roles, role, cells)
    me = next(person for person in people if person.id == role)
    reader = Reader(me, role, program.timezone)
    request = _request(program, me) if _on_request(program, step) else None
    changes: tuple[Change, ...] = ("new", "changed", "canceled", "withdrawn") if step.name == INVITATION else ("",)
    for topics, change in product(_topics(program, step, group, people), changes):
        try:
            names = known_names(program, words, Roster(people), step, reader, topics, request, change, text.language)
            yield from problems_of(text, names)
        except ProgramError as problem:  # of an agenda or a question
            yield from problem.diagnostics


_ADA: Mapping[str, str] = {"name": "Ada Lovelace", "email": "ada@example.org"}


def _people(roles: Sequence[Role], reader: str, cells: Mapping[str, Any]) -> tuple[Person, ...]:
    """Return one person per role, called by it, and two more: partners for a reader of any role."""
    names = dict.fromkeys([*(role.name for role in roles), reader])
    last = roles[-1].name if roles else reader
    own = tuple(Person(name, (name,), {name: 1}, cells) for name in names)
    return (
        *own,
        Person("first partner", (last,), {last: 1}, cells),
        Person("second partner", (last,), {last: 1}, cells),
    )


def _on_request(program: Program, step: Step) -> bool:
    """Return whether the messages of a step always know a request."""
    of_one = step.when.anchor == "request" or (step.when.anchor in _OF_A_RELATIONSHIP)
    return program.model.request_days is not None and of_one


def _request(program: Program, person: Person) -> Requested:
    """Return a made-up request."""
    asked = datetime.combine(program.starts, time(10), UTC)
    return Requested(
        "sample", Event("sample", asked, person.id, "requested", "", "first topic; second topic"), frozenset()
    )


def _topics(program: Program, step: Step, group: str, people: Sequence[Person]) -> Iterator[tuple[Topic, ...]]:
    bound = step.when.anchor in _OF_A_RELATIONSHIP and group not in _ALONE
    counts = [1] if bound or group in _IN_ONE else [0, 1]
    if step.per == "person":
        counts.append(2)
    for with_session in (True, False) if step.when.anchor != "session" else (True,):
        topics = tuple(_topic(program, step, people, number, with_session) for number in (1, 2))
        yield from (topics[:count] for count in counts)
        if with_session:  # somebody leads it
            yield (evolve(topics[0], leads=((topics[0].sessions[0].id, people[0].id),)),)
        if step.when.anchor == "member-leaves":
            *there, last = topics[0].relationship.members
            going_on = evolve(topics[0].relationship, members=tuple(there))
            yield (evolve(topics[0], relationship=going_on, left=(last,)),)
        if step.when.anchor in ("match", "member-joins"):  # the reader is among them, and is not
            yield from ((evolve(topics[0], joined=topics[0].relationship.members[part]),) for part in _ENDS)
        if step.when.anchor == "relationship-end":
            yield from ((evolve(topics[0], ending=one),) for one in get_args(Ending) if one)


def _topic(program: Program, step: Step, people: Sequence[Person], number: int, with_session: bool) -> Topic:
    """Return a made-up relationship of everybody; the second one is with fewer."""
    members = tuple(Member(person.id, person.roles[0]) for person in people[: len(people) + 1 - number])
    relationship = Relationship(f"sample{number}", members, 80.0)
    series = program.series[0].name if program.series else "sessions"
    starts = datetime.combine(program.starts, time(10), UTC)
    session = Session(
        f"sample{number}-1",
        relationship.id,
        series,
        step.when.session or 1,
        starts.replace(tzinfo=None),
        program.timezone,
        starts,
        program.series[0].minutes if program.series else 60,
        tuple(member.person for member in members),
    )
    return Topic(relationship, session if with_session else None, (session,) if with_session else ())
