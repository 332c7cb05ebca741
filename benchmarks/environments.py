"""The peers' environments: each in its own, because some share the name of their package or the versions they need."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent

ENVIRONMENTS = {
    "peers": ("lap>=0.5.12", "networkx>=3.4", "numpy>=2.0", "ortools>=9.11", "rustworkx>=0.15", "scipy>=1.14"),
    "matching": ("matching==1.4.3", "numpy>=2.0"),
    "mentor-match": ("mentor-match==7.0.1", "numpy>=2.0"),
}
"""What is installed in each; versions are those of constraints.txt where it has them. `matching` and `mentor-match`
both install a package `matching`."""


def python_of(name: str) -> Path:
    """Return the interpreter of a peer's environment, made and filled where it is not there yet.

    Raises:
        subprocess.CalledProcessError: it cannot be made, for instance without a network.
    """
    folder = ROOT / f".venv-bench-{name}"
    python, stamp = folder / "bin" / "python", folder / ".installed"
    wanted = "\n".join(ENVIRONMENTS[name])
    if not stamp.exists() or stamp.read_text() != wanted:
        print(f"Setting up {folder.name} …", file=sys.stderr)
        venv.create(folder, with_pip=True, clear=True)
        install = [python, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
        subprocess.run([*install, "--constraint", ROOT / "constraints.txt", *ENVIRONMENTS[name]], check=True)
        stamp.write_text(wanted)
    return python


def versions(name: str) -> dict[str, str]:
    """Return the versions of what was asked for in an environment."""
    names = [one.partition(">=")[0].partition("==")[0] for one in ENVIRONMENTS[name]]
    code = "import sys; from importlib.metadata import version; print(*map(version, sys.argv[1:]))"
    found = subprocess.run([python_of(name), "-c", code, *names], check=True, capture_output=True, text=True)
    return dict(zip(names, found.stdout.split(), strict=True))
