"""What a model promises of how people come together: who is asked first, and whether it works on request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mentorkit.core.blaming import blaming, expected
from mentorkit.core.catalogue import Offer
from mentorkit.core.contracts import Asking, AskingModel, MentoringModel, RequestModel
from mentorkit.core.errors import PluginError
from mentorkit.core.program import ModelUse, Step
from mentorkit.core.resolving.files import Problems
from mentorkit.core.variants import ModelInUse

_ALL_MEMBERS = frozenset(("everyone", "matched"))
"""Recipients of a step on `ask` among whom everybody is who is asked."""


def asking_of(offer: Offer[MentoringModel], options: Any, model: ModelInUse) -> Asking | None:
    """Return who is asked before a relationship is published; None: nobody.

    Raises:
        PluginError: the model names a role that it does not have, or gives nobody a day to answer.
    """
    asks = offer.implementation
    if not isinstance(asks, AskingModel) or _lacks_options(offer, options):
        return None
    what = f'the model "{model.name}"'
    with blaming(offer.origin, what):
        found = asks.asking(options)
    if found is None:
        return None
    asking = expected(found, Asking, offer.origin, what)
    if not asking.roles or not {*asking.roles} <= {role.name for role in model.roles} or asking.days < 1:
        raise PluginError(
            f"{what} of the plugin {offer.origin} must ask roles of its own, with a day or more to answer"
        )
    return asking


def request_days_of(offer: Offer[MentoringModel], options: Any, model: ModelInUse) -> int | None:
    """Return after how many business days a request expires; None: the model does not work on request.

    Raises:
        PluginError: the model says no number of days.
    """
    waits = offer.implementation
    if not isinstance(waits, RequestModel) or _lacks_options(offer, options):
        return None
    what = f'the model "{model.name}"'
    with blaming(offer.origin, what):
        found = waits.request_days(options)
    if found is None:
        return None
    days = expected(found, int, offer.origin, what)
    if days < 1:
        raise PluginError(f"{what} of the plugin {offer.origin} must leave a request open for a day or more")
    return days


def check_rematch(use: ModelUse, rematch: str, problems: Problems) -> None:
    """Tell that nobody loses what is published for something that may be declined, or that others asked for."""
    if rematch != "everyone":
        return
    if use.asking is not None:
        told = "asks people first: a rematch would end what they have for what may be declined"
    elif use.request_days is not None:
        told = "works on request: a rematch would end what people have because others ask for something"
    else:
        return
    problems.error(
        ("matching", "rematch"), "rematch-asks", f'the model "{use.use.name}" {told}', 'write rematch = "nobody"'
    )


def check_asked(use: ModelUse, timeline: Sequence[Step], problems: Problems) -> None:
    """Tell that nobody would hear of what they are asked: no step on `ask` goes to those who must accept."""
    asked = use.asking.roles if use.asking else ()
    told = {group for step in timeline if step.when.anchor == "ask" for group in step.to}
    silent = [] if told & _ALL_MEMBERS else [role for role in asked if role not in told]
    if not silent:
        return
    who = " and ".join(silent)
    said = f'the model "{use.use.name}" asks {who} first, and no step on "ask" goes to them: nobody would know'
    to = f'"{silent[0]}"' if len(silent) == 1 else f"[{', '.join(_quoted(silent))}]"
    hint = f'add [timeline.ask] with when = "ask + 0 days at 09:00", to = {to}, message = "messages/ask"'
    problems.warning(("timeline",), "nobody-asked", said, hint)


def _quoted(words: Sequence[str]) -> list[str]:
    return [f'"{one}"' for one in words]


def _lacks_options(offer: Offer[MentoringModel], options: Any) -> bool:
    return options is None and offer.implementation.options is not None
