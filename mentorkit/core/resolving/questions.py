"""The questions of a survey: a TOML file, and `NAME.<language>.toml` beside it for readers of a language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import evolve

from mentorkit.core.declaring.declarations import QuestionFile, QuestionTable
from mentorkit.core.declaring.merging import Path
from mentorkit.core.declaring.structuring import Misfit, structure
from mentorkit.core.diagnostics import Diagnostic, error, listed, suggestion, warning
from mentorkit.core.errors import ProgramError
from mentorkit.core.program import Question, TranslatedQuestion, is_language
from mentorkit.core.resolving.files import Problems, ProgramFiles
from mentorkit.core.resolving.texts import check_inside

MOST_MARKS = 10
"""How far apart the ends of a scale may be: people cannot tell more marks apart."""


def resolve_questions(name: str, path: Path, files: ProgramFiles, problems: Problems) -> tuple[Question, ...]:
    """Return the questions of a survey, with their translations.

    A translation that stands farther from the program than the questions is left out: it is of others, whose place the
    program's have taken.
    """
    if not check_inside(name, path, problems):
        return ()
    table = _read(name, (), files, problems)
    questions = tuple(map(_question, table.question)) if table else ()
    for file, language in _translations(name, files) if questions else ():
        questions = _translated(questions, _read(file, questions, files, problems), language)
    return questions


def _read(name: str, originals: Sequence[Question], files: ProgramFiles, problems: Problems) -> QuestionFile | None:
    """Return a file of questions, held against those that it translates, where there are any."""
    try:
        values, place = files.toml(name)
    except ProgramError as problem:
        problems.placed(problem)
        return None
    table, misfits = structure(QuestionFile, dict(values))
    found = [*misfits, *(_check_questions(table.question) if table else ())]
    found += _mismatches(table.question, originals) if table and originals else ()
    problems.found.extend(Misfit((), place(misfit.diagnostic, misfit.path)) for misfit in found)
    return table


def _translations(name: str, files: ProgramFiles) -> Iterator[tuple[str, str]]:
    """Yield the files that translate a file of questions, with their languages."""
    folder, slash, own = name.rpartition("/")
    stem = own.removesuffix(".toml")
    for file in files.names(folder):
        language = file.removeprefix(f"{stem}.").removesuffix(".toml")
        if file == f"{stem}.{language}.toml" and is_language(language) and files.beside(f"{folder}{slash}{file}", name):
            yield f"{folder}{slash}{file}", language


def _translated(questions: tuple[Question, ...], table: QuestionFile | None, language: str) -> tuple[Question, ...]:
    found: dict[str, TranslatedQuestion] = (
        {one.id: TranslatedQuestion(language, one.text, one.choices) for one in table.question} if table else {}
    )
    return tuple(
        evolve(one, translations=(*one.translations, found[one.id])) if one.id in found else one for one in questions
    )


def _mismatches(questions: Sequence[QuestionTable], originals: Sequence[Question]) -> Iterator[Misfit]:
    """Yield what makes questions another survey than the one that they translate."""
    known = {one.id: one for one in originals}
    for index, one in enumerate(questions):
        path: Path = ("question", index)
        if one.id not in known:
            told = f'the question "{one.id}" translates none of this survey'
            hint = suggestion(one.id, known) or f"its questions are {listed(known)}"
            yield Misfit((*path, "id"), error("translation-mismatch", told, help=hint))
        elif difference := _difference(_question(one), known[one.id]):
            told = f'the question "{one.id}" is another one than it translates: {difference}'
            yield Misfit(path, error("translation-mismatch", told, help="only text and choices are translated"))
    for name in known.keys() - {one.id for one in questions}:
        told = f'the question "{name}" is not translated; it is asked as it stands in the original'
        yield Misfit(("question",), warning("translation-missing", told))


def _difference(one: Question, original: Question) -> str:
    if one.kind != original.kind:
        return f'of kind "{one.kind}", not "{original.kind}"'
    if one.scale != original.scale:
        return f"its scale is {list(one.scale)}, not {list(original.scale)}"
    if one.kind == "choice" and len(one.choices) != len(original.choices):
        return f"it has {len(one.choices)} choices, not {len(original.choices)}"
    return ""


def _question(table: QuestionTable) -> Question:
    made = Question(table.id, table.text, table.kind, table.choices)
    return evolve(made, scale=(table.scale[0], table.scale[-1])) if table.scale else made


def _check_questions(questions: tuple[QuestionTable, ...]) -> list[Misfit]:
    problems: list[Misfit] = []
    seen: set[str] = set()
    for index, one in enumerate(questions):
        path: Path = ("question", index)
        if one.id in seen:
            problems.append(Misfit((*path, "id"), error("question-twice", f'the question "{one.id}" stands twice')))
        seen.add(one.id)
        if one.kind == "choice" and not one.choices:
            told = f'the question "{one.id}" is of kind "choice", and has no choices'
            hint = 'add choices = ["…", "…"], or write another kind: scale, text or yes-no'
            problems.append(Misfit((*path, "kind"), error("question-choices", told, help=hint)))
        if problem := _needless_choices(one):
            problems.append(Misfit((*path, "choices"), problem))
        if problem := _scale_problem(one):
            problems.append(Misfit((*path, "scale"), problem))
    if not questions:
        problems.append(
            Misfit(("question",), error("questions-missing", "there is no question", help="add [[question]]"))
        )
    return problems


def _needless_choices(one: QuestionTable) -> Diagnostic | None:
    if one.kind == "yes-no" and len(one.choices) not in (0, 2):
        told = f'the question "{one.id}" is of kind "yes-no", and its choices are not two words'
        return error("question-choices", told, help='write choices = ["yes", "no"] in its language, or leave them out')
    if one.kind in ("scale", "text") and one.choices:
        told = f'the question "{one.id}" has choices, but is of kind "{one.kind}"'
        return error("question-choices", told, help='write kind = "choice", or leave choices out')
    return None


def _scale_problem(one: QuestionTable) -> Diagnostic | None:
    if one.scale and one.kind != "scale":
        told = f'the question "{one.id}" has a scale, but is of kind "{one.kind}"'
        return error("question-scale", told, help='write kind = "scale", or leave scale out')
    if one.scale and not (len(one.scale) == 2 and one.scale[0] < one.scale[1] <= one.scale[0] + MOST_MARKS):
        told = f'the scale of the question "{one.id}" is not a lowest and a highest number'
        return error("question-scale", told, help=f"write scale = [1, 5]; at most {MOST_MARKS} apart")
    return None
