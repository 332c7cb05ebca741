"""One message, rendered: subject, readable text, and an HTML page in which every value shows as it was typed."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from typing import Any, Literal

from attrs import frozen
from jinja2 import Environment, Template, TemplateSyntaxError, UndefinedError, nodes
from jinja2.meta import find_undeclared_variables

from mentorkit.core.diagnostics import Diagnostic, error, listed, quoted, suggestion
from mentorkit.core.errors import ProgramError
from mentorkit.core.program import MessageText
from mentorkit.messages.filters import ForbiddenError, text_of, undefined_problem
from mentorkit.messages.frame import framed
from mentorkit.messages.markdown import Markdown, beyond_bounds, escaped, to_html
from mentorkit.messages.sandbox import BUDGET, MAX_REPETITIONS, bounded, language

MAX_SUBJECT = 300
MAX_SOURCE = 60_000
MAX_OUTPUT = 200_000
MAX_VALUE = 2_000

_Kind = Literal["text", "html"]

_GAPS = re.compile(r"\s+")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_LONE_TAG = re.compile(r"^[ \t]*(\{%(?:(?!%\}).)*?)(-?%\})[ \t]*\n", re.MULTILINE)
_EMPTY_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+\n")

_ADVICE = "messages show values, choose with {% if %} and repeat with {% for %}; see docs/reference/messages.md"


@frozen
class Rendered:
    """A message as somebody gets it: one line, plain text, and a whole HTML page."""

    subject: str
    text: str
    html: str


@frozen
class _ProblemError(Exception):
    code: str
    message: str
    line: int
    help: str = ""

    def placed(self, text: MessageText, source: str, first_line: int) -> Diagnostic:
        """Return the problem in its file, with the line of the source that it is about."""
        lines = source.splitlines()
        said = lines[self.line - 1] if self.line <= len(lines) else ""
        place = first_line + self.line - 1
        return error(self.code, self.message, help=self.help).at(text.path, place, source_line=said)


def render(text: MessageText, context: Mapping[str, Any]) -> Rendered:
    """Return a message for one recipient; `context` holds only texts, numbers, lists and mappings of these.

    Raises:
        ProgramError: the message is wrong; every problem has file and line.
    """
    problems: list[Diagnostic] = []
    attempt = partial(_attempt, text, problems)
    subject = attempt(text.subject, text.subject_line, lambda: _subject(text, context))
    plain = attempt(text.body, text.body_line, lambda: _written(text.body, context, "text"))
    rich = "" if problems else attempt(text.body, text.body_line, lambda: _written(text.body, context, "html"))
    if problems:
        raise ProgramError(problems)
    return Rendered(subject, _tidy(plain), framed(to_html(rich), subject, text.language or "en"))


def problems_of(text: MessageText, context: Mapping[str, Any]) -> tuple[Diagnostic, ...]:
    """Return what `render` would complain of, for much less work.

    Whatever is wrong with the text of a message is wrong with its Markdown, too, which is no shorter: it alone is
    written, and nothing is made of it.
    """
    problems: list[Diagnostic] = []
    _attempt(text, problems, text.subject, text.subject_line, lambda: _subject(text, context))
    _attempt(text, problems, text.body, text.body_line, lambda: _written(text.body, context, "html"))
    return tuple(problems)


def render_part(path: str, source: str, context: Mapping[str, Any]) -> Markdown:
    """Return a Markdown file of the program's own, such as an agenda, filled in.

    Raises:
        ProgramError: it is wrong; every problem has file and line.
    """
    text = MessageText(path, "", "", "", source)
    problems: list[Diagnostic] = []
    plain = _attempt(text, problems, source, 1, lambda: _written(source, context, "text"))
    rich = "" if problems else _attempt(text, problems, source, 1, lambda: _written(source, context, "html"))
    if problems:
        raise ProgramError(problems)
    return Markdown(plain, rich)


def render_line(path: str, source: str, context: Mapping[str, Any]) -> str:
    """Return one line of text, filled in.

    Raises:
        ProgramError: it is wrong.
    """
    text = MessageText(path, "", "", "", source)
    problems: list[Diagnostic] = []
    line = _attempt(text, problems, source, 1, lambda: _written(source, context, "text"))
    if problems:
        raise ProgramError(problems)
    return line


def _attempt(text: MessageText, problems: list[Diagnostic], source: str, line: int, work: Callable[[], str]) -> str:
    try:
        return work()
    except _ProblemError as problem:
        problems.append(problem.placed(text, source, line))
        return ""


def _subject(text: MessageText, context: Mapping[str, Any]) -> str:
    if len(text.subject) > MAX_SUBJECT:
        raise _ProblemError("message-too-long", f"the subject has more than {MAX_SUBJECT} characters", 1, "shorten it")
    if _CONTROLS.search(text.subject.strip()):
        raise _ProblemError("message-subject", "the subject has a line break or control character", 1, "write one line")
    subject = _GAPS.sub(" ", _written(text.subject, context, "text")).strip()
    if not subject:
        raise _ProblemError("message-subject", "the subject is empty", 1, "write `subject` in the front matter")
    return subject if len(subject) <= MAX_SUBJECT else subject[: MAX_SUBJECT - 1].rstrip() + "…"


def _tidy(text: str) -> str:
    return _EMPTY_LINES.sub("\n\n", text).strip("\n") + "\n"


def _written(source: str, context: Mapping[str, Any], kind: _Kind) -> str:
    template = _compiled(source, kind, frozenset(context))
    try:
        written = _collected(template.generate({**context, BUDGET: [MAX_REPETITIONS]}))
        if kind == "html" and (told := beyond_bounds(written)):
            raise ForbiddenError(f"the message goes beyond our bounds: {told}")
        return written
    except UndefinedError as problem:
        headline, advice = undefined_problem(problem)
        raise _ProblemError("message-unknown-name", headline, _line(problem), advice) from None
    except (ForbiddenError, ArithmeticError, TypeError, ValueError) as problem:
        raise _ProblemError("message-forbidden", f"{problem}", _line(problem), _ADVICE) from None


def _collected(pieces: Iterable[str]) -> str:
    kept: list[str] = []
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > MAX_OUTPUT:
            raise ForbiddenError(f"the message comes to more than {MAX_OUTPUT:,} characters")
        kept.append(piece)
    return "".join(kept)


def _line(problem: BaseException) -> int:
    lines = [frame.lineno for frame in traceback.extract_tb(problem.__traceback__) if frame.filename == "<template>"]
    return lines[-1] or 1 if lines else 1


@lru_cache(maxsize=512)
def _compiled_or_problem(source: str, kind: _Kind, known: frozenset[str]) -> Template | _ProblemError:
    """Return a template, or why it is none: what is looked at for every reader is read once, if it is bad, too."""
    try:
        return _compile(source, kind, known)
    except _ProblemError as problem:
        return problem


def _compiled(source: str, kind: _Kind, known: frozenset[str]) -> Template:
    found = _compiled_or_problem(source, kind, known)
    if isinstance(found, _ProblemError):
        raise found.with_traceback(None)
    return found


def _compile(source: str, kind: _Kind, known: frozenset[str]) -> Template:
    if len(source) > MAX_SOURCE:
        raise _ProblemError("message-too-long", f"the message has more than {MAX_SOURCE:,} characters", 1, "shorten it")
    environment = _environment(kind)
    try:
        tree = bounded(environment.parse(_LONE_TAG.sub(r"\1\n\2", source)))
        _refuse_unknown(tree, known)
        _refuse_unknown_words(tree, environment)
        return environment.from_string(tree)
    except TemplateSyntaxError as problem:
        raise _ProblemError("message-syntax", problem.message or "", problem.lineno, _ADVICE) from None
    except ForbiddenError as problem:
        raise _ProblemError("message-forbidden", str(problem), problem.line or 1, _ADVICE) from None
    except UndefinedError as problem:  # a part of what is none, found out while constants are put together
        headline, advice = undefined_problem(problem)
        raise _ProblemError("message-unknown-name", headline, 1, advice) from None
    except (RecursionError, MemoryError, SyntaxError, ValueError):
        raise _ProblemError("message-syntax", "the message nests too deeply, or has too long a number", 1) from None


def _refuse_unknown(tree: nodes.Template, known: frozenset[str]) -> None:
    unknown = (find_undeclared_variables(tree) | {"self"}) - known  # Jinja's own `self` is no data
    for name in sorted(tree.find_all(nodes.Name), key=lambda name: name.lineno):
        if name.name in unknown:
            near = suggestion(name.name, known) or f"messages know {listed(known)}"
            raise _ProblemError("message-unknown-name", f'"{name.name}" is not known here', name.lineno, near)


def _refuse_unknown_words(tree: nodes.Template, environment: Environment) -> None:
    """Refuse filters and tests that are not there: within a branch Jinja would look for them only when it is taken."""
    for kind, word, known in ((nodes.Filter, "filter", environment.filters), (nodes.Test, "test", environment.tests)):
        for one in tree.find_all(kind):
            if one.name not in known:
                near = suggestion(one.name, known) or _ADVICE
                raise _ProblemError("message-syntax", f"there is no {word} {quoted(one.name)}", one.lineno, near)


@lru_cache(maxsize=2)
def _environment(kind: _Kind) -> Environment:
    return language(_shown if kind == "text" else _shown_in_markdown)


def _shown(value: Any) -> str:
    """Return a value as a line of text; control characters and half characters cannot be shown.

    Names that are not there stay what they are, and complain when they are written.
    """
    if isinstance(value, Markdown):
        return str(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    line = _CONTROLS.sub("\ufffd", _GAPS.sub(" ", text_of(value)))
    return line if len(line) <= MAX_VALUE else line[: MAX_VALUE - 1] + "…"


def _shown_in_markdown(value: Any) -> str:
    return value.source if isinstance(value, Markdown) else escaped(_shown(value))
