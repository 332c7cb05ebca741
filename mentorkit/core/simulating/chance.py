"""Chances that are drawn from names: each from what it is about, so that none depends on what was drawn before it."""

from __future__ import annotations

import hashlib

from attrs import frozen


@frozen
class Chance:
    """A seeded source of shares and short names.

    Attributes:
        seed: whatever shall make one world differ from another.
    """

    seed: str

    def share(self, *words: str) -> float:
        """Return a number in [0, 1), always the same for the same words, evenly spread over different ones."""
        return int.from_bytes(self._digest(words)[:7]) / 2**56

    def index(self, number: int, *words: str) -> int:
        """Return one of 0, …, number - 1."""
        return int(self.share(*words) * number)

    def name(self, *words: str) -> str:
        """Return a short name that tells nothing of the words it is made of."""
        return self._digest(words).hex()[:12]

    def _digest(self, words: tuple[str, ...]) -> bytes:
        return hashlib.sha256("\x1f".join((self.seed, *words)).encode()).digest()
