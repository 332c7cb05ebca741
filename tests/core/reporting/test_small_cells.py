"""No count between nothing and what may be shown is left, and nobody is lost."""

from hypothesis import given
from hypothesis import strategies as st

from mentorkit.core.reporting.small_cells import Cell, joined


def counts(cells):
    return [(cell.first, cell.last, cell.count) for cell in cells]


def test_small_cells_join_their_neighbors():
    cells = [Cell(0, 0, 1), Cell(1, 1, 39), Cell(2, 2, 12), Cell(3, 3, 2)]
    assert [(0, 1, 40), (2, 3, 14)] == counts(joined(cells, 5))


def test_fewer_than_may_be_shown_are_not_shown_at_all():
    assert [] == counts(joined([Cell(0, 0, 2), Cell(1, 1, 2)], 5))


@given(st.lists(st.integers(0, 9), max_size=12), st.integers(1, 6))
def test_every_count_is_nothing_or_large_enough(numbers, small):
    cells = joined((Cell(i, i, number) for i, number in enumerate(numbers)), small)
    assert all(cell.count == 0 or cell.count >= small for cell in cells)
    if cells:
        assert sum(numbers) == sum(cell.count for cell in cells)
        assert list(range(len(numbers))) == [i for cell in cells for i in range(cell.first, cell.last + 1)]
    else:
        assert sum(numbers) < small
