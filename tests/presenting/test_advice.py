"""How advice looks, as text, JSON and a page; `golden/advice.txt` is what a terminal shows."""

from __future__ import annotations

import json
from pathlib import Path

from mentorkit.core.advising import Advice, Option, PassedOver, Trial, advise
from mentorkit.core.contracts import Blend, Fit, Gate, Lack, Modifier, RosterFacts
from mentorkit.presenting.advice import advice_json, advice_text
from mentorkit.presenting.html.advice import advice_html

GOLDEN = Path(__file__).parent / "golden" / "advice.txt"
GOALS = {"career-growth": 2.0, "reach": 1.0}
SIDES = RosterFacts(533, {"mentor": 103, "mentee": 430}, {"mentor": 206, "mentee": 430})


def some_advice() -> Advice:
    group = Option(
        "group",
        "several mentees with one or more mentors",
        "group-mentoring",
        Fit(
            0.0,
            goals={"career-growth": 2, "reach": 3},
            modifiers=(
                Modifier(1, "206 places are too few for pairs and enough for groups"),
                Modifier(-0.1, "18 stay alone"),
            ),
            lacks=(Lack("wants", "what people want to learn", "the people, as they sign up"),),
        ),
        SIDES,
        Trial(430, 412, 52, 61.23, "department stands in the way of 18"),
        2.33,
        3.23,
        passed_over=(PassedOver("group-reach", "the roster has no city"),),
    )
    pairs = Option(
        "one-on-one",
        "a senior gives a junior career guidance",
        "traditional-one-on-one",
        Fit(
            0.0,
            goals={"career-growth": 3, "reach": 0},
            gates=(Gate("places", "103 mentors offer 206 places for 430 mentees: 224 more are needed"),),
            blends=(Blend("group", "groups take the mentees beyond the mentors' places"),),
        ),
        SIDES,
        Trial(430, 206, 206, 70.0, "103 mentors offer 206 places"),
        2.0,
        1.0,
    )
    peer = Option(
        "peer",
        "colleagues help each other",
        "",
        Fit(0.5, ("anybody can take part",), gates=(Gate("sponsor", "nobody stands behind it", blocks=False),)),
        RosterFacts(533, {"peer": 533}, {"peer": 533}),
        Trial(533, 533, 266, 44.0, stopped=True),
        1.5,
        1.5,
    )
    return advise(GOALS, [peer, pairs, group], people=533, columns={}, weeks=24, hours=1.0)


def test_the_text_is_what_it_was() -> None:
    assert GOLDEN.read_text(encoding="utf-8") == advice_text(some_advice(), ('level = "Grade"',)) + "\n"


def test_the_document_says_what_the_text_says() -> None:
    found = json.loads(json.dumps(advice_json(some_advice(), {})))

    assert ("group", "peer", 533, 24) == (found["best"], found["runner_up"], found["people"], found["weeks"])
    assert [True, True, False] == [one["possible"] for one in found["options"]]
    assert {"career-growth": 1.5, "reach": 1.5} == found["options"][1]["goals"]
    assert [{"model": "one-on-one", "how": "groups take the mentees beyond the mentors' places"}] == found["blends"][:1]
    assert [{"template": "group-reach", "because": "the roster has no city"}] == found["options"][0]["passed_over"]
    assert ["wants"] == [one["what"] for one in found["lacks"]]


def test_the_page_shows_the_same_and_tells_nothing_as_markup() -> None:
    page = advice_html(some_advice())

    assert page == advice_html(some_advice())
    assert "Best for you: group" in page
    assert "412 of 430 mentees placed" in page
    assert "224 more are needed" in page
    assert "Template: group-mentoring; not group-reach: the roster has no city." in page
    assert "mentors&#39; places" in page
