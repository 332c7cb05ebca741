"""Entry points and local plugin files become a frozen catalogue: the only user of a plugin manager.

Order never decides: entry points are taken by name, offers are sorted by name, and a name that two plugins claim is
refused, naming both. A plugin that cannot be imported, misspells a hook or offers something else than the contract
asks for ends the command with a `PluginError` that names distribution, version and hook.
"""

from __future__ import annotations

import importlib.util
import inspect
import re
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import attrs
import pluggy
from packaging.utils import canonicalize_name

from mentorkit import hookspecs
from mentorkit.core import contracts
from mentorkit.core.catalogue import LOCAL, Catalogue, Offer, Origin
from mentorkit.core.diagnostics import listed, suggestion
from mentorkit.core.errors import PluginError
from mentorkit.supervising.deciding import OURS
from mentorkit.supervising.doors import door_of
from mentorkit.supervising.offers import behind_doors

CONTRACTS: Mapping[str, type[Any]] = {
    "models": contracts.MentoringModel,
    "scopes": contracts.Scope,
    "matchers": contracts.Matcher,
    "criteria": contracts.Criterion,
    "rules": contracts.Rule,
    "channels": contracts.ChannelKind,
    "kpis": contracts.Kpi,
    "templates": contracts.Template,
}
"""Plural name of a kind to the contract of its offers; the hook is `mentorkit_<kind>`."""

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def build_catalogue(found: Iterable[EntryPoint] | None = None, *, named: Collection[str] | None = None) -> Catalogue:
    """Return the catalogue of all installed plugins.

    Args:
        found: entry points to use instead of those of the installed distributions.
        named: the distributions, in their canonical names, whose plugins are loaded beside ours; what others have
            installed is not even imported. None: everybody's.

    Raises:
        PluginError: a plugin is broken, or two claim one name.
    """
    points = sorted(
        entry_points(group=hookspecs.ENTRY_POINT_GROUP) if found is None else found,
        key=lambda point: (point.name, str(_origin(point))),
    )
    left_out = {_origin(point).distribution for point in points if _is_left_out(point, named)}
    points = [point for point in points if not _is_left_out(point, named)]
    _refuse_twins(points)
    if not points:
        raise PluginError(
            f"no plugin is installed under the entry-point group {hookspecs.ENTRY_POINT_GROUP!r}, not even the bundled "
            "ones: install mentorkit as a distribution (an editable install counts)"
        )
    return _collect([(_origin(point), _load(point)) for point in points], Catalogue(left_out=tuple(sorted(left_out))))


def with_plugin_files(catalogue: Catalogue, files: Sequence[tuple[Path, str]]) -> Catalogue:
    """Return the catalogue with the offers of local plugin files added.

    Args:
        catalogue: what is there already; a file cannot take a name from it.
        files: absolute path and the path as the author wrote it.

    Raises:
        PluginError: a file cannot be run, offers nothing, or claims a name that is taken.
    """
    plugins = [(origin := _of_file(path, shown), _run(path, origin)) for path, shown in files]
    for origin, plugin in plugins:
        if not any(hasattr(one, "mentorkit_impl") for one in vars(plugin).values()):
            raise PluginError(
                f"the plugin file {origin.distribution} offers nothing: is @hookimpl missing before its "
                "mentorkit_… function?"
            )
    return _collect(plugins, catalogue)


def _origin(point: EntryPoint) -> Origin:
    dist = point.dist
    return _watched(Origin(dist.name if dist else "unknown distribution", dist.version if dist else "0", point.name))


def _is_left_out(point: EntryPoint, named: Collection[str] | None) -> bool:
    distribution = point.dist.name if point.dist else ""
    return named is not None and distribution != OURS and canonicalize_name(distribution) not in named


def _of_file(path: Path, shown: str) -> Origin:
    return _watched(Origin(shown, LOCAL, path.stem))


def _watched(origin: Origin) -> Origin:
    """Return an origin with a door, unless it is ours."""
    return origin if origin.distribution == OURS else attrs.evolve(origin, door=door_of(origin))


def _refuse_twins(points: Sequence[EntryPoint]) -> None:
    seen: dict[str, EntryPoint] = {}
    for point in points:
        twin = seen.setdefault(point.name, point)
        if twin is not point and (twin.value, _origin(twin)) != (point.value, _origin(point)):
            raise PluginError(
                f"two distributions register the entry point {point.name!r}: {_origin(twin).distribution} "
                f"{_origin(twin).version} and {_origin(point).distribution} {_origin(point).version}; "
                "uninstall one, or ask its author to rename the entry point"
            )


def _load(point: EntryPoint) -> object:
    try:
        with _origin(point).door("the import"):
            return point.load()
    except (KeyboardInterrupt, PluginError):
        raise
    except BaseException as reason:  # a plugin that calls sys.exit must not end the command without a word
        raise PluginError(
            f"the plugin {_origin(point)} cannot be loaded from {point.value!r}: {_told(reason)}"
        ) from reason


