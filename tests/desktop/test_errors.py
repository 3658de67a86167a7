"""Bugs are logged without values and told once, on the GUI thread; known errors have sentences."""

from __future__ import annotations

import ast
import logging
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

import db.errors
from db.errors import KnownError, Refused
from desktop import errors
from desktop.errors import Bugs
from desktop.widgets.dialogs import BugDialog
from desktop.wording import error_words


def fail(patient: str) -> None:
    """Raise an error that carries a patient's name."""
    raise ValueError(f"no result for {patient}")


def caught() -> ValueError:
    """The error, with its trace."""
    try:
        fail("WHITFIELD, Clare")
    except ValueError as error:
        return error
    raise AssertionError


def test_a_trace_names_places_and_no_values() -> None:
    trace = errors.trace(caught())
    assert "ValueError" in trace
    assert "test_errors.py" in trace
    assert "fail" in trace
    assert "WHITFIELD" not in trace
    assert str(Path(__file__).parent) not in trace


def test_a_bug_from_any_thread_is_told_on_the_gui_thread_and_logged(
    qtbot: Any, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[tuple[str, str]] = []
    bugs = Bugs(lambda where: told.append((where, threading.current_thread().name)))
    with caplog.at_level(logging.ERROR, "replete"):
        worker = threading.Thread(target=bugs.take, args=(caught(),))
        worker.start()
        worker.join()
        qtbot.waitUntil(lambda: bool(told))
    assert told[0][1] == "MainThread"
    assert "ValueError" in caplog.text
    assert "WHITFIELD" not in caplog.text


def test_while_one_bug_is_shown_others_are_only_logged(qtbot: Any, caplog: pytest.LogCaptureFixture) -> None:
    told: list[str] = []

    def show(where: str) -> None:
        told.append(where)
        bugs.take(caught())
        qtbot.wait(20)

    bugs = Bugs(show)
    bugs.take(caught())
    qtbot.waitUntil(lambda: bool(told))
    qtbot.wait(20)
    assert len(told) == 1
    assert caplog.text.count("bug") == 2


def test_the_hook_takes_what_nobody_caught(qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    bugs = Bugs(told.append)
    bugs.install()
    error = caught()
    sys.excepthook(type(error), error, error.__traceback__)
    qtbot.waitUntil(lambda: bool(told))
    assert "WHITFIELD" not in told[0]


def test_the_log_is_a_file_of_limited_size(tmp_path: Path) -> None:
    file = errors.keep_log(tmp_path / "logs")
    errors.log.error("bug\n%s", errors.trace(caught()))
    handler = errors.log.handlers[-1]
    handler.close()
    errors.log.removeHandler(handler)
    assert "ValueError" in file.read_text()
    assert getattr(handler, "maxBytes", 0) == 500_000


def test_the_dialog_of_a_bug_shows_the_trace_and_a_way_on(qtbot: Any, grab: Any) -> None:
    dialog = BugDialog(errors.trace(caught()))
    qtbot.addWidget(dialog)
    grab(dialog, "dialog-bug")
    assert "ValueError" in dialog.trace.toPlainText()
    assert dialog.trace.isReadOnly()


def _kinds(base: type[KnownError]) -> list[type[KnownError]]:
    return [base, *(kind for child in base.__subclasses__() for kind in _kinds(child))]


def test_every_known_error_has_a_sentence_of_its_own() -> None:
    assert db.errors.Refused in _kinds(KnownError)
    for kind in _kinds(KnownError)[1:]:
        words = error_words(kind())
        assert words.endswith("."), (kind, words)
        assert kind.code not in words or " " in words


def test_a_new_code_still_says_something() -> None:
    assert error_words(Refused("some-new-code")) == (
        "This is not possible now. Nothing was saved. (some new code)"
    )


def _codes_raised() -> set[str]:
    """Codes that the operations refuse with, as they stand in their source."""
    raised: set[str] = set()
    for file in Path(db.errors.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Refused", "StaleScreen"}:
                raised |= {arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant)}
    return raised


def test_every_code_the_operations_refuse_with_has_a_sentence() -> None:
    codes = _codes_raised()
    assert "course-ended" in codes
    assert not [code for code in codes if error_words(Refused(code)).endswith(")")]
