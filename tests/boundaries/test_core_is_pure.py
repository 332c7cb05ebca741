"""The core opens nothing: no module of it names a clock, a file, the terminal or the environment.

Which modules it may import stands in the import contracts of pyproject.toml. The one thing it does to the process is
documented in `core/zones.py`: zone data come from the pinned package.
"""

import ast
from pathlib import Path

import pytest

CORE = Path(__file__).parent.parent.parent / "mentorkit" / "core"
MODULES = sorted(CORE.rglob("*.py"))

WORLDLY_CALLS = {"open", "print", "input", "exec", "eval", "__import__"}
WORLDLY_ATTRIBUTES = {"now", "utcnow", "today", "environ", "getenv", "perf_counter", "monotonic", "time_ns", "getcwd"}
WORLDLY_MODULES = {"io", "os", "pathlib", "random", "secrets", "shutil", "socket", "subprocess", "sys", "tempfile"}
WORLDLY_MODULES |= {"time", "uuid", "locale", "logging"}


def worldly(source: str) -> list[str]:
    """Return whatever a module names that reaches out of the program."""
    found = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in WORLDLY_CALLS:
                found.append(name)
            case ast.Attribute(value=value, attr=name) if name in WORLDLY_ATTRIBUTES and _is_module_or_class(value):
                found.append(f"{ast.unparse(value)}.{name}")
            case ast.Import(names=names):
                found += [one.name for one in names if one.name.partition(".")[0] in WORLDLY_MODULES]
            case ast.ImportFrom(module=str(module)) if module.partition(".")[0] in WORLDLY_MODULES:
                found.append(module)
    return found


def _is_module_or_class(value: ast.expr) -> bool:
    return isinstance(value, ast.Name) and value.id in {"datetime", "date", "time", "os", "dt", "zoneinfo"}


@pytest.mark.parametrize(
    "source",
    [
        "from datetime import datetime\nx = datetime.now()",
        "from datetime import date\nx = date.today()",
        "import time\nx = time.time()",
        "from os import environ",
        "open('x')",
        "print(1)",
    ],
)
def test_what_reaches_out_is_seen(source):
    assert worldly(source)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(CORE)))
def test_no_module_of_the_core_reaches_out(module):
    assert [] == worldly(module.read_text(encoding="utf-8"))


def test_there_are_modules():
    assert len(MODULES) > 40