def _run(path: Path, origin: Origin) -> ModuleType:
    shown = origin.distribution
    spec = importlib.util.spec_from_file_location(f"mentorkit_local_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise PluginError(f"the plugin file {shown} is not a Python file: its name must end in .py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # attrs and dataclasses look the module of a class up by name
    try:
        with origin.door("the import"):
            spec.loader.exec_module(module)
    except (KeyboardInterrupt, PluginError):
        raise
    except BaseException as reason:  # likewise
        raise PluginError(f"the plugin file {shown} cannot be run: {_told(reason)}") from reason
    return module


def _told(reason: BaseException) -> str:
    return f"{type(reason).__name__}: {reason}"


def _collect(plugins: Sequence[tuple[Origin, object]], base: Catalogue) -> Catalogue:
    manager = pluggy.PluginManager("mentorkit")
    manager.add_hookspecs(hookspecs)
    offers = {kind: dict(known) for kind, known in base.kinds().items()}
    for origin, plugin in plugins:
        if manager.is_registered(plugin):
            continue
        _register(manager, plugin, origin)
        for kind in CONTRACTS:
            for name, offer in _offers(manager, plugin, kind, origin):
                _refuse_taken(offers, kind, name, offer)
                offers[kind][name] = offer
    found: dict[str, Any] = {kind: dict(sorted(known.items())) for kind, known in offers.items()}
    return attrs.evolve(base, **found)


def _register(manager: pluggy.PluginManager, plugin: object, origin: Origin) -> None:
    try:
        manager.register(plugin, name=str(origin))
        manager.check_pending()
    except pluggy.PluginValidationError as reason:
        hooks = [name for name, _ in inspect.getmembers(hookspecs, inspect.isfunction) if name.startswith("mentorkit_")]
        unknown = re.search(r"unknown hook '(\w+)'", str(reason))
        near = suggestion(unknown.group(1), hooks) if unknown else ""
        raise PluginError(f"the plugin {origin} does not fit: {reason}. {near}".rstrip(" .")) from reason


def _offers(
    manager: pluggy.PluginManager, plugin: object, kind: str, origin: Origin
) -> Iterable[tuple[str, Offer[Any]]]:
    hook = f"mentorkit_{kind}"
    for implementation in getattr(manager.hook, hook).get_hookimpls():
        if implementation.plugin is not plugin:
            continue
        for item in _called(implementation.function, hook, origin):
            _check_offer(item, kind, hook, origin)
            yield item.name, Offer(behind_doors(item, kind, origin), origin)


def _called(function: Any, hook: str, origin: Origin) -> Sequence[Any]:
    try:
        with origin.door(f"the hook {hook}"):
            offered = function()
    except (KeyboardInterrupt, PluginError):
        raise
    except BaseException as reason:  # likewise
        raise PluginError(f"the plugin {origin} failed in its hook {hook}: {_told(reason)}") from reason
    if not isinstance(offered, (list, tuple)):
        raise PluginError(
            f"the plugin {origin} returned {type(offered).__name__} from its hook {hook}; a list or tuple is asked for"
        )
    return offered


def _check_offer(item: Any, kind: str, hook: str, origin: Origin) -> None:
    contract = CONTRACTS[kind]
    if isinstance(item, type):
        raise PluginError(
            f"the plugin {origin} offers the class {item.__name__} from its hook {hook}; offer an instance, "
            f"{item.__name__}()"
        )
    lacking = sorted(name for name in _members(contract) if not hasattr(item, name))
    if lacking:
        raise PluginError(
            f"the plugin {origin} offers {item!r} from its hook {hook}, which is no {contract.__name__}: "
            f"it has no {listed(lacking)}"
        )
    if not isinstance(item.name, str) or not _NAME.fullmatch(item.name):
        raise PluginError(
            f"the plugin {origin} offers the name {item.name!r} from its hook {hook}; "
            "names are lower-case words joined by hyphens"
        )
    options = getattr(item, "options", None)
    if options is not None and not (isinstance(options, type) and attrs.has(options)):
        raise PluginError(
            f"the plugin {origin} offers {item.name!r} from its hook {hook} with options that are no attrs class: "
            f"{options!r}"
        )
    if kind == "models" and not all(isinstance(role, contracts.Role) for role in item.roles):
        raise PluginError(f"the plugin {origin} offers {item.name!r} from its hook {hook} with roles that are no Role")
    for what, value, allowed in _choices(item, kind):
        if value not in allowed:
            raise PluginError(
                f"the plugin {origin} offers {item.name!r} from its hook {hook} with {what} {value!r}, which must be "
                f"{listed(allowed)}"
            )


def _choices(item: Any, kind: str) -> Iterable[tuple[str, object, tuple[str, ...]]]:
    """Yield what of an offer has only a few possible values: what it is, the value, and the possible ones."""
    if kind == "criteria":
        yield "needs", item.needs, get_args(contracts.Needs)
    elif kind == "kpis":
        yield "unit", item.unit, get_args(contracts.Unit)
    elif kind == "models":
        yield from ((f'a role "{role.name}" of side', role.side, get_args(contracts.Side)) for role in item.roles)


def _members(contract: type[Any]) -> Iterable[str]:
    if attrs.has(contract):
        return [attribute.name for attribute in attrs.fields(contract)]
    declared = {name for base in contract.__mro__ for name in vars(base) if not name.startswith("_")}
    return declared - set(dir(object))


def _refuse_taken(offers: Mapping[str, Mapping[str, Offer[Any]]], kind: str, name: str, offer: Offer[Any]) -> None:
    """Refuse a name that is taken; models and scopes share `model.use`, so they share their names."""
    for other in ("models", "scopes") if kind in ("models", "scopes") else (kind,):
        if name in offers[other]:
            raise PluginError(
                f"two plugins offer the name {name!r} among {kind}: {offers[other][name].origin} and {offer.origin}; "
                "uninstall one, or ask its author for another name"
            )
