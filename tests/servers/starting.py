"""Starting a server as a process of its own, waiting until it answers, and stopping it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

HOST = "127.0.0.1"
PATIENCE = 30.0
"""Seconds that a server may take to answer, or to end, on a busy machine."""


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as one:
        one.bind((HOST, 0))
        return int(one.getsockname()[1])


def free_ports(count: int) -> tuple[int, ...]:
    """Return several ports at once, all different."""
    sockets = [socket.create_server((HOST, 0)) for _ in range(count)]
    ports = tuple(int(one.getsockname()[1]) for one in sockets)
    for one in sockets:
        one.close()
    return ports


def wait_until(true: Callable[[], object], what: str, patience: float = PATIENCE) -> None:
    """Wait for something to become true.

    Raises:
        TimeoutError: it did not; the message says what was waited for.
    """
    until = time.monotonic() + patience
    while not true():
        if time.monotonic() > until:
            raise TimeoutError(f"waited {patience:.0f} seconds for {what}")
        time.sleep(0.02)


def listens(port: int) -> bool:
    """Return whether somebody answers at a port of loopback."""
    with suppress(OSError), socket.create_connection((HOST, port), timeout=1):
        return True
    return False


@contextmanager
def own_folder(name: str) -> Iterator[Path]:
    """Give a folder that servers under other users can enter, and remove it in the end."""
    folder = Path(tempfile.mkdtemp(prefix=f"mentorkit-{name}-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(
    command: Sequence[str],
    folder: Path,
    ports: Sequence[int],
    *,
    environment: Mapping[str, str] | None = None,
    patience: float = PATIENCE,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server in the foreground until the block ends; it begins once the server listens on all its ports.

    What it prints goes to `output.txt` in its folder. It leads a process group, which is ended as a whole.

    Raises:
        RuntimeError: it ended or did not listen in time; the message has the end of its output.
    """
    output = folder / "output.txt"
    with output.open("ab") as written:
        process = subprocess.Popen(
            list(command),
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=written,
            start_new_session=True,
        )
    try:
        with if_killed(["kill", "-KILL", "--", f"-{process.pid}"]):
            _wait_for(process, ports, output, patience)
            yield process
    finally:
        stop(process)


def _wait_for(process: subprocess.Popen[bytes], ports: Sequence[int], output: Path, patience: float) -> None:
    with suppress(TimeoutError):
        wait_until(lambda: process.poll() is not None or all(map(listens, ports)), "a server", patience)
    if process.poll() is not None or not all(map(listens, ports)):
        raise RuntimeError(f"{process.args} did not start:\n{output.read_text(errors='replace')[-3000:]}")


@contextmanager
def if_killed(command: Sequence[str]) -> Iterator[None]:
    """Have a command run should this process end within the block without a chance to end the block.

    A shell waits for a line; if what it gets instead is the end of the pipe, nobody is there any more to write one.
    """
    waiting = ["sh", "-c", 'read -r done || exec "$@"', "sh", *command]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(waiting, stdin=subprocess.PIPE, start_new_session=True, **quiet) as watcher:
        try:
            yield
        finally:
            watcher.communicate(b"done\n")


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a server and all that it started, asking first."""
    for asking in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, asking)
        with suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE / 3)
    process.wait(PATIENCE)
