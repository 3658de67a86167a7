"""Records found to be of one person: what was put together, exactly enough to take it apart again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models.base import Base, Identified, Json, Recorded, filled, key_to, reference


class PatientMerge(Identified, Base):
    """One record (`merged_id`) was found to be of the person of another (`kept_id`), which it joined.

    `choices` is what was chosen where the two could not both stand. Taking the merge back fills the last three
    columns, once; the row stays.
    """

    __tablename__ = "patient_merge"
    __table_args__ = (
        filled("reason"),
        CheckConstraint("kept_id <> merged_id", name="of_another"),
        CheckConstraint("(undone_at IS NULL) = (undone_by_id IS NULL)", name="undone_by_somebody"),
        CheckConstraint("undone_at IS NULL OR length(trim(undone_reason)) > 0", name="undone_for_a_reason"),
        Index(
            "ix_patient_merge_one_standing",
            "merged_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index("ix_patient_merge_by_kept", "kept_id", "id"),
    )

    kept_id: Mapped[int] = reference("patient")
    merged_id: Mapped[int] = reference("patient")
    merged_at: Mapped[datetime]
    merged_by_id: Mapped[int] = reference("user_account")
    reason: Mapped[str]
    choices: Mapped[Json]
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = reference("user_account")
    undone_reason: Mapped[str | None]


class MergedRow(Base):
    """A row that a merge touched: the columns it changed, as they were before and after.

    Without `before` the merge made the row. Never changed.
    """

    __tablename__ = "merged_row"
    __table_args__ = (Index("ix_merged_row_by_row", "table_name", "row_id"),)

    merge_id: Mapped[int] = key_to("patient_merge")
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    table_name: Mapped[str]
    row_id: Mapped[int]
    before: Mapped[Json | None]
    after: Mapped[Json]


class NotTheSame(Identified, Recorded, Base):
    """Two records that look alike and were found to be of two people; not asked again until it is withdrawn."""

    __tablename__ = "not_the_same"
    __table_args__ = (
        CheckConstraint("lower_id < higher_id", name="lower_first"),
        Index(
            "ix_not_the_same_one_standing",
            "lower_id",
            "higher_id",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
        Index("ix_not_the_same_by_higher", "higher_id"),
    )

    lower_id: Mapped[int] = reference("patient")
    higher_id: Mapped[int] = reference("patient")
    note: Mapped[str] = mapped_column(default="")
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = reference("user_account")
