"""The entry point: runs the command line behind the one error boundary."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command the arguments name and exit with its code."""
    from mentorkit.command_line.boundary import run_command

    sys.exit(run_command(sys.argv[1:]))


if __name__ == "__main__":
    main()
