"""A template as text and JSON: what it is for, what it needs, and all that it brings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mentorkit.core.declaring.parameters import Parameter
from mentorkit.loading.template_contents import SeriesContents, StepContents, TemplateContents
from mentorkit.loading.templates import TemplateFacts
from mentorkit.presenting.tables import counted, table


def template_text(facts: TemplateFacts, brings: TemplateContents) -> str:
    """Return the template for a terminal."""
    return "\n\n".join(_parts(facts, brings))


def _parts(facts: TemplateFacts, brings: TemplateContents) -> Iterator[str]:
    head = [f"{facts.name} {facts.version} ({facts.origin})", facts.summary]
    head += [f"model {brings.model}"] if brings.model else []
    head += [f"length {brings.length}"] if brings.length else []
    head += [f"goals {', '.join(brings.goals)}"] if brings.goals else []
    head += [f"extends {', '.join(facts.extends)}"] if facts.extends else []
    yield "\n".join(head)
    if facts.parameters:
        yield "parameters\n" + table([_parameter(one) for one in facts.parameters])
    yield "requires\n" + "\n".join(f"  {one}" for one in _required(facts))
    if brings.criteria:
        rows = [(name, kind if kind != name else "", f"{weight:g}") for name, kind, weight in brings.criteria]
        yield "criteria\n" + table(rows)
    if brings.rules:
        yield "rules\n" + "\n".join(f"  {name}" for name in brings.rules)
    for series in brings.series:
        yield "\n".join(_series(series))
    surveys = [step for step in brings.steps if step.questions]
    if brings.steps:
        yield "timeline\n" + table([_step(step) for step in brings.steps])
        yield "messages\n" + table([row for step in brings.steps for row in _messages(step)])
    for step in surveys:
        yield f"survey {step.name}{_languages(step.languages)}\n" + table(step.questions)
    if brings.kpis:
        rows = [(one.name, _target(one.target), ", ".join(one.goals)) for one in brings.kpis]
        yield "key figures\n" + table(rows)
    yield "files\n" + "\n".join(f"  {name}" for name in facts.files)


def _parameter(one: Parameter) -> tuple[str, str, str]:
    return one.name, f"{one.type}, default {one.default}", one.help


def _required(facts: TemplateFacts) -> list[str]:
    needed = facts.requires
    told = [f"the columns {', '.join(needed.columns)}"] if needed.columns else []
    told += [f"at least {counted(needed.people, 'person', 'people')}"] if needed.people else []
    told += [f"the plugins {', '.join(needed.plugins)}"] if needed.plugins else []
    return told or ["nothing"]


def _series(series: SeriesContents) -> Iterator[str]:
    minutes = f" of {series.minutes} minutes" if series.minutes else ""
    cadence = f": {', '.join(series.cadence)}" if series.cadence else ""
    title = "sessions" if series.name == "sessions" else f"series {series.name}"
    yield f"{title}{_languages(series.languages)}\n  {counted(series.count, 'session')}{minutes}{cadence}"
    for number, agenda in enumerate(series.agendas, 1):
        yield f"  {number:>3}. {agenda}"


def _languages(languages: tuple[str, ...]) -> str:
    return f", also in {', '.join(languages)}" if languages else ""


def _step(step: StepContents) -> tuple[str, str, str]:
    when = ", ".join(filter(None, (step.when, step.repeat, f"if {step.condition}" if step.condition else "")))
    return step.name, when, ", ".join(step.to)


def _messages(step: StepContents) -> Iterator[tuple[str, str, str, str]]:
    for role, language, subject in step.messages:
        yield step.name, role or "everybody else" if len(step.messages) > 1 else role or "everybody", language, subject


def _target(target: float | None) -> str:
    return "" if target is None else f"target {target:g}"


def template_json(facts: TemplateFacts, brings: TemplateContents) -> dict[str, Any]:
    """Return the template as a document with stable keys."""
    parameters = {one.name: {"type": one.type, "default": one.default, "help": one.help} for one in facts.parameters}
    needed = facts.requires
    return {
        **template_head(facts, brings),
        "extends": list(facts.extends),
        "model": brings.model or None,
        "length": brings.length or None,
        "parameters": parameters,
        "requires": {"columns": list(needed.columns), "people": needed.people, "plugins": list(needed.plugins)},
        "criteria": [{"name": name, "kind": kind, "weight": weight} for name, kind, weight in brings.criteria],
        "rules": list(brings.rules),
        "sessions": [
            {
                "series": one.name,
                "count": one.count,
                "cadence": list(one.cadence),
                "minutes": one.minutes,
                "agendas": list(one.agendas),
                "languages": list(one.languages),
            }
            for one in brings.series
        ],
        "timeline": [_step_json(one) for one in brings.steps],
        "kpis": [{"name": one.name, "target": one.target, "goals": list(one.goals)} for one in brings.kpis],
        "values": facts.values,
        "files": list(facts.files),
    }


def template_head(facts: TemplateFacts, brings: TemplateContents) -> dict[str, Any]:
    """Return what a list of templates says of each."""
    head = {"name": facts.name, "version": facts.version, "summary": facts.summary, "origin": facts.origin}
    return {**head, "goals": list(brings.goals)}


def _step_json(step: StepContents) -> dict[str, Any]:
    return {
        "step": step.name,
        "when": step.when,
        "to": list(step.to),
        "repeat": step.repeat or None,
        "if": step.condition or None,
        "messages": [
            {"role": role or None, "language": language or None, "subject": subject}
            for role, language, subject in step.messages
        ],
        "questions": [{"id": name, "kind": kind, "text": text} for name, kind, text in step.questions],
        "languages": list(step.languages),
    }
