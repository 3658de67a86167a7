"""Which protocol a command works by: the one named, else the clinic's own, else the one of the program."""

from __future__ import annotations

import argparse

from clinical.protocol import Protocol
from db.engine import Database
from db.queries.protocols import in_force
from desktop.cli.assess import protocol_from


def clinic_protocol(options: argparse.Namespace, database: Database) -> Protocol:
    """The protocol named on the command line, else the one the clinic works by. Raises Stop for a faulty file."""
    if options.protocol is not None:
        return protocol_from(options.protocol)
    with database.read() as session:
        return in_force(session)
