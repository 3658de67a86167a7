"""The courses: what was planned and given, every infusion, corrected or marked as an error in the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.queries.patients import CourseRow, InfusionRow
from desktop import theme
from desktop.commands import Command, Commands
from desktop.patient.chart_facts import course_title
from desktop.patient.infusion_editor import InfusionEditor
from desktop.widgets.buttons import LINE_HEIGHT, KeyButton
from desktop.widgets.flow import FlowLayout
from desktop.widgets.labels import Label, block_heading, small
from desktop.widgets.table import Cell, Column, Row
from desktop.widgets.whole_table import WholeTable
from desktop.wording import course_state_name, ending_name, milligrams, plain_date, visit_state_name
from desktop.wording.plain import tr


class InfusionsSection(QWidget):
    """A line per course and a table of infusions, newest first. E corrects the current one, X strikes it."""

    corrected = Signal(object, object, str)
    cancelled = Signal(object, str)

    def __init__(self, commands: Commands, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._infusions: dict[int, tuple[CourseRow, InfusionRow]] = {}
        self._lines = QVBoxLayout()
        self._lines.setSpacing(theme.px(4))
        self.table = WholeTable(
            self.tr("Infusions"),
            [
                Column("on", self.tr("Given on"), weight=500),
                Column("course", self.tr("Course"), align="right", tone="text2", width=72),
                Column("dose", self.tr("Dose"), align="right", weight=600, width=84),
                Column("batch", self.tr("Batch"), tone="text2", width=96),
                Column("time", self.tr("Time"), tone="text2", width=112),
                Column("remark", self.tr("Reaction"), stretch=True),
                Column("state", self.tr("State"), tone="text2", width=132),
            ],
        )
        self.editor = InfusionEditor(today)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        column.addWidget(block_heading(self.tr("Courses and infusions")))
        column.addLayout(self._lines)
        column.addWidget(self.table)
        self._keys = self._build_keys(commands)
        column.addWidget(self._keys)
        column.addWidget(self.editor)
        self.editor.corrected.connect(self.corrected)
        self.editor.cancelled.connect(self.cancelled)
        self.editor.closed.connect(lambda: self.table.setFocus(Qt.FocusReason.OtherFocusReason))

    def _build_keys(self, commands: Commands) -> QWidget:
        holder = QWidget()
        flow = FlowLayout(holder, spacing=theme.px(8))
        correct = Command(
            "patient.infusion-correct",
            self.tr("Correct infusion"),
            lambda: self._edit(False),
            "E",
            not_now=self._none_given,
        )
        strike = Command(
            "patient.infusion-cancel",
            self.tr("Infusion entered in error"),
            lambda: self._edit(True),
            "X",
            not_now=self._none_given,
        )
        action = commands.add(correct, scope=self)
        flow.addWidget(KeyButton.for_action(action, "soft", self.tr("Correct"), LINE_HEIGHT))
        action = commands.add(strike, scope=self)
        flow.addWidget(KeyButton.for_action(action, "quiet", self.tr("Entered in error"), LINE_HEIGHT))
        return holder

    def set_courses(self, courses: Sequence[CourseRow]) -> None:
        """Show the courses, the newest first. An editor that is open stays open with what is typed."""
        while (item := self._lines.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        self._infusions = {}
        rows = []
        for course in reversed(courses):
            line = self._line(course)
            self._lines.addWidget(line)
            line.show()
            for infusion in sorted(course.infusions, key=lambda i: (i.on, i.infusion_id), reverse=True):
                self._infusions[infusion.infusion_id] = (course, infusion)
                rows.append(self._row(course, infusion))
        self.table.set_rows(rows)
        self.table.setVisible(bool(rows))
        self._keys.setVisible(bool(rows))

    def _line(self, course: CourseRow) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(2))
        column.addWidget(Label(course_title(course), weight=600, elide=True))
        column.addWidget(small(" · ".join(self._facts(course)), wrap=True))
        return holder

    def _facts(self, course: CourseRow) -> list[str]:
        parts = [course_state_name(course.status)]
        if course.end_reason and course.ended_on:
            said = self.tr("{reason}, {day}")
            parts = [said.format(reason=ending_name(course.end_reason), day=plain_date(course.ended_on))]
        if course.need_mg is not None:
            parts.append(self.tr("needed {dose}").format(dose=milligrams(course.need_mg)))
        if course.planned_mg is not None:
            parts.append(self.tr("planned {dose}").format(dose=milligrams(course.planned_mg)))
        elif course.drafted_mg is not None:
            parts.append(self.tr("still owed {dose}").format(dose=milligrams(course.drafted_mg)))
        if course.signed_by is not None:
            parts.append(self.tr("signed by {name}").format(name=course.signed_by))
        elif course.to_sign:
            parts.append(self.tr("not signed yet"))
        if course.given_mg:
            parts.append(self.tr("given {dose}").format(dose=milligrams(course.given_mg)))
        if course.lab_booked_for is not None and course.status != "ended":
            parts.append(self.tr("repeat bloods {day}").format(day=plain_date(course.lab_booked_for)))
        return parts

    def _row(self, course: CourseRow, infusion: InfusionRow) -> Row:
        struck = infusion.state != "given"
        tone = "text3" if struck else None
        time = "–".join(part for part in (infusion.started, infusion.ended) if part)
        remark = [self.tr("stopped early")] if infusion.stopped_early else []
        if infusion.reaction_grade:
            remark.append(self.tr("grade {grade}").format(grade=infusion.reaction_grade))
        if infusion.reaction_note:
            remark.append(infusion.reaction_note)
        state = visit_state_name(infusion.state)
        dose = milligrams(infusion.dose_mg)
        return Row(
            infusion.infusion_id,
            (
                Cell(plain_date(infusion.on), tone=tone, struck=struck),
                Cell(str(course.ordinal)),
                Cell(dose, tone=tone, struck=struck, spoken=f"{dose}, {state}" if struck else dose),
                Cell(infusion.batch or ""),
                Cell(time),
                Cell(", ".join(remark) or ("" if infusion.reaction_grade is None else self.tr("none"))),
                Cell(state),
            ),
        )

    def _none_given(self) -> str:
        """Why there is nothing to correct; empty where there is."""
        given = any(row.state == "given" for _course, row in self._infusions.values())
        return "" if given else tr("no infusion was given")

    def _edit(self, cancelling: bool) -> None:
        current = self.table.current_id()
        found = self._infusions.get(current) if isinstance(current, int) else None
        if found is None and self._infusions:
            found = next((pair for pair in self._infusions.values() if pair[1].state == "given"), None)
        if found is not None and found[1].state == "given":
            self.editor.open(found[0].course_id, found[1], cancelling=cancelling)

    def current(self) -> InfusionRow | None:
        """The infusion the table stands on."""
        current = self.table.current_id()
        return (
            self._infusions[current][1] if isinstance(current, int) and current in self._infusions else None
        )
