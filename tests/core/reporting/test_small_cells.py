"""No count between nothing and what may be shown is left, and nobody is lost."""

from hypothesis import given
from hypothesis import strategies as st

from mentorkit.core.reporting.small_cells import Band, Cell, bands, joined, pooled, withheld


def counts(cells):
    return [(cell.first, cell.last, cell.count) for cell in cells]


def test_small_cells_join_their_neighbors():
    cells = [Cell(0, 0, 1), Cell(1, 1, 39), Cell(2, 2, 12), Cell(3, 3, 2)]
    assert [(0, 1, 40), (2, 3, 14)] == counts(joined(cells, 5))


def test_fewer_than_may_be_shown_are_not_shown_at_all():
    assert [] == counts(joined([Cell(0, 0, 2), Cell(1, 1, 2)], 5))


@given(st.lists(st.integers(0, 9), max_size=12), st.integers(1, 6))
def test_every_count_is_nothing_or_large_enough(numbers, small):
    cells = joined([Cell(i, i, number) for i, number in enumerate(numbers)], small)
    assert all(cell.count == 0 or cell.count >= small for cell in cells)
    if cells:
        assert sum(numbers) == sum(cell.count for cell in cells)
        assert list(range(len(numbers))) == [i for cell in cells for i in range(cell.first, cell.last + 1)]
    else:
        assert sum(numbers) < small


def test_a_small_row_joins_the_one_before_it():
    rows = [(126, 100), (63, 2), (63, 0)]
    assert (Band(0, 1, (189, 102)), Band(2, 2, (63, 0))) == bands(rows, 5)


def test_a_count_that_stands_alone_takes_another_with_it():
    assert (None, None, 40) == withheld([2, 7, 40], 5)
    assert (None, 9, None, 40) == withheld([2, 9, 3, 40], 5)
    assert (None, None) == withheld([2, 48], 5)
    assert (0, 12, 5) == withheld([0, 12, 5], 5)


@given(st.lists(st.integers(0, 9), max_size=8), st.integers(1, 6))
def test_nobody_can_subtract_a_withheld_count(numbers, small):
    told = withheld(numbers, small)
    hidden = [number for number, shown in zip(numbers, told, strict=True) if shown is None]
    assert all(shown is None or shown == 0 or shown >= small for shown in told)
    assert all(shown in (None, number) for number, shown in zip(numbers, told, strict=True))
    if hidden:
        assert len(hidden) == len(numbers) or (len(hidden) >= 2 and sum(hidden) >= small)
    else:
        assert not [number for number in numbers if 0 < number < small]


def test_small_reasons_are_told_together():
    assert ({"left": 9}, 6) == pooled({"left": 9, "declined": 4, "too busy": 2}, 5)
    assert ({}, 11) == pooled({"left": 9, "too busy": 2}, 5)


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 9)), st.integers(0, 3), st.integers(1, 6))
def test_what_is_told_together_is_never_few_unless_all_are(counts, rest, small):
    shown, other = pooled(counts, small, rest)
    assert sum(counts.values()) + rest == sum(shown.values()) + other
    assert all(count >= small for count in shown.values())
    assert other == 0 or other >= small or not shown
