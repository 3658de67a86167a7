"""Where a PDF goes: to a printer through the system's own dialog, or as a file into a folder."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QWidget

from desktop import theme
from desktop.settings import Settings
from desktop.widgets.buttons import KeyButton
from desktop.widgets.fields import FormField, TextEdit

SETTING = "paper/folder"


class NotSavedError(Exception):
    """A file could not be written; `str()` is the system's own reason."""


def write_pdf(folder: Path, name: str, pdf: bytes, ending: str = ".pdf") -> Path:
    """Write the bytes as `name` with its ending into a folder that exists, never over a file with other content.

    The name should hold nothing about a patient. Raises NotSavedError.
    """
    stem = "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in name)
    for number in range(1, 1000):
        path = folder / (f"{stem}{ending}" if number == 1 else f"{stem}-{number}{ending}")
        try:
            with path.open("xb") as file:
                file.write(pdf)
        except FileExistsError:
            if path.read_bytes() == pdf:
                return path
        except OSError as error:
            raise NotSavedError(error.strerror or type(error).__name__) from error
        else:
            return path
    raise NotSavedError(f"{stem}-999{ending}")


def usual_folder(settings: Settings) -> Path:
    """The folder PDF files went to last, or the user's documents."""
    return Path(settings.text(SETTING) or _documents()).expanduser()


def has_printer() -> bool:
    """Whether the system knows any printer."""
    return bool(QPrinterInfo.availablePrinters())


def ask_printer(parent: QWidget) -> QPrinter | None:
    """The printer a person chooses in the system's dialog, or None."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    dialog = QPrintDialog(printer, parent)
    return printer if dialog.exec() == QDialog.DialogCode.Accepted else None


class FolderLine(QWidget):
    """The folder for PDF files: typed, or chosen in the system's dialog; remembered. `words` names it otherwise."""

    def __init__(self, settings: Settings, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self.field = TextEdit(settings.text(SETTING) or _documents(), width=300)
        self._frame = FormField(words or self.tr("Folder for PDF files"), self.field)
        choose = KeyButton(self.tr("Choose a folder"), "quiet")
        choose.clicked.connect(self._choose)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(28), theme.px(6), theme.px(20), theme.px(8))
        row.setSpacing(theme.px(8))
        row.addWidget(self._frame, 1)
        row.addWidget(choose, 0, Qt.AlignmentFlag.AlignBottom)

    def folder(self) -> Path | None:
        """The folder, remembered for the next time; None, with the reason beside the field, if there is none."""
        self.set_problem("")
        folder = _folder(self.field.text().strip())
        if folder is None:
            self.set_problem(self.tr("There is no such folder. Nothing was saved."))
            self.field.setFocus()
            return None
        self._settings.set_text(SETTING, str(folder))
        return folder

    def set_problem(self, text: str) -> None:
        """Say what is wrong beside the field."""
        self._frame.set_problem(text)

    def problem(self) -> str:
        """What is said to be wrong."""
        return self._frame.problem()

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Folder for PDF files"), self.field.text())
        if chosen:
            self.field.setText(chosen)
            self.set_problem("")


def _folder(text: str) -> Path | None:
    """The folder that was typed; None where there is none, or none can be called so."""
    try:
        folder = Path(text).expanduser()
        return folder if text and folder.is_dir() else None
    except (OSError, RuntimeError):  # longer than a name may be; the home of nobody
        return None


def _documents() -> str:
    """The user's own folder for documents."""
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
