"""What people are asked (`[surveys.NAME]`), and the files in which answers and other events come (`[answers]`)."""

from __future__ import annotations

from typing import Literal

from attrs import frozen


@frozen
class Question:
    """One question of a survey; `scale` is the lowest and the highest number of a scale."""

    id: str
    text: str
    kind: Literal["scale", "choice", "yes-no", "text"] = "text"
    choices: tuple[str, ...] = ()
    scale: tuple[int, int] = (1, 5)


@frozen
class AnswersFile:
    """A file that events are read from: its absolute path, and the path as the author wrote it."""

    path: str
    shown: str
