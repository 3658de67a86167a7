"""Options that several commands share."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_database_options(parser: argparse.ArgumentParser, *, default: object = argparse.SUPPRESS) -> None:
    """What every command that opens a clinic takes; given before the command or after it, the later wins."""
    parser.add_argument("--database", metavar="PATH", default=default, help="the clinic's database file")
    parser.add_argument(
        "--user", metavar="NAME", default=default, help="who opens it; the password is asked for"
    )
    parser.add_argument(
        "--password-file",
        type=Path,
        metavar="FILE",
        default=default,
        help="read the password from the first line of FILE",
    )
    parser.add_argument(
        "--protocol",
        type=Path,
        metavar="FILE",
        default=default,
        help="use this protocol instead of the bundled one",
    )
