"""The Tab key goes where the eye goes: through the layouts in their order, whatever was made or moved last."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLayout, QScrollArea, QWidget


def focusable(widget: QWidget) -> Iterator[QWidget]:
    """The widgets Tab may come to, in the order of the layouts they stand in."""
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.focusProxy() is None:
        yield widget
    inside = widget.widget() if isinstance(widget, QScrollArea) else widget
    layout = inside.layout() if inside is not None else None
    if layout is not None:
        yield from _in_layout(layout)


def _in_layout(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        if item is None:
            continue
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            yield from focusable(widget)
        elif inner is not None:
            yield from _in_layout(inner)


def is_stop(widget: QWidget) -> bool:
    """Whether Tab comes here now. Of buttons that exclude each other only the chosen one is a stop."""
    if not (widget.isVisible() and widget.isEnabled()):
        return False
    if not isinstance(widget, QAbstractButton) or widget.isChecked():
        return True
    group = widget.group()
    alone = group is not None and group.exclusive() and group.checkedButton() is not None
    return not (alone or widget.autoExclusive())


def beyond(page: QWidget, edge: QWidget, *, forward: bool) -> QWidget | None:
    """The first stop outside the page, from its first or last one on; None when there is none."""
    at = edge
    while True:
        following = at.nextInFocusChain() if forward else at.previousInFocusChain()
        if following is None or following is edge:
            return None
        at = following
        outside = not page.isAncestorOf(at) and at is not page
        if outside and at.focusPolicy() & Qt.FocusPolicy.TabFocus and is_stop(at):
            return at
