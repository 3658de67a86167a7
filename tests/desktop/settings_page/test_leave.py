"""Leave and roles: what is missing is said, and nobody is left with work they may not do."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from db import queries
from desktop.settings_page.ask import AskDialog
from desktop.settings_page.users import UsersSection

CORA, NILS = 2, 3


@pytest.mark.parametrize(
    ("first", "last", "deputy", "missing"),
    [
        ("12 Feb 2026", "", NILS, {"last"}),
        ("", "20 Feb 2026", NILS, {"first"}),
        ("", "", NILS, {"first", "last"}),
    ],
)
def test_a_leave_that_is_not_whole_is_not_saved_as_none(
    running: Any, first: str, last: str, deputy: int, missing: set[str]
) -> None:
    running.show("users")
    section = running.page.sections["users"]
    assert isinstance(section, UsersSection)
    section.choose(CORA)
    said: dict[str, str] = {}

    def in_dialog() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, AskDialog)
        try:
            fields: Any = {name: frame.field for name, frame in dialog.fields.items()}
            fields["first"].setText(first)
            fields["last"].setText(last)
            fields["deputy"].set_value(deputy)
            dialog.accept()
            running.settle()
            said.update({name: frame.problem() for name, frame in dialog.fields.items() if frame.problem()})
        finally:
            dialog.reject()

    QTimer.singleShot(0, in_dialog)
    QTest.keyClick(section.buttons["leave"], Qt.Key.Key_Return)
    running.settle()
    assert set(said) == missing
    with running.clinic.database.read() as session:
        row = next(one for one in queries.staff(session, running.clock(1).today) if one.id == CORA)
    assert row.away_until is None
