"""How people behave in each simulated world, as shares. They are assumptions to rehearse with, not measurements."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen


@frozen
class Rates:
    """How people of one world behave; shares lie in [0, 1].

    Attributes:
        says_yes: of those asked before a relationship is published, who accepts.
        says_no: of the same, who declines; the rest says nothing until their time is up.
        confirms: of those who hear of a published relationship, who says that they accept it.
        objects: of the same, who declines it after all.
        days: within how many days people answer.
        misses: of all sessions, which do not take place.
        absent: of the participants of a session of more than two, who stays away from one that takes place.
        moves: of all sessions whose time the matching has not fixed, which are put off by some days.
        reports: of the participants of a session, who says whether they met.
        answers: of those who get a survey, or a reminder of it, who answers.
        content: how far answers lean to the good end: 0 means to no end.
        leaves: of all participants, who would leave within a year.
        requests: how often somebody asks for something in four weeks, in models on request; None: everybody asks once,
            on the first day, for what the roster says they want.
    """

    says_yes: float
    says_no: float
    confirms: float
    objects: float
    days: int
    misses: float
    absent: float
    moves: float
    reports: float
    answers: float
    content: float
    leaves: float
    requests: float | None


IDEAL = "ideal"

WORLDS: Mapping[str, Rates] = {
    # Nothing gets in the way: what is left is the timeline as its author meant it, without a single answer, so that
    # every reminder goes out.
    IDEAL: Rates(
        says_yes=1,
        says_no=0,
        confirms=1,
        objects=0,
        days=1,
        misses=0,
        absent=0,
        moves=0,
        reports=1,
        answers=0,
        content=0,
        leaves=0,
        requests=None,
    ),
    # A program that goes well among busy people: three of four who are asked agree, every eighth session is put off and
    # every twelfth falls through, not quite half answer a survey at once and some of the rest when reminded, and staff
    # turns over by a tenth in a year. All of it is enough that each thing happens in a program of some thirty pairs.
    "usual": Rates(
        says_yes=0.75,
        says_no=0.15,
        confirms=0.7,
        objects=0.02,
        days=4,
        misses=0.08,
        absent=0.12,
        moves=0.12,
        reports=0.8,
        answers=0.45,
        content=0.5,
        leaves=0.1,
        requests=0.3,
    ),
    # A bad season, a reorganization say: half of those asked agree, a quarter of all sessions fall through and as many
    # are put off, few answer, nearly a third would leave within a year, and more ask than there are mentors for. A
    # timeline shows here what it does about trouble, and a coordinator how much of it reaches them.
    "rough": Rates(
        says_yes=0.5,
        says_no=0.25,
        confirms=0.4,
        objects=0.06,
        days=8,
        misses=0.25,
        absent=0.3,
        moves=0.25,
        reports=0.5,
        answers=0.2,
        content=0,
        leaves=0.3,
        requests=1,
    ),
}
"""The worlds by name."""
