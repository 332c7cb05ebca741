"""The timeline: moments, recipients, messages and questions of each step."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from attrs import evolve, frozen

from mentorkit.core.declaring.declarations import ProgramFile, StepTable, SurveyTable
from mentorkit.core.declaring.merging import Path
from mentorkit.core.diagnostics import listed, suggestion
from mentorkit.core.program import Series, Step, When
from mentorkit.core.resolving.files import Problems, ProgramFiles
from mentorkit.core.resolving.gaps import Gaps
from mentorkit.core.resolving.people import GROUPS
from mentorkit.core.resolving.questions import resolve_questions
from mentorkit.core.resolving.step_rules import check_condition, check_repeating
from mentorkit.core.resolving.texts import resolve_message

_NEEDS_CONTACT = ("coordinator", "sponsor")


@frozen
class Cast:
    """Everybody and everything that steps can name.

    Attributes:
        roles: the model's roles.
        contacts: names of contacts, coordinator and sponsor among them where declared.
        series: the main series is first, where there is one.
        campaign: whether the program opens before its matching.
        signup: whether its sign-up closes.
        asks: whether somebody is asked before a relationship is published.
        on_request: whether people are matched on request.
        steps: names of all steps and surveys that are declared.
    """

    roles: tuple[str, ...]
    contacts: Collection[str]
    series: Sequence[Series]
    campaign: bool
    signup: bool
    asks: bool = False
    on_request: bool = False
    steps: tuple[str, ...] = ()


def resolve_steps(declared: ProgramFile, cast: Cast, files: ProgramFiles, problems: Problems) -> tuple[Step, ...]:
    """Return the steps of timeline and surveys, in their order.

    What a template's step needs and the program does not have (a campaign, a session, a coordinator) leaves the step
    out with a note; in the program's own step it is an error.
    """
    tables: list[tuple[str, StepTable | SurveyTable, Path]] = [
        (name, table, ("timeline", name)) for name, table in declared.timeline.items()
    ]
    for name, survey in declared.surveys.items():
        if name in declared.timeline:
            told = f'"{name}" is a step of the timeline and a survey'
            problems.error(("surveys", name), "step-twice", told, "rename one of the two")
        tables.append((name, survey, ("surveys", name)))
    gaps = Gaps(files, problems)
    steps = tuple(_step(name, table, path, cast, gaps) for name, table, path in tables)
    gaps.tell()
    return tuple(step for step in steps if step)


def _step(name: str, table: StepTable | SurveyTable, path: Path, cast: Cast, gaps: Gaps) -> Step | None:
    files, problems = gaps.files, gaps.problems
    for key, when in (("when", table.when), ("until", table.until)):
        lacking = _lacking(when, cast) if when else None
        if lacking:
            gaps.no_anchor(name, (*path, key), *lacking)
            return None
    asked = table.only_if.of if table.only_if else ""
    if asked and asked not in cast.steps and not files.said_by_program((*path, "if")):
        gaps.no_anchor(name, (*path, "if"), f'the program has no "{asked}"', "add it, or switch the step off")
        return None
    check_repeating(name, table, path, problems)
    check_condition(name, table, cast.steps, path, problems)
    to = _recipients(name, table, path, cast, gaps)
    if not to:
        return None
    readers = (*cast.roles, *GROUPS, *cast.contacts)
    message = resolve_message(table.message, (*path, "message"), readers, files, problems)
    step = Step(
        name,
        table.when,
        to,
        message,
        table.per,
        table.expires,
        repeat=table.repeat,
        until=table.until,
        condition=table.only_if,
    )
    if not isinstance(table, SurveyTable):
        return step
    return evolve(step, questions=resolve_questions(table.questions, (*path, "questions"), files, problems))


def _lacking(when: When, cast: Cast) -> tuple[str, str] | None:
    """Return what the program does not have that a step hangs on, and how to get it."""
    if when.anchor == "opens" and not cast.campaign:
        return "the program does not say when it opens", "set program.opens"
    if when.anchor == "signup-closes" and not cast.signup:
        return "the program has no sign-up that closes", "set program.signup_closes"
    if when.anchor == "ask" and not cast.asks:
        return "the model asks nobody before a relationship is published", "choose one that does, or write match"
    if when.anchor == "request" and not cast.on_request:
        return "the model does not work on request", "choose one that does, or write match"
    if when.anchor == "session" and not cast.series:
        return "the program has no sessions", "add [sessions]"
    most = max((series.count for series in cast.series), default=0)
    if when.session is not None and when.session > most:
        return f"session {when.session} does not exist: there are {most}", "choose an earlier one, or have more"
    return None


def _recipients(name: str, table: StepTable | SurveyTable, path: Path, cast: Cast, gaps: Gaps) -> tuple[str, ...]:
    where = (*path, "to")
    known = {*cast.roles, *GROUPS, *cast.contacts}
    kept: list[str] = []
    for word in table.to:
        if word in _NEEDS_CONTACT and word not in cast.contacts:
            gaps.no_contact(name, where, word)
        elif word not in known and gaps.files.said_by_default(where):
            gaps.no_anchor(name, where, f"nobody takes part as {word}", "add steps for the roles of the model")
        elif word not in known:
            hint = suggestion(word, known) or f"write {listed(known)}"
            gaps.problems.error(where, "unknown-recipient", f'"{name}" goes to "{word}", whom nobody declares', hint)
        else:
            kept.append(word)
    return tuple(kept)
