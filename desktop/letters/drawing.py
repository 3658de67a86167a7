"""From an offer of a letter to its bytes: one alone, one with its copy, or a pile drawn by several processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from itertools import dropwhile

import reports
from clinical.protocol import Protocol
from db.queries.letters import LetterSource, reference_after, reference_of
from db.queries.patient_rows import Banner
from db.queries.people import Owner
from desktop.letters.compose import copy_recipient, copy_record, letter_facts, recipient, recipient_record
from desktop.letters.offers import Offer, enclosures
from desktop.wording.paper_errors import paper_words
from reports.batch import render_batch
from reports.errors import PaperError
from reports.facts import Recipient, RenderedLetter
from reports.together import Job, Press
from reports.wording_edit import wording_of


@dataclass(frozen=True, slots=True)
class Composed:
    """A letter drawn and not yet filed: what it is, about whom, and the exact bytes.

    `besides` goes out with it: the same letter with the address of whoever gets a copy, and what is put into the
    envelope. `enclosed_in` is the reference of the letter that this one is put into the envelope of.
    """

    offer: Offer
    banner: Banner
    course_id: int
    assessment_id: int | None
    letter_id: str
    recipient: dict[str, object]
    drawn: RenderedLetter
    wording_version_id: int | None = None
    enclosed_in: str = ""
    besides: tuple[Composed, ...] = ()
    joined: bytes = b""
    """The letter and its besides as one file, put together where they were drawn."""

    @property
    def letters(self) -> tuple[Composed, ...]:
        """The letter and what goes out with it, as they are filed."""
        return (self, *self.besides)

    @property
    def paper(self) -> bytes:
        """What is printed: the letter, and what goes out with it, each on a sheet of its own."""
        return self.joined or self.drawn.pdf


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

    `beside` is one that goes out only with the letter before it, `enclosed` in the same envelope. `row` is the place
    of what asks for it in the list that the pile is made of.
    """

    offer: Offer
    found: LetterSource
    copy_to: Recipient | None = None
    row: int = 0
    beside: bool = False

    @property
    def enclosed(self) -> bool:
        """Whether it is put into the envelope of the letter before it."""
        return self.beside and self.copy_to is None

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
        return NotComposed(offer, paper_words(error))


def draw_with_besides(
    offer: Offer, found: LetterSource, signer: Owner, today: date, protocol: Protocol
) -> Composed | NotComposed:
    """As `draw`, with what goes out with it: as `with_besides` says."""
    first, *others = with_besides([Sheet(offer, found)])
    made = draw(first.offer, first.found, signer, today, protocol)
    if isinstance(made, NotComposed):
        return made
    besides: list[Composed] = []
    reference = made.letter_id
    for sheet in others:
        again = replace(sheet.found, next_letter_id=reference_after(reference))
        one = draw(sheet.offer, again, signer, today, protocol, sheet.copy_to)
        if isinstance(one, Composed):
            besides.append(one)
            reference = one.letter_id
    made = replace(made, besides=tuple(besides))
    if not besides:
        return made
    return replace(
        made, joined=render_batch([one.drawn.pdf for one in made.letters], None, made.drawn.title).pdf
    )


def with_besides(sheets: Sequence[Sheet]) -> tuple[Sheet, ...]:
    """Each letter, and after it what is put into its envelope and the copy for the GP or referrer, where one is due
    and the address is known.
    """
    out: list[Sheet] = []
    for sheet in sheets:
        out.append(sheet)
        out += [replace(sheet, offer=offer, beside=True) for offer in enclosures(sheet.offer, sheet.found)]
        reader = copy_recipient(sheet.offer, sheet.found)
        if reader is not None:
            out.append(replace(sheet, copy_to=reader, beside=True))
    return tuple(out)


def draw_pile(
    sheets: Sequence[Sheet], number: int, hand: Hand, press: Press, progress: Callable[[Sheet], None]
) -> tuple[list[Composed], list[tuple[Sheet, str]]]:
    """The letters of a pile, and those that cannot be made with the reason as a sentence.

    They are numbered on from `number` without a gap: what follows a letter that cannot be made is drawn under the
    number that then is its own. Nothing goes out beside a letter that cannot be made, and a letter goes out without
    what beside it cannot. `progress` is told what is drawn next and may raise to stop.
    """
    made: list[Composed] = []
    failed: list[tuple[Sheet, str]] = []
    left, envelope = list(sheets), ""
    while left:
        numbered = [sheet.numbered(number + len(made) + place) for place, sheet in enumerate(left)]
        with closing(press.draw(_jobs(numbered, hand))) as drawn:
            for sheet in numbered:
                progress(sheet)
                one = next(drawn)
                left.pop(0)
                if isinstance(one, PaperError):
                    if not sheet.beside:
                        failed.append((sheet, paper_words(one)))
                        left = list(dropwhile(lambda other: other.beside, left))
                    break
                letter = sheet.composed(one)
                envelope = envelope if sheet.beside else letter.letter_id
                made.append(replace(letter, enclosed_in=envelope if sheet.enclosed else ""))
    return made, failed


def _jobs(sheets: Sequence[Sheet], hand: Hand) -> Iterator[Job | PaperError]:
    for sheet in sheets:
        try:
            yield sheet.job(hand)
        except PaperError as error:
            yield error
