"""Ways to write a path that leads where it should not, or to nothing that is a file."""

from __future__ import annotations

SPELLINGS = {
    "one up": "../above",
    "two up": "../../etc/passwd",
    "many up": "../" * 30 + "etc/passwd",
    "up in the middle": "messages/../../above",
    "up behind a file": "people.csv/../../above",
    "up after a dot": "./../above",
    "up with two slashes": "..//above",
    "up at the end": "messages/..",
    "only up": "..",
    "only a dot": ".",
    "absolute": "/etc/passwd",
    "absolute twice": "//etc/passwd",
    "home": "~/above",
    "somebody's home": "~root/above",
    "variable": "$HOME/above",
    "variable in braces": "${HOME}/above",
    "command": "$(cat ../above)",
    "backslash": "..\\above",
    "backslashes": "..\\..\\above",
    "drive": "C:\\above",
    "drive with slash": "C:/above",
    "drive without": "C:above",
    "shared folder": "\\\\server\\share\\above",
    "shared folder with slashes": "//server/share/above",
    "device": "\\\\.\\PhysicalDrive0",
    "address of a file": "file:///etc/passwd",
    "address": "https://example.org/above",
    "full-width dots": "．．/above",  # noqa: RUF001 (that is the point)
    "full-width slash": "..／above",  # noqa: RUF001 (that is the point)
    "leader of two dots": "‥/above",
    "division slash": "..∕above",  # noqa: RUF001 (that is the point)
    "percent-encoded": "%2e%2e%2fabove",
    "percent-encoded twice": "%252e%252e%252fabove",
    "overlong": "..%c0%afabove",
    "very long": "a" * 5000,
    "very long with folders": "a/" * 2500 + "above",
    "reserved": "CON",
    "reserved with a suffix": "nul.txt",
    "dots at the end": "above...",
    "space at the end": "../above ",
    "space before": " ../above",
    "star": "../*",
    "device file": "/dev/zero",
    "standard input": "/dev/stdin",
    "process": "/proc/self/environ",
}
"""None has a character that TOML or a roster refuses by itself: of those there are others."""
UNWRITABLE = {
    "NUL": "above\0.md",
    "line break": "above\nx",
    "escape": "\x1b[2J",
    "delete": "a\x7f",
    "turned": "a\u202eb",
}
