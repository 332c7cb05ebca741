"""Both ways of looking through all pairs find the same best pairs, and nothing that is not better."""

from __future__ import annotations

import numpy as np
import pytest
from attrs import evolve

from mentorkit.core.problems import Effort, PairScores, ScoreSums, Summand
from mentorkit.testing import MatrixScores
from mentorkit_matchers.all_pairs import EXCLUDED, FoundPairs, Search, advice, compiles
from mentorkit_matchers.all_pairs.blocks import BlockwisePairs
from mentorkit_matchers.all_pairs.compiled import CompiledPairs

pytest.importorskip("numba")


def some_scores(seed: int, rows: int, columns: int) -> tuple[np.ndarray, ScoreSums]:
    """Return tenths, -1 where forbidden, and the sums that they are the sums of."""
    chance = np.random.default_rng(seed)
    tenths = np.zeros((rows, columns), dtype=np.int64)
    parts, allowed = [], []
    for size, width, most in ((5, 1, 300), (rows, 1, 200), (9, 4, 120), (1, 1, 20)):
        values = chance.integers(0, most, size=(size, columns)) << 10
        codes = chance.integers(-1 if width > 1 else 0, size, size=(rows, width))
        parts.append(Summand(codes, size, lambda some, values=values: values[some].astype(np.int32)))
        tenths += np.vstack([values, np.zeros((1, columns), dtype=np.int64)])[codes].sum(axis=1)
    tenths >>= 10
    for size in (4, 7):
        open_to = chance.random((size, columns)) < 0.8
        codes = chance.integers(0, size, size=(rows, 1))
        allowed.append(Summand(codes, size, lambda some, open_to=open_to: open_to[some]))
        tenths[~open_to[codes[:, 0]]] = -1
    apart = np.unique(np.stack([chance.integers(0, rows, 300), chance.integers(0, columns, 300)], axis=1), axis=0)
    tenths[tuple(apart.T)] = -1
    return tenths, ScoreSums((rows, columns), tuple(parts), tuple(allowed), apart)


def both(seed: int, rows: int = 300, columns: int = 700) -> tuple[np.ndarray, CompiledPairs, BlockwisePairs]:
    tenths, sums = some_scores(seed, rows, columns)
    pairs: PairScores = MatrixScores(tenths.astype(np.int16))
    return tenths, CompiledPairs(pairs, sums, Effort()), BlockwisePairs(pairs, Effort())


def best(found: FoundPairs, prices: np.ndarray, gain: int, rows: int) -> list[int]:
    most = np.full(rows, -(2**50))
    np.maximum.at(most, found.rows, gain * found.tenths - prices[found.columns])
    return most.tolist()


@pytest.mark.parametrize("gain", [1, 2, 0, 40_000])
@pytest.mark.parametrize("seed", range(4))
def test_the_best_of_each_row_is_found_and_nothing_that_is_no_better(seed: int, gain: int) -> None:
    tenths, compiled, blockwise = both(seed)
    chance = np.random.default_rng(seed)
    prices = chance.integers(0, 300 * max(1, gain), size=700)
    prices[chance.random(700) < 0.1] = EXCLUDED
    thresholds = np.where(chance.random(300) < 0.2, -EXCLUDED, chance.integers(-100, 400, size=300) * max(1, gain))
    expected = np.where((tenths < 0) | (prices == EXCLUDED), -(2**50), gain * tenths - prices).max(axis=1)
    expected = np.where(expected > thresholds, expected, -(2**50)).tolist()
    for pairs in (compiled, blockwise):
        found = pairs.better(Search(prices, thresholds, 6, gain=gain, seed=seed))
        assert expected == best(found, prices, gain, 300)
        assert (tenths[found.rows, found.columns] == found.tenths).all()
        assert (gain * found.tenths - prices[found.columns] > thresholds[found.rows]).all()
        assert (found.tenths >= 0).all()


