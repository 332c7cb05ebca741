"""Templates as a whole: what is installed, what one declares, its digest, and how a run folder keeps it."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import tomli_w
from attrs import field, frozen

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.declaring.merging import canonical, drop_off, plain
from mentorkit.core.declaring.parameters import Parameter, in_use
from mentorkit.core.diagnostics import Diagnostic
from mentorkit.core.errors import ProgramError
from mentorkit.core.program import Requires, TemplateUse
from mentorkit.durable_files import make_private_folder, sync_folder, write_whole
from mentorkit.loading.layers import place
from mentorkit.loading.loaded import Loaded
from mentorkit.loading.template_chains import TEMPLATE_FILE, Chain, by_name, follow

_NOT_KEPT = (".py", ".pyc")


@frozen
class TemplateFacts:
    """What there is to say about an installed template.

    Attributes:
        origin: the distribution that offers it.
        extends: the templates it extends, the nearest first.
        parameters: what a program may set and something reads.
        values: its merged declaration, parameters not replaced.
        files: relative names of the files it brings, sorted.
        problems: what is wrong with it, placed.
    """

    name: str
    version: str
    summary: str
    origin: str
    extends: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    requires: Requires = field(factory=Requires)
    values: Mapping[str, Any] = field(factory=dict)
    files: tuple[str, ...] = ()
    problems: tuple[Diagnostic, ...] = ()


def list_templates(catalogue: Catalogue) -> tuple[TemplateFacts, ...]:
    """Return every installed template, by name."""
    return tuple(show_template(name, catalogue) for name in catalogue.templates)


def show_template(name: str, catalogue: Catalogue) -> TemplateFacts:
    """Return all there is to say about one installed template.

    Raises:
        ProgramError: there is no template of this name, or it is not on disk.
    """
    found = by_name(name, catalogue)
    chain = follow(found, catalogue)
    origin = str(catalogue.templates[found.name].origin)
    problems = (*chain.lost, *(place(one, spot, (chain.layers[0], *chain.layers)) for spot, one in chain.problems))
    if not chain.heads:
        return TemplateFacts(found.name, "", "", origin, problems=problems)
    about = chain.heads[0].template
    return TemplateFacts(
        name=about.name,
        version=about.version,
        summary=about.summary,
        origin=origin,
        extends=tuple(head.template.name for head in chain.heads[1:]),
        parameters=in_use(drop_off(chain.tree), chain.parameters),
        requires=chain.requires,
        values=plain(chain.tree),
        files=tuple(sorted(files_of(chain))),
        problems=problems,
    )


def template_use(chain: Chain) -> TemplateUse:
    """Return name, version and digest of a template: the digest is over what it declares and all its files."""
    about = chain.heads[0].template
    digest = hashlib.sha256(json.dumps(canonical(_document(chain)), sort_keys=True).encode())
    for name, path in sorted(files_of(chain).items()):
        digest.update(b"\0" + name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return TemplateUse(about.name, about.version, digest.hexdigest())


def keep_template(loaded: Loaded, folder: Path) -> None:
    """Write the template that a program lives by into a folder, whole or not at all; what was there is replaced.

    Loading the program with `kept` set to this folder gives the same program.

    Raises:
        ProgramError: the program lives by no template.
    """
    chain = loaded.chain
    if not chain.heads:
        raise ProgramError(loaded.diagnostics)
    make_private_folder(folder.parent)
    fresh = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    fresh.chmod(0o700)  # whatever the umask says
    try:
        for name, source in sorted(files_of(chain).items()):
            make_private_folder((fresh / name).parent)
            write_whole(fresh / name, source.read_bytes())
        write_whole(fresh / TEMPLATE_FILE, tomli_w.dumps(_document(chain)).encode())
        _put_in_place(fresh, folder)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def _put_in_place(fresh: Path, folder: Path) -> None:
    """Give a finished folder its name; one that is there already goes only after it."""
    former = fresh.with_name(f"{fresh.name}.former")
    if folder.exists():
        folder.rename(former)
    fresh.rename(folder)
    sync_folder(folder.parent)
    shutil.rmtree(former, ignore_errors=True)


def _document(chain: Chain) -> dict[str, Any]:
    """Return one template that says what the whole chain says."""
    about = chain.heads[0].template
    document: dict[str, Any] = {
        "format": 1,
        "template": {"name": about.name, "version": about.version, "summary": about.summary},
        "parameters": {one.name: _declared(one) for one in chain.parameters.values()},
        "requires": {
            "columns": list(chain.requires.columns),
            "people": chain.requires.people,
            "plugins": list(chain.requires.plugins),
        },
    }
    document.update(plain(chain.tree))
    return document


def _declared(parameter: Parameter) -> dict[str, Any]:
    told = {"type": parameter.type, "help": parameter.help}
    return told if parameter.default is None else told | {"default": parameter.default}


def files_of(chain: Chain) -> Mapping[str, Path]:
    """Return every file of the templates by relative name, the nearest template's where several have it."""
    found: dict[str, Path] = {}
    for layer in reversed(chain.layers):
        for name in _names_below(layer.folder):
            path = layer.find(name)
            if path is not None and name != TEMPLATE_FILE:
                found[name] = path
    return found


def _names_below(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        parts = path.relative_to(folder).parts
        hidden = any(part.startswith(".") or part == "__pycache__" for part in parts)
        if path.is_file() and not hidden and path.suffix not in _NOT_KEPT:
            yield "/".join(parts)
