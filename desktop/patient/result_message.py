"""The laboratory's message a result came in, beside the result: as it arrived, read only."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from db.queries.imports import message_of_result
from db.queries.patient_rows import ResultRow
from desktop import theme
from desktop.commands import Command
from desktop.parts import Parts
from desktop.widgets.accessibility import announce
from desktop.widgets.buttons import LINE_HEIGHT, KeyButton
from desktop.wording.plain import tr

_HEIGHT = 200


class ResultMessage(QObject):
    """The command `patient.result-message` of the results table, and the field it shows the message in."""

    def __init__(self, parts: Parts, scope: QWidget, row: Callable[[], ResultRow | None]) -> None:
        super().__init__(scope)
        self._parts, self._scope, self._row = parts, scope, row
        self.field = QPlainTextEdit(readOnly=True)
        self.field.setAccessibleName(tr("The message as it arrived"))
        self.field.setFixedHeight(theme.px(_HEIGHT))
        self.field.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.field.setTabChangesFocus(True)
        self.field.hide()
        parts.commands.add(
            Command(
                "patient.result-message",
                tr("The message as it arrived"),
                self._show,
                "I",
                words=tr("raw hl7"),
            ),
            scope,
        )

    def button(self) -> KeyButton:
        """The button under the table."""
        action = self._parts.commands.action("patient.result-message")
        return KeyButton.for_action(action, "quiet", tr("Message"), LINE_HEIGHT)

    def hide(self) -> bool:
        """Another patient, or put away: the message goes. Whether it was shown."""
        shown = self.field.isVisible()
        self.field.hide()
        self.field.clear()
        return shown

    def _show(self) -> None:
        """Show the message of the current row, or put it away again."""
        if self.field.isVisible():
            self.hide()
            return
        row = self._row()
        if row is None:
            self._parts.navigation.say.emit(
                tr("Choose a result first. Computed values follow by themselves."), None
            )
            return
        self._parts.tasks.read(
            message_of_result, row.result_id, then=self._put, owner=self._scope, key="result-message"
        )

    def _put(self, text: str | None) -> None:
        if text is None:
            self._parts.navigation.say.emit(tr("This result was typed; no message came with it."), None)
            return
        self.field.setPlainText(text)
        self.field.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self.field, tr("The message as it arrived"))
