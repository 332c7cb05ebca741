"""A program file, its template and its plugins become one resolved program, with every problem at once.

The order: the file's own head, its plugins, its template with all that it extends, the parameters, the merged
declaration, and what it means. A mistake of a user is never raised; it is a diagnostic with file, line and column.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from attrs import evolve

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.declaring.declarations import ProgramFile, ProgramHead
from mentorkit.core.declaring.default_sections import (
    Replaced,
    advice,
    defaults_under,
    lacks_template,
    replaced_sections,
    replaces_default,
)
from mentorkit.core.declaring.merging import (
    EMPTY,
    Spot,
    Table,
    as_layer,
    drop_off,
    filled_in,
    lay_over,
    plain,
    spot_of,
    without,
)
from mentorkit.core.declaring.merging import Path as TomlPath
from mentorkit.core.declaring.parameters import assign, substitute
from mentorkit.core.declaring.salvaging import is_founded, salvage, unexplained
from mentorkit.core.declaring.showing import taken_for_said
from mentorkit.core.declaring.structuring import SMALLEST, Misfit, dotted, structure
from mentorkit.core.diagnostics import Diagnostic, error, first_of_each_file, note
from mentorkit.core.errors import PluginError, ProgramError
from mentorkit.core.program import Program, TemplateUse
from mentorkit.core.resolving import Surroundings, resolve
from mentorkit.core.resolving.checkable import checkable
from mentorkit.core.resolving.matching import INNER_MODEL
from mentorkit.loading.layers import Layer, LayeredFiles, is_there, place
from mentorkit.loading.loaded import ENGINE, Loaded, Place, shown_values
from mentorkit.loading.program_files import TomlFile, read_toml
from mentorkit.loading.requirements import check_requirements
from mentorkit.loading.template_chains import (
    TEMPLATE_FILE,
    Chain,
    by_name,
    by_path,
    check_versions,
    follow,
    installed,
    kept_in,
    looks_like_path,
)
from mentorkit.loading.templates import template_use
from mentorkit.supervising.doors import limit_calls

__all__ = ["Loaded", "Place", "load_program", "shown_values"]

_HEAD = ("format", "extends", "plugins")
_TEMPLATE_ONLY = ("template", "requires")


def load_program(path: Path, catalogue: Catalogue, *, kept: Path | None = None) -> Loaded:
    """Return a program with everything that is wrong with it.

    Args:
        path: its file, as the user named it.
        catalogue: what is installed.
        kept: the folder in which a run keeps the template it lives by, used where it holds one.
    """
    try:
        file = read_toml(path, str(path))
    except ProgramError as problem:
        return Loaded(None, catalogue, problem.diagnostics)
    if not file.values:
        hint = "\n        ".join(("the smallest program has four lines:", *SMALLEST))
        empty = error("program-empty", "the program is empty", help=hint)
        return Loaded(None, catalogue, (file.place(empty, None),))
    return _Loading(path, file, catalogue, kept).run()


class _Loading:
    """One load; problems collect in it, and nothing of it outlives the load."""

    def __init__(self, path: Path, file: TomlFile, catalogue: Catalogue, kept: Path | None) -> None:
        self.path = path
        self.file = file
        self.catalogue = catalogue
        self.kept = kept if kept is not None and (kept / TEMPLATE_FILE).is_file() else None
        self.own = Layer(0, file, path.parent, str(path.parent))
        self.layers: tuple[Layer, ...] = (self.own,)
        self.replaced: tuple[Replaced, ...] = ()
        self.advice = ""
        self.problems: list[Diagnostic] = []

    def run(self) -> Loaded:
        """Return the program, or what there is of it, with all problems."""
        head = self._head()
        self._load_plugins(head)
        program = without(as_layer(self.file.values, 0), *_HEAD, *_TEMPLATE_ONLY, "parameters")
        chain, found = self._template(head, program)
        self.layers = (self.own, *chain.layers)
        self.problems += chain.lost
        self._add(chain.problems)
        tree = self._merged(program, chain, found, extends=bool(head.extends))
        values = plain(tree)
        declared, misfits = structure(ProgramFile, values, also_known=(*_HEAD, "parameters"))
        told = [one for one in unexplained(misfits) if not _is_unset(values, one.path)]
        self._add_misfits((one for one in told if found or not _a_template_may_say(one, head)), tree)
        resolved = rest = None
        if declared and found:
            resolved, misfits = self._resolve(declared, tree, chain, head)
            self._add_misfits(misfits, tree)
        elif salvaged := salvage(values, misfits):
            rest, misfits = self._resolve(salvaged, tree, chain, head)
            self._add_misfits((one for one in misfits if is_founded(one, with_template=found)), tree)
        diagnostics = _in_reading_order(self.problems, self.file.shown)
        if declared is None or resolved is None or any(one.is_error for one in diagnostics):
            left = resolved or rest
            partial = checkable(left, self.catalogue, diagnostics) if left and found else None
            return Loaded(None, self.catalogue, first_of_each_file(diagnostics), self.layers, tree, chain, partial)
        tree = filled_in(tree, as_layer(taken_for_said(declared, values, resolved), ENGINE))
        return Loaded(resolved, self.catalogue, diagnostics, self.layers, tree, chain)

    def _head(self) -> ProgramHead:
        own = {key: self.file.values[key] for key in _HEAD if key in self.file.values}
        head, misfits = structure(ProgramHead, own)
        self.problems += [self.file.place_at(one.diagnostic, one.path) for one in misfits]
        for key in _TEMPLATE_ONLY:
            if key in self.file.values:
                told = f'"{key}" belongs into a template, not into a program'
                self.problems.append(self.file.place_at(error("template-key", told, path=key), (key,)))
        return head or ProgramHead()

    def _load_plugins(self, head: ProgramHead) -> None:
        for index, one in check_requirements(head.plugins.require):
            told = evolve(one, path="plugins.require")
            self.problems.append(self.file.place_at(told, ("plugins", "require", index)))
        for name in self.catalogue.left_out:
            text = f'the plugins of "{name}" are installed and not loaded, since the program does not name them'
            hint = f'nothing, or add "{name}" to plugins.require'
            told = note("plugin-left-out", text, path="plugins.require", help=hint)
            self.problems.append(self.file.place_at(told, ("plugins", "require")))
        present = [
            (path.absolute(), name)
            for index, name in enumerate(head.plugins.files)
            if (path := self._plugin_file(name, index)) is not None
        ]
        limit_calls(head.plugins.time_limit)
        if not present:
            return
        from mentorkit.plugin_loading import with_plugin_files  # pluggy is needed by programs with local code only

        try:
            self.catalogue = with_plugin_files(self.catalogue, present)
        except PluginError as problem:
            hint = problem.next_step or "mend it, or take it out of plugins.files"
            broken = error("plugin-file-broken", str(problem), path="plugins.files", help=hint)
            self.problems.append(self.file.place_at(broken, ("plugins", "files")))

    def _plugin_file(self, name: str, index: int) -> Path | None:
        path = self.path.parent / name
        found = is_there(path) and path.is_file()
        if found:
            told = note("local-code", f'the program loads local code: "{name}"', path="plugins.files")
        else:
            hint = "it is looked for from the folder of the program file"
            told = error("plugin-file-missing", f'there is no plugin file "{name}"', path="plugins.files", help=hint)
        self.problems.append(self.file.place_at(told, ("plugins", "files", index)))
        return path if found else None

    def _template(self, head: ProgramHead, program: Table) -> tuple[Chain, bool]:
        """Return the template, and whether there is nothing more to find (one, or none that is wanted)."""
        try:
            if head.extends:
                return self._checked(self._extended(head.extends))
            name = self._default_name(program)
            if name is None:
                return Chain(), False
            return self._checked(self._default(name)) if name else (Chain(), True)
        except ProgramError as problem:
            where = ("extends",) if head.extends else ("model", "use")
            for one in problem.diagnostics:
                self.problems.append(one if one.file else self.file.place_at(evolve(one, path=dotted(where)), where))
            return Chain(), False

    def _checked(self, chain: Chain) -> tuple[Chain, bool]:
        return chain, bool(chain.heads) and not chain.lost

    def _extended(self, extends: str) -> Chain:
        if self.kept is None:
            by_folder = looks_like_path(extends)
            found = (
                by_path(extends, self.path.parent, str(self.path.parent))
                if by_folder
                else by_name(extends, self.catalogue)
            )
            return follow(found, self.catalogue)
        chain = follow(kept_in(self.kept), self.catalogue)
        if chain.heads and not looks_like_path(extends):
            about = chain.heads[0].template
            name, _, versions = extends.strip().partition(" ")
            _refuse_other(about.name, name)
            check_versions(about.name, about.version, versions)
        return chain

    def _default(self, name: str) -> Chain:
        if self.kept is None:
            return follow(installed(name, self.catalogue.templates[name]), self.catalogue)
        chain = follow(kept_in(self.kept), self.catalogue)
        if chain.heads:
            _refuse_other(chain.heads[0].template.name, name)
        return chain

    def _default_name(self, program: Table) -> str | None:
        """Return the default template's name, "" where the model has none, None where the model is unknown."""
        model = plain(program).get("model")
        use = model.get("use") if isinstance(model, dict) else None
        if isinstance(use, str) and use in self.catalogue.scopes:
            inner = model.get("inner")
            use = inner.get("use", INNER_MODEL) if isinstance(inner, dict) else INNER_MODEL
        if not isinstance(use, str) or use not in self.catalogue.models:
            return None
        name = self.catalogue.models[use].implementation.template
        if name in self.catalogue.templates:
            return name
        self._note_no_default(use, name)
        return ""

    def _note_no_default(self, model: str, template: str) -> None:
        told = f'the model "{model}" brings no template'
        if template:
            told = f'the template "{template}" of the model "{model}" is not installed'
        told = f"{told}: only what the program writes is there"
        hint = "write program.length, [matching.criteria.NAME], [sessions] and [timeline.NAME], or extend a template"
        one = note("no-default-template", told, path="model.use", help=hint)
        self.problems.append(self.file.place_at(one, ("model", "use")))

    def _merged(self, program: Table, chain: Chain, found: bool, *, extends: bool) -> Table:
        if not extends and chain.heads:
            self._note_replaced(program, chain)
        below = chain.tree if extends else defaults_under(program, chain.tree)
        tree, problems = lay_over(program, below)
        self._add((spot, self._advised(one, spot.path)) for spot, one in problems if found)
        own = as_layer(self.file.values, 0).entries.get("parameters", EMPTY)
        if not isinstance(own, Table):
            self._add([(own.spot, error("wrong-type", '"parameters" must be a table'))])
            own = EMPTY
        parameters, unfit = assign(own, chain.parameters)
        tree, unknown = substitute(tree, parameters)
        self._add((*unfit, *unknown) if found else ())
        return drop_off(tree)

    def _note_replaced(self, program: Table, chain: Chain) -> None:
        name = chain.heads[0].template.name
        self.replaced, self.advice = replaced_sections(program, chain.tree), advice(name)
        for one in self.replaced:
            self.problems.append(self.file.place_at(replaces_default(one, name), one.path))

    def _advised(self, diagnostic: Diagnostic, path: TomlPath) -> Diagnostic:
        lacking = any(lacks_template(diagnostic.code, path, one) for one in self.replaced)
        return evolve(diagnostic, help=self.advice) if lacking else diagnostic

    def _resolve(
        self, declared: ProgramFile, tree: Table, chain: Chain, head: ProgramHead
    ) -> tuple[Program | None, list[Misfit]]:
        extends = bool(head.extends)
        requires = chain.requires if extends else evolve(chain.requires, columns=())
        for _, one in check_requirements(chain.requires.plugins):
            self._add([(Spot(1, ("requires", "plugins")), one)])
        around = Surroundings(
            default_id=self.path.stem,
            catalogue=self.catalogue,
            files=LayeredFiles(self.layers, tree, extends),
            template=self._template_use(chain),
            requires=requires,
        )
        return resolve(declared, around)

    def _template_use(self, chain: Chain) -> TemplateUse:
        try:
            return template_use(chain) if chain.heads else TemplateUse("none", "0", "")
        except ProgramError as problem:
            self.problems += problem.diagnostics
            return TemplateUse("none", "0", "")

    def _add(self, problems: Iterable[tuple[Spot, Diagnostic]]) -> None:
        for spot, one in problems:
            self.problems.append(place(one if one.path else evolve(one, path=dotted(spot.path)), spot, self.layers))

    def _add_misfits(self, misfits: Iterable[Misfit], tree: Table) -> None:
        for misfit in misfits:
            one = self._advised(misfit.diagnostic, misfit.path)
            spot = Spot(0, misfit.path) if _is_for_the_program_to_say(misfit) else spot_of(tree, misfit.path)
            self.problems.append(one if one.file else place(one, spot, self.layers))


