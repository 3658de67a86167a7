"""The folder for PDF files: typed by hand, and whatever is typed there is a folder or is said not to be one."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.settings import Settings
from desktop.widgets.pdf_output import FolderLine


@pytest.fixture
def line(qtbot: QtBot, tmp_path: Path) -> FolderLine:
    """The line as it stands in a panel."""
    made = FolderLine(Settings(tmp_path / "settings.ini"))
    qtbot.addWidget(made)
    return made


def test_a_folder_that_is_there_is_taken_and_remembered(line: FolderLine, tmp_path: Path) -> None:
    line.field.setText(f"  {tmp_path} ")
    assert line.folder() == tmp_path
    assert not line.problem()
    assert Settings(tmp_path / "settings.ini").text("paper/folder") == str(tmp_path)


@pytest.mark.parametrize(
    "text", ["", "  ", "nowhere/at/all", "x" * 400, "~nobody-of-this-name/letters", "a\0b"]
)
def test_what_can_be_no_folder_is_said_beside_the_field(line: FolderLine, text: str) -> None:
    line.field.setText(text)
    assert line.folder() is None
    assert line.problem()
