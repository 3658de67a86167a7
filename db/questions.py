"""Asking questions that were made once: to make a select costs several times what it costs to ask it.

A question is a select whose values are bound by name. It is made by a function that remembers it (`functools.cache`)
or stands as a constant, and is asked on the connection, past the loading of objects: what comes back are plain rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Date, Integer, Select, UnaryExpression, bindparam
from sqlalchemy.orm import Session
from sqlalchemy.sql.operators import custom_op

OF: Final = bindparam("patient_id", type_=Integer)
"""The patient a question is about."""
COURSE: Final = bindparam("course_id", type_=Integer)
"""The course a question is about."""
TODAY: Final = bindparam("today", type_=Date)
"""The day a question is asked for."""


def past_index(column: Any) -> ColumnElement[Any]:
    """A column as it is, but never looked up by its index.

    Without statistics the database takes nearly all rows, those that nothing supersedes, for a few, and reads every
    value of the clinic where it was asked for those of some patients.
    """
    return UnaryExpression(column, operator=custom_op("+"), type_=column.type)


def rows(session: Session, question: Any, **given: Any) -> Sequence[Any]:
    """The rows of a question. What the session has not written yet is written first, as for any select."""
    if session.autoflush:
        session.flush()
    return session.connection().execute(question, given).all()


def first(session: Session, question: Any, **given: Any) -> Any:
    """The first row of a question, or None."""
    if session.autoflush:
        session.flush()
    return session.connection().execute(question, given).first()


def values(session: Session, question: Select[Any], **given: Any) -> list[Any]:
    """The first column of every row of a question."""
    return [row[0] for row in rows(session, question, **given)]


def value(session: Session, question: Select[Any], **given: Any) -> Any:
    """The first column of the first row of a question; None where there is none."""
    row = first(session, question, **given)
    return None if row is None else row[0]
