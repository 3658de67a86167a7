"""Results come as files: a message is taken in, one is held and filed by hand, a correction follows.

The file is chosen in the program's own dialog by typing its name; the same file a second time changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from journey import SAMPLE_DAY, Journey
from manner import BOTH, called
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from db.queries.imports import held_items
from db.queries.patients import patient_page
from db.queries.worklist import overdue
from db.queries.worklist_rows import StepRow

DAY = date(2026, 3, 11)
BALANCE = (
    "{read} read = {stored} stored + {held} held + {duplicate} known already + {rejected} rejected + "
    "{ignored} not followed here"
)


def report(who: StepRow, year: int, order: str, values: str, status: str = "F") -> str:
    """A laboratory's report about somebody, with the year of birth it has on its form."""
    born = who.birth_date
    assert born is not None
    sent = [pair.split(" ") for pair in values.split(", ")]
    lines = [
        rf"MSH|^~\&|LIS|NORTHGATE|REPLETE|CLINIC|20260311101500||ORU^R01|{order}{status}|P|2.5",
        f"PID|1||{who.number}^^^CLINIC^MR||{who.surname}^{who.given}||{year}{born:%m%d}|",
        f"OBR|1||{order}|PANEL^Iron panel|||{DAY:%Y%m%d}081500",
        *(
            f"OBX|{place}|NM|{code}^^LN||{value}|{unit}|||||{status}"
            for place, (code, value, unit) in enumerate(sent, start=1)
        ),
    ]
    return "\r".join(lines) + "\r"


def take_in(j: Journey, name: str, content: str, **balance: int) -> None:
    """Write a file, choose it by typing its name, and read what became of every value in it."""
    path = j.folder / name
    path.write_bytes(content.encode())

    def choose() -> None:
        focus = QApplication.focusWidget()
        if focus is None or not isinstance(focus.window(), QFileDialog):
            QTimer.singleShot(5, choose)  # the dialog is not there yet
            return
        QTest.keyClicks(focus, str(path))
        QTest.keyClick(focus, Qt.Key.Key_Return)

    QTimer.singleShot(0, choose)
    j.press("Ctrl+I")
    j.window.activateWindow()  # as the desktop does once the dialog is gone
    j.settle()
    counts = dict.fromkeys(("stored", "held", "duplicate", "rejected", "ignored"), 0) | balance
    said = j.say(BALANCE, read=sum(counts.values()), **counts)
    j.wait(lambda: said in j.seen(), said)


def values(j: Journey, who: StepRow) -> dict[str, str]:
    """What stands on record of the day, canonical, by test; superseded values are not in it."""
    rows = j.read(patient_page, who.patient_id, SAMPLE_DAY).results
    return {row.analyte: f"{row.canonical:f}" for row in rows if row.collected == DAY and not row.superseded}


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
@pytest.mark.parametrize("manner", BOTH, ids=called)
def test_messages_a_held_one_and_a_correction(journey: Callable[..., Journey], sample_copy: Path) -> None:
    j = journey("files", SAMPLE_DAY)
    j.open(sample_copy, "mina", "sample-mina")
    first, second = [row for row in j.read(overdue, SAMPLE_DAY) if row.birth_date is not None][:2]
    year = second.birth_date.year
    morning = report(first, first.birth_date.year, "A1", "718-7 104 g/L, 2276-4 28 ug/L, 2345-7 5.1 mmol/L")
    morning += report(second, year + 1, "A2", "718-7 99 g/L, 2276-4 12 ug/L")
    take_in(j, "morning.hl7", morning, stored=2, held=2, ignored=1)
    assert values(j, first) == {"haemoglobin": "104", "ferritin": "28"}
    assert values(j, second) == {}, "two identifiers have to agree"
    j.step("taken-in")

    j.press("F")
    j.type(str(year))
    j.shot("filed-by-hand")
    j.press("Return")
    assert values(j, second) == {"haemoglobin": "99", "ferritin": "12"}
    assert j.read(held_items) == ()
    assert j.patient(second.patient_id).open_step.action == "review-results", "somebody has to look at it"
    j.step("filed")

    take_in(j, "again.hl7", morning, duplicate=4, ignored=1)
    assert j.read(held_items) == ()
    j.step("again")

    corrected = report(first, first.birth_date.year, "A1", "718-7 96 g/L, 2276-4 28 ug/L", "C")
    take_in(j, "corrected.hl7", corrected, stored=1, duplicate=1)
    assert values(j, first) == {"haemoglobin": "96", "ferritin": "28"}
    j.step("corrected")
