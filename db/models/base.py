"""What every table shares: naming of constraints, coded vocabularies, version and origin columns."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    MetaData,
    String,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

from db.types import ExactDecimal, SortedJSON, UTCDateTime

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

Json = Any
"""A JSON value: mapping, list, text, number or None."""


class Base(DeclarativeBase):
    """The tables of a clinic file.

    Foreign keys restrict: nothing clinical is removed by removing something else.
    """

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UTCDateTime,
        Decimal: ExactDecimal,
        bytes: LargeBinary,
        str: String,
        Any: SortedJSON,
    }


class Identified:
    """An integer key, never reused because rows stay."""

    id: Mapped[int] = mapped_column(primary_key=True)


class Versioned:
    """A row people edit: `version` counts its changes, and a save that saw another one is refused."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        """Let every flush check and raise the version."""
        return {"version_id_col": cls.version}


class Recorded:
    """When a row was written and by whom."""

    recorded_at: Mapped[datetime]

    @declared_attr
    def recorded_by_id(cls) -> Mapped[int]:  # noqa: N805
        """The user who wrote it."""
        points: Mapped[int] = reference("user_account")
        return points


def _points_to(table: str) -> ForeignKey:
    """Keeps the row pointed to from being removed; checked at commit, so rows may be written in any order."""
    return ForeignKey(
        f"{table}.id", ondelete="RESTRICT", onupdate="RESTRICT", deferrable=True, initially="DEFERRED"
    )


def reference(table: str, *, index: bool = False) -> Any:
    """A column that points to a row of `table` and keeps it from being removed."""
    return mapped_column(_points_to(table), index=index)


def key_to(table: str) -> Any:
    """A column of the primary key that points to a row of `table`."""
    return mapped_column(_points_to(table), primary_key=True, autoincrement=False)


def course_of_patient() -> ForeignKeyConstraint:
    """`course_id` and `patient_id` of a row belong together."""
    return ForeignKeyConstraint(
        ["course_id", "patient_id"],
        ["course.id", "course.patient_id"],
        ondelete="RESTRICT",
        onupdate="RESTRICT",
        deferrable=True,
        initially="DEFERRED",
    )


def to_be_signed(table: str) -> Index:
    """Finds the rows of a table that a clinician has still to sign."""
    return Index(
        f"ix_{table}_to_sign",
        "id",
        sqlite_where=text("to_sign = 1 AND signed_at IS NULL"),
        postgresql_where=text("to_sign AND signed_at IS NULL"),
    )


def coded(column: str, codes: Iterable[str], *, also: str = "") -> CheckConstraint:
    """The column holds one of the codes (or nothing, where it may be NULL).

    `also` is a further SQL alternative.
    """
    listed = ", ".join(f"'{code}'" for code in codes)
    text = f"{column} IN ({listed})" + (f" OR {also}" if also else "")
    return CheckConstraint(text, name=f"{column}_code")


def positive(column: str) -> CheckConstraint:
    """An exact decimal above nothing; text that is no number counts as nothing."""
    return CheckConstraint(f"CAST({column} AS NUMERIC) > 0", name=f"{column}_positive")


def filled(column: str) -> CheckConstraint:
    """A text that says something."""
    return CheckConstraint(f"length(trim({column})) > 0", name=f"{column}_filled")


Day = date
"""A calendar day, without zone."""
