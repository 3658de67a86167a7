"""What a column of a laboratory's table may mean, and why a mapping of columns cannot be used, in words."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

_ROLES: Mapping[str, object] = {
    "ignore": QT_TRANSLATE_NOOP("columns", "Leave out"),
    "result": QT_TRANSLATE_NOOP("columns", "Values of one test"),
    "number": QT_TRANSLATE_NOOP("columns", "Patient's number"),
    "family": QT_TRANSLATE_NOOP("columns", "Family name"),
    "given": QT_TRANSLATE_NOOP("columns", "Given name"),
    "full-name": QT_TRANSLATE_NOOP("columns", "Whole name (family, given)"),
    "birth-date": QT_TRANSLATE_NOOP("columns", "Date of birth"),
    "sex": QT_TRANSLATE_NOOP("columns", "Sex"),
    "collected": QT_TRANSLATE_NOOP("columns", "Day the blood was taken"),
    "collected-time": QT_TRANSLATE_NOOP("columns", "Time the blood was taken"),
    "test": QT_TRANSLATE_NOOP("columns", "Name of the test"),
    "code": QT_TRANSLATE_NOOP("columns", "Code of the test"),
    "value": QT_TRANSLATE_NOOP("columns", "Value"),
    "comparator": QT_TRANSLATE_NOOP("columns", "Sign before the value (<, >)"),
    "unit": QT_TRANSLATE_NOOP("columns", "Unit"),
    "flag": QT_TRANSLATE_NOOP("columns", "High or low"),
    "range": QT_TRANSLATE_NOOP("columns", "Reference range"),
    "status": QT_TRANSLATE_NOOP("columns", "Preliminary or final"),
    "comment": QT_TRANSLATE_NOOP("columns", "Remark"),
    "order": QT_TRANSLATE_NOOP("columns", "Order number"),
    "laboratory": QT_TRANSLATE_NOOP("columns", "Laboratory"),
    "specimen": QT_TRANSLATE_NOOP("columns", "Specimen"),
}
_ORDERS: Mapping[str, object] = {
    "ymd": QT_TRANSLATE_NOOP("columns", "Year, month, day"),
    "dmy": QT_TRANSLATE_NOOP("columns", "Day, month, year"),
    "mdy": QT_TRANSLATE_NOOP("columns", "Month, day, year"),
}
_FAULTS: Mapping[str, object] = {
    "role-twice": QT_TRANSLATE_NOOP("columns", "Two columns are “{where}”; one has to be something else."),
    "no-value-column": QT_TRANSLATE_NOOP(
        "columns",
        "Say which column has the values: one for each test, or a value beside the name of its test.",
    ),
    "wide-and-long": QT_TRANSLATE_NOOP(
        "columns", "Columns of single tests and a column of values do not go together."
    ),
    "column-without-analyte": QT_TRANSLATE_NOOP("columns", "Say which test the column “{where}” has."),
    "column-without-unit": QT_TRANSLATE_NOOP("columns", "Say which unit the column “{where}” is in."),
    "without-source": QT_TRANSLATE_NOOP("columns", "Say whose table it is."),
}


def role_words(role: str) -> str:
    """What a column means: "Family name"."""
    return QCoreApplication.translate("columns", str(_ROLES[role]))


def role_choices() -> list[tuple[object, str]]:
    """Every meaning, in the order they are offered."""
    return [(role, role_words(role)) for role in _ROLES]


def order_choices() -> list[tuple[object, str]]:
    """The orders in which a day can be written."""
    return [(order, QCoreApplication.translate("columns", str(words))) for order, words in _ORDERS.items()]


def fault_words(code: str, where: str = "") -> str:
    """Why a mapping cannot be used; `where` is a heading, or a meaning that was chosen twice."""
    said = role_words(where) if where in _ROLES else where
    return QCoreApplication.translate("columns", str(_FAULTS.get(code, code))).replace("{where}", said)
