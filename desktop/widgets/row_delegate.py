"""How a row of a list is laid out and painted: the name, when it is due, the step, why, the owner.

A row is 52 high while its words fit. Where they do not, as in a narrow window or with large letters, the row grows: the
name and the step go on in further lines and the due words get a line of their own. Only the reason is left out for
want of room; the tool tip then has the whole sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QHelpEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
)

from desktop import theme
from desktop.theme import typeface
from desktop.widgets.choices import paint_check
from desktop.widgets.marks import Status, paint_mark, word_tone
from desktop.widgets.paint import broken, filled, focus_ring, text_width, write
from desktop.wording.numbers import count

Index = QModelIndex | QPersistentModelIndex
ROW = 52
HEAD = 30
ABOVE, NAME_LINE, LINE, BELOW = 6, 20, 18, 8
LEAST_WHY = 110
MOST_LINES = 3
INSET, PAD, MARK, AFTER_MARK = 8, 12, 16, 8
TAKEN = 2 * INSET + 2 * PAD + MARK + AFTER_MARK
WIDEST_LETTER = 8.5
"""Pixels at 100 % that a letter of a name takes at most, on the average: rows far below need no measuring."""
FITS_SURELY = 0.94
"""Letters measured one by one are a little more or less than the words they make. What fits by them into this part of
the room fits."""


@dataclass(frozen=True, slots=True)
class ListRow:
    """One patient's line. `late` makes the due words bold in the mark's colour; `spoken` replaces what a
    screen reader is told, which is otherwise made of the parts."""

    id: int
    status: Status
    name: str
    age_sex: str = ""
    due: str = ""
    late: bool = False
    step: str = ""
    why: str = ""
    owner: str = ""
    spoken: str = ""

    def sentence(self) -> str:
        """The row as one sentence."""
        parts = (self.name, self.age_sex, self.due, self.step, self.why, self.owner)
        return self.spoken or ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows under a head; the head tells their number, `of` where more of them are still to be read.

    While nobody knows how many there are (`counted` False) it tells none.
    """

    title: str
    rows: tuple[ListRow, ...]
    of: int | None = None
    counted: bool = True

    def many(self) -> int:
        """How many rows the group has, those included that are not read yet."""
        return len(self.rows) if self.of is None else self.of

    def number(self) -> str:
        """The number in words, or that it is not known yet."""
        return count(self.many()) if self.counted else "…"


ITEM_ROLE = int(Qt.ItemDataRole.UserRole)
MARKED_ROLE = ITEM_ROLE + 1


@dataclass(frozen=True, slots=True)
class RowLines:
    """The lines of a row. `due_at` is "name" (beside the name), "step" (beside the step) or "own" (below both)."""

    names: tuple[str, ...]
    steps: tuple[str, ...]
    due_at: str = "name"

    def height(self) -> int:
        """Pixels the row takes; 52 at 100 % for one line each."""
        lines = max(1, len(self.steps)) + (self.due_at == "own")
        return theme.px(ABOVE + NAME_LINE * len(self.names) + LINE * lines + BELOW)


def due_font(row: ListRow) -> QFont:
    """Late is bold."""
    return theme.font("small", 600 if row.late else 500)


@lru_cache(maxsize=4096)
def _letter(letter: str, role: str, weight: int, scale: float) -> float:
    """Width of one letter at a scale."""
    return text_width(letter, typeface.font(role, weight, scale))


@lru_cache(maxsize=8192)
def _by_letters(text: str, role: str, weight: int, scale: float) -> float:
    """About the width of a text, at a fraction of what measuring it costs."""
    return sum([_letter(letter, role, weight, scale) for letter in text])


def _is_short(row: ListRow, letters: float) -> bool:
    """Whether the words are far from filling their lines: nothing has to be measured."""
    return len(row.name) + len(row.due) + 2 < letters and len(row.step) + len(row.owner) + 2 < letters


