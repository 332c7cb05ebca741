"""Who is put together: `[matching]`, `[criteria.NAME]` and `[rules.NAME]`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from attrs import field, frozen

from mentorkit.core.conditions import Condition
from mentorkit.core.program.lengths import Length
from mentorkit.core.program.uses import Use


@frozen
class CriterionUse:
    """A declared criterion: the kind's options and what the core needs to apply it.

    Attributes:
        between: the two roles it compares, (the one that wants, the one that offers).
        left: column of the first role of `between` (`mentee =`), or `column`.
        right: column of the second role (`mentor =`), or `column`.
        only_if: conditions on columns of the first role's people; others go without the criterion.
        options: the kind's own options, structured, or None.
        optional: it came from the model's default template: left out with a note where its columns are absent.
    """

    name: str
    kind: str
    weight: float
    left: str
    right: str
    between: tuple[str, str] | None = None
    only_if: Mapping[str, Condition] = field(factory=dict)
    options: Any = None
    optional: bool = False


@frozen
class RuleUse:
    """A declared rule: the kind's options, whether a missing value blocks, and `optional` as for criteria."""

    name: str
    kind: str
    options: Any = None
    between: tuple[str, str] | None = None
    if_missing: Literal["allow", "block"] = "allow"
    optional: bool = False


@frozen
class Intake:
    """When later matchings fill free places: on a weekday, or every `every` from the program's start.

    Attributes:
        weekday: 0 is Monday; None: every `every`.
        text: as the author wrote it.
    """

    weekday: int | None = None
    every: Length = Length(1, "weeks")
    text: str = ""


@frozen
class Carried:
    """Somebody who has been waiting since an earlier program."""

    person: str
    role: str
    since: date


@frozen
class MatchingUse:
    """How people are matched.

    Attributes:
        publish: whether a matching is published at once, or proposed and waits for `mentorkit publish`.
        intake: when later matchings are; None: never by themselves.
        rematch: `everyone`: an intake may break published relationships for better ones.
        carried: who has been waiting since before this program.
        audit: columns by whose values match rates and scores are compared whenever people are matched.
    """

    matcher: Use
    objective: tuple[str, ...] = ("coverage", "total-score")
    publish: Literal["auto", "review"] = "auto"
    intake: Intake | None = None
    rematch: Literal["nobody", "everyone"] = "nobody"
    carried: tuple[Carried, ...] = ()
    audit: tuple[str, ...] = ()
    criteria: tuple[CriterionUse, ...] = ()
    rules: tuple[RuleUse, ...] = ()
