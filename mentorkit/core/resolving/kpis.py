"""Key figures: which are declared, what they are to come to, and which goals and questions they are about."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from mentorkit.core.contracts import Kpi, QuestionKpi
from mentorkit.core.declaring.declarations import KpiTable, ProgramFile
from mentorkit.core.declaring.merging import Path
from mentorkit.core.declaring.structuring import keys_of
from mentorkit.core.diagnostics import listed, suggestion
from mentorkit.core.program import KpiUse, Question, Step
from mentorkit.core.resolving.files import Problems
from mentorkit.core.resolving.matching import Setting
from mentorkit.core.resolving.plugins import find, fitting, options_of, refuse_reserved

_Surveys = Mapping[str, Sequence[Question]]


def resolve_kpis(declared: ProgramFile, timeline: Sequence[Step], setting: Setting) -> tuple[KpiUse, ...]:
    """Return the declared key figures in their order."""
    surveys = {step.name: step.questions for step in timeline if step.questions}
    goals = declared.program.goals
    found = (_kpi(name, raw, goals, surveys, setting) for name, raw in declared.kpis.items())
    return tuple(use for use in found if use is not None)


def _kpi(
    name: str, raw: Mapping[str, Any], goals: Collection[str], surveys: _Surveys, setting: Setting
) -> KpiUse | None:
    known = keys_of(KpiTable)
    path: Path = ("kpis", name)
    ours = {key: value for key, value in raw.items() if key in known}
    table = fitting(KpiTable, ours, path, setting.problems, known)
    kind = table.kind or name
    if raw.get("kind", "") != table.kind:
        return None  # told already
    where = (*path, "kind") if "kind" in raw else path
    kpi: Kpi | None = find(setting.catalogue.kpis, "kpi", kind, where, setting.problems)
    if kpi is None:
        return None
    refuse_reserved(setting.catalogue.kpis[kind], "KPI", known)
    rest = {key: value for key, value in raw.items() if key not in known}
    options = options_of(kpi, rest, path, setting.files, setting.problems, known)
    _check_target(kpi, table.target, (*path, "target"), setting.problems)
    if not _is_asked(name, kpi, options, path, surveys, setting):
        return None
    return KpiUse(name, kind, table.target, options, _goals(name, table.goals, goals, path, setting))


def _goals(name: str, measured: Sequence[str], goals: Collection[str], path: Path, setting: Setting) -> tuple[str, ...]:
    """Return the goals of the program among those that a KPI measures; a template may name others, too."""
    where = (*path, "goals")
    for goal in measured:
        if goal not in goals and setting.files.said_by_program(where):
            told = f'"{name}" measures the goal "{goal}", which the program does not have'
            hint = f"its goals are {listed(goals)}" if goals else f'add program.goals = ["{goal}"]'
            setting.problems.error(where, "kpi-goal", told, hint)
    return tuple(goal for goal in measured if goal in goals)


def _is_asked(name: str, kpi: Kpi, options: Any, path: Path, surveys: _Surveys, setting: Setting) -> bool:
    """Return whether the program asks what a KPI is about; in a template, one that is not asked is left out."""
    survey, question = getattr(options, "survey", None), getattr(options, "question", None)
    if not isinstance(survey, str) or not isinstance(question, str):
        return True
    asked = {one.id: one for one in surveys.get(survey, ())}
    if question in asked:
        return _suits(name, kpi, asked[question], path, setting)
    key, written, known = ("question", question, asked) if survey in surveys else ("survey", survey, surveys)
    told = f'"{name}" is about the {key} "{written}", which the program does not ask'
    if setting.files.said_by_program((*path, key)):
        hint = suggestion(written, known) or (f"write {listed(known)}" if known else "add [surveys.NAME]")
        setting.problems.error((*path, key), "kpi-question", told, hint)
    else:
        setting.problems.note(path, "kpi-left-out", told)
    return False


def _suits(name: str, kpi: Kpi, question: Question, path: Path, setting: Setting) -> bool:
    """Return whether a KPI can be made of a question; a program may ask another one than its template does."""
    if not isinstance(kpi, QuestionKpi) or kpi.suits(question.kind, question.scale):
        return True
    scale = f" and scale = {list(question.scale)}" if question.kind == "scale" else ""
    told = f'"{name}" cannot be made of the question "{question.id}": it has kind = "{question.kind}"{scale}'
    if setting.files.said_by_program((*path, "question")):
        setting.problems.error((*path, "question"), "kpi-question", told, f"{kpi.name} needs {kpi.needs}")
    else:
        setting.problems.note(path, "kpi-left-out", told, f"{kpi.name} needs {kpi.needs}")
    return False


def _check_target(kpi: Kpi, target: float | None, path: Path, problems: Problems) -> None:
    """Tell a target that no measure can come to: shares are at most 1, and nothing measured is below 0."""
    if target is None:
        return
    if target < 0 and kpi.unit != "points":
        problems.error(path, "wrong-value", f"{target:g} is less than 0, which {kpi.name} never is")
    elif target > 1 and kpi.unit == "share":
        hint = f"write target = {target / 100:g}" if target <= 100 else "write 0.95 for 95 of 100"
        problems.error(path, "wrong-value", f"{kpi.name} is a share, which is at most 1, not {target:g}", hint)
