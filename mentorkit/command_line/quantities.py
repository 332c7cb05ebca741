"""Durations and sizes as people write them on a command line."""

from __future__ import annotations

import re
from typing import Any

import click

_SECONDS = {"s": 1, "m": 60, "h": 3600}
_BYTES = {"MB": 10**6, "GB": 10**9, "MiB": 2**20, "GiB": 2**30}
_QUANTITY = re.compile(r"(\d{1,9}(?:\.\d{1,6})?)\s*([A-Za-z]+)")


class Duration(click.ParamType[float]):
    """`90s`, `10m` or `1.5h` as seconds, more than 0."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return seconds."""
        if isinstance(value, float):
            return value
        number = _number(value, _SECONDS)
        if number <= 0:
            self.fail(f"{value!r} is no length of time: write 90s, 10m or 1.5h", param, ctx)
        return number


class Memory(click.ParamType[int]):
    """`500MB`, `2GB` or `2GiB` as whole megabytes, at least 1."""

    name = "size"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return megabytes of a million bytes."""
        if isinstance(value, int):
            return value
        megabytes = int(_number(value, _BYTES) // 10**6)
        if megabytes < 1:
            self.fail(f"{value!r} is no amount of memory: write 500MB or 2GB", param, ctx)
        return megabytes


def _number(text: str, units: dict[str, int]) -> float:
    """Return a quantity in the smallest unit, or 0 where the text is none."""
    found = _QUANTITY.fullmatch(text.strip())
    return float(found[1]) * units[found[2]] if found and found[2] in units else 0.0
