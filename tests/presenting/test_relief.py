"""What would help is said in whole sentences, for one other as for many."""

import pytest

from mentorkit.core.matching.relaxing import More, Remedy
from mentorkit.presenting.relief import relief_text
from mentorkit.testing import a_person, a_roster


@pytest.mark.parametrize(("others", "said"), [(0, ""), (1, " (or for one other)"), (11, " (or for one of 11 others)")])
def test_others_who_would_do_as_well_are_counted(others, said):
    roster = a_roster(a_person("m", "mentor", name="M"))
    remedy = Remedy("one more place", 1, False, 1, places=(More("m", "mentor", 1),), others=others)
    assert f"one more place for M (m){said}  1 more person" in relief_text([remedy], 2, roster)


@pytest.mark.parametrize(
    ("places", "said"),
    [
        ((2,), "2 more places for M0 (0)"),
        ((1, 1), "one more place for each of M0 (0) and M1 (1)"),
        ((2, 1), "3 more places: 2 for M0 (0) and 1 for M1 (1)"),
        ((2,) * 572, "2 more places for each of 572 mentors, such as M0 (0) and M1 (1)"),
        ((2,) * 448 + (1,) * 124, "1,020 more places, for 572 mentors, such as M0 (0) and M1 (1)"),
    ],
)
def test_places_for_many_are_one_short_line(places, said):
    roster = a_roster(*(a_person(str(at), "mentor", name=f"M{at}") for at in range(len(places))))
    people = sum(places)
    more = tuple(More(str(at), "mentor", one) for at, one in enumerate(places))
    assert f"  {said}  {people:,} more people" in relief_text(
        [Remedy("", people, False, people, places=more)], 1, roster
    )
