"""Every reason a reader can give has a sentence, and every sentence can be filled with what the reason carries."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from db.imports.records import Reason
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


@pytest.mark.parametrize("sent", ["{0}", "{unit.__class__}", "100%", "{", "}"])
def test_what_was_sent_is_never_a_format(sent: str) -> None:
    assert sent in reason_text(Reason("unit-unknown", (("analyte", "ferritin"), ("unit", sent))))


def test_everything_that_may_be_named_has_words() -> None:
    detecting = (READERS / "detecting.py").read_text(encoding="utf-8")
    reading = (READERS / "reading.py").read_text(encoding="utf-8")
    assert all(f'"{what}"' in detecting for what in WHAT)
    assert all(f'"{what}"' in reading for what in REFUSED_PATHS)
