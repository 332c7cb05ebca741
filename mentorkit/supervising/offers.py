"""What a plugin offers, with a door before each of its methods.

Whoever in mentorkit calls a method so calls it through the plugin's door, and what it raises names the plugin and the
method, without having to remember either.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from mentorkit.core.blaming import blaming
from mentorkit.core.catalogue import Origin, no_door

KINDS = {
    "models": "model",
    "scopes": "scope",
    "matchers": "matcher",
    "criteria": "criterion",
    "rules": "rule",
    "channels": "channel",
    "kpis": "KPI",
    "templates": "template",
}
"""Plural name of a kind to how one of it is called."""

_CALLED_ELSEWHERE = {("channels", "open")}
"""What has a door where it is called, since what it raises says something else than that the plugin is broken."""


def behind_doors(item: Any, kind: str, origin: Origin) -> Any:
    """Return something that has whatever `item` has, its methods behind doors; `item` itself where it is ours."""
    if origin.door is no_door:
        return item
    what = f'the {KINDS[kind]} "{item.name}"'
    members: dict[str, Any] = {}
    for name in (one for one in dir(item) if not one.startswith("_")):
        value = getattr(item, name)
        is_method = callable(value) and not isinstance(value, type) and (kind, name) not in _CALLED_ELSEWHERE
        members[name] = _method(item, name, what, origin) if is_method else _value(item, name)
    members["__repr__"] = lambda _self: repr(item)
    return type(type(item).__name__, (), members)()


def _method(item: Any, name: str, what: str, origin: Origin) -> Callable[..., Any]:
    @wraps(getattr(item, name))
    def called(_self: Any, *arguments: Any, **named: Any) -> Any:
        with blaming(origin, f"{name} of {what}"):
            return getattr(item, name)(*arguments, **named)

    return called


def _value(item: Any, name: str) -> property:
    return property(lambda _self: getattr(item, name))
