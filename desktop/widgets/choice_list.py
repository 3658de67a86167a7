"""A list that drops below a search box: two lines a row, a key cap at the right, by keyboard as by mouse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop import theme
from desktop.widgets.paint import cap_width, filled, key_cap, text_width, write

Index = QModelIndex | QPersistentModelIndex
NO_PARENT = QModelIndex()
ITEM_ROLE = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True, slots=True)
class Choice:
    """One row: its id, what it says, a quiet detail, and a key. `enabled` False shows it with its reason."""

    id: object
    text: str
    detail: str = ""
    key: str = ""
    enabled: bool = True


class _Model(QAbstractListModel):
    """The rows as Qt sees them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[Choice, ...] = ()

    def replace(self, rows: Sequence[Choice]) -> None:
        """Other rows."""
        self.beginResetModel()
        self.rows = tuple(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        """How many rows."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Words, and the row itself for the delegate."""
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        if role == ITEM_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (row.text, row.detail, row.key) if part)
        return None


class _Delegate(QStyledItemDelegate):
    """Paints a row."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """34 high."""
        return QSize(theme.px(200), theme.px(34))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint words, detail and key."""
        painter.save()
        row: Choice = index.data(ITEM_ROLE)
        box = QRectF(option.rect).adjusted(theme.px(6), 1, -theme.px(6), -1)
        if option.state & QStyle.StateFlag.State_Selected:
            filled(painter, box, theme.color("tint"), theme.px(6))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            filled(painter, box, theme.color("hover"), theme.px(6))
        left, right = box.left() + theme.px(10), box.right() - theme.px(8)
        if row.key:
            key_cap(painter, right, box.center().y(), row.key, theme.color("key"), theme.color("text2"))
            right -= cap_width(row.key) + theme.px(8)
        font = theme.font("body", 500)
        ink = theme.color("text" if row.enabled else "text3")
        width = min(text_width(row.text, font) + 1, right - left)
        write(painter, QRectF(left, box.top(), width, box.height()), row.text, font, ink)
        rest = QRectF(left + width + theme.px(10), box.top(), 0, box.height())
        rest.setRight(right)
        if rest.width() > theme.px(40):
            write(painter, rest, row.detail, theme.font("small"), theme.color("text2"))
        painter.restore()


class ChoiceList(QListView):
    """The list; the field above it keeps the focus and passes on Up, Down and Enter through `step` and `take`."""

    taken = Signal(object)
    """id of the row that was taken"""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._rows = _Model(self)
        self._delegate = _Delegate(self)
        self.setModel(self._rows)
        self.setItemDelegate(self._delegate)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.clicked.connect(lambda _index: self.take())

    def set_choices(self, rows: Sequence[Choice], current: object = None) -> None:
        """Show these rows; the one of this id is current, else the first."""
        self._rows.replace(rows)
        if rows:
            place = next((place for place, row in enumerate(rows) if row.id == current), 0)
            self.setCurrentIndex(self._rows.index(place))

    def choices(self) -> tuple[Choice, ...]:
        """The rows shown."""
        return self._rows.rows

    def current(self) -> Choice | None:
        """The current row."""
        place = self.currentIndex().row()
        return self._rows.rows[place] if 0 <= place < len(self._rows.rows) else None

    def step(self, by: int) -> None:
        """Go down or up, round at the ends."""
        count = len(self._rows.rows)
        if count:
            self.setCurrentIndex(self._rows.index((self.currentIndex().row() + by) % count))

    def take(self) -> bool:
        """Take the current row; False when there is none, or it is disabled."""
        row = self.current()
        if row is None or not row.enabled:
            return False
        self.taken.emit(row.id)
        return True

    def height_for_rows(self, most: int = 10) -> int:
        """Height that shows the rows, up to `most` of them."""
        return theme.px(34) * min(len(self._rows.rows), most) + theme.px(8)