def _is_unset(values: Any, path: TomlPath) -> bool:
    """Return whether a parameter without a value stands here, which is told already."""
    for part in path:
        try:
            values = values[part]
        except (KeyError, IndexError, TypeError):
            return False
    return values is None or (isinstance(values, list) and None in values)


def _is_for_the_program_to_say(misfit: Misfit) -> bool:
    return misfit.diagnostic.code == "missing-key" and misfit.path in ((), ("program",), ("roster",), ("model",))


def _a_template_may_say(misfit: Misfit, head: ProgramHead) -> bool:
    """Return whether a key may only be missing because the template could not be found, which is told already."""
    own = ("program", "program.name", "program.starts", "roster")
    model = () if head.extends else ("model", "model.use")
    return misfit.diagnostic.code == "missing-key" and misfit.diagnostic.path not in (*own, *model)


def _refuse_other(kept: str, wanted: str) -> None:
    if kept != wanted:
        told = f'this run lives by the template "{kept}", but the program now asks for "{wanted}"'
        raise ProgramError([error("template-changed", told, help="change it back, or start a new program")])


def _in_reading_order(problems: Iterable[Diagnostic], first: str) -> tuple[Diagnostic, ...]:
    unique = dict.fromkeys(problems)
    return tuple(sorted(unique, key=lambda one: (one.file != first, one.file, one.line or 0, one.column or 0)))
