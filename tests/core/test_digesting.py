import os
import subprocess
import sys
from datetime import date, time
from enum import Enum

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from mentorkit.core.conditions import Condition
from mentorkit.core.digesting import digest_of
from mentorkit.core.program import Agenda, MessageText, RosterSource, RosterUse, Series
from mentorkit.testing import a_program

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(VALUES)
def test_equal_values_have_equal_digests_whatever_the_order_of_their_keys(value: object) -> None:
    reordered = dict(reversed(value.items())) if isinstance(value, dict) else value
    assert digest_of(value) == digest_of(reordered)


def test_values_that_only_look_alike_differ() -> None:
    class Color(Enum):
        RED = 1

    alike = [1, 1.0, True, "1", None, "None", date(2027, 1, 1), "2027-01-01", time(9), [1], {"1": 1}, Color.RED, "RED"]
    assert len(alike) == len({digest_of(value) for value in alike})


def test_every_attribute_of_a_program_counts() -> None:
    program = a_program()
    digest = digest_of(program)
    roster = RosterUse((), eligible={"level": Condition(any_of=frozenset({"a", "b"}))})
    for change in ({"seed": 1}, {"words": {"mentor": "guide"}}, {"series": ()}, {"roster": roster}):
        assert digest != digest_of(evolve(program, **change))
    assert digest == digest_of(evolve(program, digest="x"))


def test_where_files_stand_does_not_count() -> None:
    assert digest_of(RosterSource("/a/people.csv", "people.csv")) == digest_of(
        RosterSource("/b/people.csv", "people.csv")
    )
    assert digest_of(MessageText("a/x.md", "", "", "s", "b")) == digest_of(MessageText("b/x.md", "", "", "s", "b"))
    assert digest_of(Agenda("a", "t", "x")) != digest_of(Agenda("a", "t", "y"))


def test_digests_are_the_same_in_every_process() -> None:
    words = frozenset({"alpha", "beta", "gamma", "delta"})
    code = f"from mentorkit.core.digesting import digest_of; print(digest_of({words!r}))"
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        told = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        assert digest_of(words) == told.stdout.strip()
    assert digest_of(Series("a", 1, ())) == digest_of(Series("a", 1, ()))
