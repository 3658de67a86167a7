"""`replete` and `python -m desktop`: one program, with a window and a command line."""

from __future__ import annotations

import multiprocessing
import sys

from desktop.cli import run


def main() -> int:
    """Run the program with this process's arguments; returns the exit status."""
    return run(sys.argv[1:])


if __name__ == "__main__":
    multiprocessing.freeze_support()  # the packaged program is started once more for each worker process
    sys.exit(main())
