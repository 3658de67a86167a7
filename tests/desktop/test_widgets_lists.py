"""Lists and tables: rows known by id, keys, marks, columns, and what a screen reader is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QWidget

from desktop import theme
from desktop.settings import Settings
from desktop.widgets.marks import Status
from desktop.widgets.row_list import LAID_OUT, ListRow, RowGroup, RowList
from desktop.widgets.table import Cell, Column, DataTable, Row

Pump = Callable[[], None]


def _row(row_id: int, name: str = "") -> ListRow:
    return ListRow(
        row_id, Status.DUE, name or f"Patient {row_id}", "44 F", "today", False, "Repeat bloods", "", "MO"
    )


def _groups(*ids: int) -> list[RowGroup]:
    cut = len(ids) // 2
    return [
        RowGroup("Overdue", tuple(_row(row) for row in ids[:cut])),
        RowGroup("Due today", tuple(_row(row) for row in ids[cut:])),
    ]


@pytest.fixture
def rows(qtbot: Any) -> RowList:
    made = RowList("Next steps", can_mark=True)
    QAbstractItemModelTester(made.model(), QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    qtbot.addWidget(made)
    made.resize(438, 300)
    made.set_groups(_groups(11, 12, 13, 14, 15))
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.setFocus()
    return made


@pytest.fixture
def long(qtbot: Any, themed: object) -> RowList:
    """A list of some thousand rows, of which a screen can be seen."""
    made = RowList("Results awaited", can_mark=True)
    qtbot.addWidget(made)
    made.resize(438, 300)
    made.set_groups(_groups(*range(1, 3001)))
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.setFocus()
    return made


def test_a_long_list_lays_out_what_is_near_and_knows_all(long: RowList) -> None:
    assert long.model().rowCount() == LAID_OUT
    assert long.ids() == list(range(1, 3001))
    assert str(long.model().index(0, 0).data()) == "Overdue 1500"
    assert long.row(3000) is not None


def test_keys_reach_every_row_of_a_long_list(long: RowList, qtbot: Any) -> None:
    near: list[bool] = []
    long.end_near.connect(lambda: near.append(True))
    for _ in range(LAID_OUT + 5):
        qtbot.keyClick(long, Qt.Key.Key_Down)
    assert long.current_id() == LAID_OUT + 6
    assert near == [], "there are more rows, though Qt has not laid them out"
    qtbot.keyClick(long, Qt.Key.Key_End)
    assert long.current_id() == 3000
    assert near
    assert long.visualRect(long.currentIndex()).intersects(long.viewport().rect())
    qtbot.keyClick(long, Qt.Key.Key_K)
    assert long.current_id() == 2999
    qtbot.keyClick(long, Qt.Key.Key_Home)
    assert long.current_id() == 1


def test_the_wheel_reaches_every_row_of_a_long_list(long: RowList, qtbot: Any) -> None:
    bar, before = long.verticalScrollBar(), 0
    while long.model().rowCount() > before:
        before = long.model().rowCount()
        bar.setValue(bar.maximum())
        qtbot.wait(20)
    assert long.model().rowCount() == 3002


def test_marking_all_of_a_long_list_marks_those_not_laid_out(long: RowList, qtbot: Any) -> None:
    qtbot.keyClick(long, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert long.marked_ids() == frozenset(range(1, 3001))


def test_whoever_has_scrolled_in_a_long_list_stays_there_when_it_is_asked_again(
    long: RowList, qtbot: Any
) -> None:
    long.select(1200)
    qtbot.wait(20)
    scrolled = long.verticalScrollBar().value()
    assert scrolled > 0
    long.set_groups(_groups(*range(1, 3001)))
    qtbot.wait(20)
    assert long.current_id() == 1200
    assert long.verticalScrollBar().value() == scrolled


def test_keys_walk_over_the_heads(rows: RowList, qtbot: Any) -> None:
    seen: list[object] = []
    rows.current_changed.connect(seen.append)
    assert rows.current_id() == 11
    for key in (
        Qt.Key.Key_Down,
        Qt.Key.Key_J,
        Qt.Key.Key_J,
        Qt.Key.Key_K,
        Qt.Key.Key_End,
        Qt.Key.Key_Down,
        Qt.Key.Key_Home,
    ):
        qtbot.keyClick(rows, key)
    assert seen == [12, 13, 14, 13, 15, 11]


def test_enter_opens_the_row_that_is_current(rows: RowList, qtbot: Any) -> None:
    rows.select(14)
    with qtbot.waitSignal(rows.opened) as opened:
        qtbot.keyClick(rows, Qt.Key.Key_Return)
    assert opened.args == [14]


def test_the_current_row_is_kept_by_its_id(rows: RowList, pump: Pump) -> None:
    rows.select(14)
    seen: list[object] = []
    rows.current_changed.connect(seen.append)
    rows.set_groups(_groups(9, 14, 11, 12))
    pump()
    assert (rows.current_id(), seen) == (14, [])
    row = rows.row(rows.current_id())
    assert row is not None
    assert row.name == "Patient 14"


def test_a_row_that_is_gone_gives_its_place_to_the_next(rows: RowList) -> None:
    rows.select(13)
    seen: list[object] = []
    rows.current_changed.connect(seen.append)
    rows.set_groups(_groups(11, 12, 14, 15))
    assert (rows.current_id(), seen) == (14, [14])
    rows.set_groups([])
    assert (rows.current_id(), seen) == (None, [14, None])
    rows.set_groups(_groups(21, 22))
    assert rows.current_id() == 21


def test_rows_are_marked_by_space_and_all_at_once(rows: RowList, qtbot: Any) -> None:
    rows.select(12)
    qtbot.keyClick(rows, Qt.Key.Key_Space)
    assert rows.marked_ids() == {12}
    qtbot.keyClick(rows, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert rows.marked_ids() == {11, 12, 13, 14, 15}
    rows.set_groups(_groups(11, 12))
    assert rows.marked_ids() == {11, 12}
    qtbot.keyClick(rows, Qt.Key.Key_Escape)
    assert rows.marked_ids() == frozenset()


def test_a_reader_is_told_sentences_and_heads_cannot_be_chosen(rows: RowList) -> None:
    model = rows.model()
    head, row = model.index(0, 0), model.index(1, 0)
    assert head.data() == "Overdue 2"
    assert not model.flags(head) & Qt.ItemFlag.ItemIsSelectable
    assert row.data(Qt.ItemDataRole.AccessibleTextRole) == "Patient 11, 44 F, today, Repeat bloods, MO"
    rows.set_groups([RowGroup("", (ListRow(1, Status.OVERDUE, "A", spoken="A, overdue by 3 days"),))])
    assert model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "A, overdue by 3 days"


COLUMNS = [
    Column("patient", "Patient", weight=600),
    Column("days", "Days", "right"),
    Column("next", "Next step", stretch=True),
    Column("phone", "Phone", hidden=True),
]


def _cells(row_id: int, name: str, days: int) -> Row:
    due = Cell(str(days), sort=days, mark=Status.OVERDUE, spoken=f"overdue by {days} days")
    return Row(row_id, (Cell(name), due, Cell("Call"), Cell("07700")))


@pytest.fixture
def table(qtbot: Any) -> DataTable:
    made = DataTable("Overdue bloods", COLUMNS, checkable=True)
    QAbstractItemModelTester(made.model(), QAbstractItemModelTester.FailureReportingMode.Fatal, made)
    qtbot.addWidget(made)
    made.resize(500, 200)
    made.set_rows(
        [_cells(1, "Osei, Kwame", 76), _cells(2, "Novak, Petra", 9), _cells(3, "castellano, Bruno", 103)]
    )
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    made.setFocus()
    return made


def test_a_cell_tells_its_words_not_its_mark(table: DataTable) -> None:
    index = table.model().index(0, 1)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "overdue by 76 days"
    assert table.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "Patient Osei, Kwame"


def test_numbers_sort_as_numbers_and_names_without_case(table: DataTable) -> None:
    table.select(2)
    table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    assert table.ids() == [2, 1, 3]
    table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    assert table.ids() == [3, 1, 2]
    table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert table.ids() == [3, 2, 1]
    assert table.current_id() == 2
    table.set_rows([_cells(4, "Adams, Eve", 5), _cells(2, "Novak, Petra", 9)])
    assert (table.ids(), table.current_id()) == ([4, 2], 2)


def test_table_keys_move_open_and_check(table: DataTable, qtbot: Any) -> None:
    assert table.current_id() == 1
    qtbot.keyClick(table, Qt.Key.Key_J)
    qtbot.keyClick(table, Qt.Key.Key_Space)
    assert (table.current_id(), table.checked_ids()) == (2, {2})
    with qtbot.waitSignal(table.opened) as opened:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert opened.args == [2]
    qtbot.keyClick(table, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert table.checked_ids() == {1, 2, 3}
    table.set_rows([_cells(3, "Castellano, Bruno", 103)])
    assert table.checked_ids() == {3}
    qtbot.keyClick(table, Qt.Key.Key_Escape)
    assert table.checked_ids() == frozenset()


def test_a_click_on_the_box_checks_and_elsewhere_chooses(table: DataTable, qtbot: Any) -> None:
    high = table.row_height()
    view = table.viewport()
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(16, high + high // 2))
    assert (table.checked_ids(), table.current_id()) == ({2}, 1)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(90, high + high // 2))
    assert (table.checked_ids(), table.current_id()) == ({2}, 2)


def test_the_stretching_column_takes_the_slack_and_keeps_its_contents(table: DataTable, pump: Pump) -> None:
    def total() -> int:
        return sum(table.columnWidth(place) for place in range(3))

    pump()
    assert total() == table.viewport().width()
    needed = table.sizeHintForColumn(2)
    table.resize(160, 200)
    pump()
    assert table.columnWidth(2) >= min(needed, theme.px(96))


def test_a_long_stretching_column_gives_way_before_the_table_scrolls(qtbot: Any, pump: Pump) -> None:
    columns = [
        Column("patient", "Patient"),
        Column("next", "Next step", stretch=True),
        Column("owner", "Owner"),
    ]
    table = DataTable("Overdue bloods", columns)
    qtbot.addWidget(table)
    words = "Call, third attempt, and write to the referrer if it fails"
    table.set_rows([Row(1, (Cell("Osei, Kwame"), Cell(words), Cell("Mina Okafor")))])
    whole = sum(table.sizeHintForColumn(place) for place in range(3))
    for width, scrolls in ((whole - 40, False), (whole - 250, True)):
        table.resize(width, 120)
        table.show()
        pump()
        assert table.horizontalScrollBar().isVisible() is scrolls


def test_columns_are_remembered_as_they_were_left(table: DataTable, qtbot: Any, tmp_path: Any) -> None:
    told: list[int] = []
    table.columns_changed.connect(lambda: told.append(1))
    table.columns_menu().actions()[3].trigger()
    table.horizontalHeader().moveSection(0, 1)
    table.setColumnWidth(1, 133)
    table.sortByColumn(1, Qt.SortOrder.DescendingOrder)
    assert len(told) >= 4
    settings = Settings(tmp_path / "columns.ini")
    settings.set_table("overdue", table.columns_state())
    other = DataTable("Overdue bloods", COLUMNS)
    qtbot.addWidget(other)
    other.set_rows([_cells(1, "Osei, Kwame", 76), _cells(2, "Novak, Petra", 9)])
    other.restore_columns(settings.table("overdue"))
    assert not other.isColumnHidden(3)
    assert other.horizontalHeader().visualIndex(1) == 0
    assert other.columnWidth(1) == 133
    assert other.ids() == [1, 2]
    other.restore_columns({"order": ["gone"], "hidden": "all", "widths": {"days": "wide"}, "sorted": "gone"})
    assert other.columnWidth(1) == 133


def test_the_last_column_cannot_be_hidden(table: DataTable) -> None:
    for action in table.columns_menu().actions():
        action.setChecked(False)
    assert [table.isColumnHidden(place) for place in range(4)].count(False) == 1


def test_a_row_of_another_length_is_refused(table: DataTable) -> None:
    with pytest.raises(ValueError):
        table.set_rows([Row(1, (Cell("only one"),))])


def test_columns_leave_for_want_of_room_and_come_back(qtbot: Any) -> None:
    columns = [
        Column("name", "Patient", stretch=True, whole=True),
        Column("step", "Step", width=150, leaves=1),
        Column("due", "Due", width=120),
        Column("owner", "Owner", width=100, leaves=2),
    ]
    table = DataTable("Steps", columns)
    qtbot.addWidget(table)
    table.set_rows([Row(1, (Cell("Blackwood, Wanjiru"), Cell("Repeat bloods"), Cell("today"), Cell("MO")))])
    told: list[object] = []
    table.columns_changed.connect(lambda: told.append(1))
    table.show()
    for width, there in ((700, [0, 1, 2, 3]), (450, [0, 2, 3]), (280, [0, 2]), (700, [0, 1, 2, 3])):
        table.resize(width, 200)
        assert [place for place in range(4) if not table.isColumnHidden(place)] == there, width
        assert table.columnWidth(0) >= table.sizeHintForColumn(0)
        assert table.columnWidth(2) == 120
        assert table.columns_state()["hidden"] == []
        assert all(action.isChecked() for action in table.columns_menu().actions())
    assert not told
    table.columns_menu().actions()[1].setChecked(False)
    assert table.columns_state()["hidden"] == ["step"]
    table.resize(280, 200)
    table.resize(900, 200)
    assert table.isColumnHidden(1), "what somebody hid stays hidden"


def test_five_thousand_rows_are_there_at_once(
    qtbot: Any, pump: Pump, benchmark_seconds: Callable[[Callable[[], object]], float]
) -> None:
    listed = RowList("Next steps")
    qtbot.addWidget(listed)
    listed.show()
    many = [RowGroup("Due", tuple(_row(row) for row in range(5_000)))]
    assert benchmark_seconds(lambda: listed.set_groups(many)) < 0.5
    assert len(listed.ids()) == 5_000


@pytest.fixture
def benchmark_seconds() -> Callable[[Callable[[], object]], float]:
    from time import perf_counter

    def measure(work: Callable[[], object]) -> float:
        began = perf_counter()
        work()
        return perf_counter() - began

    return measure


def _names(widget: QWidget) -> str:
    return widget.accessibleName()


def test_lists_have_names(rows: RowList, table: DataTable) -> None:
    assert (_names(rows), _names(table)) == ("Next steps", "Overdue bloods")
