"""Pages on their way to a printer: as the PDF itself where the print system takes one, drawn where it does not."""

from __future__ import annotations

import os
import stat
import sys
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QThread
from PySide6.QtGui import QPageSize
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication
from reportlab.pdfgen.canvas import Canvas

from db.errors import MissingFolder
from desktop.widgets.printing import NotPrintedError, print_pdf, spool_command

PAGES = 3
SPOOLER = """#!{python}
import sys
from pathlib import Path
here = Path(__file__).parent
(here / "said").write_text("\\n".join(sys.argv[1:]))
(here / "taken.pdf").write_bytes(sys.stdin.buffer.read())
sys.exit({ends})
"""


class FrontDesk(QPrinter):
    """A printer of the print system; what is drawn on it by hand goes to a file."""

    def __init__(self, file: Path) -> None:
        super().__init__(QPrinter.PrinterMode.HighResolution)
        self.setOutputFileName(str(file))
        self.setPageSize(QPageSize(QPageSize.PageSizeId.A4))

    def outputFormat(self) -> QPrinter.OutputFormat:
        """Not a file."""
        return QPrinter.OutputFormat.NativeFormat

    def printerName(self) -> str:
        """As the print system calls it."""
        return "Front desk"

    def duplex(self) -> QPrinter.DuplexMode:
        """On both sides, as letters are."""
        return QPrinter.DuplexMode.DuplexLongSide


@pytest.fixture
def pdf() -> bytes:
    """Three pages that say which they are."""
    out = BytesIO()
    canvas = Canvas(out)
    for number in range(1, PAGES + 1):
        canvas.drawString(100, 700, f"page {number}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def spooler(folder: Path, monkeypatch: pytest.MonkeyPatch, ends: int) -> None:
    """A print system that keeps what it is handed and ends so."""
    folder.mkdir()
    program = folder / "lp"
    program.write_text(SPOOLER.format(python=sys.executable, ends=ends))
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(folder))


def nobody(_done: int, _of: int, _what: str) -> None:
    """Hears nothing."""


def texts(content: bytes) -> list[str]:
    return [page.extract_text().strip() for page in PdfReader(BytesIO(content)).pages]


def test_a_file_chosen_in_the_dialog_is_the_document_itself(
    themed: QApplication, pdf: bytes, tmp_path: Path
) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "paper.pdf"))
    print_pdf(pdf, printer, nobody)
    assert (tmp_path / "paper.pdf").read_bytes() == pdf
    printer.setFromTo(2, 3)
    print_pdf(pdf, printer, nobody)
    assert texts((tmp_path / "paper.pdf").read_bytes()) == ["page 2", "page 3"]
    printer.setOutputFileName(str(tmp_path / "gone" / "paper.pdf"))
    with pytest.raises(MissingFolder):
        print_pdf(pdf, printer, nobody)


@pytest.mark.skipif(os.name == "nt", reason="CUPS is the print system of Linux and macOS")
def test_the_print_system_is_handed_the_document_and_what_the_dialog_says(
    themed: QApplication, pdf: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spooler(tmp_path / "bin", monkeypatch, 0)
    printer = FrontDesk(tmp_path / "drawn.pdf")
    printer.setCopyCount(2)
    printer.setFromTo(1, 2)
    print_pdf(pdf, printer, nobody)
    assert (tmp_path / "bin" / "taken.pdf").read_bytes() == pdf
    said = (tmp_path / "bin" / "said").read_text().splitlines()
    assert said == spool_command(printer)[1:]
    assert said[:7] == ["-s", "-d", "Front desk", "-n", "2", "-t", "Replete"]
    assert said[7:9] == ["-P", "1-2"]
    assert {"media=A4", "sides=two-sided-long-edge", "collate=true"} <= set(said)
    assert not (tmp_path / "drawn.pdf").exists()


@pytest.mark.parametrize("ends", [None, 1])
def test_pages_are_drawn_where_the_print_system_takes_no_document(
    themed: QApplication, pdf: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ends: int | None
) -> None:
    if ends is None:
        monkeypatch.setenv("PATH", str(tmp_path))
    else:
        spooler(tmp_path / "bin", monkeypatch, ends)
    heard: list[tuple[int, int]] = []
    print_pdf(pdf, FrontDesk(tmp_path / "drawn.pdf"), lambda done, of, _what: heard.append((done, of)))
    assert heard == [(0, 3), (1, 3), (2, 3)]
    pages = PdfReader(tmp_path / "drawn.pdf").pages
    assert len(pages) == PAGES
    assert all(page.images for page in pages)


def test_pages_can_be_drawn_beside_the_window(
    themed: QApplication, pdf: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    printer = FrontDesk(tmp_path / "drawn.pdf")

    class Beside(QThread):
        def run(self) -> None:
            print_pdf(pdf, printer, nobody)

    beside = Beside()
    beside.start()
    assert beside.wait(60_000)
    assert len(PdfReader(tmp_path / "drawn.pdf").pages) == PAGES


@pytest.mark.qt_log_ignore("QPainter::begin", extend=True)
def test_a_printer_that_does_not_begin_is_said(
    themed: QApplication, pdf: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NotPrintedError):
        print_pdf(pdf, FrontDesk(tmp_path / "gone" / "drawn.pdf"), nobody)
