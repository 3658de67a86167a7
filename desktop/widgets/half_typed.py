"""What the fields of a form hold, so that it can be put into the same fields when the form is laid out anew."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QWidget

from desktop.widgets.fields import FormField

INPUTS = (QLineEdit, QPlainTextEdit, QComboBox, QAbstractButton)


def held_by(fields: Mapping[str, FormField]) -> dict[str, tuple[object, ...]]:
    """What is typed and chosen in each field; a field may have several inputs, as a value and its unit."""
    return {name: tuple(_held(one) for one in _inputs(frame)) for name, frame in fields.items()}


def take_up(
    fields: Mapping[str, FormField],
    begun: Mapping[str, tuple[object, ...]],
    held: Mapping[str, tuple[object, ...]],
) -> None:
    """Put in what had been changed from `begun` to `held`.

    An input that begins otherwise now keeps what it begins with: somebody asked for that, or it was saved meanwhile.
    """
    for name, frame in fields.items():
        inputs, before, after = _inputs(frame), begun.get(name, ()), held.get(name, ())
        if len(inputs) != len(before) or len(before) != len(after):
            continue
        for one, first, last in zip(inputs, before, after, strict=True):
            if last != first and _held(one) == first:
                _put(one, last)


def _inputs(frame: FormField) -> list[QWidget]:
    """The inputs of a field, in the order they were made."""
    field = frame.field
    if isinstance(field, INPUTS):
        return [field]
    return [one for one in field.findChildren(QWidget) if isinstance(one, INPUTS)]


def _held(one: QWidget) -> object:
    if isinstance(one, QLineEdit):
        return one.text()
    if isinstance(one, QPlainTextEdit):
        return one.toPlainText()
    if isinstance(one, QComboBox):
        return one.currentIndex()
    return one.isChecked() if isinstance(one, QAbstractButton) else None


def _put(one: QWidget, value: object) -> None:
    if isinstance(one, QLineEdit):
        one.setText(str(value))
        one.setModified(True)
    elif isinstance(one, QPlainTextEdit):
        one.setPlainText(str(value))
    elif isinstance(one, QComboBox) and isinstance(value, int):
        one.setCurrentIndex(value)
    elif isinstance(one, QAbstractButton):
        one.setChecked(bool(value))
