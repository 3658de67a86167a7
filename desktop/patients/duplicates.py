"""Possible duplicates: the pairs, two records side by side, and what is done about them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.changes import Changes
from db.errors import KnownError
from db.operations.merging import (
    MergeChoices,
    merge_patients,
    note_not_the_same,
    unmerge_patients,
    withdraw_not_the_same,
)
from db.queries.duplicates import Duplicate, possible_duplicates
from db.queries.merging import Comparison, Side, StandingMerge, compare, standing_merges
from desktop import theme
from desktop.commands import Command
from desktop.parts import Parts
from desktop.patients.duplicate_words import columns, course_words, current_number, lines, row, side_name
from desktop.patients.side_by_side import SideBySide
from desktop.widgets.ask_panel import AskPanel, Question
from desktop.widgets.asking import Asking
from desktop.widgets.buttons import KeyButton
from desktop.widgets.choices import ComboBox
from desktop.widgets.empty_page import EmptyPage
from desktop.widgets.fields import FormField, TextEdit
from desktop.widgets.surface import Scroll
from desktop.widgets.table import DataTable
from desktop.wording import error_words
from desktop.wording.plain import tr

_LIST_ROWS, _LIST_ROWS_ASKING = 8, 3
"""Pairs in sight, head included; fewer while a question needs the room."""


class DuplicatesPane(QWidget):
    """`duplicates.join` (J), `duplicates.apart` (X), `duplicates.open` (Enter): shown instead of the list of all."""

    counted = Signal(int)

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._pairs: tuple[Duplicate, ...] = ()
        self._shown: Comparison | None = None
        self.table = DataTable(tr("Possible duplicates"), columns(), row_height=34, sortable=False)
        self.card = SideBySide()
        self.panel = AskPanel()
        self._asking = Asking(parts, self.panel)
        self._empty = EmptyPage("patients", tr("No possible duplicates"), "")
        self._empty.set(
            tr("No possible duplicates"),
            tr("Everybody on record is somebody else, as far as names, birth dates and numbers tell."),
        )
        self._buttons = self._commands()
        self._build()
        self.table.current_changed.connect(self._chosen)
        self.table.opened.connect(self._open)
        self.panel.closed.connect(self._answered)
        parts.tasks.changed.connect(self._changed)

    def _commands(self) -> list[KeyButton]:
        add = self._parts.commands.add
        join = Command(
            "duplicates.join", tr("Join the two records…"), self.join, "J", words=tr("merge duplicate")
        )
        apart = Command(
            "duplicates.apart", tr("Not the same person"), self.apart, "X", words=tr("twins duplicate")
        )
        return [
            KeyButton.for_action(add(join, self), "primary"),
            KeyButton.for_action(add(apart, self), "soft"),
        ]

    def _build(self) -> None:
        self._scroll = Scroll((0, 0, 8, 8))
        below = self._scroll.content
        below.setSpacing(theme.px(12))
        buttons = QHBoxLayout()
        for button in self._buttons:
            buttons.addWidget(button)
        buttons.addStretch(1)
        below.addWidget(self.card)
        below.addLayout(buttons)
        below.addWidget(self.panel)
        below.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(12))
        column.addWidget(self.table)
        column.addWidget(self._scroll, 1)
        column.addWidget(self._empty, 1)
        self._show_any()

    def refresh(self) -> None:
        """Look for pairs again."""
        self._parts.tasks.read(
            possible_duplicates, then=self._found, failed=self._failed, owner=self, key="duplicates"
        )

    def _changed(self, changes: Changes) -> None:
        if changes.kinds & {"patients"}:
            self.refresh()

    def _found(self, pairs: tuple[Duplicate, ...]) -> None:
        before = self._pair()
        self._pairs = pairs
        self.table.set_rows([row(place, pair) for place, pair in enumerate(pairs)])
        again = next((place for place, pair in enumerate(pairs) if before and pair.key == before.key), 0)
        self.table.select(again if pairs else None)
        self._show_any()
        self.counted.emit(len(pairs))
        self._chosen(self.table.current_id())

    def _answered(self) -> None:
        """The list is as long as before, and has the keyboard again."""
        self._show_any()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_any(self) -> None:
        most = _LIST_ROWS_ASKING if self.panel.isVisible() else _LIST_ROWS
        self.table.setFixedHeight(theme.px(34 * min(len(self._pairs) + 1, most) + 4))
        for widget in (self.table, self._scroll):
            widget.setVisible(bool(self._pairs))
        self._empty.setVisible(not self._pairs)

    def _pair(self) -> Duplicate | None:
        place = self.table.current_id()
        return None if place is None or place >= len(self._pairs) else self._pairs[place]

    def _chosen(self, _place: object) -> None:
        """Read the two records of the current pair; a question about another pair is put away."""
        pair = self._pair()
        if pair is not None and not self.panel.is_asking(("join", *pair.key)):
            self.panel.close_panel()
            self._parts.tasks.read(
                compare,
                *pair.key,
                then=partial(self._show, pair),
                failed=self._failed,
                owner=self,
                key="pair",
            )

    def _show(self, pair: Duplicate, found: Comparison) -> None:
        now = self._pair()
        if now is not None and now.key == pair.key:
            self._shown = found
            self.card.show_lines(side_name(found.one), side_name(found.other), lines(found, pair.likeness))

    def _open(self, _place: object) -> None:
        pair = self._pair()
        if pair is not None:
            self._parts.navigation.open_patient.emit(pair.one_id)

    # -- not the same person

    def apart(self) -> None:
        """Remember that they are two people; the foot asks again for ten seconds."""
        pair = self._pair()
        if pair is None:
            return

        def back(changes: Changes) -> None:
            self._asking.back(
                withdraw_not_the_same,
                changes.created_id,
                self._parts.clock(),
                said=tr("They are asked about again"),
            )

        said = tr("{one} and {other} are two people").format(one=pair.one, other=pair.other)
        self._asking.write(
            ("apart", *pair.key), note_not_the_same, *pair.key, "", self._parts.clock(), said=said, undo=back
        )

    # -- joining

    def join(self) -> None:
        """Ask which record is kept, what goes on, why, and whose they are."""
        pair, found = self._pair(), self._shown
        if pair is None or found is None or (found.one.patient_id, found.other.patient_id) != pair.key:
            return
        form = _JoinForm(found)
        kept = found.one
        self.panel.open(
            Question(
                ("join", *pair.key),
                tr("Join {one} and {other}").format(one=side_name(found.one), other=side_name(found.other)),
                form.fields,
                tr("Join the records"),
                lambda _version: self._join(pair, form),
                kept.version,
                (
                    tr(
                        "Everything moves to the record that is kept; the other number leads there and is still found."
                    ),
                    tr(
                        "The course that goes on is assessed again. It can be taken back from the patient's page."
                    ),
                ),
                form.problems,
                born=(kept.birth_date, kept.number),
            )
        )
        self._show_any()

    def _join(self, pair: Duplicate, form: _JoinForm) -> None:
        kept, other = form.kept(), form.other()

        def back(changes: Changes) -> None:
            read = partial(standing_merges, patient_id=kept.patient_id)
            self._parts.tasks.read(
                read, then=partial(self._take_back, changes.created_id), failed=self._failed, owner=self
            )

        self._asking.write(
            ("join", *pair.key), merge_patients, kept.patient_id, other.patient_id, form.choices(),
            form.reason.text().strip(), kept.version, other.version, self._parts.clock(), self._parts.protocol,
            said=tr("{other} is joined with {kept}").format(other=side_name(other), kept=side_name(kept)), undo=back,
        )  # fmt: skip

    def _take_back(self, merge_id: int | None, found: Sequence[StandingMerge]) -> None:
        """From the foot: the record is read first, so that what was seen is what is there."""
        one = next((merge for merge in found if merge.merge_id == merge_id), None)
        if one is not None:
            self._asking.back(
                unmerge_patients, one.merge_id, tr("taken back at once"), one.kept_version, self._parts.clock(),
                self._parts.protocol, said=tr("The two records are apart again"),
            )  # fmt: skip

    def _failed(self, error: KnownError) -> None:
        self._parts.navigation.say.emit(error_words(error), None)


class _JoinForm:
    """The fields of joining two records; a choice stands only where there is one."""

    def __init__(self, found: Comparison) -> None:
        self._found = found
        sides = {side.patient_id: side for side in (found.one, found.other)}
        self._kept = ComboBox([(side.patient_id, side_name(side)) for side in sides.values()])
        self._kept.set_value(found.one.patient_id)
        self._course = ComboBox([
            (course.course_id, course_words(course, sides[course.patient_id])) for course in found.open_courses
        ])  # fmt: skip
        self._numbers = [ComboBox(list(pair.values)) for pair in found.same_kind]
        self.reason = TextEdit("", tr("such as: referred twice, name misspelt"), 300)
        self.fields = {"kept": FormField(tr("Record that is kept"), self._kept)}
        if found.open_courses:
            self._course.set_placeholder(tr("choose"))
            self._course.set_value(None)
            self.fields["course"] = FormField(tr("Course that goes on"), self._course)
        for place, (pair, box) in enumerate(zip(found.same_kind, self._numbers, strict=True)):
            box.set_placeholder(tr("choose"))
            box.set_value(None)
            words = current_number(pair.kind)
            self.fields[f"number-{place}"] = FormField(words, box)
        self.fields["reason"] = FormField(tr("Why"), self.reason)
        for frame in self.fields.values():
            if isinstance(frame.field, ComboBox):
                frame.field.setMinimumWidth(frame.field.sizeHint().width())

    def problems(self) -> dict[str, str]:
        """What is not answered yet."""
        wrong = {} if self.reason.text().strip() else {"reason": tr("Say why, in a few words.")}
        for name, frame in self.fields.items():
            if isinstance(frame.field, ComboBox) and frame.field.value() is None:
                wrong[name] = tr("Choose one.")
        return wrong

    def kept(self) -> Side:
        """The record that is kept."""
        return self._found.other if self._kept.value() == self._found.other.patient_id else self._found.one

    def other(self) -> Side:
        """The record that joins it."""
        return self._found.one if self.kept() is self._found.other else self._found.other

    def choices(self) -> MergeChoices:
        """What was chosen where the two cannot both stand."""
        course = self._course.value() if self._found.open_courses else None
        numbers = frozenset(value for box in self._numbers if isinstance(value := box.value(), int))
        return MergeChoices(course if isinstance(course, int) else None, numbers)
