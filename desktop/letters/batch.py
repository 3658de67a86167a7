"""A batch of letters: composed in post order, filed together, put out, answered for. No window is needed.

Crash safety rests on the order: everything is composed before anything is filed, everything is filed in one
transaction before anything leaves the program, and a letter counts as printed only once somebody, or the file on the
disk, says that it came out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import reports
from clinical.protocol import Protocol
from db import queries
from db.changes import Changes
from db.errors import KnownError
from db.operations.batches import NewBatch, open_batch
from db.queries.batches import BatchItem, BatchView, Unprinted, batch, letter_files
from db.queries.letters import Common, common, next_number
from db.queries.people import Clinic, Owner
from db.queries.worklist_rows import LettersDueRow
from db.stamp import Stamp
from desktop.language import spoken
from desktop.letters.drawing import Composed, Hand, Sheet, draw_pile, with_besides
from desktop.letters.filing import new_letter
from desktop.letters.loading import CourseLetters, load_course
from desktop.list_paper import paper_clinic
from desktop.wording import letter_kind_name, long_date, speciality_name
from desktop.wording.letters import block_words
from desktop.wording.plain import tr
from reports import facts as paper
from reports.batch import BatchPdf, first_pages, letters_before, render_batch
from reports.together import Press, processes_for

LARGEST = 1000
"""Letters in one batch: more are printed in several."""
_AFTER = "\uffff"

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A letter that is due and not in the batch, with the reason in words; `code` is for the record."""

    row: LettersDueRow
    code: str
    why: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the letters of some rows are written from; `number` is that of the next letter.

    `again` are filed letters that did not come out, with their bytes.
    """

    rows: tuple[tuple[LettersDueRow, CourseLetters | LeftOut], ...]
    clinic: Clinic
    number: int
    again: tuple[tuple[Unprinted, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Prepared:
    """Letters composed and not filed, in post order, those left out, and the PDF that would be printed.

    `again` are filed ones that did not come out: they stand at the end of the pile.
    """

    letters: tuple[Composed, ...]
    left_out: tuple[LeftOut, ...]
    paper: BatchPdf | None
    again: tuple[Unprinted, ...] = ()

    @property
    def size(self) -> int:
        """How many letters there are in the pile."""
        return len(self.letters) + len(self.again)

    @property
    def first_reference(self) -> str:
        """What is printed on the first letter of the pile."""
        return self.letters[0].letter_id if self.letters else self.again[0].reference

    @property
    def pages(self) -> int:
        """Printed pages of the letters themselves."""
        return sum(one.drawn.pages for one in self.letters) + sum(one.pages for one in self.again)

    def new_batch(self, how: str) -> NewBatch:
        """The batch as the record takes it."""
        reasons = Counter(one.code for one in self.left_out)
        seen = tuple((one.letter_id, one.version) for one in self.again)
        return NewBatch(tuple(new_letter(one) for one in self.letters), how, seen, dict(reasons))


@dataclass(frozen=True, slots=True)
class Reprint:
    """What of a filed batch is still to come out: its letters in order, and the PDF of them."""

    view: BatchView
    items: tuple[BatchItem, ...]
    paper: BatchPdf | None


def load_rows(
    session: Any, rows: Sequence[LettersDueRow], today: date, again: Sequence[Unprinted] = ()
) -> Loaded:
    """Read what the letters of these rows are written from, and the bytes of those to be printed `again`."""
    read: dict[int, CourseLetters | LeftOut] = {}
    shared = common(session)
    return Loaded(
        tuple((row, _load(session, row, today, read, shared)) for row in rows),
        shared.clinic,
        next_number(session),
        _filed(session, again),
    )


def prepare(
    loaded: Loaded,
    signer: Owner,
    today: date,
    protocol: Protocol,
    progress: Progress,
    *,
    totals: bool = True,
    processes: int | None = None,
) -> Prepared:
    """Compose letters in post order, without a database; what cannot be written is left out with its reason.

    Nothing is filed. `progress` may raise to stop. `totals` False makes no PDF of the whole. Large piles are drawn by
    several processes unless `processes` says how many.
    """
    wanted = [_wanted(place, row, found) for place, (row, found) in enumerate(loaded.rows)]
    left = [one for one in wanted if isinstance(one, LeftOut)]
    sheets = with_besides([one for one in wanted if isinstance(one, Sheet)])
    with Press(processes_for(len(sheets)) if processes is None else processes) as press:
        made, failed = draw_pile(
            sheets,
            loaded.number,
            Hand(signer, today, protocol),
            press,
            lambda sheet: progress(sheet.row, len(loaded.rows), tr("letters")),
        )
    left += [LeftOut(loaded.rows[sheet.row][0], "cannot-be-written", why) for sheet, why in failed]
    keys = {one.letter_id: _post_order(one) for one in made}
    ordered = tuple(sorted(made, key=lambda one: (keys[one.enclosed_in or one.letter_id], one.letter_id)))
    whole = totals and bool(ordered or loaded.again)
    out = _paper(loaded.clinic, today, signer, ordered, left, loaded.again) if whole else None
    return Prepared(ordered, tuple(left), out, tuple(one for one, _pdf in loaded.again))


def file_batch(session: Any, prepared: Prepared, how: str, stamp: Stamp) -> Changes:
    """File all of a prepared batch in one transaction; raises what `open_batch` raises."""
    return open_batch(session, prepared.new_batch(how), stamp)


def load_reprint(session: Any, batch_id: int, today: date, from_page: int = 1) -> Reprint:
    """What of a batch is still pending, from the letter on that page of its PDF on; the PDF is the archived pages.

    A letter that may not go out any more is left out of the PDF and stays on the list of what is pending.
    """
    view, clinic = batch(session, batch_id), queries.clinic(session)
    waiting = tuple(item for item in view.pending if not item.stopped)
    items = waiting[letters_before(first_pages([item.pages for item in waiting]), from_page) :]
    if not items:
        return Reprint(view, (), None)
    files = letter_files(session, [item.letter_id for item in items])
    kinds = Counter(letter_kind_name(item.kind) for item in items)
    sheet = _totals(
        clinic, today, view.row.by, kinds, {}, [(item.pages, letter_kind_name(item.kind)) for item in items]
    )
    title = tr("Letters, batch {number}").format(number=batch_id)
    return Reprint(view, items, render_batch([files[item.letter_id] for item in items], sheet, title))


def letters_out(first: Sequence[int], last_page: int) -> int:
    """How many letters came out whole when the last good page was this one."""
    return letters_before(first, last_page + 1) if last_page > 0 else 0


def _filed(session: Any, again: Sequence[Unprinted]) -> tuple[tuple[Unprinted, bytes], ...]:
    files = letter_files(session, [one.letter_id for one in again])
    return tuple((one, files[one.letter_id]) for one in again)


def _load(
    session: Any, row: LettersDueRow, today: date, read: dict[int, CourseLetters | LeftOut], shared: Common
) -> CourseLetters | LeftOut:
    """What one letter is written from, or why it is left out; letters of one course are read once (`read`)."""
    if row.blocked:
        return LeftOut(row, row.blocked, block_words(row.blocked))
    try:
        if row.course_id not in read:
            read[row.course_id] = load_course(session, row.course_id, today, archive=False, shared=shared)
        return read[row.course_id]
    except KnownError as error:
        return LeftOut(row, error.code, block_words(error.code))


def _wanted(place: int, row: LettersDueRow, loaded: CourseLetters | LeftOut) -> Sheet | LeftOut:
    """What is to be drawn for a letter that is due, or why it is left out."""
    if isinstance(loaded, LeftOut):
        return loaded
    called = (row.kind, row.refer_to or "")
    offer = next((one for one in loaded.offers if (one.kind, one.refer_to) == called), None)
    if offer is None:
        return LeftOut(row, "not-called-for", tr("it is not called for any more"))
    if offer.blocked:
        return LeftOut(row, "blocked", offer.blocked)
    return Sheet(offer, loaded.source_of(offer), row=place)


def _post_order(one: Composed) -> tuple[str, ...]:
    """By town or postcode (the last line), then street and name, so that one envelope's letters lie together."""
    lines = one.recipient.get("address_lines")
    address = [str(line).casefold() for line in reversed(lines)] if isinstance(lines, list) else []
    name = str(one.recipient.get("name", "")).casefold()
    return (*(address or [_AFTER]), name, one.letter_id)


