"""Sets up .venv-other with a second Python version, if the machine has one: determinism is tested across versions."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
SUPPORTED = ("3.14", "3.13", "3.12", "3.11")
FOLDER = Path(".venv-other")


def candidates() -> list[str]:
    """Return interpreters that may be another supported version, by name on the path and as pyenv keeps them."""
    named = [found for version in SUPPORTED if version != HERE and (found := shutil.which(f"python{version}"))]
    kept = sorted(Path.home().glob(".pyenv/versions/*/bin/python3"), reverse=True)
    return named + [str(path) for path in kept]


def version_of(interpreter: str) -> str:
    """Return `3.12` for an interpreter that runs, else ""."""
    asked = subprocess.run([interpreter, "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"Python (3\.\d+)", asked.stdout)
    return found.group(1) if found and asked.returncode == 0 else ""


def main() -> None:
    """Make the environment, or say that there is no other version."""
    other = next((path for path in candidates() if version_of(path) in set(SUPPORTED) - {HERE}), None)
    if other is None:
        print("Only one supported Python version here: determinism across versions is not tested.")
        return
    print(f"Setting up {FOLDER} with Python {version_of(other)} (once) …")
    subprocess.run([other, "-m", "venv", "--clear", str(FOLDER)], check=True)
    install = [str(FOLDER / "bin/python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run(
        [*install, "--no-compile", "--constraint", "constraints.txt", "--editable", ".", "editables"], check=True
    )


if __name__ == "__main__":
    main()
