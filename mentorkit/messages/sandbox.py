"""The language of messages: the part of Jinja that shows values, chooses and repeats, and cannot do anything else.

Jinja's own sandbox keeps templates from reaching the program, but not from using up its memory and time, and it lets
them call any public method. So this language has no calls, imports, macros or blocks; its filters are those of
`filters`; texts cannot be multiplied, formatted or grown beyond a bound; lists hold only what is written in them; and
all loops of one rendering share a budget.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import Any

from jinja2 import Environment, StrictUndefined, nodes, pass_context
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from mentorkit.messages.filters import FILTERS, ForbiddenError, UnknownName, items_of, joined, wrong_arguments

MAX_REPETITIONS = 20_000
"""Passes through all loops of one message together."""

BUDGET = "repetitions left"
"""Where a rendering keeps its budget: not an identifier, so that no template can name it."""

_LOOP_FACTS = frozenset({"index", "index0", "revindex", "revindex0", "first", "last", "length", "previtem", "nextitem"})

_ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.If,
    nodes.For,
    nodes.Assign,
    nodes.Name,
    nodes.Const,
    nodes.List,
    nodes.Tuple,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Slice,
    nodes.CondExpr,
    nodes.Filter,
    nodes.Test,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Neg,
    nodes.Pos,
    nodes.Add,
    nodes.Sub,
    nodes.Mul,
    nodes.Div,
    nodes.FloorDiv,
    nodes.Mod,
    nodes.Concat,
    nodes.Keyword,
)

_REFUSED_WORDS: Mapping[type[nodes.Node], str] = {
    nodes.Call: "calls a function",
    nodes.Pow: "uses **",
    nodes.Include: "includes another file",
    nodes.Import: "imports another file",
    nodes.FromImport: "imports another file",
    nodes.Extends: "extends another file",
    nodes.Macro: "defines a macro",
    nodes.CallBlock: "calls a macro",
    nodes.Block: "defines a block",
    nodes.FilterBlock: "filters a block",
    nodes.AssignBlock: "sets a name to a block",
    nodes.Dict: "builds a dictionary",
}


class _Language(ImmutableSandboxedEnvironment):
    """Jinja, cut down to data: attributes are keys of mappings, and facts of a loop."""

    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%"})

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return what a mapping holds, or a fact of a loop; objects have no other attributes."""
        if isinstance(obj, LoopContext) and attribute in _LOOP_FACTS:
            return getattr(obj, attribute)
        return self.getitem(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return an item of a mapping or a sequence."""
        if isinstance(obj, (Mapping, list, tuple, str)):
            try:
                return obj[argument]
            except (TypeError, LookupError, ValueError):
                pass
        return self.undefined(obj=obj, name=str(argument))

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Return the result of an operator on numbers, or of `+` on texts that stay short."""
        if operator == "+" and isinstance(left, str) and isinstance(right, str):
            return joined((left, right))
        if not (isinstance(left, (int, float)) and isinstance(right, (int, float))):
            for value in (left, right):
                if isinstance(value, StrictUndefined):
                    str(value)
            raise ForbiddenError(f'"{operator}" works with numbers only')
        if max(abs(left), abs(right)) > 1e12:
            raise ForbiddenError(f'"{operator}" works with numbers up to 10**12')
        return super().call_binop(context, operator, left, right)


@pass_context
def _counted(context: Context, value: Any) -> Iterator[Any]:
    budget = context.parent[BUDGET]
    for item in items_of(value):
        budget[0] -= 1
        if budget[0] < 0:
            raise ForbiddenError(f"its loops repeat more than {MAX_REPETITIONS:,} times")
        yield item


_TESTS = ("defined", "undefined", "none", "in", "odd", "even", "eq", "ne", "lt", "le", "gt", "ge", "string", "number")


def language(finalize: Callable[[Any], Any]) -> Environment:
    """Return the language, with `finalize` applied to every value that a message shows."""
    environment = _Language(
        autoescape=False,  # the source is Markdown: `finalize` escapes for it
        undefined=UnknownName,
        finalize=finalize,
        keep_trailing_newline=True,
    )
    environment.globals.clear()
    environment.filters = {**FILTERS, " counted": _counted}
    environment.tests = {name: environment.tests[name] for name in _TESTS}
    return environment


class _Bounding(NodeTransformer):
    """Puts every loop under the shared budget, and `~` under the bound of `join`."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802 (the name is Jinja's)
        self.generic_visit(node)
        node.iter = nodes.Filter(node.iter, " counted", [], [], None, None, lineno=node.lineno)
        return node

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802 (the name is Jinja's)
        self.generic_visit(node)
        parts = nodes.List(node.nodes, lineno=node.lineno)
        return nodes.Filter(parts, "join", [], [], None, None, lineno=node.lineno)


def bounded(tree: nodes.Template) -> nodes.Template:
    """Return a parsed message, changed so that it stays within its bounds.

    Raises:
        ForbiddenError: it uses a part of Jinja that messages do not have.
    """
    everything = sorted(chain([tree], tree.find_all(nodes.Node)), key=lambda node: node.lineno or 0)
    for node in everything:
        if type(node) not in _ALLOWED:
            what = _REFUSED_WORDS.get(type(node), f"uses {type(node).__name__.lower()}")
            raise ForbiddenError(f"the message {what}", node.lineno)
        if isinstance(node, nodes.For) and node.recursive:
            raise ForbiddenError("the message has a recursive loop", node.lineno)
        if isinstance(node, (nodes.List, nodes.Tuple)) and not all(isinstance(one, nodes.Const) for one in node.items):
            raise ForbiddenError("the message builds a list of more than plain texts and numbers", node.lineno)
        if isinstance(node, nodes.Filter):
            wrong = wrong_arguments(node.name, len(node.args), [str(one.key) for one in node.kwargs])
            if wrong:
                raise ForbiddenError(wrong, node.lineno)
    _Bounding().visit(tree)
    return tree
