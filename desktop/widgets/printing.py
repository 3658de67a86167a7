"""Pages on their way to the printer, beside the window: as the PDF they are where the print system takes one.

The print system of Linux and macOS (CUPS) is handed the PDF itself, so letters stay sharp and small. Elsewhere, and
where it refuses, the pages are drawn as pictures. Nothing is written to a file in between, and no job bears a name.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPdf import QPdfDocument, QPdfDocumentRenderOptions
from PySide6.QtPrintSupport import QPrinter

from db.errors import KnownError
from db.replace_file import known_error
from desktop.jobs import Progress
from desktop.parts import Parts
from desktop.widgets.pdf_output import NotSavedError
from desktop.wording import error_words
from desktop.wording.plain import tr

PRINT_DPI: Final = 300
"""Pages that are drawn as pictures are drawn at this many dots per inch."""
SPOOL_S: Final = 120
"""How long the print system may take to accept a job."""
_SIDES: Final = {
    QPrinter.DuplexMode.DuplexNone: "one-sided",
    QPrinter.DuplexMode.DuplexLongSide: "two-sided-long-edge",
    QPrinter.DuplexMode.DuplexShortSide: "two-sided-short-edge",
}

PutOut = Callable[[Callable[[], object], Callable[[str], object]], object]
"""`put_out(then, failed)`: brings something out of the program, then goes on, or says why it could not be."""


class NotPrintedError(KnownError):
    """The printer did not begin."""

    code = "not-printed"


def printed(parts: Parts, owner: QObject, pdf: bytes, printer: QPrinter, progress: Progress) -> PutOut:
    """Brings pages out on a printer, beside the window; `progress` hears pages drawn and pages in all."""

    def put_out(then: Callable[[], object], failed: Callable[[str], object]) -> None:
        parts.tasks.run(
            print_pdf, pdf, printer, then=lambda _done: then(), failed=lambda error: failed(error_words(error)),
            owner=owner, beside=True, progress=progress,
        )  # fmt: skip

    return put_out


def page_words(done: int, of: int) -> str:
    """How far a printing is that draws its pages."""
    return tr("Printing: page {page} of {pages}").format(page=done + 1, pages=of)


def saved(write: Callable[[], object]) -> PutOut:
    """Brings files out at once."""

    def put_out(then: Callable[[], object], failed: Callable[[str], object]) -> None:
        try:
            write()
        except NotSavedError as error:
            failed(str(error))
        else:
            then()

    return put_out


def print_pdf(pdf: bytes, printer: QPrinter, progress: Progress) -> None:
    """Print the pages and copies the printer was set to. May run on any thread. KnownError when nothing comes out."""
    if printer.outputFormat() is QPrinter.OutputFormat.PdfFormat:
        path = Path(printer.outputFileName())
        try:
            path.write_bytes(_wanted(pdf, printer))
        except OSError as error:
            raise known_error(error, path) from error
    elif not _spooled(pdf, printer):
        _draw(pdf, printer, progress)


def _wanted(pdf: bytes, printer: QPrinter) -> bytes:
    """The pages the printer was set to, as a PDF."""
    if not printer.fromPage():
        return pdf
    from reports.batch import some_pages

    return some_pages(pdf, printer.fromPage(), printer.toPage())


def spool_command(printer: QPrinter) -> list[str]:
    """What hands a PDF to CUPS as the dialog was filled in."""
    said = ["lp", "-s", "-d", printer.printerName(), "-n", str(printer.copyCount()), "-t", "Replete"]
    if printer.fromPage():
        said += ["-P", f"{printer.fromPage()}-{printer.toPage() or printer.fromPage()}"]
    options = [f"media={printer.pageLayout().pageSize().key()}"]
    if printer.duplex() in _SIDES:
        options.append(f"sides={_SIDES[printer.duplex()]}")
    if printer.colorMode() is QPrinter.ColorMode.GrayScale:
        options.append("print-color-mode=monochrome")
    if printer.copyCount() > 1:
        options.append(f"collate={'true' if printer.collateCopies() else 'false'}")
    for option in options:
        said += ["-o", option]
    return said


def _spooled(pdf: bytes, printer: QPrinter) -> bool:
    """Whether the print system took the PDF itself."""
    program = shutil.which("lp")
    if sys.platform == "win32" or program is None or not printer.printerName():
        return False
    try:
        done = subprocess.run(  # noqa: S603  (no shell; the name of the printer is one word)
            [program, *spool_command(printer)[1:]],
            input=pdf,
            capture_output=True,
            timeout=SPOOL_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _draw(pdf: bytes, printer: QPrinter, progress: Progress) -> None:
    """Draw the pages as pictures, each over its whole sheet."""
    buffer, document = QBuffer(), QPdfDocument()
    buffer.setData(QByteArray(pdf))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    document.load(buffer)
    first = max(printer.fromPage(), 1) - 1
    last = min(printer.toPage() or document.pageCount(), document.pageCount())
    printer.setDocName("Replete")
    painter = QPainter()
    if not painter.begin(printer):
        raise NotPrintedError
    try:
        for page in range(first, last):
            progress(page - first, last - first, "")
            if page > first:
                printer.newPage()
            _draw_page(document, page, painter, printer)
    finally:
        painter.end()
        document.close()


def _draw_page(document: QPdfDocument, page: int, painter: QPainter, printer: QPrinter) -> None:
    """One page over the whole sheet; the page has its own margins."""
    points = document.pagePointSize(page)
    size = QSize(round(points.width() * PRINT_DPI / 72), round(points.height() * PRINT_DPI / 72))
    drawn = document.render(page, size, QPdfDocumentRenderOptions())
    sheet = QImage(size, QImage.Format.Format_RGB32)
    sheet.fill("white")
    over = QPainter(sheet)
    over.drawImage(0, 0, drawn)
    over.end()
    target = printer.paperRect(QPrinter.Unit.DevicePixel)
    target.translate(-printer.pageRect(QPrinter.Unit.DevicePixel).topLeft())
    painter.drawImage(target, sheet)
