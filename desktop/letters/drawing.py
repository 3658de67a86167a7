"""From an offer of a letter to its bytes: one alone, one with its copy, or a pile drawn by several processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date

import reports
from clinical.protocol import Protocol
from db.queries.letters import LetterSource, reference_after, reference_of
from db.queries.patient_rows import Banner
from db.queries.people import Owner
from desktop.letters.compose import copy_recipient, copy_record, letter_facts, recipient, recipient_record
from desktop.letters.offers import Offer
from reports.batch import render_batch
from reports.errors import PaperError
from reports.facts import Recipient, RenderedLetter
from reports.together import Job, Press
from reports.wording_edit import wording_of


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
class Hand:
    """Who signs, on which day, and the protocol the letters speak of."""

    signer: Owner
    today: date
    protocol: Protocol


@dataclass(frozen=True, slots=True)
class Sheet:
    """A letter to be drawn and what it is written from; `copy_to` puts another address in the window.

    `row` is the place of what asks for it in the list that the pile is made of.
    """

    offer: Offer
    found: LetterSource
    copy_to: Recipient | None = None
    row: int = 0

    def numbered(self, number: int) -> Sheet:
        """The same under the reference that it will carry."""
        return replace(self, found=replace(self.found, next_letter_id=reference_of(number)))

    def job(self, hand: Hand) -> Job:
        """What is drawn; PaperError where the facts or the wording do not give it."""
        facts = letter_facts(self.offer, self.found, hand.signer, hand.today, hand.protocol)
        own = self._own()
        wording = wording_of(facts.recipient.language, self.offer.kind, own[1]) if own is not None else None
        return Job(self.offer.kind, replace(facts, copy_to=self.copy_to), wording)

    def composed(self, drawn: RenderedLetter) -> Composed:
        """The letter with its bytes, ready to be filed."""
        offer, found, own = self.offer, self.found, self._own()
        return Composed(
            offer,
            found.banner,
            found.course.course_id,
            found.explain.assessment_id if found.explain else None,
            found.next_letter_id,
            copy_record(offer, found) if self.copy_to is not None else recipient_record(offer, found),
            drawn,
            own[0] if own is not None else None,
        )

    def _own(self) -> tuple[int, str] | None:
        """The clinic's own wording of this kind in the reader's language, with its version."""
        return self.found.wordings.get((self.offer.kind, recipient(self.offer, self.found).language))


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
    sheet = Sheet(offer, found, copy_to)
    try:
        job = sheet.job(Hand(signer, today, protocol))
        return sheet.composed(reports.render(job.kind, job.facts, job.wording))
    except PaperError as error:
        return NotComposed(offer, str(error))


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


def with_copies(sheets: Sequence[Sheet]) -> tuple[Sheet, ...]:
    """Each letter, and after it the copy for the GP or referrer where one is due and the address is known."""
    out: list[Sheet] = []
    for sheet in sheets:
        out.append(sheet)
        reader = copy_recipient(sheet.offer, sheet.found)
        if reader is not None:
            out.append(replace(sheet, copy_to=reader))
    return tuple(out)


def draw_pile(
    sheets: Sequence[Sheet], number: int, hand: Hand, press: Press, progress: Callable[[Sheet], None]
) -> tuple[list[Composed], list[tuple[Sheet, str]]]:
    """The letters of a pile, and those that cannot be made with the reason as a sentence.

    They are numbered on from `number` without a gap: what follows a letter that cannot be made is drawn under the
    number that then is its own. No copy goes out of a letter that cannot be made, and a letter goes out without a
    copy that cannot. `progress` is told what is drawn next and may raise to stop.
    """
    made: list[Composed] = []
    failed: list[tuple[Sheet, str]] = []
    left = list(sheets)
    while left:
        numbered = [sheet.numbered(number + len(made) + place) for place, sheet in enumerate(left)]
        with closing(press.draw(_jobs(numbered, hand))) as drawn:
            for sheet in numbered:
                progress(sheet)
                one = next(drawn)
                left.pop(0)
                if isinstance(one, PaperError):
                    if sheet.copy_to is None:
                        failed.append((sheet, str(one)))
                        left = left[1:] if left and left[0].copy_to is not None else left
                    break
                made.append(sheet.composed(one))
    return made, failed


def _jobs(sheets: Sequence[Sheet], hand: Hand) -> Iterator[Job | PaperError]:
    for sheet in sheets:
        try:
            yield sheet.job(hand)
        except PaperError as error:
            yield error
