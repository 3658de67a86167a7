"""A strip below the name: people on record who may be the one that is being typed in."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from db.queries.patients import LookAlike
from desktop import theme
from desktop.widgets.accessibility import announce
from desktop.widgets.buttons import LINE_HEIGHT, KeyButton
from desktop.widgets.labels import Label
from desktop.widgets.marks import Mark, Status
from desktop.widgets.surface import Surface
from desktop.wording import plain_date
from desktop.wording.plain import tr

SHOWN = 3
"""More than these are counted, not listed: the name is then too common to help."""


class LookAlikes(Surface):
    """Names each with what agrees and what differs; away when there is none. `wanted` asks for that page."""

    wanted = Signal(int)
    """patient id"""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("overdue_ground", radius=8, parent=parent)
        self._rows: tuple[LookAlike, ...] = ()
        self._lines: list[QWidget] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(*(theme.px(n) for n in (12, 2, 6, 2)))
        self._column.setSpacing(0)
        self.hide()

    def rows(self) -> tuple[LookAlike, ...]:
        """Who is shown."""
        return self._rows

    def words(self) -> str:
        """Everything it says."""
        return "\n".join(alike_words(row) for row in self._rows)

    def show_rows(self, rows: tuple[LookAlike, ...]) -> None:
        """Name them, the most alike first."""
        if rows == self._rows:
            return
        self._rows = rows
        for line in self._lines:
            self._column.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._lines = [self._line(row, place) for place, row in enumerate(rows[:SHOWN])]
        if len(rows) > SHOWN:
            more = tr("and {count} more").format(count=len(rows) - SHOWN)
            self._lines.append(Label(more, role="small", tone="overdue_word"))
        for line in self._lines:
            self._column.addWidget(line)
        self.setVisible(bool(rows))
        if rows:
            announce(self, f"{_count_words(len(rows))}: {alike_words(rows[0])}")

    def _line(self, row: LookAlike, place: int) -> QWidget:
        line = QWidget()
        inside = QHBoxLayout(line)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(theme.px(8))
        mark = Mark(Status.NOTE)
        inside.addWidget(mark)
        if place == 0:
            head = Label(_count_words(len(self._rows)), tone="overdue_word", weight=600)
            inside.addWidget(head)
        inside.addWidget(Label(alike_words(row), elide=True), 1)
        button = KeyButton(tr("Open"), "quiet", tr("Alt L") if place == 0 else "", height=LINE_HEIGHT)
        button.setAccessibleName(tr("Open the page of {name}").format(name=f"{row.given} {row.surname}"))
        button.clicked.connect(lambda _on=False, who=row.patient_id: self.wanted.emit(who))
        inside.addWidget(button)
        return line

    def open_first(self) -> None:
        """Ask for the page of the first one."""
        if self._rows:
            self.wanted.emit(self._rows[0].patient_id)


def _count_words(count: int) -> str:
    return tr("1 look-alike") if count == 1 else tr("{count} look-alikes").format(count=count)


def alike_words(row: LookAlike) -> str:
    """Who it is, what agrees and what differs."""
    born = tr("born {day}").format(day=plain_date(row.birth_date)) if row.birth_date else tr("born unknown")
    who = f"{row.surname.upper()}, {row.given}, {born}, {row.number}"
    said = []
    if row.agrees:
        said.append(tr("the same: {fields}").format(fields=_named(row.agrees)))
    if row.differs:
        said.append(tr("other: {fields}").format(fields=_named(row.differs)))
    return f"{who}: {'; '.join(said)}" if said else who


def _named(codes: tuple[str, ...]) -> str:
    names = {
        "surname": tr("surname"),
        "given": tr("given name"),
        "birth-date": tr("date of birth"),
        "identifier": tr("number"),
        "sex": tr("sex"),
    }
    return ", ".join(names.get(code, code.replace("_", " ").replace("-", " ")) for code in codes)
