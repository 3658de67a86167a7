"""A patient's courses as a FHIR file for another program: into a folder of the user's choice, noted in the audit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from db import exports
from db.changes import Changes
from db.errors import KnownError
from db.operations.access import record_export
from db.replace_file import replace_file
from desktop.commands import Command
from desktop.parts import Parts
from desktop.widgets.pdf_output import usual_folder
from desktop.wording import error_words
from desktop.wording.exported import exported_words
from desktop.wording.plain import tr


class ExportAct(QObject):
    """The command `patient.export`. `patient` gives whose page is shown, or None."""

    def __init__(self, parts: Parts, page: QWidget, patient: Callable[[], int | None]) -> None:
        super().__init__(page)
        self._parts, self._page, self._patient = parts, page, patient
        words = tr("fhir bundle hospital transfer send")
        parts.commands.add(
            Command("patient.export", tr("Save course as FHIR"), self._ask, "Ctrl+Shift+E", words=words), page
        )

    def _ask(self) -> None:
        start = str(usual_folder(self._parts.settings))
        chosen = QFileDialog.getExistingDirectory(self._page, tr("Folder for the FHIR file"), start)
        if chosen:
            self.export_into(Path(chosen))

    def export_into(self, folder: Path) -> None:
        """Note the export, then write the file into a folder; what cannot be noted is not written."""
        patient_id = self._patient()
        if patient_id is None:
            return
        parts, stamp = self._parts, self._parts.clock()
        path = folder / f"course-{patient_id}-{stamp.at:%Y-%m-%dT%H%M%S}.json"

        def read(facts: exports.ExportFacts) -> None:
            made = exports.bundle(facts, parts.protocol, exported_words, stamp.at)
            detail = {"form": "fhir-r4", "resources": len(made["entry"])}

            def write(_changes: Changes) -> None:
                self._write(path, exports.bundle_bytes(made))

            parts.tasks.write(
                record_export, "course", "patient", patient_id, patient_id, stamp, detail,
                then=write, failed=self._failed, owner=self,
            )  # fmt: skip

        parts.tasks.read(exports.export_facts, patient_id, then=read, failed=self._failed, owner=self)

    def _write(self, path: Path, content: bytes) -> None:
        try:
            replace_file(path, content)
        except KnownError as error:
            self._failed(error)
            return
        self._parts.navigation.say.emit(tr("Course saved as {name}").format(name=path.name), None)

    def _failed(self, error: KnownError) -> None:
        self._parts.navigation.say.emit(error_words(error), None)
