"""The window on a server: what is typed survives a server that goes away, and two windows see each other's work."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from one_clinic import KEY, Clinic, at, result
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from server_cluster import Cluster

from db.engine import Database
from db.operations.results import store_results
from desktop.results.page import ResultsPage
from desktop.tasks import DatabaseTasks
from desktop.widgets.labels import Label

FOLLOW_UP = date(2026, 2, 11)
VALUES = {"haemoglobin": "101", "ferritin": "16.5"}


@pytest.fixture
def page(server_clinic: Clinic, qtbot: QtBot) -> ResultsPage:
    """Results entry, open on the patient."""
    made = ResultsPage(server_clinic.parts)
    qtbot.addWidget(made)
    made.resize(1244, 852)
    made.show()
    made.refresh()
    server_clinic.settle()
    made.open(server_clinic.patient_id)
    server_clinic.settle()
    return made


def words(widget: QWidget) -> str:
    """Everything a widget says in labels that can be seen."""
    return " | ".join(label.text() for label in widget.findChildren(Label) if label.isVisibleTo(widget))


def save(qtbot: QtBot) -> None:
    """Ctrl+Enter wherever the keyboard is."""
    target = QApplication.focusWidget()
    assert target is not None
    qtbot.keyClick(target, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def stored(clinic: Clinic) -> dict[str, Decimal]:
    """What is on record for the follow-up day."""
    return {row.analyte: row.value for row in clinic.page().results if row.collected == FOLLOW_UP}


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_what_is_typed_survives_a_server_that_goes_away(
    page: ResultsPage, server_clinic: Clinic, cluster: Cluster, qtbot: QtBot, mode: str
) -> None:
    form = page.form()
    assert form is not None
    form.collected.setFocus()
    qtbot.keyClicks(form.collected, "11/2/2026")
    for name, value in VALUES.items():
        form.lines[name].focus()
        qtbot.keyClicks(form.lines[name].quantity.value_field, value)
    cluster.stop(mode)
    try:
        save(qtbot)
        server_clinic.settle()
        assert "The database server does not answer. Nothing was saved" in words(page)
        assert page.form() is form
        for name, value in VALUES.items():
            assert form.lines[name].quantity.value_field.text() == value
    finally:
        cluster.start()
    assert stored(server_clinic) == {}
    save(qtbot)
    server_clinic.settle()
    assert stored(server_clinic) == {"haemoglobin": Decimal(101), "ferritin": Decimal("16.5")}
    assert "2 values stored" in words(page)


def test_what_one_window_saves_another_shows(server_clinic: Clinic, qtbot: QtBot) -> None:
    database = Database.open(server_clinic.database.place, KEY)
    other = DatabaseTasks(database)
    try:
        listener = database._listener  # type: ignore[attr-defined]
        assert listener.ready.wait(20)
        DatabaseTasks(database, hears=False).close()  # one beside it leaves the hearing to it
        assert database._listener is listener  # type: ignore[attr-defined]
        with qtbot.waitSignal(other.changed) as heard:
            server_clinic.parts.tasks.write(
                store_results,
                server_clinic.patient_id,
                [result(FOLLOW_UP, "haemoglobin", "99", "g/L")],
                at(FOLLOW_UP),
                server_clinic.protocol,
            )
            server_clinic.settle()
        assert "results" in heard.args[0].kinds
        assert heard.args[0].patient_id == server_clinic.patient_id
    finally:
        other.close(database.close)
