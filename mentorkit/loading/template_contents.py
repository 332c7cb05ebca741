"""All that a template brings, as a consultant asks for it: sessions with agendas, steps, messages, questions, goals.

Parameters stand at their defaults. What the words mean is not checked here: a program that uses the template is.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import field, frozen

from mentorkit.core.catalogue import Catalogue
from mentorkit.core.declaring.merging import EMPTY, drop_off, plain
from mentorkit.core.declaring.parameters import assign, substitute
from mentorkit.core.program import is_language
from mentorkit.loading.template_chains import Chain, by_name, follow
from mentorkit.loading.templates import files_of


@frozen
class SeriesContents:
    """A series of sessions.

    Attributes:
        name: `sessions` for the main one.
        agendas: titles of the agendas, in order.
        languages: those that some agenda is translated to.
    """

    name: str
    count: int
    cadence: tuple[str, ...]
    minutes: int | None
    agendas: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


@frozen
class StepContents:
    """A step of the timeline, a survey with its questions among them.

    Attributes:
        messages: whom there is a text of its own for, with the subject: (role or "", language or "", subject).
        questions: (id, kind, text).
        languages: those that the questions are translated to.
    """

    name: str
    when: str
    to: tuple[str, ...]
    repeat: str = ""
    condition: str = ""
    messages: tuple[tuple[str, str, str], ...] = ()
    questions: tuple[tuple[str, str, str], ...] = ()
    languages: tuple[str, ...] = ()


@frozen
class KpiContents:
    """A key figure with its target, and the goals that it measures."""

    name: str
    target: float | None
    goals: tuple[str, ...] = ()


@frozen
class TemplateContents:
    """What a template brings.

    Attributes:
        model: the model it names, or "": the program says it.
        inner: the model within that one, where it is a scope and the template says it, or "".
        roles: those of which it says who takes part, where it says so.
        length: of the program, or "".
        declared_goals: those that it is for, as it says itself.
        goals: these, then those that its key figures measure.
        series: the main one first.
        steps: surveys behind the timeline, each in the order of the file.
        criteria: name, kind and weight.
        rules: their names.
    """

    model: str = ""
    inner: str = ""
    roles: tuple[str, ...] = ()
    length: str = ""
    declared_goals: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    series: tuple[SeriesContents, ...] = ()
    steps: tuple[StepContents, ...] = ()
    kpis: tuple[KpiContents, ...] = ()
    criteria: tuple[tuple[str, str, float], ...] = ()
    rules: tuple[str, ...] = field(default=())


def read_contents(name: str, catalogue: Catalogue) -> TemplateContents:
    """Return what an installed template brings; a template that cannot be followed to its end brings nothing.

    Raises:
        ProgramError: there is no template of this name.
    """
    chain = follow(by_name(name, catalogue), catalogue)
    if not chain.heads or chain.lost:
        return TemplateContents()
    return _Reading(chain).read()


class _Reading:
    """One reading of a chain of templates."""

    def __init__(self, chain: Chain) -> None:
        parameters, _ = assign(EMPTY, chain.parameters)
        tree, _ = substitute(chain.tree, parameters)
        self.values: Mapping[str, Any] = plain(drop_off(tree))
        self.files = files_of(chain)

    def read(self) -> TemplateContents:
        """Return what it brings."""
        matching, kpis = self.table("matching"), tuple(self.kpis())
        said = self.table("program").get("goals", ())
        goals = dict.fromkeys((*said, *(goal for one in kpis for goal in one.goals)))
        return TemplateContents(
            model=str(self.table("model").get("use", "")),
            inner=str(self.table("model").get("inner", {}).get("use", "")),
            roles=tuple(self.table("roster").get("roles", {})),
            length=str(self.table("program").get("length", "")),
            declared_goals=tuple(said),
            goals=tuple(goals),
            series=tuple(self.all_series()),
            steps=(*self.steps("timeline"), *self.steps("surveys")),
            kpis=kpis,
            criteria=tuple(
                (name, str(one.get("kind", name)), float(one.get("weight", 1)))
                for name, one in matching.get("criteria", {}).items()
            ),
            rules=tuple(matching.get("rules", {})),
        )

    def table(self, name: str) -> Mapping[str, Any]:
        """Return a table of the template, empty where it has none."""
        found = self.values.get(name, {})
        return found if isinstance(found, Mapping) else {}

    def all_series(self) -> Iterator[SeriesContents]:
        """Yield the main series, then the others."""
        tables = {"sessions": self.table("sessions"), **self.table("series")}
        for name, one in tables.items():
            if "count" in one:
                cadence = one.get("cadence", ())
                yield SeriesContents(
                    name,
                    int(one["count"]),
                    (cadence,) if isinstance(cadence, str) else tuple(map(str, cadence)),
                    one.get("minutes"),
                    tuple(self.agendas(str(one.get("agendas", "")))),
                    self.languages(str(one.get("agendas", "")).rstrip("/"), "", ".md"),
                )

    def agendas(self, folder: str) -> Iterator[str]:
        """Yield the title of each agenda in a folder."""
        folder = folder.rstrip("/")
        for name in sorted(self.files) if folder else ():
            if name.rpartition("/")[0] == folder and name.endswith(".md") and not self.translated(name, ".md"):
                lines = self.files[name].read_text(encoding="utf-8").splitlines()
                titles = (line.lstrip("#").strip() for line in lines if line.startswith("#"))
                yield next(titles, name.rpartition("/")[2].removesuffix(".md"))

    def steps(self, table: str) -> Iterator[StepContents]:
        """Yield the steps of the timeline, or the surveys."""
        for name, step in self.table(table).items():
            to, default = step.get("to", ()), "messages/survey" if table == "surveys" else ""
            questions = str(step.get("questions", ""))
            folder, _, stem = questions.removesuffix(".toml").rpartition("/")
            yield StepContents(
                name,
                str(step.get("when", "")),
                (to,) if isinstance(to, str) else tuple(map(str, to)),
                str(step.get("repeat", "")),
                str(step.get("if", "")),
                tuple(self.messages(str(step.get("message", default)))),
                tuple(self.questions(questions)),
                self.languages(folder, stem, ".toml") if questions else (),
            )

    def translated(self, name: str, ending: str) -> str:
        """Return the language that a file translates another one to, "" where it translates none."""
        original, _, language = name.removesuffix(ending).rpartition(".")
        return language if is_language(language) and f"{original}{ending}" in self.files else ""

    def languages(self, folder: str, stem: str, ending: str) -> tuple[str, ...]:
        """Return the languages of the files in a folder that translate another one, of one stem or of any."""
        found = {
            self.translated(name, ending)
            for name in self.files
            if name.rpartition("/")[0] == folder and name.endswith(ending)
            if not stem or name.rpartition("/")[2].startswith(f"{stem}.")
        }
        return tuple(sorted(found - {""}))

    def messages(self, stem: str) -> Iterator[tuple[str, str, str]]:
        """Yield whom there are texts of a message for."""
        folder, _, base = stem.removesuffix(".md").rpartition("/")
        for name in sorted(self.files):
            place, _, file = name.rpartition("/")
            head, *words = file.removesuffix(".md").split(".")
            if place == folder and head == base and file.endswith(".md"):
                role = next((word for word in words if not _is_language(word)), "")
                language = next((word for word in words if _is_language(word)), "")
                yield role, language, _subject(self.files[name])

    def questions(self, name: str) -> Iterator[tuple[str, str, str]]:
        """Yield the questions in a file."""
        path = self.files.get(name)
        asked: Sequence[Mapping[str, Any]] = ()
        if path is not None:
            try:
                asked = tomllib.loads(path.read_text(encoding="utf-8")).get("question", ())
            except tomllib.TOMLDecodeError:  # whoever uses the template is told where
                asked = ()
        for one in asked:
            yield str(one.get("id", "")), str(one.get("kind", "")), str(one.get("text", ""))

    def kpis(self) -> Iterator[KpiContents]:
        """Yield the key figures."""
        for name, one in self.table("kpis").items():
            target = one.get("target")
            yield KpiContents(name, None if target is None else float(target), tuple(one.get("goals", ())))


def _is_language(word: str) -> bool:
    return len(word.partition("-")[0]) == 2


def _subject(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines[:10] if line.startswith("subject:")), "")
