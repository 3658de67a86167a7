"""Rows of a list give their words the room they need: nothing of a name or a step is cut, whatever the width."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from desktop import theme
from desktop.widgets.marks import Status
from desktop.widgets.paint import text_width
from desktop.widgets.row_delegate import ROW, lines_of
from desktop.widgets.row_list import ListRow, RowGroup, RowList

SHORT = ListRow(1, Status.DUE, "Abbott, Yui", "49 F", "today", step="Repeat bloods", owner="MO")
LONG = ListRow(
    2, Status.URGENT, "Blackwood, Wanjiru", "45 F", "1 day late", late=True,
    step="Review results: low phosphate", why="phosphate is low", owner="MO",
)  # fmt: skip


def test_a_row_whose_words_fit_has_one_line_each(qapp: QApplication) -> None:
    for row in (SHORT, LONG):
        lines = lines_of(row, theme.px(366), narrow=False)
        assert (lines.names, lines.steps, lines.due_at) == ((row.name,), (row.step,), "name")
        assert lines.height() == theme.px(ROW)


@pytest.mark.parametrize("row", [SHORT, LONG])
@pytest.mark.parametrize("room", [90, 120, 150, 180, 210, 260])
def test_every_word_stands_in_a_line_it_fits_into(qapp: QApplication, row: ListRow, room: int) -> None:
    lines = lines_of(row, theme.px(room), narrow=True)
    assert " ".join(lines.names) == row.name
    assert " ".join(lines.steps) == row.step
    name, step = theme.font("body", 600), theme.font("small", 500)
    for words in lines.names:
        assert text_width(words, name) <= theme.px(room)
    for words in lines.steps:
        assert text_width(words, step) <= theme.px(room)


def test_due_words_go_down_before_a_step_is_cut(qapp: QApplication) -> None:
    lines = lines_of(LONG, theme.px(190), narrow=True)
    assert (lines.steps, lines.due_at) == ((LONG.step,), "own")
    assert lines.height() == theme.px(ROW + 18)


def test_the_list_grows_such_a_row_and_shrinks_it_again(qtbot: Any) -> None:
    rows = RowList("Next steps")
    qtbot.addWidget(rows)
    rows.set_groups([RowGroup("", (SHORT, LONG))])
    model = rows.model()
    rows.resize(244, 300)
    rows.show()
    qtbot.waitUntil(lambda: rows.visualRect(model.index(1, 0)).height() > theme.px(ROW))
    assert rows.visualRect(model.index(0, 0)).height() == theme.px(ROW)
    rows.resize(438, 300)
    qtbot.waitUntil(lambda: rows.visualRect(model.index(1, 0)).height() == theme.px(ROW))
