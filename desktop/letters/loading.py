"""What the Letters page asks the record for, and what can be written about a course."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

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
    source,
)
from db.queries.letters_due import letters_due_begin
from db.queries.patient_rows import Banner, LetterRow
from db.queries.search import words_of
from db.queries.worklist import letters_due
from db.queries.worklist_rows import LettersDueRow
from desktop.letters.offers import Offer, earlier_offers, is_judged, offers
from desktop.wording import letter_kind_name

FIRST = 250
"""Repeat tests whose letters are shown before the whole list is read."""
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
class DueLetters:
    """The letters that the record calls for, the batches of which nobody has said what came out, and the letters
    that are filed and did not come out. `whole` unless it is only the beginning of a long list.
    """

    rows: tuple[LettersDueRow, ...]
    in_doubt: tuple[BatchRow, ...]
    waiting: tuple[Unprinted, ...] = ()
    whole: bool = True


def load_due(session: Any, today: date) -> DueLetters:
    """What stands on the clinic's list of letters."""
    return DueLetters(letters_due(session, today), open_batches(session), unprinted(session))


def load_due_begin(session: Any, today: date) -> DueLetters:
    """The same, of a long list only a first screen."""
    begin = letters_due_begin(session, today, FIRST)
    if begin is None:
        return load_due(session, today)
    return DueLetters(begin, open_batches(session), unprinted(session), whole=False)


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
