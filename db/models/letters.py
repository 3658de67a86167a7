"""Letters: what was composed, approved, printed and sent, and the exact bytes of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from db.models import vocabulary as v
from db.models.base import Base, Day, Identified, Json, Recorded, Versioned, coded, key_to
from db.models.base import reference as row_of


class Letter(Identified, Versioned, Recorded, Base):
    """A letter as it was made. Only its way (approved, printed, posted …) is written on; the text stays.

    `reference` is printed on it. `sha256` is that of the bytes in `LetterFile`. `out_of_date_at` says when
    the record moved on.
    """

    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("reference"),
        coded("kind", v.LETTER_KINDS),
        coded("state", v.LETTER_STATES),
        CheckConstraint("pages > 0", name="has_pages"),
        CheckConstraint("length(sha256) = 64", name="sha256_whole"),
        CheckConstraint(
            "state = 'draft' OR state = 'void' OR approved_at IS NOT NULL", name="approved_first"
        ),
        CheckConstraint(
            "state NOT IN ('printed', 'handed', 'posted', 'returned') OR printed_at IS NOT NULL",
            name="printed_first",
        ),
        CheckConstraint(
            "state NOT IN ('handed', 'posted', 'returned') OR sent_at IS NOT NULL", name="sent_is_dated"
        ),
        CheckConstraint("state <> 'void' OR void_reason IS NOT NULL", name="void_has_reason"),
        Index("ix_letter_by_patient", "patient_id", "id"),
        Index("ix_letter_by_state", "state", "made_on", "id"),
        Index("ix_letter_by_course", "course_id", "id"),
    )

    reference: Mapped[str]
    kind: Mapped[str]
    patient_id: Mapped[int] = row_of("patient")
    course_id: Mapped[int | None] = row_of("course")
    assessment_id: Mapped[int | None] = row_of("assessment", index=True)
    decision_id: Mapped[int | None] = row_of("decision", index=True)
    clinician_id: Mapped[int | None] = row_of("clinician", index=True)
    recipient: Mapped[Json]
    language: Mapped[str] = mapped_column(default="en")
    made_on: Mapped[Day]
    state: Mapped[str] = mapped_column(default="draft")
    pages: Mapped[int]
    sha256: Mapped[str]
    wording_version: Mapped[str]
    wording_version_id: Mapped[int | None] = row_of("wording_version", index=True)
    text: Mapped[str]
    approved_at: Mapped[datetime | None]
    approved_by_id: Mapped[int | None] = row_of("user_account")
    printed_at: Mapped[datetime | None]
    printed_by_id: Mapped[int | None] = row_of("user_account")
    printed_how: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]
    out_of_date_at: Mapped[datetime | None]
    void_reason: Mapped[str | None]


class LetterFile(Base):
    """The PDF of a letter, byte for byte; kept apart so that lists of letters stay quick."""

    __tablename__ = "letter_file"
    __table_args__ = (CheckConstraint("length(pdf) > 0", name="not_empty"),)

    letter_id: Mapped[int] = key_to("letter")
    pdf: Mapped[bytes]


class LetterBatch(Identified, Recorded, Base):
    """Letters printed in one go, in post order; `size` is how many went in."""

    __tablename__ = "letter_batch"
    __table_args__ = (CheckConstraint("size > 0", name="not_empty"),)

    size: Mapped[int]
    finished_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(default="")


class LetterBatchItem(Base):
    """One letter of a batch and how it came out; "pending" after a crash is a letter in doubt."""

    __tablename__ = "letter_batch_item"
    __table_args__ = (
        coded("outcome", v.BATCH_OUTCOMES),
        CheckConstraint("outcome <> 'blocked' OR length(trim(reason)) > 0", name="blocked_has_reason"),
        Index("ix_letter_batch_item_by_letter", "letter_id"),
    )

    batch_id: Mapped[int] = key_to("letter_batch")
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    letter_id: Mapped[int] = row_of("letter")
    outcome: Mapped[str] = mapped_column(default="pending")
    reason: Mapped[str] = mapped_column(default="")
