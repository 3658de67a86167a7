"""Writes `docs/letters.png`, the first page of every letter side by side: `python docs/write_letter_sheet.py`.

Needs `pdftoppm` to turn pages into pictures. All patients are those of the tests, invented.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "reports")]

import letter_examples as example  # noqa: E402
from PIL import Image  # noqa: E402
from PySide6.QtCore import Qt  # noqa: E402
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter  # noqa: E402

from clinical.outcome import Action  # noqa: E402
from reports import render  # noqa: E402
from reports.facts import Envelope, LetterFacts, Paper, Recipient, RecipientKind, StepFacts  # noqa: E402

SHEET = ROOT / "docs" / "letters.png"
WIDTH, GAP, ACROSS = 330, 16, 5


def letters() -> list[tuple[str, LetterFacts]]:
    """Every kind, and the same letter in other languages, sizes and papers."""
    booked = replace(example.FACTS, appointment=example.APPOINTMENT)
    patient = example.TO_PATIENT
    spanish, french = (replace(patient, language=code) for code in ("es", "fr"))
    american = replace(example.CLINIC, paper=Paper.LETTER, envelope=Envelope.US_10)
    german = replace(example.CLINIC, envelope=Envelope.DIN_5008_B)
    phosphate = StepFacts(Action.MEASURE_PHOSPHATE, example.STEPS[0].due)
    laboratory = Recipient("Riverside Pathology", (), RecipientKind.LABORATORY)
    return [
        ("patient-results", example.FACTS),
        ("patient-results", replace(example.FACTS, recipient=spanish)),
        ("patient-results", replace(example.FACTS, recipient=french)),
        ("patient-results", replace(example.FACTS, recipient=replace(patient, large_print=True))),
        ("patient-results", replace(example.FACTS, clinic=american)),
        ("patient-appointment", booked),
        ("reminder-1", replace(booked, recipient=spanish)),
        ("reminder-2", replace(booked, recipient=french)),
        ("repeat-infusion", replace(example.FACTS, clinic=german)),
        ("not-reached", replace(example.FACTS, recipient=spanish)),
        ("phosphate-check", replace(example.FACTS, steps=(phosphate,))),
        ("discharge", replace(example.FACTS, recipient=french, copy_to=example.TO_GP)),
        ("lab-request", replace(booked, recipient=laboratory)),
        ("referral", example.REFERRAL),
        ("result-and-plan", replace(example.FACTS, recipient=example.TO_GP)),
    ]


def page_of(kind: str, facts: LetterFacts, folder: Path, number: int) -> QImage:
    """The first page of a letter as a picture."""
    pdf = folder / f"{number}.pdf"
    pdf.write_bytes(render(kind, facts).pdf)
    out = folder / str(number)
    tool = shutil.which("pdftoppm")
    if tool is None:
        raise SystemExit("pdftoppm is needed to turn pages into pictures.")
    command = [tool, "-png", "-r", "72", "-f", "1", "-l", "1", "-singlefile", str(pdf), str(out)]
    subprocess.run(command, check=True)  # noqa: S603  (our own files, no shell)
    return QImage(f"{out}.png").scaledToWidth(WIDTH, Qt.TransformationMode.SmoothTransformation)


def main() -> None:
    """Draw the sheet."""
    application = QGuiApplication(sys.argv)
    with tempfile.TemporaryDirectory() as name:
        pages = [page_of(*one, Path(name), number) for number, one in enumerate(letters())]
    height = max(page.height() for page in pages)
    rows = -(-len(pages) // ACROSS)
    sheet = QImage(GAP + ACROSS * (WIDTH + GAP), GAP + rows * (height + GAP), QImage.Format.Format_RGB32)
    sheet.fill(QColor("#E4EAE9"))
    painter = QPainter(sheet)
    for number, page in enumerate(pages):
        row, column = divmod(number, ACROSS)
        painter.drawImage(GAP + column * (WIDTH + GAP), GAP + row * (height + GAP), page)
    painter.end()
    sheet.save(str(SHEET))
    # sixty colours are enough for paper, and keep the file small
    Image.open(SHEET).quantize(60, dither=Image.Dither.NONE).save(SHEET, optimize=True)
    application.quit()


if __name__ == "__main__":
    main()
