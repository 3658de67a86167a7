"""Every page as assistive technology finds it: names, roles, cells, and nothing about anybody while it is locked."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from accessible import texts_of_program
from monkey import HOMES, Monkey
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.widgets.chips import FilterRow

QUIET = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
"""The platform without a screen says this of windows; it means nothing."""
Role = QAccessible.Role
SENSIBLE = frozenset(
    {
        Role.Button, Role.ButtonMenu, Role.RadioButton, Role.CheckBox, Role.ComboBox, Role.EditableText, Role.List,
        Role.ListItem, Role.Table, Role.Cell, Role.ColumnHeader, Role.RowHeader, Role.Tree, Role.TreeItem,
        Role.SpinBox, Role.Chart, Role.Graphic, Role.Client, Role.PageTab, Role.Document, Role.StaticText,
    }
)  # fmt: skip
"""What something that takes the keyboard may be."""
SIGNS = frozenset("▲●◆✓↑↓○■")
"""Signs that mean something to the eye alone."""
MOST = 40


def nodes(top: QAccessibleInterface | None, depth: int = 0) -> Iterator[QAccessibleInterface]:
    """Everything on the screen from here downwards; of a long list, what stands first."""
    if top is None or not top.isValid() or depth > 60 or top.state().invisible:
        return
    yield top
    for place in range(min(top.childCount(), MOST)):
        yield from nodes(top.child(place), depth + 1)


def spoken(node: QAccessibleInterface) -> str:
    return node.text(QAccessible.Text.Name)


def called(node: QAccessibleInterface) -> str:
    thing = node.object()
    return f"{node.role().name} {type(thing).__name__} {spoken(node)!r}"


def wrong(page: QWidget) -> list[str]:
    """What is wrong with the tree of a page."""
    found = []
    for node in nodes(QAccessible.queryAccessibleInterface(page)):
        if node.object() is page:
            continue
        state = node.state()
        if state.focusable and not state.disabled:
            if not spoken(node):
                found.append(f"nameless: {called(node)}")
            if node.role() not in SENSIBLE:
                found.append(f"no sensible role: {called(node)}")
        if node.role() in (Role.Cell, Role.ListItem, Role.ColumnHeader) and SIGNS & set(spoken(node)):
            found.append(f"a sign instead of a word: {called(node)}")
    return found


def unread_tables(page: QWidget) -> list[str]:
    """Tables on show of which no cell, or no column, says anything."""
    found = []
    for node in nodes(QAccessible.queryAccessibleInterface(page)):
        if node.role() != Role.Table:
            continue
        parts = [node.child(place) for place in range(min(node.childCount(), MOST))]
        for role in (Role.Cell, Role.ColumnHeader):
            said = [bool(spoken(part).strip()) for part in parts if part is not None and part.role() == role]
            if said and sum(said) * 2 < len(said):
                found.append(f"{spoken(node)!r} has {role.name}s that say nothing")
    return found


@QUIET
def test_every_page_can_be_gone_through_by_ear(monkey: Callable[[str, int], Monkey]) -> None:
    walk = monkey("devika", 11)
    faults: dict[str, list[str]] = {}
    tables = filters = 0
    for home in HOMES:
        walk.home = home
        walk.go_home()
        walk.journey.settle()
        page = walk.journey.window.page(home)
        tables += sum(
            1 for node in nodes(QAccessible.queryAccessibleInterface(page)) if node.role() == Role.Table
        )
        found = wrong(page) + unread_tables(page)
        if found:
            faults[home] = sorted(set(found))
        chips = [row.chips() for row in page.findChildren(FilterRow) if row.isVisible() and row.chips()]
        faults.update(
            {f"{home}: filters": ["not one of several"] for row in chips if not one_of_several(*row)}
        )
        filters += len(chips)
    frame = wrong(walk.journey.window)
    walk.journey.window.show_page("today")
    assert one_of_several(*walk.journey.window.rail.items())
    assert filters >= 4
    assert not faults, "\n".join(f"{home}: {one}" for home, found in faults.items() for one in found)
    assert not frame, frame
    assert tables >= 4, "the tables were not found"


def one_of_several(*buttons: QWidget) -> bool:
    """Whether each is said as one of several, of which exactly one is chosen."""
    told = [QAccessible.queryAccessibleInterface(button) for button in buttons]
    return (
        all(one.role() == Role.RadioButton for one in told)
        and sum(bool(one.state().checked) for one in told) == 1
    )


@QUIET
def test_a_nameless_field_is_found(monkey: Callable[[str, int], Monkey]) -> None:
    walk = monkey("mina", 12)
    page = walk.journey.window.page("patients")
    walk.journey.window.show_page("patients")
    walk.journey.settle()
    field = QLineEdit(page)
    field.show()
    assert any("nameless: EditableText QLineEdit" in one for one in wrong(page))


@QUIET
def test_nothing_about_anybody_is_left_while_it_is_locked(monkey: Callable[[str, int], Monkey]) -> None:
    walk = monkey("mina", 13)
    surnames = {step.surname for step in walk.steps if len(step.surname) > 3} - {"Okafor"}  # the user's own
    walk.home = "patient"
    walk.go_home()
    walk.journey.settle()
    assert any(name.casefold() in text.casefold() for text in texts_of_program() for name in surnames)
    lock = walk.journey.program.lock
    assert lock is not None
    lock.lock()
    walk.journey.settle()
    left = {text for text in texts_of_program() for name in surnames if name.casefold() in text.casefold()}
    assert not left
