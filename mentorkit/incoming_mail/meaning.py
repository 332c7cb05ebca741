"""What a letter tells: an event, a message that did not arrive, or nothing that can be understood.

What a letter says counts for the person of the roster whose mail address it comes from. Nothing is guessed: a reply
counts where its first line is plainly yes or no, where a line is the one word that was asked for after a session, or
where it answers a survey's questions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from attrs import define, frozen

from mentorkit.core.coming import coming_subject
from mentorkit.core.happenings import EventKind, Told
from mentorkit.core.invitation_ids import session_invited_to
from mentorkit.core.mail_addresses import says_nobody
from mentorkit.core.message_ids import key_of, mail_domain
from mentorkit.core.program import INVITATION, Program, Step
from mentorkit.core.roster import Person, Roster
from mentorkit.core.step_codes import steps_by_code
from mentorkit.incoming_mail.letters import CalendarReply, Letter
from mentorkit.incoming_mail.one_word import one_word, plain

YES = frozenset(
    {"yes", "y", "ok", "okay", "accepted", "accept", "met", "ja", "oui", "si", "sí", "we met", "we did", "yes we did"}
)
NO = frozenset({"no", "n", "declined", "decline", "missed", "nein", "non", "we did not", "not met", "no we did not"})
COMING = {"accepted": "yes", "declined": "no", "tentative": "maybe"}
"""What a calendar's word means to those who wait."""
COMING_IN_WORDS = {
    **dict.fromkeys(("yes", "y", "ok", "okay", "accepted", "accept", "ja", "oui", "si", "sí"), "yes"),
    **dict.fromkeys(("no", "n", "declined", "decline", "nein", "non"), "no"),
    **dict.fromkeys(("maybe", "vielleicht", "peut être", "quizás"), "maybe"),
}
"""What somebody says to an invitation whose calendar does not say it for them."""
_NOT_PLAIN = "its first line is no plain answer"

_LONGEST_VALUE = 2000
_QUOTED = re.compile(r"^\s*(>|On .*wrote:|Am .*schrieb|Le .*écrit|El .*escribió|-{2,}|_{5,}|From:|Von:|De :)")
_NUMBERED = re.compile(r"^\s*(?:q|question)?\s*([A-Za-z0-9_-]{1,60})\s*[.:)]\s*(.+)$", re.IGNORECASE)
_SAYS_NO = ("4.", "5.")
"""Statuses of what a server has given up: at once, or after days of trying (RFC 3464, 2.3.3)."""


@frozen
class Bounced:
    """A message of ours that a mail server could not deliver.

    Attributes:
        key: of the transmission.
        status: what the server says, such as `5.1.1`.
    """

    id: str
    key: str
    status: str

    @property
    def bad_address(self) -> bool:
        """Whether nobody is reached at that address."""
        return says_nobody(self.status)


@frozen
class Meaning:
    """What a letter tells.

    Attributes:
        told: events.
        bounced: messages that did not arrive.
        problem: why nothing can be made of it, in words without names; "" where there is no problem.
    """

    told: tuple[Told, ...] = ()
    bounced: tuple[Bounced, ...] = ()
    problem: str = ""


NOTHING = Meaning()
"""A letter that is nobody's business: written by a machine, or no answer to anything of this program."""