def _paper(
    clinic: Clinic,
    today: date,
    signer: Owner,
    letters: Sequence[Composed],
    left: Sequence[LeftOut],
    again: Sequence[tuple[Unprinted, bytes]],
) -> BatchPdf:
    out = [(_left_name(one), one.why) for one in left]
    pages = [(one.drawn.pages, one.offer.title) for one in letters]
    pages += [(one.pages, letter_kind_name(one.kind)) for one, _pdf in again]
    kinds = Counter(title for _count, title in pages)
    sheet = _totals(clinic, today, signer.name, kinds, dict(out), pages)
    title = tr("Letters of {day}").format(day=long_date(today))
    return render_batch([*(one.drawn.pdf for one in letters), *(pdf for _one, pdf in again)], sheet, title)


def _left_name(one: LeftOut) -> str:
    """A letter that was left out: by patient number, as the sheet may lie about."""
    kind = letter_kind_name(one.row.kind)
    to = f", {speciality_name(one.row.refer_to)}" if one.row.refer_to else ""
    return f"{one.row.number}: {kind}{to}"


def _totals(
    clinic: Clinic,
    today: date,
    who: str,
    kinds: Counter[str],
    left: dict[str, str],
    pages: Sequence[tuple[int, str]],
) -> bytes:
    """The sheet that goes on top of the pile: letters and pages by kind, and what was left out and why."""
    per_kind: Counter[str] = Counter()
    for count, kind in pages:
        per_kind[kind] += count
    rows = [(kind, str(count), str(per_kind[kind]), "") for kind, count in sorted(kinds.items())]
    rows.append((tr("All letters"), str(sum(kinds.values())), str(sum(per_kind.values())), ""))
    rows += [(name, tr("left out"), "", why) for name, why in sorted(left.items())]
    return reports.render_list(
        paper.ListFacts(
            title=tr("Totals of the letters in this pile"),
            clinic=paper_clinic(clinic),
            as_at=long_date(today),
            columns=(
                paper.ListColumn(tr("Letter"), 5, strong=True),
                paper.ListColumn(tr("Letters"), 1.3, "right"),
                paper.ListColumn(tr("Pages"), 1.3, "right"),
                paper.ListColumn(tr("Remark"), 4),
            ),
            rows=tuple(rows),
            filters=tr("in post order"),
            printed_by=who,
            language=spoken(),
        )
    )
