"""Rows of the Letters page in words."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QCoreApplication

from db.queries.batches import BatchRow, Unprinted
from db.queries.letter_archive import FiledLetter
from db.queries.patient_rows import LetterRow
from db.queries.worklist_rows import LettersDueRow
from desktop.letters.offers import Offer
from desktop.widgets.marks import Status
from desktop.widgets.row_list import ListRow
from desktop.wording import (
    age_years,
    clock_time,
    due_words,
    letter_kind_name,
    letter_state_name,
    short_date,
    speciality_name,
)
from desktop.wording.letters import block_words

tr = QCoreApplication.translate


def due_row(number: int, row: LettersDueRow, today: date) -> ListRow:
    """A letter that is due, on the clinic's list."""
    late = row.due < today
    status = Status.NOTE if row.blocked else (Status.OVERDUE if late else Status.DUE)
    name = letter_kind_name(row.kind)
    if row.refer_to:
        name = f"{name}, {speciality_name(row.refer_to)}"
    return ListRow(
        id=number,
        status=status,
        name=f"{row.surname}, {row.given}",
        age_sex=str(age_years(row.birth_date, today)) if row.birth_date else "",
        due=tr("letters", "blocked") if row.blocked else due_words(row.due, today),
        late=late and not row.blocked,
        step=name,
        why=block_words(row.blocked) if row.blocked else "",
    )


def batch_row(number: int, row: BatchRow) -> ListRow:
    """A batch of which nobody has said what came out."""
    name = (
        tr("letters", "1 letter")
        if row.size == 1
        else tr("letters", "{count} letters").format(count=row.size)
    )
    return ListRow(
        id=number,
        status=Status.OVERDUE,
        name=name,
        due=clock_time(row.at.astimezone()),
        late=True,
        step=tr("letters", "did they come out?"),
        why=tr("letters", "{count} not answered for").format(count=row.pending),
        owner=row.by,
    )


def offer_row(number: int, offer: Offer) -> ListRow:
    """A letter that may be written about the course."""
    return ListRow(
        id=number,
        status=Status.NOTE if offer.blocked else Status.DUE,
        name=offer.title,
        due=tr("letters", "blocked") if offer.blocked else "",
        step=tr("letters", "to {name}").format(name=offer.to),
        why=offer.blocked or offer.note,
    )


def archive_row(number: int, row: LetterRow, today: date) -> ListRow:
    """A letter in the archive."""
    pages = (
        tr("letters", "1 page") if row.pages == 1 else tr("letters", "{count} pages").format(count=row.pages)
    )
    doubt = out_of_date_words(row, today) or pages
    return ListRow(
        id=number,
        status=Status.NOTE if row.out_of_date else Status.DONE,
        name=letter_kind_name(row.kind),
        due=short_date(row.made_on, today),
        step=f"{letter_state_name(row.state)} · {row.reference}",
        why=doubt,
        owner="",
    )


def out_of_date_words(row: LetterRow, today: date) -> str:
    """Since when the record says something else than a letter of the archive; empty where it does not."""
    if not row.out_of_date:
        return ""
    if row.out_of_date_since is None:
        return tr("letters", "out of date")
    day = short_date(row.out_of_date_since.astimezone().date(), today)
    return tr("letters", "out of date since {day}").format(day=day)


def found_row(number: int, found: FiledLetter, today: date) -> ListRow:
    """A letter that a search of the whole archive found."""
    row = found.row
    return ListRow(
        id=number,
        status=Status.NOTE if row.out_of_date else Status.DONE,
        name=f"{found.surname}, {found.given}",
        due=short_date(row.made_on, today),
        step=f"{letter_kind_name(row.kind)} · {row.reference}",
        why=out_of_date_words(row, today) or letter_state_name(row.state),
    )


def waiting_row(number: int, row: Unprinted) -> ListRow:
    """A letter that is filed and did not come out: it waits to be printed again."""
    return ListRow(
        id=number,
        status=Status.NOTE if row.stopped else Status.DUE,
        name=f"{row.surname}, {row.given}",
        due=tr("letters", "blocked") if row.stopped else "",
        step=f"{letter_kind_name(row.kind)} · {row.reference}",
        why=block_words(row.stopped) if row.stopped else tr("letters", "filed, and did not come out"),
    )


def no_letter_words() -> str:
    """Where no letter is due: how one comes."""
    return tr(
        "letters",
        "No letter is due. Letters appear here after a decision, with booked blood tests and as reminders. "
        "Decide on results in Review, Ctrl+2, or search the archive with /.",
    )
