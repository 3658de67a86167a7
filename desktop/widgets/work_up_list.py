"""The work-up checklist of a course: every item ordered, done, result in, with one key each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.queries.patients import WorkUpItemRow
from desktop import theme
from desktop.commands import Command, Commands
from desktop.widgets.buttons import LINE_HEIGHT, KeyButton
from desktop.widgets.fields import FormField, TextEdit
from desktop.widgets.flow import FlowLayout
from desktop.widgets.labels import block_heading, small
from desktop.widgets.marks import Status
from desktop.widgets.table import Cell, Column, Row
from desktop.widgets.whole_table import WholeTable
from desktop.wording import cause_name, due_words, item_state_name, work_up_item_name

KEYS = (("ordered", "O"), ("done", "D"), ("resulted", "R"), ("not-appropriate", "X"), ("todo", "B"))
"""A state and the key that sets it, in the order an item goes through them."""
CLOSED = frozenset({"resulted", "not-appropriate"})

tr = QCoreApplication.translate


def state_verbs() -> dict[str, str]:
    """What the key of each state says."""
    return {
        "ordered": tr("work-up", "Ordered"),
        "done": tr("work-up", "Done"),
        "resulted": tr("work-up", "Result in"),
        "not-appropriate": tr("work-up", "Not appropriate"),
        "todo": tr("work-up", "To order again"),
    }


class WorkUpSection(QWidget):
    """A table of items and a row of keys. The keys act on the current row while the table has the focus."""

    state_wanted = Signal(object, str, object)
    """A `WorkUpItemRow`, the state it is to have, and its note."""

    def __init__(self, commands: Commands, name: str, parent: QWidget | None = None) -> None:
        """`name` is the page's id; its commands begin with it."""
        super().__init__(parent)
        self._page = name
        self._items: dict[int, WorkUpItemRow] = {}
        self._count = small("")
        self.table = WholeTable(
            self.tr("Work-up checklist"),
            [
                Column("item", self.tr("Item"), stretch=True, whole=True, weight=500),
                Column("state", self.tr("State")),
                Column("due", self.tr("Due"), leaves=2),
                Column("owner", self.tr("Owner"), tone="text2", leaves=1),
            ],
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        self._title = block_heading(self.tr("Work-up"))
        column.addWidget(self._title)
        column.addWidget(self._count)
        column.addWidget(self.table)
        column.addWidget(self._keys(commands))
        self._asked: WorkUpItemRow | None = None
        self._kept: dict[object, tuple[WorkUpItemRow, str]] = {}
        self.reason = TextEdit("", self.tr("such as: done elsewhere in May"), 420)
        self._reason_field = FormField(self.tr("Why is it not appropriate?"), self.reason)
        self.reason.returnPressed.connect(self._give_reason)
        column.addWidget(self._reason_field)
        self._reason_field.hide()

    def _keys(self, commands: Commands) -> QWidget:
        words = state_verbs()
        holder = QWidget()
        flow = FlowLayout(holder, spacing=theme.px(8))
        for state, key in KEYS:
            name = f"{self._page}.item-{state}"
            run = partial(self._set, state)
            text = self.tr("Work-up item: {state}").format(state=words[state].lower())
            action = commands.add(Command(name, text, run, key, not_now=self._not_now), scope=self)
            flow.addWidget(KeyButton.for_action(action, "soft", words[state], LINE_HEIGHT))
        return holder

    def set_items(self, items: Sequence[WorkUpItemRow], today: date) -> None:
        """Show the checklist; the row that was current stays current."""
        self.setVisible(bool(items))
        self._items = {item.item_id: item for item in items}
        ready = sum(item.state in CLOSED for item in items)
        causes = ", ".join(dict.fromkeys(cause_name(item.cause).lower() for item in items))
        said = self.tr("{ready} of {all} settled · for {causes}")
        self._count.setText(said.format(ready=ready, all=len(items), causes=causes))
        self.table.set_rows([self._row(item, today) for item in items])

    def _row(self, item: WorkUpItemRow, today: date) -> Row:
        name = work_up_item_name(item.code)
        settled = item.state in CLOSED
        late = not settled and item.due < today
        mark = Status.DONE if settled else Status.OVERDUE if late else Status.PLANNED
        if not settled and not late and item.state != "todo":
            mark = Status.DUE
        due = "" if settled else due_words(item.due, today)
        if item.note:
            name = f"{name} · {item.note}"
        tone = "text3" if settled else None
        return Row(
            item.item_id,
            (
                Cell(name, tone=tone),
                Cell(item_state_name(item.state), mark=mark, tone=tone),
                Cell(due, 600 if late else None, "overdue_word" if late else "text2"),
                Cell(item.owner),
            ),
        )

    def _not_now(self) -> str:
        return "" if self.table.current_id() in self._items else self.tr("Choose an item first.")

    def _set(self, state: str) -> None:
        current = self.table.current_id()
        item = self._items.get(current) if isinstance(current, int) else None
        if item is None or item.state == state:
            return
        if state == "not-appropriate":
            self._ask_reason(item)
            return
        self.state_wanted.emit(item, state, item.note)

    def _ask_reason(self, item: WorkUpItemRow, *, to_field: bool = True) -> None:
        """An item is only left out with a reason; it is asked for under the table."""
        self._asked = item
        self.reason.setText("")
        self._reason_field.set_problem("")
        self._reason_field.set_hint(work_up_item_name(item.code))
        self._reason_field.show()
        if to_field:
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_about(self, item_id: int) -> None:
        """Go to an item and ask why it is not appropriate."""
        if item_id in self._items:
            self.table.select(item_id)
            self._ask_reason(self._items[item_id])

    def _give_reason(self) -> None:
        reason, item = self.reason.text().strip(), self._asked
        if not reason:
            self._reason_field.set_problem(self.tr("Say why, in a few words."))
            return
        self.close_reason()
        if item is not None:
            self.state_wanted.emit(self._items.get(item.item_id, item), "not-appropriate", reason)

    def put_by(self, whose: object) -> None:
        """Somebody else's checklist is to be shown: a reason half typed waits until this one's is shown again."""
        if self._asked is not None and not self._reason_field.isHidden():
            self._kept[whose] = (self._asked, self.reason.text())
        self._reason_field.hide()
        self._asked = None

    def bring_back(self, whose: object) -> None:
        """Ask again for the reason that was put by, as it was left; the keyboard stays where it is."""
        item, typed = self._kept.pop(whose, (None, ""))
        if item is not None and item.item_id in self._items:
            self._ask_reason(item, to_field=False)
            self.reason.setText(typed)

    def keeps(self) -> int:
        """How many reasons were put by, half typed."""
        return len(self._kept)

    def close_reason(self) -> bool:
        """Put the question away; False when it was not open."""
        if self._reason_field.isHidden():
            return False
        self._reason_field.hide()
        self._asked = None
        self.focus()
        return True

    def focus(self) -> None:
        """Put the keyboard on the checklist."""
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
