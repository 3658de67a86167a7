"""Possible duplicates in words: what agrees, what differs, and two records field by field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from db.likeness import Likeness
from db.queries.duplicates import Duplicate
from db.queries.merging import CLINIC_NUMBER, Comparison, OpenCourse, Side
from desktop.widgets.marks import Status
from desktop.widgets.table import Cell, Column, Row
from desktop.wording import course_state_name, ending_name, plain_date, product_name, sex_name

AGREES, DIFFERS, MISSING = "agrees", "differs", "missing"


class Line(NamedTuple):
    """One field of two records: its name, what each says, and `agrees`, `differs` or `missing`."""

    name: str
    one: str
    other: str
    state: str


def _tr(text: str) -> str:
    return QCoreApplication.translate("Duplicates", text)


def columns() -> list[Column]:
    """The columns of the list of pairs."""
    return [
        Column("one", _tr("Patient"), weight=600, width=230),
        Column("other", _tr("May be the same as"), weight=600, width=230),
        Column("agrees", _tr("Agrees"), tone="text2", stretch=True),
        Column("differs", _tr("Differs"), tone="text2", width=190),
    ]


def row(place: int, pair: Duplicate) -> Row:
    """One pair."""
    return Row(
        place,
        (
            Cell(pair.one),
            Cell(pair.other),
            Cell(field_names(pair.likeness.agrees)),
            Cell(field_names(pair.likeness.differs)),
        ),
    )


def current_number(kind: str) -> str:
    """The name of the field that says which number of this kind stays current."""
    words: Mapping[str, str] = {
        "clinic-number": _tr("Current clinic number"),
        "hospital-number": _tr("Current hospital number"),
        "national-number": _tr("Current national number"),
    }
    return words.get(kind, _tr("Current number"))


def field_names(fields: tuple[str, ...]) -> str:
    """The fields in words."""
    words: Mapping[str, str] = {
        "surname": _tr("surname"),
        "given": _tr("given name"),
        "birth-date": _tr("birth date"),
        "sex": _tr("sex"),
        "phone": _tr("telephone"),
        "number": _tr("number"),
    }
    return ", ".join(words[name] for name in fields)


def lines(found: Comparison, likeness: Likeness) -> list[Line]:
    """Two records field by field; what the finder compared loosely (names, telephones) says how it compared."""
    one, other = found.one, found.other
    told = {
        **dict.fromkeys(likeness.agrees, AGREES),
        **dict.fromkeys(likeness.differs, DIFFERS),
        **dict.fromkeys(likeness.missing, MISSING),
    }
    shown = (
        (_tr("Surname"), one.surname, other.surname, told["surname"]),
        (_tr("Given name"), one.given, other.given, told["given"]),
        (_tr("Date of birth"), _day(one), _day(other), told["birth-date"]),
        (_tr("Sex"), sex_name(one.sex), sex_name(other.sex), told["sex"]),
        (_tr("Clinic number"), one.number, other.number, ""),
        (_tr("Other numbers"), _numbers(one), _numbers(other), None),
        (
            _tr("Telephone"),
            ", ".join(one.phones),
            ", ".join(other.phones),
            _or_nothing(told["phone"], one, other),
        ),
        (_tr("Address"), ", ".join(one.address), ", ".join(other.address), None),
        (_tr("Follow-up"), _state(one), _state(other), ""),
        (_tr("On record"), _much(one), _much(other), ""),
        (_tr("Since"), plain_date(one.recorded_at.date()), plain_date(other.recorded_at.date()), ""),
    )
    return [
        Line(name, mine, theirs, _same(mine, theirs) if state is None else state)
        for name, mine, theirs, state in shown
    ]


def state_words(state: str) -> str:
    """`agrees`, `differs` or `missing` in words; nothing for what two records never share."""
    return {AGREES: _tr("agrees"), DIFFERS: _tr("differs"), MISSING: _tr("not on both")}.get(state, "")


def state_mark(state: str) -> Status | None:
    """The mark beside the words."""
    return {AGREES: Status.DONE, DIFFERS: Status.DUE, MISSING: Status.PLANNED}.get(state)


def side_name(side: Side) -> str:
    """`MARSH, Ines, R-004001`."""
    return f"{side.surname.upper()}, {side.given}, {side.number}"


def course_words(course: OpenCourse, side: Side) -> str:
    """`of R-004001: awaiting bloods, ferric CARBOXYMALTOSE, 2 infusions`."""
    parts = [course_state_name(course.status)]
    if course.product:
        parts.append(product_name(course.product))
    if course.infusions:
        given = (
            _tr("1 infusion")
            if course.infusions == 1
            else _tr("{count} infusions").format(count=course.infusions)
        )
        parts.append(given)
    return _tr("of {number}: {what}").format(number=side.number, what=", ".join(parts))


def _day(side: Side) -> str:
    return plain_date(side.birth_date) if side.birth_date is not None else ""


def _state(side: Side) -> str:
    return _tr("under follow-up") if side.status == "active" else ending_name(side.status)


def _numbers(side: Side) -> str:
    return ", ".join(value for kind, _assigner, value in side.identifiers if kind != CLINIC_NUMBER)


def _or_nothing(state: str, one: Side, other: Side) -> str:
    """Nothing is missing where neither has a telephone."""
    return state if one.phones or other.phones else ""


def _much(side: Side) -> str:
    """How much stands on a record."""
    words = (
        (side.courses, _tr("1 course"), _tr("{count} courses")),
        (side.infusions, _tr("1 infusion"), _tr("{count} infusions")),
        (side.results, _tr("1 result"), _tr("{count} results")),
        (side.letters, _tr("1 letter"), _tr("{count} letters")),
    )
    return ", ".join((one if count == 1 else many).format(count=count) for count, one, many in words if count)


def _same(one: str, other: str) -> str:
    if not one and not other:
        return ""
    if not one or not other:
        return MISSING
    return AGREES if one.casefold() == other.casefold() else DIFFERS