def lines_of(row: ListRow, room: float, *, narrow: bool) -> RowLines:
    """How the words of a row share `room` pixels. In a narrow window age and owner are left out."""
    if _is_short(row, room / theme.px(WIDEST_LETTER)):
        return RowLines((row.name,), (row.step,))
    weight = 600 if row.late else 500
    sure, scale = FITS_SURELY * room, theme.scale()
    owner = 0 if narrow else _by_letters(row.owner, "small", 400, scale) + theme.px(11)
    due = _by_letters(row.due, "small", weight, scale) + theme.px(10)
    if (
        _by_letters(row.step, "small", 500, scale) + owner < sure
        and _by_letters(row.name, "body", 600, scale) + due < sure
    ):
        return RowLines((row.name,), (row.step,))
    name, step = theme.font("body", 600), theme.font("small", 500)
    due = text_width(row.due, due_font(row))
    names = broken(row.name, name, room, MOST_LINES)
    if not row.due or text_width(row.name, name) + theme.px(10) + due <= room:
        if row.owner and not narrow:
            room -= text_width(row.owner, theme.font("small")) + theme.px(11)
        return RowLines(names, broken(row.step, step, room, MOST_LINES))
    if text_width(row.step, step) + theme.px(8) + due < room:
        return RowLines(names, (row.step,), "step")
    return RowLines(names, broken(row.step, step, room, MOST_LINES), "own")


