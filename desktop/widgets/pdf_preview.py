"""A PDF shown from memory: nothing about a patient is ever written to a temporary file.

The bytes shown are the bytes printed (`printing.py`) and the bytes kept.
"""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QPalette
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop import theme


class UnreadablePdfError(Exception):
    """The bytes are no PDF that can be shown."""


class PdfPreview(QWidget):
    """Shows the pages of a PDF held in memory, and prints exactly those pages."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bytes = b""
        self._buffer = QBuffer(self)
        self._document = QPdfDocument(self)
        self._view = QPdfView(self)
        self._view.setDocument(self._document)
        self._view.setPageMode(QPdfView.PageMode.MultiPage)
        self._view.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self._view.setAccessibleName(name)
        self._view.setPageSpacing(theme.px(12))
        self._view.setFrameShape(QPdfView.Shape.NoFrame)
        self._set_ground()
        theme.notifier().changed.connect(self._set_ground)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._view)

    def _set_ground(self) -> None:
        """The ground between the sheets, in the theme's own tone."""
        palette = self._view.palette()
        palette.setColor(QPalette.ColorRole.Dark, theme.color("hover"))
        self._view.setPalette(palette)
        # the keyboard scrolls it, so it has to be seen there
        frame = "QPdfView {{ border: 2px solid {off}; }} QPdfView:focus {{ border: 2px solid {on}; }}"
        self._view.setStyleSheet(
            frame.format(off=theme.color("page").name(), on=theme.color("accent").name())
        )

    def view(self) -> QPdfView:
        """The scrolling view, for the focus."""
        return self._view

    def content(self) -> bytes:
        """The bytes on show, empty when there are none."""
        return self._bytes

    def pages(self) -> int:
        """How many pages are on show."""
        return self._document.pageCount()

    def clear(self) -> None:
        """Show nothing and let go of the bytes."""
        self._document.close()
        self._buffer.close()
        self._buffer.setData(QByteArray())
        self._bytes = b""

    def show_pdf(self, pdf: bytes) -> None:
        """Show these bytes. Raises UnreadablePdfError when they are none."""
        self.clear()
        self._bytes = pdf
        self._buffer.setData(QByteArray(pdf))
        self._buffer.open(QIODevice.OpenModeFlag.ReadOnly)
        self._document.load(self._buffer)
        if self._document.status() != QPdfDocument.Status.Ready:
            self.clear()
            raise UnreadablePdfError

    def text(self, page: int) -> str:
        """The text of a page, as a screen reader or a search would get it."""
        return self._document.getAllText(page).text()
