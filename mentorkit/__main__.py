"""The entry point: runs the command line behind the one error boundary."""

from __future__ import annotations

import gc
import signal
import sys

RARELY = (200_000, 20, 1000)
"""How rarely the collector looks for cycles: a plan is millions of small values without any, looked through in vain."""


def main() -> None:
    """Run the command the arguments name and exit with its code; SIGTERM ends it as Ctrl-C does."""
    gc.set_threshold(*RARELY)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    from mentorkit.command_line.boundary import run_process

    sys.exit(run_process(sys.argv[1:]))


if __name__ == "__main__":
    main()
