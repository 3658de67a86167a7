"""A line cut while the server is saving: the form that saved learns what became of it, and keeps what was typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from cut_line import Cut, Line
from one_clinic import Clinic
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from db import server_sessions
from db.errors import OutcomeUnknown
from db.operations.access import record_view
from desktop import tasks as desktop_tasks
from desktop.doubt import attach_doubt
from desktop.main_window import MainWindow
from desktop.page_stack import Page
from desktop.results.page import ResultsPage
from desktop.widgets.labels import Label
from desktop.widgets.status_line import StatusLine

FOLLOW_UP = date(2026, 2, 11)
VALUES = {"haemoglobin": "101", "ferritin": "16.5"}
STORED = {"haemoglobin": Decimal(101), "ferritin": Decimal("16.5")}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for the server waits shorter here."""
    monkeypatch.setattr(server_sessions, "SETTLE_SECONDS", 0.2)
    monkeypatch.setattr(desktop_tasks, "ASK_AGAIN_MS", 100)


class Desk:
    """The window with the form for a patient's results, filled in and not saved."""

    def __init__(self, clinic: Clinic, qtbot: QtBot) -> None:
        self.clinic, self.qtbot = clinic, qtbot
        self.window = MainWindow(clinic.parts)
        qtbot.addWidget(self.window)
        self.page = ResultsPage(clinic.parts)
        self.window.add_page(Page("results", "Results", "results", "", lambda: self.page))
        attach_doubt(self.window, clinic.tasks)
        self.window.resize(1280, 860)
        self.window.show()
        self.page.open(clinic.patient_id)
        clinic.settle()
        form = self.page.form()
        assert form is not None
        self.form = form
        form.collected.setFocus()
        qtbot.keyClicks(form.collected, "11/2/2026")
        for name, value in VALUES.items():
            form.lines[name].focus()
            qtbot.keyClicks(form.lines[name].quantity.value_field, value)

    @property
    def foot(self) -> StatusLine:
        return self.window.foot

    def save(self) -> None:
        """Ctrl+Enter where the keyboard is; until the worker has tried."""
        target = QApplication.focusWidget()
        assert target is not None
        self.qtbot.keyClick(target, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        self.clinic.settle()

    def typed(self) -> dict[str, str]:
        return {name: self.form.lines[name].quantity.value_field.text() for name in VALUES}

    def words(self) -> str:
        """Everything the page says."""
        labels = self.page.findChildren(Label)
        return " | ".join(label.text() for label in labels if label.isVisibleTo(self.page))

    def stored(self) -> dict[str, Decimal]:
        return {row.analyte: row.value for row in self.clinic.page().results if row.collected == FOLLOW_UP}

    def wait(self, happened: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(happened)
        self.clinic.settle()


@pytest.fixture
def desk(far_clinic: Clinic, qtbot: QtBot) -> Desk:
    return Desk(far_clinic, qtbot)


@pytest.mark.parametrize("cut", ["before", "after"])
def test_the_form_learns_whether_it_was_saved(desk: Desk, line: Line, cut: Cut) -> None:
    line.cut_next_save(cut)
    desk.save()
    assert line.is_cut.is_set()
    assert desk.clinic.tasks.has_doubt()
    assert "not known yet whether it was" in desk.foot.said()
    assert desk.page.form() is desk.form
    assert desk.typed() == VALUES
    assert desk.window.unsaved(), "whoever leaves now is asked first"
    desk.save()  # nothing is saved twice, however often the key is pressed
    line.mend()
    desk.wait(lambda: not desk.clinic.tasks.has_doubt())
    assert desk.window.unsaved() == []
    if cut == "after":
        assert "2 values stored" in desk.words()
        assert "is on record" in desk.foot.said()
        assert desk.page.form() is None
    else:
        assert "nothing of it was. What you typed is still here" in desk.words()
        assert "is not on record" in desk.foot.said()
        assert desk.page.form() is desk.form
        assert desk.typed() == VALUES
        assert desk.stored() == {}
        desk.save()
        assert "2 values stored" in desk.words()
    assert desk.stored() == STORED


@pytest.mark.parametrize("cut", ["before", "after"])
def test_somebody_elses_write_neither_hears_of_it_nor_is_lost(
    desk: Desk, line: Line, cut: Cut, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another form saves as soon as the server is back: first the one in doubt is told, then the other saves."""
    monkeypatch.setattr(desktop_tasks, "ASK_AGAIN_MS", 600_000)
    clinic, told = desk.clinic, list[object]()
    line.cut_next_save(cut)
    desk.save()
    clinic.tasks.settled.connect(lambda saved: told.append(saved))

    def other() -> None:
        stamp, seen = clinic.parts.clock(), {"list": "overdue"}
        clinic.tasks.write(
            record_view, "list", "list", None, None, stamp, seen,
            then=lambda _changes: told.append("written"), failed=lambda error: told.append(error.code),
        )  # fmt: skip
        clinic.settle()

    other()
    assert told == ["server-unreachable"]
    line.mend()
    other()
    assert told[1:] == [cut == "after", "written"]
    assert desk.stored() == (STORED if cut == "after" else {})
    assert desk.typed() == VALUES if cut == "before" else desk.page.form() is None


@pytest.mark.parametrize("cut", ["before", "after"])
def test_work_that_saves_by_itself_is_told_too(far_clinic: Clinic, line: Line, cut: Cut) -> None:
    """Users are changed by a function that opens its own session: what it would have answered is not known."""
    tasks, told = far_clinic.tasks, list[str]()

    def by_itself() -> None:
        with far_clinic.database.write() as session:
            record_view(session, "list", "list", None, None, far_clinic.parts.clock(), {"list": "today"})

    line.cut_next_save(cut)
    tasks.run(by_itself, then=lambda _none: told.append("done"), failed=lambda error: told.append(error.code))
    assert tasks.wait_idle()
    assert told == []
    line.mend()
    tasks.run(lambda: None)  # whatever is done next asks first
    assert tasks.wait_idle()
    assert told == ["saved-after-all" if cut == "after" else "server-lost-not-saved"]


@pytest.mark.parametrize("back", [True, False])
def test_the_end_of_the_program_asks_once_more(far_clinic: Clinic, line: Line, back: bool) -> None:
    """What nobody can be told any more is given to whoever ends the program, unless it was saved."""
    tasks = far_clinic.tasks
    line.cut_next_save("after")
    tasks.write(record_view, "list", "list", None, None, far_clinic.parts.clock(), {"list": "today"})
    assert tasks.wait_idle()
    if back:
        line.mend()
    lost = tasks.close(far_clinic.database.close)
    assert [type(error) for error in lost] == ([] if back else [OutcomeUnknown])
