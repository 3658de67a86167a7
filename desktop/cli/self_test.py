"""`replete self-test`: what the shipped program runs on itself, on the machine it was installed on.

It makes an encrypted clinic in a temporary folder, migrates it, assesses one case, renders one letter, reads one
laboratory message in a process of its own and draws one window without a screen; any of it failing is a failure of the
installation, said in a line.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from datetime import date
from pathlib import Path

from desktop.cli.status import Status

DAY = date(2026, 2, 12)
MESSAGE = (
    b"MSH|^~\\&|LIS|NORTHGATE|REPLETE|CLINIC|20260212090000||ORU^R01|1|P|2.5\r"
    b"PID|1||R-004001^^^CLINIC^MR||MARSH^ADA||19600501|F\r"
    b"OBR|1||7|FBC\r"
    b"OBX|1|NM|718-7^Haemoglobin^LN||104|g/L|120-150|L|||F|||20260211080000\r"
)
"""A haemoglobin of an invented patient."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = commands.add_parser("self-test", help="check that this installation works")
    parser.set_defaults(command=run)


def run(_options: argparse.Namespace) -> Status:
    """Run every check; the first that fails ends the run with its name and the fault."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="replete-self-test-") as folder:
        path = Path(folder) / "clinic.replete"
        checks: tuple[tuple[str, Callable[[Path], str]], ...] = (
            ("rules", _rules),
            ("clinic", _clinic),
            ("letter", _letter),
            ("results", _results),
            ("window", _window),
        )
        for name, check in checks:
            try:
                print(f"{name}: {check(path)}")
            except Exception:
                # a self-test is for whoever installs the program: here the whole story is what they need
                traceback.print_exc()
                print(f"{name}: FAILED", file=sys.stderr)
                return Status.LOOK
    print("self-test passed")
    return Status.DONE


def _rules(_path: Path) -> str:
    """One written case gives the answer it must give."""
    from clinical.assessment import assess
    from clinical.cases import facts_from_json
    from clinical.outcome import Outcome
    from clinical.protocol import load_protocol
    from desktop.cli.self_test_case import CASE

    protocol = load_protocol()
    outcome = assess(facts_from_json(CASE), protocol).outcome
    if outcome is not Outcome.INADEQUATE_DOSE:
        raise AssertionError(f"the case gave {outcome}")
    return f"{outcome}, protocol {protocol.label}"


def _clinic(path: Path) -> str:
    """An encrypted clinic is made, filled, closed and opened again by password; a wrong one is refused."""
    from clinical.protocol import load_protocol
    from db import queries
    from db.errors import WrongKey
    from db.opening import open_clinic
    from desktop.cli.sample import PASSWORD, make

    made = make(path, 8, 1, DAY, load_protocol())
    login = made.users[0][1]
    try:
        open_clinic(path, login, "not the password")
    except WrongKey:
        pass
    else:
        raise AssertionError("a wrong password opened the clinic")
    database, _user = open_clinic(path, login, PASSWORD.format(login=login))
    try:
        with database.read() as session:
            steps = queries.open_steps(session, DAY)
    finally:
        database.close()
    if path.read_bytes()[:6] == b"SQLite":
        raise AssertionError("the clinic's file is not encrypted")
    return f"8 patients, {len(steps)} open next steps, encrypted"


def _letter(path: Path) -> str:
    """One letter of that clinic comes out as PDF."""
    from clinical.protocol import load_protocol
    from db import queries
    from db.opening import open_clinic
    from desktop.cli.sample import PASSWORD
    from desktop.letters.compose import compose

    database, _user = open_clinic(path, "mina", PASSWORD.format(login="mina"))
    try:
        with database.read() as session:
            waiting = next(s for s in queries.open_steps(session, DAY) if s.course_status == "awaiting-labs")
            source = queries.source(session, waiting.course_id)
            signer = queries.owners(session)[0]
    finally:
        database.close()
    rendered = compose(source, "patient-appointment", DAY, signer, load_protocol())
    if not rendered.pdf.startswith(b"%PDF-"):
        raise AssertionError("the letter is no PDF")
    return f"{rendered.pages} page, {len(rendered.pdf) // 1024} kB"


def _results(path: Path) -> str:
    """A laboratory's message is read by the process that reads files, which the installed program must start itself."""
    from clinical.protocol import load_protocol
    from db.imports.apart import Reader

    message = path.with_suffix(".hl7")
    message.write_bytes(MESSAGE)
    with Reader(load_protocol().text) as reader:
        read = reader.read(message)
    if len(read.observations) != 1 or read.reasons:
        raise AssertionError(f"the message gave {len(read.observations)} observations, {read.reasons}")
    return "1 observation, read by a process of its own"


def _window(_path: Path) -> str:
    """Fonts, icons and the theme are in the package, and a widget can be drawn."""
    from PySide6.QtWidgets import QApplication

    from desktop.app import start_qt
    from desktop.widgets.buttons import KeyButton

    application = start_qt(["replete", "self-test"])
    button = KeyButton("Replete")
    image = button.grab().toImage()
    if image.isNull():
        raise AssertionError("nothing could be drawn")
    family = QApplication.font().family()
    button.deleteLater()
    application.processEvents()
    return f"{application.platformName()}, font {family}"
