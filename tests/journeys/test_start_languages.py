"""No text of first run, log-in and the ways back is left in English."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from marked import EVERYWHERE_THE_SAME, marked, outside, said_by, words
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from clinical.protocol import load_protocol
from desktop.language import NAMES
from desktop.start.first_run import FirstRunPage
from desktop.start.log_in import LogInPage
from desktop.start.window import StartWindow
from desktop.widgets.buttons import KeyButton

__all__ = ["marked"]

KNOWN = {word.casefold() for text in (*EVERYWHERE_THE_SAME, *NAMES.values()) for word in words(text)}


def left_in_english(root: QWidget, *typed: str) -> list[str]:
    """Texts under a widget with a word that nobody typed outside of all brackets."""
    known = KNOWN | {word.casefold() for text in typed for word in words(text)}
    return sorted(
        {
            f"{type(root).__name__} {who}: {text[:80]!r}"
            for who, text in said_by(root)
            if any(word.casefold() not in known for word in words(outside(text)))
        }
    )


def test_the_pages_before_the_clinic_is_open(marked: None, qapp: QApplication, tmp_path: Path) -> None:
    window = StartWindow(lambda: datetime(2026, 3, 12, 10, tzinfo=UTC))
    path = tmp_path / "northgate.replete"
    left = []
    try:
        first = window.show_first_run(path, load_protocol())
        assert isinstance(first, FirstRunPage)
        left += left_in_english(window, str(path))
        for button in first.findChildren(KeyButton):
            if button.isEnabled() and button.isVisibleTo(first):
                button.click()  # what is missing is said beside the fields
                break
        left += left_in_english(window, str(path))
        log_in = window.show_log_in(path, ("mina",), load_protocol())
        assert isinstance(log_in, LogInPage)
        left += left_in_english(window, str(path), "mina")
        window.show_recover(path, log_in)
        window.show_ways_back(path, "mina", "wrong-password", log_in)
        left += left_in_english(window, str(path), "mina")
    finally:
        window.close()
        window.deleteLater()
    assert not left, "\n".join(sorted(set(left)))


def test_a_word_left_in_english_is_found(marked: None, qapp: QApplication) -> None:
    holder = QWidget()
    QPushButton("Save and book", holder)
    assert left_in_english(holder)
