"""What the Letters page asks the record for, and the work done off the GUI thread: composing and drawing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import reports
from clinical.protocol import Protocol
from db.models.vocabulary import LETTER_KINDS
from db.queries.banner import banner
from db.queries.batches import BatchRow, Unprinted, open_batches, unprinted
from db.queries.letter_archive import SHORTEST_TEXT, FiledLetter, search_letters
from db.queries.letters import (
    ArchivedLetter,
    Common,
    LetterSource,
    archived,
    letters_of,
    patient_of_letter,
    reference_after,
    source,
)
from db.queries.patient_rows import Banner, LetterRow
from db.queries.people import Owner
from db.queries.search import words_of
from db.queries.worklist import letters_due
from db.queries.worklist_rows import LettersDueRow
from desktop.letters.compose import copy_recipient, copy_record, letter_facts, recipient_record
from desktop.letters.offers import Offer, earlier_offers, is_judged, offers
from desktop.wording import letter_kind_name
from reports.batch import render_batch
from reports.errors import PaperError
from reports.facts import Recipient, RenderedLetter
from reports.wording_edit import wording_of

MOST_FOUND = 100
"""Letters of the archive that are shown for one search."""


@dataclass(frozen=True, slots=True)
class CourseLetters:
    """What can be written about one course, and what was.

    `earlier` is the course before, while this one has no answer of its own that could be written about.
    """

    source: LetterSource
    offers: tuple[Offer, ...]
    archive: tuple[LetterRow, ...]
    earlier: LetterSource | None = None

    def source_of(self, offer: Offer) -> LetterSource:
        """What this letter is written from."""
        return self.earlier if offer.earlier and self.earlier is not None else self.source


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter drawn and not yet filed: what it is, about whom, and the exact bytes.

    `copy` is the same letter with the address of whoever gets a copy of it, where somebody does.
    """

    offer: Offer
    banner: Banner
    course_id: int
    assessment_id: int | None
    letter_id: str
    recipient: dict[str, object]
    drawn: RenderedLetter
    wording_version_id: int | None = None
    copy: Composed | None = None

    @property
    def letters(self) -> tuple[Composed, ...]:
        """The letter and its copy, as they are filed."""
        return (self,) if self.copy is None else (self, self.copy)

    @property
    def paper(self) -> bytes:
        """What is printed: the letter, and the copy on a sheet of its own."""
        if self.copy is None:
            return self.drawn.pdf
        return render_batch([one.drawn.pdf for one in self.letters], None, self.drawn.title).pdf


@dataclass(frozen=True, slots=True)
class NotComposed:
    """Why a letter could not be made, as a sentence."""

    offer: Offer
    reason: str


@dataclass(frozen=True, slots=True)
class DueLetters:
    """The letters that the record calls for, the batches of which nobody has said what came out, and the letters
    that are filed and did not come out.
    """

    rows: tuple[LettersDueRow, ...]
    in_doubt: tuple[BatchRow, ...]
    waiting: tuple[Unprinted, ...] = ()


def load_due(session: Any, today: date) -> DueLetters:
    """What stands on the clinic's list of letters."""
    return DueLetters(letters_due(session, today), open_batches(session), unprinted(session))


def load_course(
    session: Any, course_id: int, today: date, *, archive: bool = True, shared: Common | None = None
) -> CourseLetters:
    """One course: what may be written, and the patient's archive where it is wanted; `shared` as `source` takes it."""
    found = source(session, course_id, shared)
    filed = letters_of(session, found.banner.patient_id) if archive else ()
    before = None if is_judged(found) else _course_before(found)
    if before is None:
        return CourseLetters(found, offers(found, today), filed)
    earlier = source(session, before, shared)
    return CourseLetters(found, (*earlier_offers(earlier), *offers(found, today)), filed, earlier)


def _course_before(found: LetterSource) -> int | None:
    """The course before this one, or None for the first."""
    before = [course for course in found.courses if course.ordinal < found.course.ordinal]
    return max(before, key=lambda course: course.ordinal).course_id if before else None


def load_found(session: Any, text: str) -> tuple[FiledLetter, ...]:
    """Letters of the archive that a text is found in; a word may be of the name of a kind, as the window says it."""
    kinds = {
        word: [code for code in LETTER_KINDS if word.casefold() in letter_kind_name(code).casefold()]
        for word in words_of(text)
        if len(word) >= SHORTEST_TEXT
    }
    return search_letters(session, text, kinds, MOST_FOUND)


def load_archived(session: Any, letter_id: int) -> ArchivedLetter:
    """A letter exactly as it was filed."""
    return archived(session, letter_id)


def load_waiting(session: Any, letter_id: int) -> tuple[Banner, ArchivedLetter]:
    """A letter exactly as it was filed, and whom it is about."""
    return banner(session, patient_of_letter(session, letter_id)), archived(session, letter_id)


def draw(
    offer: Offer,
    found: LetterSource,
    signer: Owner,
    today: date,
    protocol: Protocol,
    copy_to: Recipient | None = None,
) -> Composed | NotComposed:
    """Make the PDF of an offer. What is wrong with the facts or the wording comes back as a sentence.

    `copy_to` makes the same letter with another address in the window, marked as a copy.
    """
    try:
        facts = replace(letter_facts(offer, found, signer, today, protocol), copy_to=copy_to)
        own = found.wordings.get((offer.kind, facts.recipient.language))
        wording = wording_of(facts.recipient.language, offer.kind, own[1]) if own is not None else None
        drawn = reports.render(offer.kind, facts, wording)
    except PaperError as error:
        return NotComposed(offer, str(error))
    view = found.explain
    return Composed(
        offer,
        found.banner,
        found.course.course_id,
        view.assessment_id if view else None,
        found.next_letter_id,
        copy_record(offer, found) if copy_to is not None else recipient_record(offer, found),
        drawn,
        own[0] if own is not None else None,
    )


def draw_with_copy(
    offer: Offer, found: LetterSource, signer: Owner, today: date, protocol: Protocol
) -> Composed | NotComposed:
    """As `draw`, with the copy for the GP or referrer where one is due and the address is known."""
    made = draw(offer, found, signer, today, protocol)
    reader = copy_recipient(offer, found)
    if isinstance(made, NotComposed) or reader is None:
        return made
    again = replace(found, next_letter_id=reference_after(found.next_letter_id))
    copy = draw(offer, again, signer, today, protocol, reader)
    return replace(made, copy=copy) if isinstance(copy, Composed) else made
