"""Which messages can fail for one reader and not for another: those that reckon, or take a part of a text.

A made-up reader finds every other mistake, since an empty cell is an empty text like any other. A letter of a name that
is shorter, or a number divided by what is nothing for somebody, is found only by trying the readers there are.
"""

from __future__ import annotations

from jinja2 import Environment, TemplateSyntaxError, nodes

from mentorkit.core.program import MessageText

_RECKONING = (nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod)
_PARSER = Environment(autoescape=False)


def varies_by_reader(text: MessageText) -> bool:
    """Return whether a message can fail for some readers only, by what their cells hold."""
    return any(map(_varies, (text.subject, text.body)))


def _varies(source: str) -> bool:
    if "{" not in source:
        return False
    try:
        return _reckons(_PARSER.parse(source))
    except (TemplateSyntaxError, RecursionError, ValueError):  # found, and told, for every reader
        return False


def _reckons(tree: nodes.Template) -> bool:
    parts = (one for one in tree.find_all(nodes.Getitem) if not isinstance(one.arg, nodes.Slice))
    of_cells = (one for one in parts if isinstance(one.node, (nodes.Getattr, nodes.Filter, nodes.Getitem)))
    return any(_is_number(one.arg) for one in of_cells) or next(tree.find_all(_RECKONING), None) is not None


def _is_number(argument: nodes.Expr) -> bool:
    return not (isinstance(argument, nodes.Const) and isinstance(argument.value, str))
