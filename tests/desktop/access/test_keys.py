"""Every page with the keyboard alone: Tab comes everywhere and back, in the order of the eye, and is always seen."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from monkey import HOMES, Monkey
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from desktop.widgets.search_box import SearchBox

QUIET = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
"""The platform without a screen says this of windows; it means nothing."""
MOST = 220
"""More strikes of Tab than any page has controls."""


def focus() -> QWidget:
    """Whatever has the keyboard."""
    widget = QApplication.focusWidget()
    assert widget is not None, "nothing has the keyboard"
    return widget


def place(widget: QWidget) -> QRect:
    """Where it is in its window."""
    return QRect(widget.mapTo(widget.window(), QPoint(0, 0)), widget.size())


def round_trip(page: QWidget) -> tuple[list[QWidget], list[str]]:
    """What Tab comes to, from where the keyboard is until it is there again; and where that is not seen."""
    first, met, unseen, looked = focus(), [], [], set[type]()
    for _ in range(MOST):
        here = focus()
        met.append(here)
        if page.isAncestorOf(here) and not isinstance(here, QPlainTextEdit | SearchBox):
            if here.visibleRegion().isEmpty():
                unseen.append(f"{type(here).__name__} {here.accessibleName()!r} is out of sight")
            elif type(here) not in looked and looks_the_same_without(here):
                unseen.append(f"focus is not seen on {type(here).__name__} {here.accessibleName()!r}")
            looked.add(type(here))
        QTest.keyClick(focus(), Qt.Key.Key_Tab)
        QApplication.processEvents()
        if focus() is first:
            return met, unseen
    pytest.fail(
        f"Tab does not come back to {first.accessibleName()!r}: {[one.accessibleName() for one in met[-12:]]}"
    )


def wants_keyboard(page: QWidget) -> list[QWidget]:
    """What on a page can be used and takes part in Tab."""
    return [
        widget
        for widget in page.findChildren(QWidget)
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None and not widget.visibleRegion().isEmpty()
    ]  # fmt: skip


def against_the_eye(page: QWidget, met: list[QWidget]) -> list[str]:
    """Neighbours of one block that Tab comes to from below upwards, or in one line from right to left."""
    found = []
    for one, other in pairwise(met):
        if one.parentWidget() is not other.parentWidget() or not page.isAncestorOf(one):
            continue
        first, second = place(one), place(other)
        above = second.bottom() <= first.top()
        left = (
            second.top() < first.bottom() and first.top() < second.bottom() and second.right() <= first.left()
        )
        if above or left:
            found.append(f"{one.accessibleName()!r} before {other.accessibleName()!r}")
    return found


def looks_the_same_without(widget: QWidget) -> bool:
    """Whether nothing shows that it has the keyboard, which it has again afterwards."""
    window, seen = widget.window(), widget.visibleRegion().boundingRect()
    where = QRect(widget.mapTo(window, seen.topLeft()), seen.size()).adjusted(-4, -4, 4, 4)
    with_it = window.grab(where).toImage()
    widget.clearFocus()
    QApplication.processEvents()
    without = window.grab(where).toImage()
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    QApplication.processEvents()
    return bool(with_it == without)


def grey_without_reason(walk: Monkey) -> list[str]:
    """Commands the palette offers greyed on the page on show, without a word on what they wait for."""
    commands = walk.journey.window._parts.commands
    return [
        command.id
        for command in commands.offered()
        if not commands.action(command.id).isEnabled() and not commands.reason(command.id).strip()
    ]


def left_out(walk: Monkey) -> list[str]:
    """Commands that work on the page on show and that the palette does not hold."""
    commands = walk.journey.window._parts.commands
    offered = {command.id for command in commands.offered()}
    return [
        command.id
        for command in commands
        if command.id not in offered | {"window.palette"}
        and ((scope := commands._scopes[command.id]) is None or scope.isVisible())
    ]


@QUIET
def test_tab_comes_everywhere_and_is_seen(monkey: Callable[[str, int], Monkey]) -> None:
    walk = monkey("mina", 21)
    faults: list[str] = []
    for home in HOMES:
        walk.home = home
        walk.go_home()
        walk.journey.settle()
        page = walk.journey.window.page(home)
        met, unseen = round_trip(page)
        missed = [one for one in wants_keyboard(page) if one not in met]
        faults += [
            f"{home}: Tab never comes to {type(one).__name__} {one.accessibleName()!r}" for one in missed
        ]
        faults += [f"{home}: {one}" for one in against_the_eye(page, met)]
        faults += [f"{home}: {one}" for one in unseen]
        faults += [f"{home}: {one} is grey and nothing says why" for one in grey_without_reason(walk)]
        faults += [f"{home}: {one} is not among all actions" for one in left_out(walk)]
    assert not faults, "\n".join(faults)
