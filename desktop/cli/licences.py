"""`replete licences`: what the program is made of, under which licences, and the bill of materials."""

from __future__ import annotations

import argparse
import importlib.metadata
import sys
from pathlib import Path

from desktop import licences
from desktop.cli.status import Status, Stop


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its options."""
    parser = commands.add_parser("licences", help="list what the program is made of, with licences")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--sbom", action="store_true", help="print the bill of materials (CycloneDX JSON)")
    form.add_argument(
        "--folder", type=Path, metavar="DIR", help="write list, bill and every licence text there"
    )
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> Status:
    """Print the list or the bill, or write all of it; a packaged program tells what it was built of."""
    brought = licences.shipped()
    if brought is not None and options.folder is None:
        name = licences.BILL if options.sbom else licences.LIST
        sys.stdout.write((brought / name).read_text(encoding="utf-8"))
        return Status.DONE
    found, version = licences.components(), importlib.metadata.version(licences.PROGRAM)
    if options.folder is not None:
        try:
            licences.write(options.folder, found, version)
        except OSError as error:
            told = f"{options.folder} cannot be written: {error.strerror}."
            raise Stop(told, Status.CANNOT_WRITE) from error
        print(options.folder, file=sys.stderr)
    else:
        sys.stdout.write(licences.bill(found, version) if options.sbom else licences.listing(found))
    refused = licences.may_not_ship(found)
    for one in refused:
        print(f"{one.name} {one.version}: {one.licence} may not be shipped", file=sys.stderr)
    return Status.LOOK if refused else Status.DONE
