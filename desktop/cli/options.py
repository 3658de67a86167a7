"""Options that several commands share."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2200, 12, 31)


def a_day(text: str) -> date:
    """A day as YYYY-MM-DD, within the years a clinic can be in."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is not a day written as YYYY-MM-DD") from error
    if not FIRST_DAY <= day <= LAST_DAY:
        raise argparse.ArgumentTypeError(f"{text} is not between {FIRST_DAY} and {LAST_DAY}")
    return day


def add_database_options(parser: argparse.ArgumentParser, *, default: object = argparse.SUPPRESS) -> None:
    """What every command that opens a clinic takes; given before the command or after it, the later wins."""
    parser.add_argument(
        "--database",
        metavar="PATH",
        default=default,
        help="the clinic's file, or postgresql://role@host/database",
    )
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
    parser.add_argument(
        "--allow-synced-folder",
        action="store_true",
        default=default,
        help="open a clinic file in a synchronised folder or on a network drive all the same; put on record",
    )
