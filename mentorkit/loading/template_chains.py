"""Templates, found by name or path and followed through all that they extend, laid over each other."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from attrs import define, evolve, field, frozen
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from mentorkit.core.catalogue import Catalogue, Offer
from mentorkit.core.contracts import Template
from mentorkit.core.declaring.declarations import TemplateHead
from mentorkit.core.declaring.merging import EMPTY, Spot, Table, as_layer, lay_over, without
from mentorkit.core.declaring.parameters import Parameter, declare
from mentorkit.core.declaring.structuring import structure
from mentorkit.core.diagnostics import Diagnostic, error, listed, suggestion
from mentorkit.core.errors import ProgramError
from mentorkit.core.program import Requires
from mentorkit.core.resolving.texts import is_inside
from mentorkit.loading.layers import Layer, is_there, stays_inside
from mentorkit.loading.program_files import read_toml

LONGEST_CHAIN = 8
"""Templates that extend each other."""
TEMPLATE_FILE = "template.toml"
_HEAD = ("format", "extends", "template", "requires")
_REFERENCE = re.compile(r"([A-Za-z0-9][A-Za-z0-9_-]*)\s*(.*)")

Placed = tuple[Spot, Diagnostic]


@define(frozen=True, slots=False, eq=False)
class Chain:
    """A template with all that it extends.

    Attributes:
        layers: the nearest first.
        heads: what each layer says for itself.
        tree: the templates laid over each other; parameters are not replaced yet.
        parameters: what may be set, by name.
        problems: what is wrong, by spot.
        lost: a problem with the chain itself, placed already: it could not be followed to its end.
    """

    layers: tuple[Layer, ...] = ()
    heads: tuple[TemplateHead, ...] = ()
    tree: Table = EMPTY
    parameters: Mapping[str, Parameter] = field(factory=dict)
    problems: tuple[Placed, ...] = ()
    lost: tuple[Diagnostic, ...] = ()

    @property
    def requires(self) -> Requires:
        """What all its templates require."""
        heads = [head.requires for head in self.heads]
        return Requires(
            columns=tuple(dict.fromkeys(column for one in heads for column in one.columns)),
            people=max((one.people for one in heads), default=0),
            plugins=tuple(dict.fromkeys(plugin for one in heads for plugin in one.plugins)),
        )


@frozen
class Found:
    """A template's folder.

    Attributes:
        shown: the folder as a user would write it; an installed template's name, which is the same on every machine.
    """

    name: str
    folder: Path
    shown: str
    installed: bool


def follow(first: Found, catalogue: Catalogue) -> Chain:
    """Return a template with everything it extends."""
    layers: list[Layer] = []
    heads: list[TemplateHead] = []
    problems: list[Placed] = []
    found, names = first, [first.name]
    while True:
        number = len(layers) + 1
        try:
            file = read_toml(found.folder / TEMPLATE_FILE, str(Path(found.shown) / TEMPLATE_FILE))
        except ProgramError as problem:
            return Chain(lost=tuple(_in_chain(one, names) for one in problem.diagnostics))
        head, misfits = structure(
            TemplateHead, {key: file.values[key] for key in _HEAD if key in file.values}, also_known=_HEAD
        )
        layers.append(Layer(number, file, found.folder, found.shown, found.name, found.installed))
        problems += [(Spot(number, misfit.path), misfit.diagnostic) for misfit in misfits]
        if head is None:
            return _flattened(layers, heads, problems)
        heads.append(head)
        problems += [(Spot(number, ("template", "version")), one) for one in _check_version(head)]
        problems += [(Spot(number, ("template", "name")), one) for one in _check_name(head, found)]
        if not head.extends:
            return _flattened(layers, heads, problems)
        try:
            found = _parent(head.extends, names, catalogue)
        except ProgramError as problem:
            told = [_in_chain(one, names) for one in problem.diagnostics]
            lost = tuple(one if one.file else file.place_at(one, ("extends",)) for one in told)
            return evolve(_flattened(layers, heads, problems), lost=lost)
        names.append(found.name)


def _check_version(head: TemplateHead) -> list[Diagnostic]:
    try:
        Version(head.template.version)
    except InvalidVersion:
        return [error("template-version", f'"{head.template.version}" is no version', help='write version = "1.0.0"')]
    return []


def _check_name(head: TemplateHead, found: Found) -> list[Diagnostic]:
    if found.installed and head.template.name != found.name:
        told = f'the template calls itself "{head.template.name}", but is offered as "{found.name}"'
        return [error("template-name", told, help="its plugin and its file must agree")]
    return []


def _parent(extends: str, names: Sequence[str], catalogue: Catalogue) -> Found:
    if looks_like_path(extends):
        told = f'a template extends by name only, not "{extends}"'
        raise ProgramError([error("extends-path", told, help="install the other template as a package, and name it")])
    found = by_name(extends, catalogue)
    if found.name in names:
        told = f"templates extend each other in a circle: {' → '.join((*names, found.name))}"
        raise ProgramError([error("extends-cycle", told, help="one of them must not extend")])
    if len(names) >= LONGEST_CHAIN:
        told = f"more than {LONGEST_CHAIN} templates extend each other: {' → '.join((*names, found.name))}"
        raise ProgramError([error("extends-deep", told, help="put some of them into one")])
    return found


def _in_chain(diagnostic: Diagnostic, names: Sequence[str]) -> Diagnostic:
    if len(names) < 2 or "→" in diagnostic.message:
        return diagnostic
    return evolve(diagnostic, message=f"{diagnostic.message} (extended by {' → '.join(names)})")


def _flattened(layers: list[Layer], heads: list[TemplateHead], problems: list[Placed]) -> Chain:
    tree, parameters = EMPTY, dict[str, Parameter]()
    problems = list(problems)
    for layer in reversed(layers):
        own = as_layer(layer.file.values, layer.number)
        declared = own.entries.get("parameters")
        if isinstance(declared, Table):
            parameters, found = declare(declared, parameters)
            problems += found
        elif declared is not None:
            problems.append((declared.spot, error("wrong-type", '"parameters" must be a table')))
        if "plugins" in own.entries:
            told = "a template loads no plugins of its own"
            hint = 'name distributions: [requires] plugins = ["acme-mentoring >=2"]'
            problems.append((own.entries["plugins"].spot, error("template-plugins", told, help=hint)))
        tree, found = lay_over(without(own, *_HEAD, "parameters", "plugins"), tree)
        problems += found
    return Chain(tuple(layers), tuple(heads), tree, parameters, tuple(problems))


# ------------------------------------------------------------------------------------------------ finding them


def looks_like_path(extends: str) -> bool:
    """Return whether `extends` names a folder rather than a template."""
    return "/" in extends or "\\" in extends or extends.startswith(".")


def by_name(extends: str, catalogue: Catalogue) -> Found:
    """Return the installed template that `NAME [versions]` means.

    Raises:
        ProgramError: there is none, or not in these versions; the diagnostic is not placed.
    """
    match = _REFERENCE.fullmatch(extends.strip())
    if match is None:
        told = f'"{extends}" is no template'
        raise ProgramError(
            [error("extends-unknown", told, help='write a name, such as "traditional-one-on-one >=1,<2"')]
        )
    name, versions = match.groups()
    if name not in catalogue.templates:
        hint = suggestion(name, catalogue.templates) or _known_templates(catalogue)
        raise ProgramError([error("extends-unknown", f'there is no template "{name}"', help=hint)])
    found = installed(name, catalogue.templates[name])
    check_versions(name, _version_of(found), versions)
    return found


def _known_templates(catalogue: Catalogue) -> str:
    known = f"installed are {listed(catalogue.templates)}" if catalogue.templates else "no template is installed"
    return f'{known}; a folder is written "./folder"'


def check_versions(name: str, version: str, versions: str) -> None:
    """Check that a template's version is among those that are asked for.

    Raises:
        ProgramError: it is not, or the versions cannot be read.
    """
    try:
        wanted = SpecifierSet(versions)
    except InvalidSpecifier:
        told = f'"{versions}" says no versions'
        raise ProgramError([error("extends-versions", told, help='write ">=1.2,<2" after the name')]) from None
    try:
        fits = wanted.contains(Version(version), prereleases=True)
    except InvalidVersion:
        return  # told where the template says it
    if not fits:
        told = f'the template "{name}" has version {version}, not {wanted}'
        raise ProgramError([error("extends-versions", told, help="install another version, or change extends")])


def _version_of(found: Found) -> str:
    values = read_toml(found.folder / TEMPLATE_FILE, str(Path(found.shown) / TEMPLATE_FILE)).values
    about = values.get("template")
    return str(about.get("version", "")) if isinstance(about, dict) else ""


def installed(name: str, offer: Offer[Template]) -> Found:
    """Return the folder of an installed template.

    Raises:
        ProgramError: it is not on disk.
    """
    folder = Path(str(offer.implementation.folder))
    if not folder.is_dir():
        told = f'the template "{name}" of {offer.origin} is not a folder on disk'
        raise ProgramError([error("template-folder", told, help="install its distribution unpacked")])
    return Found(name, folder, name, installed=True)


def by_path(extends: str, program_folder: Path, shown: str) -> Found:
    """Return the template in a folder below the program's.

    Raises:
        ProgramError: it is none, or lies elsewhere; the diagnostic is not placed.
    """
    if "://" in extends:
        told = f'"{extends}" is an address; templates are not fetched'
        raise ProgramError([error("extends-path", told, help="install the template as a package, and name it")])
    folder = program_folder / extends
    if not is_inside(extends) or not stays_inside(folder, program_folder):
        told = f'"{extends}" leads out of the program\'s folder'
        hint = "put the template into the program's folder, or install it as a package"
        raise ProgramError([error("outside-folder", told, help=hint)])
    if not is_there(folder) or not folder.is_dir():
        raise ProgramError([error("extends-unknown", f'there is no folder "{extends}"', help="a template is a folder")])
    name = extends.rstrip("/").rpartition("/")[2]
    return Found(name, folder, str(Path(shown) / extends), installed=False)


def kept_in(folder: Path) -> Found:
    """Return the template that a run folder keeps."""
    return Found("kept", folder, str(folder), installed=False)
