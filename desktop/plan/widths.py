"""Fields that are narrower than their longest choice, so that a row reads as a row."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtWidgets import QWidget

from desktop import theme

Field = TypeVar("Field", bound=QWidget)


def held(field: Field, width: int) -> Field:
    """The same field at this width (pixels at 100 %)."""
    field.setFixedWidth(theme.px(width))
    return field
