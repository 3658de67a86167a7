"""Many check boxes behind one stop of the Tab key: the usual ones in sight, the rest one key away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from desktop import theme
from desktop.widgets.buttons import KeyButton
from desktop.widgets.choices import CheckBox
from desktop.widgets.flow import FlowLayout
from desktop.widgets.labels import Label
from desktop.wording.plain import tr

LABEL_WIDTH = 84
BACK = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Up})
FORWARD = frozenset({Qt.Key.Key_Right, Qt.Key.Key_Down})


class CheckGroup(QWidget):
    """A named group of (code, words). Tab comes in once; arrows walk, Space ticks, a letter jumps to a word.

    `usual` are always shown, the others when they are ticked, jumped to, or asked for by "More".
    """

    changed = Signal()

    def __init__(
        self,
        name: str,
        choices: Sequence[tuple[str, str]],
        usual: Iterable[str],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._usual = frozenset(usual)
        self._open = False
        self.boxes = {code: CheckBox(words) for code, words in choices}
        self.more = KeyButton("", "quiet", height=26)
        self._row = QWidget()
        self._flow = FlowLayout(self._row, theme.px(14), theme.px(2))
        self.label = Label(name, role="small", tone="text2", weight=500)
        self.label.setFixedWidth(theme.px(LABEL_WIDTH))
        self.label.setMinimumHeight(theme.px(26))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self.label, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self._row, 1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        for box in self.boxes.values():
            box.setAccessibleDescription(name)
            box.toggled.connect(self._toggled)
        for member in self._members():
            self._flow.addWidget(member)
            member.installEventFilter(self)
        self.more.clicked.connect(lambda: self.show_all(not self._open))
        self._show()
        self._make_stop(self._members()[0])

    def _members(self) -> list[QAbstractButton]:
        return [*self.boxes.values(), self.more]

    def _toggled(self, _on: bool) -> None:
        self.changed.emit()
        self.label.set_tone("text" if self.ticked() else "text2")

    def _show(self) -> None:
        hidden = 0
        for code, box in self.boxes.items():
            shown = self._open or code in self._usual or box.isChecked()
            box.setVisible(shown)
            hidden += not shown
        self.more.set_text(tr("Fewer") if self._open else tr("{count} more").format(count=hidden))
        self.more.setAccessibleName(f"{self.label.text()}: {self.more.words()}")
        self.more.setVisible(self._open or hidden > 0)
        self._row.updateGeometry()

    def show_all(self, on: bool) -> None:
        """Show every box, or only the usual and the ticked ones."""
        self._open = on
        self._show()

    def _make_stop(self, stop: QAbstractButton) -> None:
        """Let Tab come to this member only."""
        for member in self._members():
            here = member is stop
            member.setFocusPolicy(Qt.FocusPolicy.StrongFocus if here else Qt.FocusPolicy.ClickFocus)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Walk with the arrows, jump with letters; whoever has the keyboard is where Tab comes back to."""
        if isinstance(watched, QAbstractButton):
            if event.type() == QEvent.Type.FocusIn:
                self._make_stop(watched)
            elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
                return self._key(watched, event)
        return False

    def _key(self, at: QAbstractButton, event: QKeyEvent) -> bool:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        key = Qt.Key(event.key())
        if not plain:
            return False
        if key in BACK or key in FORWARD:
            shown = [member for member in self._members() if not member.isHidden()]
            step = 1 if key in FORWARD else -1
            self._go_to(shown[(shown.index(at) + step) % len(shown)])
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and at is self.more:
            self.more.click()
            return True
        letter = event.text().casefold()
        return letter.isalpha() and self._jump(at, letter)

    def _jump(self, at: QAbstractButton, letter: str) -> bool:
        """Go to the next box that begins with the letter; one that is not in sight is brought there."""
        boxes = list(self.boxes.values())
        start = boxes.index(at) + 1 if isinstance(at, CheckBox) else 0
        for box in (*boxes[start:], *boxes[:start]):
            if box.text().casefold().startswith(letter):
                if box.isHidden():
                    self.show_all(True)
                self._go_to(box)
                return True
        return False

    def _go_to(self, member: QAbstractButton) -> None:
        self._make_stop(member)
        member.setFocus(Qt.FocusReason.TabFocusReason)

    def ticked(self) -> tuple[str, ...]:
        """The codes that are ticked."""
        return tuple(code for code, box in self.boxes.items() if box.isChecked())

    def set_ticked(self, codes: Iterable[str]) -> None:
        """Tick these and no others."""
        wanted = set(codes)
        for code, box in self.boxes.items():
            box.setChecked(code in wanted)
        self._open = False
        self._show()
        self._make_stop(self._members()[0])