class RowDelegate(QStyledItemDelegate):
    """Paints rows and heads."""

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._list = view
        self._measured = 0, 0.0
        """Width of the list and scale that what follows was worked out for: a list asks for thousands of rows."""
        self._room = 0.0
        """Pixels for the words of a row."""
        self._head = self._row = QSize()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """30 for a head, 52 for a row whose words fit, more for one whose words go on in further lines."""
        item = index.data(ITEM_ROLE)
        view = self._list
        if (view.width(), theme.scale()) != self._measured:
            self._measured = view.width(), theme.scale()
            bar = view.verticalScrollBar().sizeHint().width()
            # a scroll bar is counted always: a height that needs one must not follow from whether there is one
            self._room = float(view.width() - theme.px(TAKEN) - bar)
            self._head, self._row = QSize(theme.px(120), theme.px(HEAD)), QSize(theme.px(120), theme.px(ROW))
        if not isinstance(item, ListRow):
            return self._head
        if _is_short(item, self._room / theme.px(WIDEST_LETTER)):
            return self._row
        lines = lines_of(item, self._room, narrow=theme.is_narrow(view))
        return QSize(theme.px(120), lines.height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one row or head."""
        painter.save()
        item = index.data(ITEM_ROLE)
        box = QRectF(option.rect)
        if isinstance(item, RowGroup):
            self._paint_head(painter, box, item)
        elif isinstance(item, ListRow):
            state = option.state
            marked = bool(index.data(MARKED_ROLE))
            inner = box.adjusted(theme.px(INSET), theme.px(1), -theme.px(INSET), -theme.px(1))
            self._paint_ground(painter, inner, state, marked=marked)
            self._paint_row(painter, inner, item, marked=marked)
        painter.restore()

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """The whole row as its tool tip, where something of it had to be left out."""
        item = index.data(ITEM_ROLE)
        if isinstance(item, ListRow) and self._leaves_out(item):
            QToolTip.showText(event.globalPos(), item.sentence(), view)
            return True
        QToolTip.hideText()
        return False

    def _leaves_out(self, row: ListRow) -> bool:
        """Whether the reason, the age or the owner does not stand in the row as it is painted."""
        narrow = theme.is_narrow(self._list)
        room = self._room
        lines = lines_of(row, room, narrow=narrow)
        if (narrow and (row.age_sex or row.owner)) or len(lines.names) > 1 or lines.due_at != "name":
            return True
        taken = text_width(lines.steps[-1], theme.font("small", 500)) + theme.px(7)
        taken += text_width(row.owner, theme.font("small")) + theme.px(11) if row.owner else 0
        return bool(row.why) and taken + text_width(row.why, theme.font("small")) > room

    def _paint_head(self, painter: QPainter, box: QRectF, group: RowGroup) -> None:
        font = theme.font("small", 600)
        left = box.left() + theme.px(22)
        line = QRectF(left, box.top() + theme.px(4), box.right() - left, box.height() - theme.px(4))
        write(painter, line, group.title, font, theme.color("text2"))
        line.setLeft(left + text_width(group.title, font) + theme.px(7))
        write(painter, line, group.number(), theme.font("small"), theme.color("text3"))

    def _paint_ground(self, painter: QPainter, box: QRectF, state: QStyle.StateFlag, *, marked: bool) -> None:
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        radius = theme.px(8)
        if chosen or marked:
            filled(painter, box, theme.color("tint"), radius)
        elif state & QStyle.StateFlag.State_MouseOver:
            filled(painter, box, theme.color("hover"), radius)
        if chosen and not state & QStyle.StateFlag.State_HasFocus:
            bar = QRectF(box.left() + 1, box.top() + theme.px(10), theme.px(3), box.height() - theme.px(20))
            filled(painter, bar, theme.color("accent"), theme.px(1.5))
        if state & QStyle.StateFlag.State_HasFocus and chosen:
            focus_ring(painter, box, radius)

    def _paint_row(self, painter: QPainter, box: QRectF, row: ListRow, *, marked: bool) -> None:
        pad, side = theme.px(PAD), theme.px(MARK)
        top = box.top() + theme.px(ABOVE)
        mark = QRectF(box.left() + pad, top + (theme.px(NAME_LINE) - side) / 2, side, side)
        if marked:
            paint_check(painter, mark, Qt.CheckState.Checked)
        else:
            paint_mark(painter, mark, row.status)
        left, right = mark.right() + theme.px(AFTER_MARK), box.right() - pad
        lines = lines_of(row, self._room, narrow=theme.is_narrow(self._list))
        self._paint_names(painter, QRectF(left, top, right - left, theme.px(NAME_LINE)), row, lines)
        low = top + theme.px(NAME_LINE) * len(lines.names) + theme.px(1)
        self._paint_steps(painter, QRectF(left, low, right - left, theme.px(LINE)), row, lines)

    def _paint_due(self, painter: QPainter, line: QRectF, row: ListRow) -> float:
        """The due words at the right end of a line; gives the width they take."""
        font = due_font(row)
        width = text_width(row.due, font) + 1
        ink = theme.color(word_tone(row.status) if row.status is not Status.PLANNED else "text2")
        write(painter, QRectF(line.right() - width, line.top(), width, line.height()), row.due, font, ink)
        return width

    def _paint_names(self, painter: QPainter, line: QRectF, row: ListRow, lines: RowLines) -> None:
        room, name = line.width(), theme.font("body", 600)
        if row.due and lines.due_at == "name":
            room -= self._paint_due(painter, line, row) + theme.px(10)
        for number, words in enumerate(lines.names):
            place = QRectF(line.left(), line.top() + number * line.height(), room + 1, line.height())
            write(painter, place, words, name, theme.color("text"))
        taken, more = text_width(lines.names[0], name) + 1 + theme.px(7), theme.font("small")
        fits = len(lines.names) == 1 and room - taken >= text_width(row.age_sex, more)
        if fits and not theme.is_narrow(self._list):
            place = QRectF(line.left() + taken, line.top(), room - taken, line.height())
            write(painter, place, row.age_sex, more, theme.color("text3"))

    def _paint_steps(self, painter: QPainter, line: QRectF, row: ListRow, lines: RowLines) -> None:
        quiet, step = theme.font("small"), theme.font("small", 500)
        right = line.right()
        if lines.due_at == "step":
            right -= self._paint_due(painter, line, row) + theme.px(8)
        elif lines.due_at == "own":
            self._paint_due(painter, line.translated(0, line.height() * max(1, len(lines.steps))), row)
        elif row.owner and not theme.is_narrow(self._list):
            width = text_width(row.owner, quiet) + 1
            place = QRectF(right - width, line.top(), width, line.height())
            write(painter, place, row.owner, quiet, theme.color("text3"))
            right -= width + theme.px(10)
        for number, words in enumerate(lines.steps):
            top = line.top() + number * line.height()
            write(painter, QRectF(line.left(), top, right - line.left(), line.height()), words, step,
                  theme.color("text"))  # fmt: skip
        if row.why and len(lines.steps) == 1:
            rest = QRectF(line)
            rest.setLeft(line.left() + text_width(row.step, step) + 1 + theme.px(7))
            rest.setRight(right)
            if rest.width() >= text_width(row.why, quiet) or rest.width() >= theme.px(LEAST_WHY):
                write(painter, rest, row.why, quiet, theme.color("text2"))
