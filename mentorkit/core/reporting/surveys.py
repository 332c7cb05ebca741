"""What people answered: how many of those who were asked, and what, as counts. Free texts are counted, never shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from attrs import frozen

from mentorkit.core.conditions import NO, YES, number_in
from mentorkit.core.contracts import AnswerFacts
from mentorkit.core.history import CONTACT, Event, History
from mentorkit.core.program import Program, Question, Step
from mentorkit.core.reporting.figures import AnswerCount, QuestionFigures, SurveyFigures
from mentorkit.core.reporting.small_cells import Cell, is_small, joined, withheld


@frozen
class Answered:
    """A question with what was answered to it.

    Attributes:
        counts: readable answers, every possible one among them; not for texts.
        unreadable: people whose answer is none of those the question allows.
    """

    survey: str
    question: Question
    facts: AnswerFacts
    counts: Mapping[str, int]
    unreadable: int


def answered(program: Program, history: History) -> tuple[Answered, ...]:
    """Return every question of every survey, in the program's order."""
    latest = _latest_answers(history)
    small = program.privacy.small_cells
    return tuple(
        _answered(step, question, people, latest, small)
        for step, people in ((step, _asked(step, history, latest)) for step in program.timeline if step.questions)
        for question in step.questions
    )


def _latest_answers(history: History) -> Mapping[str, Mapping[str, str]]:
    """Return by subject each person's last answer that is not empty."""
    latest: dict[str, dict[str, Event]] = {}
    for event in history.events:
        if event.kind == "answered" and event.value.strip():
            of_question = latest.setdefault(event.subject, {})
            known = of_question.get(event.person)
            if known is None or event.at >= known.at:
                of_question[event.person] = event
    return {subject: {one.person: one.value for one in found.values()} for subject, found in latest.items()}


def _asked(step: Step, history: History, latest: Mapping[str, Mapping[str, str]]) -> int:
    """Return how many people a survey was sent to, or answered it all the same."""
    names = {f"p{number}": person for person, number in history.numbers.items() if not person.startswith(CONTACT)}
    start = f"{step.name}/"
    sent = (key.split("/")[2] for key, state in history.deliveries.items() if state == "sent" and key.startswith(start))
    people = {names[number] for number in sent if number in names}
    return len(people.union(*(latest.get(f"{step.name}.{one.id}", ()) for one in step.questions)))


def _answered(
    step: Step, question: Question, asked: int, latest: Mapping[str, Mapping[str, str]], small: int
) -> Answered:
    values = latest.get(f"{step.name}.{question.id}", {})
    possible = possible_answers(question)
    read = Counter(_read(question, value) for value in values.values())
    counts = {one: read[one] for one in possible}
    readable = sum(counts.values())
    few = is_small(readable, small)
    facts = AnswerFacts(
        kind=question.kind,
        scale=question.scale,
        asked=asked,
        answered=len(values),
        counts={} if few else counts,
        small=small,
        withheld=few,
    )
    return Answered(step.name, question, facts, counts, len(values) - readable if possible else 0)


def possible_answers(question: Question) -> tuple[str, ...]:
    """Return what may be answered, in order; nothing for texts."""
    if question.kind == "scale":
        return tuple(str(mark) for mark in range(question.scale[0], question.scale[1] + 1))
    return ("yes", "no") if question.kind == "yes-no" else question.choices


def _read(question: Question, value: str) -> str | None:
    """Return which of the possible answers a text is, or None."""
    folded = " ".join(value.split()).casefold()
    if question.kind == "yes-no":
        told = "yes" if folded in YES else "no" if folded in NO else None
        return told or _chosen(("yes", "no"), question, folded)
    if question.kind == "scale":
        number = number_in(folded)
        return None if number is None else str(number)
    return _chosen(question.choices, question, folded)


def _chosen(possible: Sequence[str], question: Question, folded: str) -> str | None:
    """Return which of the possible answers stands at the place of a choice that was written in any language."""
    spellings = (
        (" ".join(choice.split()).casefold(), answer)
        for choices in question.all_choices
        for choice, answer in zip(choices, possible, strict=False)
    )
    return next((answer for spelling, answer in spellings if spelling == folded), None)


def answer_facts(found: tuple[Answered, ...]) -> Mapping[str, AnswerFacts]:
    """Return what KPIs may know of the answers, by SURVEY.QUESTION."""
    return {f"{one.survey}.{one.question.id}": one.facts for one in found}


def survey_figures(found: tuple[Answered, ...]) -> tuple[SurveyFigures, ...]:
    """Return the surveys with their questions, as they may be shown."""
    surveys: dict[str, list[Answered]] = {}
    for one in found:
        surveys.setdefault(one.survey, []).append(one)
    return tuple(
        SurveyFigures(name, questions[0].facts.asked, tuple(_figures(one) for one in questions))
        for name, questions in surveys.items()
    )


def _figures(one: Answered) -> QuestionFigures:
    facts = one.facts
    readable = sum(facts.counts.values())
    total = sum(int(mark) * count for mark, count in facts.counts.items()) if facts.kind == "scale" else 0
    return QuestionFigures(
        question=one.question.id,
        text=one.question.text,
        kind=facts.kind,
        answered=facts.answered,
        unreadable=one.unreadable,
        answers=_shown(facts),
        mean=round(facts.rounded(total) / readable, 1) if readable and facts.kind == "scale" else None,
        withheld=facts.withheld,
        scale=facts.scale if facts.kind == "scale" else None,
    )


def _shown(facts: AnswerFacts) -> tuple[AnswerCount, ...]:
    """Return the counts that may be shown: marks of a scale joined with their neighbors, other answers withheld."""
    if not sum(facts.counts.values()):
        return ()
    if facts.kind == "scale":
        cells = joined([Cell(int(mark), int(mark), count) for mark, count in facts.counts.items()], facts.small)
        return tuple(AnswerCount(_marks(cell), cell.count) for cell in cells)
    told = withheld(tuple(facts.counts.values()), facts.small)
    return tuple(AnswerCount(answer, count) for answer, count in zip(facts.counts, told, strict=True))


def _marks(cell: Cell) -> str:
    return str(cell.first) if cell.first == cell.last else f"{cell.first}-{cell.last}"
