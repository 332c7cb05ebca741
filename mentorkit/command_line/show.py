"""`mentorkit show`: the resolved program."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from pathlib import Path
from typing import Any

import click

from mentorkit.command_line.options import folder_option, json_option, program_argument
from mentorkit.presenting.json_text import escaped, json_text


@click.command("show")
@program_argument
@click.option("--origin", is_flag=True, help="Print each value with the file and line that wrote it.")
@folder_option
@json_option
def command(program: Path, origin: bool, folder: Path | None, as_json: bool) -> None:
    """Print the resolved program: the file, its template and the defaults together."""
    import tomli_w

    from mentorkit.core.diagnostics import errors_in
    from mentorkit.core.errors import ProgramError
    from mentorkit.loading.loader import shown_values
    from mentorkit.opening import load
    from mentorkit.presenting.diagnostics import print_diagnostics
    from mentorkit.workspace import workspace

    loaded = load(workspace(program, folder))
    if errors_in(loaded.diagnostics):
        raise ProgramError(loaded.diagnostics)
    print_diagnostics(loaded.diagnostics, as_json=as_json, notes=False)
    shown = shown_values(loaded)
    if as_json:
        values = [
            {"path": path, "value": value, **({"origin": place} if origin else {})} for path, value, place in shown
        ]
        click.echo(json_text({"values": values}, default=_plain))
    elif origin:
        click.echo(escaped(_with_origins(shown)))
    else:
        click.echo(escaped(tomli_w.dumps(dict(loaded.values))), nl=False)


def _plain(value: Any) -> str:
    if isinstance(value, (date, time)):
        return value.isoformat()
    raise TypeError(f"{value!r} is no TOML value")


def _with_origins(shown: Sequence[tuple[str, Any, str]]) -> str:
    lines = [(f"{path} = {_toml(value)}", place) for path, value, place in shown]
    wide = min(max((len(text) for text, _ in lines), default=0), 72)
    return "\n".join(f"{text:<{wide}}  # {place}" for text, place in lines)


def _toml(value: Any) -> str:
    """Return one value as TOML writes it, on one line."""
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {_toml(inner)}' for key, inner in value.items())} }}"
    import tomli_w

    return tomli_w.dumps({"x": value}).removeprefix("x = ").rstrip("\n")
