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
