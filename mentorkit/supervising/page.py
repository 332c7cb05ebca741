"""A page of memory that a command, its supervisor and its forked copies see: who is being called, and since when.

Nothing here waits or locks: who writes may be killed in the middle of it, and who reads must not mind. A text that is
read while it is written may be torn, which is why the number of a call tells whether it is still the same.
"""

from __future__ import annotations

import mmap
import struct

SIZE = 8192
_LONGEST = 900
"""Bytes of a text."""
_FORKS = 64
"""How many forks are remembered; of those after them nobody hears."""
_NUMBER, _LIMIT, _LEAST, _FORKED, _ENDED, _CODE = 0, 8, 16, 24, 32, 40
_PIDS = 64
_TEXTS = _PIDS + 8 * _FORKS
OUTER, INNER, RETURNED, LOADED = (_TEXTS + place * (_LONGEST + 8) for place in range(4))
"""Where which text stands: the call that is being made, the call within it, whose copy came back, who is loaded."""

USUAL_LIMIT = 600.0
"""Seconds that a call may last where nobody says otherwise."""


class Page:
    """The page; a fork shares it."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, SIZE)
        self.clear()

    def clear(self) -> None:
        """Begin anew."""
        self._memory[:] = bytes(SIZE)
        self.limit = USUAL_LIMIT

    @property
    def call(self) -> int:
        """The number of the call that is being made, odd; even where none is."""
        return self._whole(_NUMBER)

    @call.setter
    def call(self, number: int) -> None:
        self._write_whole(_NUMBER, number)

    @property
    def limit(self) -> float:
        """Seconds that a call may last."""
        return max(self._real(_LIMIT), self._real(_LEAST))

    @limit.setter
    def limit(self, seconds: float) -> None:
        struct.pack_into("d", self._memory, _LIMIT, seconds)

    def allow(self, seconds: float) -> None:
        """Let calls last so long, also where the program says less."""
        struct.pack_into("d", self._memory, _LEAST, seconds)

    @property
    def ended(self) -> int | None:
        """The exit code with which the command has ended, by its own word; None: it has not."""
        return self._whole(_CODE) if self._whole(_ENDED) else None

    def end(self, code: int) -> None:
        """Say that the command has ended."""
        self._write_whole(_CODE, code)
        self._write_whole(_ENDED, 1)

    @property
    def forks(self) -> int:
        """How many copies of the command have been begun."""
        return self._whole(_FORKED)

    def begin_fork(self) -> None:
        """Make room for one more copy."""
        self._write_whole(_FORKED, self.forks + 1)

    def note_fork(self, pid: int) -> None:
        """Write down, in the copy that was begun last, which process it is."""
        if self.forks <= _FORKS:
            self._write_whole(_PIDS + 8 * (self.forks - 1), pid)

    def copies(self, since: int = 0) -> tuple[int, ...]:
        """Return the processes of the copies that were begun after the first so many; 0: it has not said so yet."""
        return tuple(self._whole(_PIDS + 8 * place) for place in range(since, min(self.forks, _FORKS)))

    def text(self, place: int) -> str:
        """Return one of the texts."""
        (size,) = struct.unpack_from("q", self._memory, place)
        return bytes(self._memory[place + 8 : place + 8 + min(size, _LONGEST)]).decode("utf-8", "ignore")

    def write(self, place: int, text: str) -> None:
        """Write one of the texts, cut where it is too long."""
        written = text.encode("utf-8", "replace")[:_LONGEST]
        self._memory[place + 8 : place + 8 + len(written)] = written
        self._write_whole(place, len(written))

    def _whole(self, place: int) -> int:
        (number,) = struct.unpack_from("q", self._memory, place)
        return int(number)

    def _write_whole(self, place: int, number: int) -> None:
        struct.pack_into("q", self._memory, place, number)

    def _real(self, place: int) -> float:
        (number,) = struct.unpack_from("d", self._memory, place)
        return float(number)


PAGE = Page()
"""The page of this process and of all that it forks: there is one, as there is one process to watch."""
