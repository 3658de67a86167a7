"""Every reason a reader can give has a sentence, and every sentence can be filled with what the reason carries."""

from __future__ import annotations

import ast
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from db.imports.records import Reason
from db.queries.imports import HeldItem
from desktop.language import speak
from desktop.wording.held import sent_words
from desktop.wording.import_files import REFUSED_PATHS, WHAT
from desktop.wording.imports import reason_text

READERS = Path(__file__).parents[3] / "db" / "imports"


def given_codes() -> dict[str, set[str]]:
    """Reason and table-error codes in the readers' source, with the names of the values written beside them."""
    found: dict[str, set[str]] = {}
    for path in [*READERS.glob("*.py"), *READERS.glob("*/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                first = node.args[0]
                if node.func.id in ("Reason", "TableError", "BrokenJsonError") and isinstance(
                    first, ast.Constant
                ):
                    texts = {one.value for one in ast.walk(node) if isinstance(one, ast.Constant)}
                    names = {keyword.arg for keyword in node.keywords if keyword.arg}
                    found.setdefault(str(first.value), set()).update(
                        {one for one in texts if isinstance(one, str)} | names
                    )
    return found


CODES = given_codes()


def test_the_readers_give_reasons() -> None:
    assert len(CODES) > 50


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_reason_has_a_sentence(code: str) -> None:
    assert reason_text(Reason(code)) != code.replace("-", " ")


def test_values_are_filled_in() -> None:
    unit = Reason("unit-unknown", (("analyte", "ferritin"), ("unit", "furlongs")))
    assert reason_text(unit) == "the unit furlongs is not known for ferritin"
    assert reason_text(Reason("not-a-result", (("kind", "ADT^A01"),))) == (
        "this is an ADT message, not a result message"
    )
    assert (
        reason_text(Reason("not-results", (("what", "pdf"),)))
        == "this is a PDF document, not a result message"
    )
    assert "{" not in reason_text(Reason("unit-unknown"))


def test_a_test_is_named_in_the_language_of_the_window(themed: QApplication) -> None:
    near = Reason("code-not-mapped", (("near", "ferritin"),))
    disagree = Reason("code-and-name-disagree", (("code", "crp"), ("name", "haemoglobin"), ("text", "Hb")))
    assert reason_text(near).endswith("it may be ferritin")
    assert reason_text(disagree) == "the code says CRP, the name says haemoglobin (Hb)"
    before = QLocale()
    speak("es")
    try:
        assert reason_text(near).endswith("puede ser ferritina")
    finally:
        speak("en")
        QLocale.setDefault(before)


def held(text: str, **more: str) -> HeldItem:
    """A held value as it came."""
    due = date(2026, 3, 12)
    at = datetime(2026, 3, 11, tzinfo=UTC)
    return HeldItem(1, 1, at, "", text, "no-patient", {}, due, "Mina", None, None, "Lab", False, **more)


def test_a_held_value_is_said_with_its_day_and_its_sign() -> None:
    named = held("Ferritin by another name 28 ug/L, 2026-03-10 08:15", code="L7")
    assert sent_words(named) == "Ferritin by another name 28 µg/L, 10 Mar 2026, 08:15"
    bare = held("718-7 <99 g/L, 2026-03-10", code="718-7", analyte="haemoglobin")
    assert sent_words(bare) == "Haemoglobin <99 g/L, 10 Mar 2026"
    assert sent_words(held("LOCAL7 5 umol/L", code="LOCAL7")) == "LOCAL7 5 µmol/L"
    assert sent_words(held("Hb 99 g/L, 2026-13-41")) == "Hb 99 g/L, 2026-13-41"


@pytest.mark.parametrize("sent", ["{0}", "{unit.__class__}", "100%", "{", "}"])
def test_what_was_sent_is_never_a_format(sent: str) -> None:
    assert sent in reason_text(Reason("unit-unknown", (("analyte", "ferritin"), ("unit", sent))))


def test_everything_that_may_be_named_has_words() -> None:
    detecting = (READERS / "detecting.py").read_text(encoding="utf-8")
    reading = (READERS / "reading.py").read_text(encoding="utf-8")
    assert all(f'"{what}"' in detecting for what in WHAT)
    assert all(f'"{what}"' in reading for what in REFUSED_PATHS)
