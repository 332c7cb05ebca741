"""`NAME.lock`: what a running program is pinned to. Made for version control: stable text, rarely changed."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import tomli_w
from attrs import field, frozen

from mentorkit.core.catalogue import Catalogue, Offer
from mentorkit.core.diagnostics import Diagnostic, warning
from mentorkit.core.errors import RefusedError
from mentorkit.core.program import Program, TemplateUse
from mentorkit.durable_files import write_whole

_HEAD = """\
# Made by mentorkit: what this program runs with. Keep it in version control, and do not edit it.
# It changes at the first run and at `mentorkit ledger adopt` only.

"""


@frozen
class Lock:
    """What a program is pinned to.

    Attributes:
        ledger: the ledger's id.
        plugins: version by distribution, of all plugins the program uses.
    """

    ledger: str
    template: TemplateUse
    plugins: Mapping[str, str] = field(factory=dict)


def lock_for(program: Program, catalogue: Catalogue, ledger: str) -> Lock:
    """Return what a program is pinned to now."""
    used = _used(program, catalogue)
    plugins = {offer.origin.distribution: offer.origin.version for offer in used if offer.origin.version}
    return Lock(ledger, program.template, dict(sorted(plugins.items())))


def read_lock(path: Path) -> Lock | None:
    """Return what a lock file says, None where there is none.

    Raises:
        RefusedError: it cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as problem:
        raise RefusedError(f"{path} cannot be read: {problem}; take it from version control") from problem
    try:
        return _lock(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as problem:
        raise RefusedError(f"{path} is damaged ({problem}); take it from version control") from problem


def write_lock(path: Path, lock: Lock) -> None:
    """Write a lock file, whole or not at all; one that says the same already is left alone."""
    template = {"name": lock.template.name, "version": lock.template.version, "digest": lock.template.digest}
    table = {"ledger": {"id": lock.ledger}, "template": template, "plugins": dict(sorted(lock.plugins.items()))}
    content = (_HEAD + tomli_w.dumps(table)).encode()
    if not path.exists() or path.read_bytes() != content:
        write_whole(path, content, mode=0o644)


def check_template(path: Path, lock: Lock, template: TemplateUse, kept: Path) -> None:
    """Refuse to go on by another template than the lock says.

    Args:
        path: the lock file.
        lock: what it says.
        template: the one the program would live by now.
        kept: the folder that keeps the program's own.

    Raises:
        RefusedError: they differ.
    """
    if template.digest == lock.template.digest:
        return
    if (kept / "template.toml").is_file():
        what = f"the template kept in {kept} is another one than {path} names: one of the two was edited or exchanged"
    else:
        what = f"the template kept in {kept} is missing, and the installed one is another one than {path} names"
    raise RefusedError(
        f"{what} ({_named(lock.template)} before, {_named(template)} now); put both back from version control "
        "or a backup: upgrades of a running program come with a later release; nothing was sent"
    )


def _named(template: TemplateUse) -> str:
    return f"{template.name or 'none'} {template.version} {template.digest[:8]}".replace("  ", " ").rstrip()


def changes(lock: Lock, now: Lock) -> tuple[Diagnostic, ...]:
    """Return a warning for every plugin that is another one than the lock says."""
    found = []
    for distribution in sorted({**lock.plugins, **now.plugins}):
        before, after = lock.plugins.get(distribution), now.plugins.get(distribution)
        if before is not None and after is not None and before != after:
            found.append(
                warning(
                    "plugin-version-changed",
                    f"{distribution} {after} is installed, and the program has run with {before} so far",
                    help="what is published stays as it is; install the earlier version to be sure of the same results",
                )
            )
    return tuple(found)


def _lock(table: Mapping[str, Any]) -> Lock:
    template = table["template"]
    words = [table["ledger"]["id"], template["name"], template["version"], template["digest"]]
    plugins = dict(table.get("plugins", {}))
    if not all(isinstance(word, str) for word in [*words, *plugins.values()]):
        raise TypeError("a value is not text")
    return Lock(words[0], TemplateUse(*words[1:]), plugins)


def _used(program: Program, catalogue: Catalogue) -> Iterable[Offer[Any]]:
    names = {
        "models": {program.model.use.name},
        "scopes": {program.model.scope.name} if program.model.scope else set(),
        "matchers": {program.matching.matcher.name},
        "criteria": {one.kind for one in program.matching.criteria},
        "rules": {one.kind for one in program.matching.rules},
        "kpis": {one.kind for one in program.kpis},
        "templates": {program.template.name},
    }
    kinds = catalogue.kinds()
    return [kinds[kind][name] for kind, wanted in names.items() for name in sorted(wanted) if name in kinds[kind]]
