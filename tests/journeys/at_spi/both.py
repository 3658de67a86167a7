"""Inside a bus of their own: the program, and the listener that goes through it. `both.py CLINIC PASSWORD`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def main() -> int:
    """Start the program, let the listener go through it, end the program; the listener's status."""
    clinic, password = sys.argv[1:]
    program = subprocess.Popen([sys.executable, "-m", "desktop", "--database", clinic])
    try:
        listener = [Path(__file__).with_name("listener.py"), password]
        return subprocess.run(["/usr/bin/python3", *map(str, listener)], timeout=200).returncode
    finally:
        program.terminate()
        program.wait(20)


if __name__ == "__main__":
    sys.exit(main())
