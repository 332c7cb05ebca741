"""What people answered, counted so that nobody is recognized."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from mentorkit.core.history import Event, History
from mentorkit.core.program import Privacy, Program, Question, Step, TranslatedQuestion, When
from mentorkit.core.reporting.figures import AnswerCount, QuestionFigures
from mentorkit.core.reporting.surveys import answer_facts, answered, survey_figures
from mentorkit.testing import a_message, a_program

AT = datetime(2027, 4, 1, 9, tzinfo=UTC)
QUESTIONS = (
    Question("match", "How good?", "scale"),
    Question("ten", "How likely?", "scale", scale=(0, 10)),
    Question("go-on", "How?", "choice", ("as now", "With changes")),
    Question("often", "Enough?", "yes-no"),
    Question("words", "What else?"),
)


def program(small: int = 1) -> Program:
    step = Step("midpoint", When("midpoint"), ("matched",), a_message(), questions=QUESTIONS)
    return a_program(timeline=(step,), privacy=Privacy(small_cells=small))


def said(question: str, *values: str) -> list[Event]:
    return [
        Event(f"{question}-{number}", AT, f"e{number}", "answered", f"midpoint.{question}", value)
        for number, value in enumerate(values)
    ]


def figures(question: str, events: list[Event], small: int = 1, **history: Any) -> QuestionFigures:
    (survey,) = survey_figures(answered(program(small), History(events=tuple(events), **history)))
    return next(one for one in survey.questions if one.question == question)


def test_marks_of_a_scale_are_counted_every_possible_one() -> None:
    made = figures("match", said("match", "4", " 4 ", "5", "1"))

    assert [("1", 1), ("2", 0), ("3", 0), ("4", 2), ("5", 1)] == [(one.answer, one.people) for one in made.answers]
    assert (4, 0, 3.5) == (made.answered, made.unreadable, made.mean)


def test_what_a_question_does_not_allow_is_unreadable() -> None:
    made = figures("match", said("match", "six", "0", "4.5", "6", "5"))

    assert (5, 4, 5.0) == (made.answered, made.unreadable, made.mean)


def test_answers_count_alike_in_whatever_language_they_were_given() -> None:
    german = (TranslatedQuestion("de", "Wie?", ("wie jetzt", "mit Änderungen")),)
    asked = (
        evolve(QUESTIONS[2], translations=german),
        evolve(QUESTIONS[3], translations=(TranslatedQuestion("de", "Oft genug?", ("ja", "nein")),)),
    )
    step = Step("midpoint", When("midpoint"), ("matched",), a_message(), questions=asked)
    events = [*said("go-on", "Mit  Änderungen", "as now", "wie jetzt"), *said("often", "Ja", "yes", "NEIN", "oui")]
    made = answered(a_program(timeline=(step,), privacy=Privacy(small_cells=1)), History(events=tuple(events)))

    assert [{"as now": 2, "With changes": 1}, {"yes": 2, "no": 1}] == [one.counts for one in made]
    assert [0, 1] == [one.unreadable for one in made]


def test_choices_and_yes_and_no_are_read_leniently() -> None:
    choices = figures("go-on", said("go-on", "AS  NOW", "with changes", "never"))
    often = figures("often", said("often", "Yes", "y", "NO", "0", "perhaps"))

    assert (AnswerCount("as now", 1), AnswerCount("With changes", 1)) == choices.answers
    assert (AnswerCount("yes", 2), AnswerCount("no", 2)) == often.answers
    assert (1, 1) == (choices.unreadable, often.unreadable)


def test_free_texts_are_counted_and_never_shown() -> None:
    made = figures("words", said("words", "I hate my mentor", "   "))

    assert (1, 0, ()) == (made.answered, made.unreadable, made.answers)
    assert "hate" not in repr(made)


def test_the_last_answer_of_a_person_counts() -> None:
    later = Event("z", AT + timedelta(days=1), "e0", "answered", "midpoint.match", "5")

    assert 5.0 == figures("match", [later, *said("match", "1")]).mean


def test_who_was_asked_is_whom_it_was_sent_to_or_who_answered() -> None:
    deliveries: dict[str, Any] = {
        "midpoint/once/p1/mentor/r1": "sent",
        "midpoint/once/p1/mentor/r2": "sent",
        "midpoint/once/p2/mentee": "failed",
        "midpoint/once/p3/coordinator": "sent",
        "kick-off/once/p2/mentee": "sent",
    }
    numbers = {"a": 1, "b": 2, "contact:coordinator": 3, "e0": 4}
    history = History(deliveries=deliveries, numbers=numbers, events=tuple(said("match", "4")))

    (survey,) = survey_figures(answered(program(), history))

    assert 2 == survey.asked


def test_few_answers_are_not_told() -> None:
    made = figures("match", said("match", "4", "4"), small=3)

    assert (2, (), None, True) == (made.answered, made.answers, made.mean, made.withheld)
    facts = answer_facts(answered(program(3), History(events=tuple(said("match", "4", "4")))))["midpoint.match"]
    assert ({}, True) == (facts.counts, facts.withheld)


def test_small_counts_are_joined_on_a_scale_and_withheld_elsewhere() -> None:
    marks = figures("match", said("match", *"1333445555"), small=3)
    choices = figures("go-on", said("go-on", *["as now"] * 9, "with changes"), small=3)

    assert [("1-4", 6), ("5", 4)] == [(one.answer, one.people) for one in marks.answers]
    assert [None, None] == [one.people for one in choices.answers]


@given(st.lists(st.integers(1, 5), max_size=30), st.integers(1, 6))
def test_no_shown_count_is_small_and_the_mean_is_near(marks: list[int], small: int) -> None:
    made = figures("match", said("match", *map(str, marks)), small=small)

    assert not [one for one in made.answers if one.people and one.people < small]
    assert sum(one.people or 0 for one in made.answers) == (len(marks) if len(marks) >= small else 0)
    if made.mean is not None:
        assert abs(made.mean - sum(marks) / len(marks)) <= small / 2 / len(marks) + 0.05 + 1e-9


@pytest.mark.parametrize("question", [one.id for one in QUESTIONS])
def test_a_question_nobody_answered_has_nothing(question: str) -> None:
    made = figures(question, [])

    assert (0, (), None, False) == (made.answered, made.answers, made.mean, made.withheld)
