"""The archive of all letters, searched: by patient, kind, day, printed number, and the words of the letter itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import Session

from db import models as m
from db.queries.born import birth_dates
from db.queries.letters import letter_row, letter_select
from db.queries.patient_rows import LetterRow
from db.queries.search import people_with, words_of

SHORTEST_TEXT = 3
"""Letters from which a word is looked for in what letters say."""


@dataclass(frozen=True, slots=True)
class FiledLetter:
    """A letter of the archive, and whom it is about."""

    row: LetterRow
    patient_id: int
    number: str
    surname: str
    given: str


def search_letters(
    session: Session, text: str, kinds: Mapping[str, Sequence[str]] | None = None, limit: int = 100
) -> tuple[FiledLetter, ...]:
    """Letters of every state that each word of the text is found in, newest first.

    A word is part of the patient's name, number or telephone, the day the letter was made or the patient born on,
    the beginning of the number printed on it, the name of its kind, or a word of the letter. A text that is a day as a
    whole (3 Feb 2026) is looked for as one. `kinds` are the codes of the kinds a word may mean, as the reader calls
    them. An empty text finds nothing.
    """
    whole = birth_dates(text)
    words = [text] if whole else words_of(text)
    if not words:
        return ()
    p = m.Patient
    wanted = (
        letter_select()
        .add_columns(m.Letter.patient_id, p.number, p.surname, p.given)
        .join(p, p.id == m.Letter.patient_id)
        .where(*(_has(word, (kinds or {}).get(word, ())) for word in words))
        .order_by(m.Letter.id.desc())
        .limit(limit)
    )
    return tuple(
        FiledLetter(letter_row(row), row.patient_id, row.number, row.surname, row.given)
        for row in session.execute(wanted)
    )


def _has(word: str, kinds: Sequence[str]) -> ColumnElement[bool]:
    """What must hold of a letter for a word to be found in it."""
    letter = m.Letter
    found = [
        letter.patient_id.in_(people_with(word)),
        letter.reference.startswith(word.upper(), autoescape=True),
    ]
    if kinds:
        found.append(letter.kind.in_(kinds))
    if birth_dates(word):
        found.append(letter.made_on.in_(birth_dates(word)))
    if len(word) >= SHORTEST_TEXT:
        found.append(letter.text.icontains(word, autoescape=True))
    return or_(*found)
