"""Open items of work-ups grouped by patient for the list, and by state for the board. Pure values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QCoreApplication

from db.queries.worklist_rows import OpenItemRow
from desktop.widgets.marks import Status
from desktop.widgets.row_list import ListRow
from desktop.wording import (
    age_years,
    cause_name,
    due_words,
    item_state_name,
    sex_letter,
    work_up_item_name,
)

tr = QCoreApplication.translate

MINE, LATE = "mine", "late"
COLUMNS = ("todo", "ordered", "done")
"""States an item waits in, one column of the board each; a settled item leaves the board."""
URGENT = frozenset({"emergency", "urgent"})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with open items; the first of them is the one that is due first."""

    items: tuple[OpenItemRow, ...]

    @property
    def first(self) -> OpenItemRow:
        """The item due first."""
        return self.items[0]


def matching(items: Sequence[OpenItemRow], name: str, user_id: int) -> tuple[OpenItemRow, ...]:
    """What a filter lets through."""
    if name == MINE:
        return tuple(item for item in items if item.owner_id == user_id)
    if name == LATE:
        return tuple(item for item in items if item.days_late > 0)
    return tuple(items)


def people(items: Sequence[OpenItemRow]) -> tuple[Person, ...]:
    """One for each patient: whoever has an urgent item first, then by the day the first item is due."""
    found: dict[int, list[OpenItemRow]] = {}
    for item in items:
        found.setdefault(item.patient_id, []).append(item)
    made = [Person(tuple(sorted(some, key=_order))) for some in found.values()]
    return tuple(sorted(made, key=lambda one: (_order(one.first), one.first.surname, one.first.given)))


def _order(item: OpenItemRow) -> tuple[bool, date, int]:
    return item.urgency not in URGENT, item.due, item.item_id


def status(item: OpenItemRow) -> Status:
    """The mark of an item: urgent, late, under way, or to do."""
    if item.urgency in URGENT:
        return Status.URGENT
    if item.days_late > 0:
        return Status.OVERDUE
    return Status.PLANNED if item.state == "todo" else Status.DUE


def person_row(person: Person, today: date) -> ListRow:
    """A patient's line: what is due first, and how many items are open for which causes."""
    first = person.first
    causes = ", ".join(dict.fromkeys(cause_name(item.cause).lower() for item in person.items))
    count = (
        tr("work-up", "1 open")
        if len(person.items) == 1
        else tr("work-up", "{count} open").format(count=len(person.items))
    )
    return ListRow(
        id=first.patient_id,
        status=status(first),
        name=f"{first.surname}, {first.given}",
        age_sex=_age_sex(first, today),
        due=due_words(first.due, today),
        late=first.days_late > 0,
        step=work_up_item_name(first.code),
        why=f"{count} · {causes}",
        owner=_initials(first.owner_name),
        spoken=tr("work-up", "{name}, {count}, first {item}, {due}").format(
            name=f"{first.surname}, {first.given}",
            count=count,
            item=work_up_item_name(first.code),
            due=due_words(first.due, today),
        ),
    )


def card(item: OpenItemRow, today: date) -> ListRow:
    """An item as a card of the board."""
    return ListRow(
        id=item.item_id,
        status=status(item),
        name=work_up_item_name(item.code),
        due=due_words(item.due, today),
        late=item.days_late > 0,
        step=f"{item.surname}, {item.given}",
        why=cause_name(item.cause).lower(),
        owner=_initials(item.owner_name),
        spoken=tr("work-up", "{item} for {name}, {state}, {due}").format(
            item=work_up_item_name(item.code),
            name=f"{item.surname}, {item.given}",
            state=item_state_name(item.state),
            due=due_words(item.due, today),
        ),
    )


@dataclass(frozen=True, slots=True)
class Lines:
    """What a view shows: the patients of the list, and the cards of the board by state, of which there are none
    while nobody sees the board."""

    people: tuple[ListRow, ...]
    cards: Mapping[str, tuple[ListRow, ...]]


def lines(items: Sequence[OpenItemRow], today: date, on_board: bool) -> Lines:
    """Open items in words. In a long list that takes longer than reading it."""
    cards: dict[str, list[ListRow]] = {state: [] for state in COLUMNS}
    for item in items if on_board else ():
        cards[item.state].append(card(item, today))
    listed = tuple(person_row(one, today) for one in people(items))
    return Lines(listed, {state: tuple(some) for state, some in cards.items()})


def _age_sex(item: OpenItemRow, today: date) -> str:
    age = str(age_years(item.birth_date, today)) if item.birth_date else ""
    return " ".join(part for part in (age, sex_letter(item.sex)) if part)


def _initials(name: str) -> str:
    return "".join(part[:1] for part in name.split()[:2]).upper()