@define(frozen=True, slots=False, eq=False)
class Understanding:
    """Understands letters to one program and its people."""

    program: Program
    roster: Roster

    def meaning(self, letter: Letter, shown: str) -> Meaning:
        """Return what a letter tells; `shown` is its file as its author names it."""
        keys = [key for one in letter.answers_to if (key := key_of(self.program.id, one))]
        if letter.failures:
            return self._bounce(letter, keys)
        if letter.reply is not None:
            return self._calendar(letter, letter.reply, shown)
        step = self._step(letter, keys)
        if step is None or letter.automatic:
            return NOTHING
        person, problem = self._sender(letter)
        if person is None:
            return Meaning(problem=problem)
        if step.name == INVITATION:
            return self._in_words(letter, keys, person, shown)
        lines = own_lines(letter.text)
        said = one_word(lines) if _is_after_a_session(step) else None
        told = tuple(self._answers(letter, step, said.lines if said else lines, person, shown))
        if said is not None and said.word != "moved":
            told = (self._event(letter, person, said.word, "", "", shown), *told)
        if said is not None and said.word == "moved":
            return Meaning(told, problem="they have moved their session, and it is not known when they meet instead")
        return Meaning(told, problem="" if told else _NOT_PLAIN)

    def _bounce(self, letter: Letter, keys: Sequence[str]) -> Meaning:
        given_up = [one for one in letter.failures if one.action == "failed" and one.status.startswith(_SAYS_NO)]
        if not given_up or not keys:
            return NOTHING
        return Meaning(bounced=(Bounced(letter.id, keys[0], given_up[0].status),))

    def _calendar(self, letter: Letter, reply: CalendarReply, shown: str) -> Meaning:
        session, _, domain = reply.uid.rpartition("@")
        if domain not in (f"{self.program.id}.mentorkit", mail_domain(self.program.id)):
            return NOTHING
        answer = COMING.get(reply.answer)
        person, problem = self._sender(letter)
        if answer is None:
            return NOTHING
        if person is None:
            return Meaning(problem=problem)
        return Meaning((self._event(letter, person, "answered", coming_subject(session), answer, shown),))

    def _in_words(self, letter: Letter, keys: Sequence[str], person: Person, shown: str) -> Meaning:
        """Return whether somebody will come to what they were invited to: nobody knows yet whether they met."""
        session = next(filter(None, map(session_invited_to, keys)), "")
        lines = own_lines(letter.text)
        answer = COMING_IN_WORDS.get(plain(lines[0])) if lines else None
        if not session or answer is None:
            return Meaning(problem=_NOT_PLAIN)
        return Meaning((self._event(letter, person, "answered", coming_subject(session), answer, shown),))

    def _step(self, letter: Letter, keys: Sequence[str]) -> Step | None:
        for key in keys:
            parts = key.split(".")
            if len(parts) > 1 and parts[1] in self._steps:
                return self._steps[parts[1]]
        return next((self._by_code[code] for code in letter.codes if code in self._by_code), None)

    def _sender(self, letter: Letter) -> tuple[Person | None, str]:
        people = self._by_address.get(letter.sender, ())
        if len(people) == 1:
            return people[0], ""
        return None, "several people have its sender's address" if people else "its sender's address is nobody's"

    def _answers(self, letter: Letter, step: Step, lines: Sequence[str], person: Person, shown: str) -> Iterator[Told]:
        if not lines:
            return
        if step.questions:
            for question, value in self._to_questions(step, lines):
                yield self._event(letter, person, "answered", f"{step.name}.{question}", value, shown, question)
            return
        word = plain(lines[0])
        kinds = _kinds(step)
        if kinds and (word in YES or word in NO):
            yield self._event(letter, person, kinds[word in NO], "", "", shown)

    def _to_questions(self, step: Step, lines: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield what lines answer: `ID: value` or `NUMBER. value`; the only question needs no mark."""
        by_name = {one.id.casefold(): one.id for one in step.questions}
        by_name |= {str(number): one.id for number, one in enumerate(step.questions, 1)}
        found: dict[str, str] = {}
        for line in lines:
            marked = _NUMBERED.match(line)
            if marked and marked[1].casefold() in by_name:
                found.setdefault(by_name[marked[1].casefold()], marked[2].strip())
        if not found and len(step.questions) == 1:
            numbers = [line for line in lines if line.isdecimal()] if step.questions[0].kind == "scale" else []
            found[step.questions[0].id] = (numbers or lines)[0]
        yield from ((question, value[:_LONGEST_VALUE]) for question, value in found.items())

    def _event(
        self, letter: Letter, person: Person, kind: EventKind, subject: str, value: str, shown: str, part: str = ""
    ) -> Told:
        name = f"{letter.id}-{part}" if part else letter.id
        moment = letter.at
        if moment is None:
            raise ValueError("it does not say when it was written")
        return Told(name, moment, person.id, kind, subject, value, shown, 0)

    @cached_property
    def _steps(self) -> Mapping[str, Step]:
        return {step.name: step for step in self.program.steps}

    @cached_property
    def _by_code(self) -> Mapping[str, Step]:
        return steps_by_code(self.program)

    @cached_property
    def _by_address(self) -> Mapping[str, Sequence[Person]]:
        found: dict[str, list[Person]] = {}
        for person in self.roster.people:
            if address := person.text("email").casefold():
                found.setdefault(address, []).append(person)
        return found


def own_lines(text: str) -> list[str]:
    """Return what somebody wrote themselves: lines with words, up to what they quote."""
    found: list[str] = []
    for line in text.splitlines():
        if _QUOTED.match(line):
            break
        if line.strip():
            found.append(line.strip())
    return found


def _kinds(step: Step) -> tuple[EventKind, EventKind] | None:
    """Return what yes and no mean to a step: of who is asked first, or of a session that is over; None: nothing."""
    if step.when.anchor == "ask":
        return "accepted", "declined"
    return ("met", "missed") if _is_after_a_session(step) else None


def _is_after_a_session(step: Step) -> bool:
    return step.when.anchor == "session" and step.when.offset.amount >= 0
