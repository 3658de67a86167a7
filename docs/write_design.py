"""Draws the pictures of `docs/design.md`: `python docs/write_design.py`.

Every page of the demo clinic side by side, light and dark, and every control in every state. All patients are invented.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "desktop"), str(ROOT / "tests" / "journeys")]

from gallery import gallery  # noqa: E402
from journey import SAMPLE_DAY, SAMPLE_SEED, Journey  # noqa: E402
from monkey import HOMES, Monkey  # noqa: E402
from PySide6.QtCore import QLocale, QRectF, Qt  # noqa: E402
from PySide6.QtGui import QImage, QPainter  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from clinical.protocol import load_protocol  # noqa: E402
from desktop import theme  # noqa: E402
from desktop.app import start_qt  # noqa: E402
from desktop.cli.sample import make  # noqa: E402
from desktop.widgets.fields import TextEdit  # noqa: E402

DOCS = ROOT / "docs"
PATIENTS, SEED = 60, 5
WIDTH, HEIGHT, ACROSS, GAP, HEAD = 480, 300, 3, 12, 22
ON_SHEET = 9
SCHEMES: tuple[theme.Scheme, ...] = ("light", "dark")


def sheet(pictures: list[tuple[str, QImage]]) -> QImage:
    """Pictures of pages side by side, each under its name, on the ground of the theme."""
    rows = -(-len(pictures) // ACROSS)
    size = GAP + ACROSS * (WIDTH + GAP), GAP + rows * (HEIGHT + HEAD + GAP)
    made = QImage(*size, QImage.Format.Format_RGB32)
    made.fill(theme.color("rail"))
    painter = QPainter(made)
    painter.setPen(theme.color("text"))
    painter.setFont(theme.font("small", 600))
    for place, (name, picture) in enumerate(pictures):
        left = GAP + place % ACROSS * (WIDTH + GAP)
        top = GAP + place // ACROSS * (HEIGHT + HEAD + GAP)
        painter.drawText(QRectF(left, top, WIDTH, HEAD), Qt.AlignmentFlag.AlignVCenter, name)
        painter.drawImage(left, top + HEAD, picture)
    painter.end()
    return made


def pages(application: QApplication, folder: Path) -> None:
    """Open the demo clinic and draw each page in both themes."""
    clinic = folder / "demo.replete"
    make(clinic, PATIENTS, SAMPLE_SEED, SAMPLE_DAY, load_protocol())
    journey = Journey(application, "", folder, folder, SAMPLE_DAY)
    window = journey.open(clinic, "devika", "sample-devika")
    walk = Monkey(journey, SEED, folder, password="sample-devika")  # noqa: S106  (everybody in it is invented)
    for scheme in SCHEMES:
        theme.apply(application, scheme)
        drawn = []
        for home in HOMES:
            walk.home = home
            walk.go_home()
            journey.settle()
            if home == "letters":
                journey.pages_drawn()
            for field in window.findChildren(TextEdit):
                if str(folder) in field.text():  # where these pictures were made is nobody's affair
                    field.setText("Letters")
            picture = window.grab().toImage()
            small = picture.scaled(
                WIDTH,
                HEIGHT,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            drawn.append((home.removesuffix("_out").replace("-", " ").capitalize(), small))
        for number, first in enumerate(range(0, len(drawn), ON_SHEET), start=1):
            made = sheet(drawn[first : first + ON_SHEET])
            made.save(str(DOCS / f"pages-{scheme}-{number}.png"), quality=0)
    journey.close()


def controls(application: QApplication) -> None:
    """Every control in every state, in both themes."""
    for scheme in SCHEMES:
        theme.apply(application, scheme)
        shown = gallery()
        shown.resize(1120, 310)
        shown.show()
        application.processEvents()
        shown.grab().save(str(DOCS / f"controls-{scheme}.png"), quality=0)
        shown.close()


def main() -> None:
    """Draw all of them."""
    application = start_qt([])
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    theme.apply(application, "light", scale=1.0)
    controls(application)
    with tempfile.TemporaryDirectory() as folder:
        pages(application, Path(folder))


if __name__ == "__main__":
    main()
