"""What a door notes of the calls that go through it, and what it lets nobody print."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator

import pytest

from mentorkit.core.catalogue import Origin
from mentorkit.supervising.doors import door_of
from mentorkit.supervising.page import INNER, OUTER, PAGE, USUAL_LIMIT, Page

DOOR = door_of(Origin("acme", "2.1", "rules"))
SOLVE = "solve of the plugin acme 2.1 (entry point rules)"
SIMILARITY = "similarity of the plugin acme 2.1 (entry point rules)"


@pytest.fixture(autouse=True)
def _page() -> Iterator[None]:
    PAGE.clear()
    yield
    PAGE.clear()


def test_a_call_within_a_call_is_noted_beside_it() -> None:
    seen = []
    with DOOR("solve"):
        number = PAGE.call
        with DOOR("similarity"):
            seen.append((PAGE.call, PAGE.text(OUTER), PAGE.text(INNER)))
        seen.append((PAGE.call, PAGE.text(OUTER), PAGE.text(INNER)))
    assert [(number, SOLVE, SIMILARITY), (number, SOLVE, SOLVE)] == seen
    assert (1, 0) == (number % 2, PAGE.call % 2)


def test_what_is_printed_inside_goes_to_the_errors(capsys: pytest.CaptureFixture[str]) -> None:
    def prints() -> None:
        with DOOR("similarity"):
            sys.stdout.write("inner\n")

    with DOOR("solve"):
        sys.stdout.write("outer\n")
        thread = threading.Thread(target=prints)
        thread.start()
        thread.join()
        sys.stdout.write("outer again\n")
    sys.stdout.write("after\n")
    assert ("after\n", "outer\ninner\nouter again\n") == capsys.readouterr()


def test_whatever_is_raised_inside_the_door_is_left() -> None:
    with pytest.raises(KeyboardInterrupt), DOOR("solve"), DOOR("similarity"):
        raise KeyboardInterrupt
    assert 0 == PAGE.call % 2
    with DOOR("solve"):
        assert SOLVE == PAGE.text(INNER)


def test_a_copy_that_ends_by_itself_is_nobodys_problem() -> None:
    with DOOR("solve"):
        child = os.fork()
        if not child:
            os._exit(0)
        os.waitpid(child, 0)


def test_long_and_odd_texts_are_cut_and_never_in_the_way() -> None:
    page = Page()
    page.write(OUTER, "é" * 5000)
    page.write(INNER, "a\ud800b")
    assert {"é"} == set(page.text(OUTER))
    assert 200 < len(page.text(OUTER)) < 5000
    assert "a?b" == page.text(INNER)


def test_a_longer_limit_of_the_command_line_stands_over_the_programs() -> None:
    page = Page()
    assert USUAL_LIMIT == page.limit
    page.limit = 5.0
    assert 5.0 == page.limit
    page.allow(60.0)
    assert 60.0 == page.limit
    page.limit = 90.0
    assert 90.0 == page.limit
