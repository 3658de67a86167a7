"""A held result beside the records it may belong to: each identifier side by side, and whether it agrees."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.imports.matching import Agreement, Card
from db.queries.imports import MatchCard
from desktop import theme
from desktop.widgets.chips import FilterRow
from desktop.widgets.labels import section_heading, small
from desktop.widgets.marks import Status
from desktop.widgets.table import DataTable
from desktop.widgets.table_model import Cell, Column, Row
from desktop.wording import plain_date, sex_name
from desktop.wording.held import agreement_words, field_words
from desktop.wording.plain import tr

MARKS = {
    Agreement.AGREE: Status.DONE,
    Agreement.PARTLY: Status.DUE,
    Agreement.DIFFER: Status.URGENT,
    Agreement.MISSING: Status.PLANNED,
}


class MatchView(QWidget):
    """The nearest records as chips, the chosen one beside the message. `chosen` tells the record, or None."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._card: MatchCard | None = None
        self._people: tuple[Card, ...] = ()
        self._title = section_heading(tr("Whose may it be?"))
        self.records = FilterRow(hides=False)
        self._nobody = small("")
        self.table = DataTable(
            tr("Message and record side by side"),
            [
                Column("name", tr("What")),
                Column("theirs", tr("In the message")),
                Column("ours", tr("On record")),
                Column("state", tr("Do they agree?"), stretch=True),
            ],
        )
        heads = [Column("name", tr("What")), Column("theirs", tr("In the message"), stretch=True)]
        self.alone = DataTable(tr("What the message says"), heads)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.px(8))
        for widget in (self._title, self.records, self._nobody, self.table, self.alone):
            column.addWidget(widget)
        self.records.chosen.connect(lambda _name: self._choose())

    def show_card(self, card: MatchCard, more: Sequence[Card] = ()) -> None:
        """Show the records near to a message, `more` being those somebody looked for."""
        self._card = card
        known = {one.patient_id for one in more}
        self._people = (*more, *(one for one in card.cards if one.patient_id not in known))
        self._nobody.setText(
            "" if self._people else tr("Nobody on record is like them. Look for somebody, or register them.")
        )
        self._nobody.setVisible(not self._people)
        self.records.setVisible(len(self._people) > 1)
        names = [(str(one.patient_id), f"{one.surname}, {one.given}", None, None) for one in self._people]
        self.records.set_filters(names, names[0][0] if names else "")
        self._choose()

    def person(self) -> Card | None:
        """The record that is shown beside the message."""
        current = self.records.current()
        return next((one for one in self._people if str(one.patient_id) == current), None)

    def _choose(self) -> None:
        person, card = self.person(), self._card
        if card is None:
            return
        rows = _rows(person) if person is not None else _alone(card)
        for table, shown in ((self.table, person is not None), (self.alone, person is None)):
            table.setVisible(shown)
            table.set_rows(rows if shown else ())
            table.setFixedHeight(theme.px(34 + 30 * len(rows)))
        self.chosen.emit(person)


def _rows(person: Card) -> list[Row]:
    return [
        Row(
            place,
            (
                Cell(field_words(field.name)),
                Cell(_said(field.name, field.theirs)),
                Cell(_said(field.name, field.ours)),
                Cell(agreement_words(field.state.value), mark=MARKS[field.state]),
            ),
        )
        for place, field in enumerate(person.fields)
    ]


def _alone(card: MatchCard) -> list[Row]:
    """What the message says, with nobody beside it."""
    born = card.birth_date.isoformat() if card.birth_date is not None else ""
    lines = (
        ("number", ", ".join(card.numbers)),
        ("family", card.family),
        ("given", card.given),
        ("birth-date", born or card.birth_text),
        ("sex", card.sex or ""),
    )
    return [
        Row(place, (Cell(field_words(name)), Cell(_said(name, text))))
        for place, (name, text) in enumerate(lines)
    ]


def _said(name: str, text: str) -> str:
    if not text:
        return "–"
    if name == "birth-date":
        try:
            return plain_date(date.fromisoformat(text))
        except ValueError:
            return text
    if name == "sex" and text in ("female", "male", "unknown"):
        return sex_name(text)
    return text
