"""`replete export-fhir PATIENT --to FILE`: a patient's courses as one FHIR R4 Bundle for another program."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from db import exports
from db.errors import KnownError, NotFound
from db.exports.course_facts import patient_of
from db.operations.access import record_export
from db.replace_file import replace_file
from db.stamp import Stamp
from desktop.cli.opening import opened
from desktop.cli.options import add_database_options
from desktop.cli.status import Status, Stop
from desktop.cli.which_protocol import clinic_protocol
from desktop.wording import error_words
from desktop.wording.exported import exported_words


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command and its options."""
    parser = commands.add_parser("export-fhir", help="write a patient's courses as a FHIR R4 Bundle")
    parser.add_argument("patient", metavar="PATIENT", help="the patient's number")
    parser.add_argument(
        "--to", type=Path, required=True, metavar="FILE", help="write the bundle to this file"
    )
    add_database_options(parser)
    parser.set_defaults(command=run)


def run(options: argparse.Namespace) -> Status:
    """Read the record, note the export in the audit, write the file for its owner's eyes alone."""
    with opened(options) as (database, user):
        protocol = clinic_protocol(options, database)
        at = datetime.now(UTC)
        stamp = Stamp(user, at, at.astimezone().date())
        with database.read() as session:
            try:
                facts = exports.export_facts(session, patient_of(session, options.patient))
            except NotFound as error:
                raise Stop(f"No patient, or more than one, has the number {options.patient}.") from error
        made = exports.bundle(facts, protocol, exported_words, at)
        detail = {"form": "fhir-r4", "resources": len(made["entry"])}
        with database.write() as session:
            record_export(session, "course", "patient", facts.patient.id, facts.patient.id, stamp, detail)
    try:
        replace_file(options.to, exports.bundle_bytes(made))
    except KnownError as error:
        raise Stop(f"{options.to} cannot be written: {error_words(error)}", Status.CANNOT_WRITE) from error
    print(options.to, file=sys.stderr)
    return Status.DONE
