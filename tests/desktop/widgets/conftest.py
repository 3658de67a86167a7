"""What every test of a widget needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QVBoxLayout, QWidget


@pytest.fixture
def shown(qtbot: Any) -> Callable[[QWidget], QWidget]:
    """Show a widget in an active window, so that it can have the focus."""

    def show(widget: QWidget) -> QWidget:
        frame = QWidget()
        QVBoxLayout(frame).addWidget(widget)
        qtbot.addWidget(frame)
        frame.show()
        frame.activateWindow()
        qtbot.waitUntil(frame.isActiveWindow)
        widget._frame = frame  # type: ignore[attr-defined]
        return widget

    return show
