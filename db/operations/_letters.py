"""A letter inside a write: filed with its exact bytes, and what became of it noted. The audit row is the caller's."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from db import models as m
from db.errors import Refused
from db.models import vocabulary as v
from db.operations._assess import REST_ON_ASSESSMENT, newest_id
from db.operations._rows import active_patient, add, get, one_of
from db.stamp import Stamp

WAYS = ("printed", "file", "handed", "posted", "returned")
"""What may become of a letter."""


@dataclass(frozen=True, slots=True)
class NewLetter:
    """A letter as composed. `letter_id` is the printed reference that `queries.letters.source` foretold.

    `recipient` is the name and address as printed, with role and person id where known; `text` is the letter
    as plain text for search; `sha256` is checked against `pdf`. `wording_version_id` is the clinic's own wording.
    """

    kind: str
    course_id: int
    patient_id: int
    recipient: Mapping[str, object]
    assessment_id: int | None
    pdf: bytes
    sha256: str
    pages: int
    wording_version: str
    text: str
    letter_id: str
    wording_version_id: int | None = None


def file_letter(session: Session, letter: NewLetter, stamp: Stamp) -> int:
    """Keep a letter, approved; its id. The caller writes the audit row. Raises what `issue` raises."""
    active_patient(session, letter.patient_id)
    course = get(session, m.Course, letter.course_id)
    if course.patient_id != letter.patient_id:
        raise Refused("other-patient", course_id=letter.course_id)
    _check(session, letter)
    _check_newest(session, letter)
    clinician_id = letter.recipient.get("clinician_id")
    letter_id = add(
        session,
        m.Letter,
        stamp,
        reference=letter.letter_id,
        kind=letter.kind,
        patient_id=letter.patient_id,
        course_id=letter.course_id,
        assessment_id=letter.assessment_id,
        decision_id=_decision(session, letter.assessment_id),
        clinician_id=clinician_id if isinstance(clinician_id, int) else None,
        recipient=dict(letter.recipient),
        language=str(letter.recipient.get("language", "en")),
        made_on=stamp.today,
        state="approved",
        pages=letter.pages,
        sha256=letter.sha256,
        wording_version=letter.wording_version,
        wording_version_id=letter.wording_version_id,
        text=letter.text,
        approved_at=stamp.at,
        approved_by_id=stamp.user_id,
    )
    session.execute(insert(m.LetterFile).values(letter_id=letter_id, pdf=letter.pdf))
    return letter_id


def note_way(session: Session, letter: m.Letter, how: str, stamp: Stamp) -> None:
    """Note what became of a letter. The caller writes the audit row. Raises what `mark_printed` raises."""
    if letter.state == "void":
        raise Refused("letter-void", reason=letter.void_reason)
    if how != "returned":
        active_patient(session, letter.patient_id)
    elif letter.sent_at is None:
        raise Refused("not-sent")
    if letter.out_of_date_at is not None and letter.sent_at is None:
        raise Refused("letter-out-of-date", since=letter.out_of_date_at)
    if letter.printed_at is None:
        letter.printed_at, letter.printed_by_id = stamp.at, stamp.user_id
        letter.printed_how = "file" if how == "file" else "printer"
    if how in ("handed", "posted"):
        letter.sent_at = stamp.at
    if how == "returned":
        letter.returned_at = stamp.at
    if how in ("printed", "file"):
        letter.state = "printed" if letter.sent_at is None else letter.state
    else:
        letter.state = how


def outdate_infusion_letters(session: Session, patient_id: int, stamp: Stamp) -> None:
    """An infusion is on another day or will not be: what was written of the next one is out of date."""
    letter = m.Letter
    for one in session.scalars(
        select(letter).where(
            letter.patient_id == patient_id,
            letter.kind == "repeat-infusion",
            letter.state != "void",
            letter.out_of_date_at.is_(None),
        )
    ):
        one.out_of_date_at = stamp.at


def _check(session: Session, letter: NewLetter) -> None:
    """The letter is whole, and its printed id its own."""
    one_of(letter.kind, v.LETTER_KINDS, "kind")
    if not letter.pdf or letter.pages < 1:
        raise Refused("empty-letter")
    if hashlib.sha256(letter.pdf).hexdigest() != letter.sha256:
        raise Refused("hash-mismatch")
    taken = session.scalars(select(m.Letter.id).where(m.Letter.reference == letter.letter_id)).first()
    if taken is not None or not letter.letter_id.strip():
        raise Refused("letter-id-in-use", reference=letter.letter_id)


def _check_newest(session: Session, letter: NewLetter) -> None:
    """What the letter tells is what the record says now."""
    if letter.assessment_id is None or letter.kind not in REST_ON_ASSESSMENT:
        return
    row = get(session, m.AssessmentRow, letter.assessment_id)
    if row.patient_id != letter.patient_id:
        raise Refused("other-patient", assessment_id=row.id)
    if row.id != newest_id(session, row.course_id):
        raise Refused("assessment-changed", assessment_id=row.id)


def _decision(session: Session, assessment_id: int | None) -> int | None:
    """The decision the letter tells of."""
    if assessment_id is None:
        return None
    return session.scalars(
        select(m.Decision.id)
        .where(m.Decision.assessment_id == assessment_id, m.Decision.withdrawn_at.is_(None))
        .order_by(m.Decision.id.desc())
        .limit(1)
    ).first()
