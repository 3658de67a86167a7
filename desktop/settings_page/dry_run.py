"""A dry run of a draft: how many more and how many fewer of each outcome, and whom it changes, by name."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from clinical.protocol import Protocol
from db.dry_run import Answer, Difference, DryRun, compare
from db.errors import KnownError
from db.operations.protocols import usable
from db.queries.protocols import ProtocolRow, text_of
from desktop import theme
from desktop.jobs import Job, Progress, Sessions
from desktop.looked import note_list
from desktop.parts import Parts
from desktop.settings_page.section import button_row, said_line
from desktop.tasks import DatabaseTasks
from desktop.widgets.accessibility import announce
from desktop.widgets.buttons import KeyButton
from desktop.widgets.labels import Label
from desktop.widgets.surface import show_whole
from desktop.widgets.table import Cell, Column, DataTable, Row
from desktop.wording import error_words, outcome_name, urgency_name
from desktop.wording.numbers import count as number_words
from desktop.wording.plain import tr


class DryRunPanel(QWidget):
    """Runs on a worker of its own, so that nobody waits; Cancel stops it, and nothing is ever stored."""

    finished = Signal(int)
    """id of the draft whose dry run stands here whole"""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._tasks: DatabaseTasks | None = None
        self._job: Job | None = None
        self._draft: ProtocolRow | None = None
        self._found: dict[int, Difference] = {}
        self.head = Label("", role="h2", wrap=True)
        self.summary = said_line()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Dry run"))
        self.cancel_button = KeyButton(tr("Stop the dry run"), "quiet")
        self.table = DataTable(
            tr("Patients a draft changes"),
            (
                Column("patient", tr("Patient"), weight=600, whole=True), Column("number", tr("Number"), tone="text2"),
                Column("live", tr("Now"), stretch=True), Column("draft", tr("By the draft"), stretch=True),
                Column("back", tr("Looked at again"), stretch=True),
            ),
        )  # fmt: skip
        self.table.setMinimumHeight(theme.px(26 + 28 * 8))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        for widget in (self.head, self.bar, self.summary, button_row(self.cancel_button), self.table):
            column.addWidget(widget)
        self.cancel_button.clicked.connect(self.cancel)
        self.table.opened.connect(self._open)
        self._into_sight = QTimer(self, singleShot=True, interval=0)  # once it is laid out
        self._into_sight.timeout.connect(lambda: show_whole(self))
        self.hide()

    def is_running(self) -> bool:
        """Whether a dry run is under way."""
        return self._job is not None

    def start(self, draft: ProtocolRow) -> None:
        """Compare the protocol this window works by with a draft, as of today."""
        self.cancel()
        if self._tasks is None:
            self._tasks = DatabaseTasks(self._parts.tasks.sessions, self, hears=False)
            self._tasks.bug.connect(self._parts.tasks.bug)
            self._tasks.bug.connect(lambda _error: self._broke_off())
        self._draft, self._found = draft, {}
        words = tr("Dry run of “{draft}” against “{live}”")
        self.head.setText(words.format(draft=draft.label, live=self._parts.protocol.label))
        self.summary.setText(tr("Assessing everybody who is followed up by both. Nothing is stored."))
        self.table.set_rows([])
        self._show(running=True)
        self.bar.hide()  # until it is known how many there are
        self._into_sight.start()
        self._job = self._tasks.run(
            run, self._parts.tasks.sessions, self._parts.protocol, draft.id, self._parts.clock().today,
            then=self._done, failed=self._failed, owner=self, progress=self._progress,
        )  # fmt: skip

    def cancel(self) -> None:
        """Stop the one under way; what stood here is gone."""
        if self._job is not None:
            self._job.cancel()
            self._end()
            self.hide()

    def close_worker(self) -> None:
        """End the worker, as when the window closes."""
        if self._job is not None:
            self._job.cancel()
        if self._tasks is not None:
            self._tasks.close()
            self._tasks = None
        self._job = None

    def settle(self) -> bool:
        """Wait until it is done; False when that took too long. For tests."""
        return self._tasks is None or self._tasks.wait_idle()

    def _show(self, *, running: bool) -> None:
        self.show()
        self.bar.setVisible(running)
        self.cancel_button.setVisible(running)
        self.table.setVisible(not running and bool(self._found))

    def _progress(self, done: int, of: int, _what: str) -> None:
        if self._job is not None:
            self.bar.setRange(0, max(of, 1))
            self.bar.setValue(done)
            self.bar.show()
            said = tr("{done} of {count} assessed by both. Nothing is stored.")
            self.summary.setText(said.format(done=number_words(done), count=number_words(of)))

    def _end(self) -> None:
        self._job = None

    def _broke_off(self) -> None:
        """It ended by a fault of the program, which is told elsewhere: nothing runs, and nothing can be stopped."""
        self._end()
        self.hide()

    def _failed(self, error: KnownError) -> None:
        self._end()
        self._show(running=False)
        self.summary.setText(error_words(error))
        announce(self, self.summary.text(), urgent=True)

    def _done(self, found: DryRun) -> None:
        self._end()
        self._found = {one.course_id: one for one in found.differences}
        self.table.set_rows([_row(one) for one in found.differences])
        self._show(running=False)
        self.summary.setText(summary(found))
        announce(self, self.summary.text())
        if found.differences:
            note_list(self._parts, "protocol-dry-run")
        if self._draft is not None:
            self.finished.emit(self._draft.id)

    def _open(self, course_id: object) -> None:
        one = self._found.get(course_id) if isinstance(course_id, int) else None
        if one is not None:
            self._parts.navigation.open_patient.emit(one.patient_id)


def run(record: Sessions, live: Protocol, draft_id: int, today: date, progress: Progress) -> DryRun:
    """On the worker: read the draft and compare. Raises `Refused("protocol-unusable")`."""
    with record.read() as session:
        draft = usable(text_of(session, draft_id))
    return compare(record, live, draft, today, progress)


def summary(found: DryRun) -> str:
    """The whole dry run in a few lines."""
    if not found.differences:
        return tr("Courses assessed by both: {count}. Nobody changes.").format(count=found.assessed)
    lines = [
        tr("Courses assessed by both: {count}. Changed: {changed}.").format(
            count=found.assessed, changed=len(found.differences)
        )
    ]
    back = [
        tr("{count} {which}").format(count=count, which=back_name(kind))
        for kind, count in found.coming_back()
    ]
    if back:
        lines.append(tr("Looked at again once it is live: {answers}").format(answers=" · ".join(back)))
    lines += _said([(outcome_name(code), count) for code, count in found.shifts()])
    urgencies = [(urgency_name(code), count) for code, count in found.urgency_shifts()]
    lines += [tr("How soon: {changes}").format(changes=line) for line in _said(urgencies)]
    return "\n".join(lines)


def back_name(kind: str) -> str:
    """Which answer somebody has to look at again: "judged not appropriate"."""
    words = {
        "dismissed": tr("judged not appropriate"), "deferred": tr("put off"),
        "urgent": tr("decided, and urgent by the draft"), "open": tr("not decided yet"),
    }  # fmt: skip
    return words.get(kind, "")


def _said(shifts: Sequence[tuple[str, int]]) -> list[str]:
    """ "14 more: Repeat dosing · 3 fewer: Work-up", or nothing."""
    more, fewer = tr("{count} more: {name}"), tr("{count} fewer: {name}")
    said = [(more if count > 0 else fewer).format(count=abs(count), name=name) for name, count in shifts]
    return [" · ".join(said)] if said else []


def _row(one: Difference) -> Row:
    patient = f"{one.surname}, {one.given}"
    told = (_cell(one.live), _cell(one.draft), Cell(back_name(one.back)))
    return Row(one.course_id, (Cell(patient), Cell(one.number or ""), *told))


def _cell(answer: Answer) -> Cell:
    return Cell(f"{outcome_name(answer.outcome)} · {urgency_name(answer.urgency)}")
