"""Every wrong protocol is noticed by the check that is there for it, and the right one by none."""

from __future__ import annotations

import pytest

from faults.mutants import CHECKS, MUTANTS, Check, grown


@pytest.mark.parametrize("name", MUTANTS)
def test_a_mutant_is_caught(name: str) -> None:
    mutant = MUTANTS[name]
    with grown(mutant) as place:
        assert mutant.caught_by(place)


@pytest.mark.parametrize("check", CHECKS, ids=lambda one: one.__name__)
def test_no_check_cries_wolf(check: Check) -> None:
    with grown(None) as place:
        assert [] == check(place)