@pytest.mark.parametrize("seed", range(3))
def test_some_rows_some_columns_and_a_floor(seed: int) -> None:
    tenths, compiled, blockwise = both(seed)
    chance = np.random.default_rng(seed)
    rows, columns = (np.sort(chance.choice(size, size // 3, replace=False)) for size in (300, 700))
    there = np.full(tenths.shape, -(2**50))
    there[np.ix_(rows, columns)] = np.where(tenths >= 250, tenths, -(2**50))[np.ix_(rows, columns)]
    for pairs in (compiled, blockwise):
        nothing = np.zeros(700, dtype=np.int64), np.full(300, -EXCLUDED)
        found = pairs.better(Search(*nothing, 4, rows=rows, columns=columns, at_least=250))
        assert there.max(axis=1).tolist() == best(found, np.zeros(700), 1, 300)


def test_single_pairs_have_their_scores_and_what_is_made_piece_by_piece_is_the_same(monkeypatch) -> None:  # type: ignore[no-untyped-def]
    tenths, compiled, _ = both(1)
    rows, columns = np.array([3, 3, 250, 0]), np.array([0, 699, 12, 12])
    assert tenths[rows, columns].tolist() == compiled.of(rows, columns).tolist()
    monkeypatch.setattr("mentorkit_matchers.all_pairs.tables._KEPT_BYTES", 4 * 700 * 20)
    monkeypatch.setattr("mentorkit_matchers.all_pairs.tables._MADE_BYTES", 4 * 700 * 40)
    monkeypatch.setattr("mentorkit_matchers.all_pairs.tables._KEPT_WIDE_BYTES", 4 * 700 * 5)
    monkeypatch.setattr("mentorkit_matchers.all_pairs.tables._MADE_WIDE_BYTES", 4 * 700 * 40)
    piecewise = evolve(compiled)
    prices, nothing = np.zeros(700, dtype=np.int64), np.full(300, -EXCLUDED)
    whole, pieces = (one.better(Search(prices, nothing, 5, seed=2)) for one in (compiled, piecewise))
    assert len(piecewise._tables.made) > 0  # what is too large is not kept
    first, second = (sorted(zip(one.rows.tolist(), one.tenths.tolist(), strict=True)) for one in (whole, pieces))
    assert [max(t for r, t in first if r == row) for row in range(300)] == [
        max(t for r, t in second if r == row) for row in range(300)
    ]


def test_with_little_memory_less_is_kept_and_the_best_are_the_same() -> None:
    tenths, sums = some_scores(2, 300, 700)
    pairs, little = MatrixScores(tenths.astype(np.int16)), Effort(megabytes=1)
    prices, nothing = np.zeros(700, dtype=np.int64), np.full(300, -EXCLUDED)
    expected = np.where(tenths < 0, -(2**50), tenths).max(axis=1).tolist()
    for usual, less in (
        (BlockwisePairs(pairs, Effort()), BlockwisePairs(pairs, little)),
        (CompiledPairs(pairs, sums, Effort()), CompiledPairs(pairs, sums, little)),
    ):
        assert expected == best(usual.better(Search(prices, nothing, 5)), prices, 1, 300)
        assert expected == best(less.better(Search(prices, nothing, 5)), prices, 1, 300)
    assert (True, False) == tuple(BlockwisePairs(pairs, effort).keeps for effort in (Effort(), little))
    assert (0, 2) == tuple(len(CompiledPairs(pairs, sums, one)._tables.made) for one in (Effort(), little))


def test_when_the_time_is_up_a_look_ends() -> None:
    tenths, sums = some_scores(0, 300, 700)
    over = Effort(over=lambda: True)
    pairs = MatrixScores(tenths.astype(np.int16))
    nothing = np.zeros(700, dtype=np.int64), np.full(300, -EXCLUDED)
    assert 0 == len(CompiledPairs(pairs, sums, over).better(Search(*nothing, 3)))
    assert 0 == len(BlockwisePairs(pairs, over).better(Search(*nothing, 3)))


def test_who_would_be_helped_by_an_install_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mentorkit_matchers.all_pairs.find_spec", lambda name: None)
    assert () == advice((1_000, 1_000))
    (word,) = advice((10_000, 5_000))
    assert 'pip install "mentorkit[fast]"' in word.help
    assert not compiles((10_000, 5_000))


def test_pairs_are_sorted_and_there_once_whatever_their_numbers() -> None:
    numbers = [(2**25 - 1, 2**26 - 1, 1000), (0, 0, 0), (7, 2**26 - 1, 0), (8, 0, 999), (7, 3, 1000)]
    rows, columns, tenths = np.array(numbers).T
    found = FoundPairs.of(rows.astype(np.int32), columns, tenths.astype(np.int16))
    assert numbers == list(zip(*(one.tolist() for one in (found.rows, found.columns, found.tenths)), strict=True))
    more = found.with_more(FoundPairs.of(np.array([8, 1]), np.array([0, 1]), np.array([999, 5])))
    expected = sorted([*numbers, (1, 1, 5)])
    assert expected == list(zip(*(one.tolist() for one in (more.rows, more.columns, more.tenths)), strict=True))
    assert more.packed.tolist() == more.once().packed.tolist()
