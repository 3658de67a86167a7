"""No product is written so that it can be taken for its look-alike, and no result stands without its unit.

One window goes through every page once; what is read are the texts of its labels, fields, lists, tables and commands.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from journey import SAMPLE_DAY, Journey
from marked import said_by
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from test_languages import dialogs

from clinical.facts import Product
from desktop.patient.page import PatientPage
from desktop.wording import product_name

PAGES = ("today", "review", "infusions", "overdue", "work-ups", "letters", "patients", "managers", "settings")
PATIENTS = (1, 14, 27)
VALUES = (3, 4)
"""The columns of results: as received, and canonical."""
DOSE = re.compile(r"(?:dosis|dose)s?:? \d[\d.,\u00a0]*(?![\d.,\u00a0]| ?(?:mg|of|de|×|\+|%))", re.IGNORECASE)
"""A dose with a figure that no unit follows."""
UNIT = re.compile(r"(?:/L|/dL|%|fL|pg|mg|ratio)")


@cache
def tall_words() -> dict[str, str]:
    """The words that tell products apart, small to as they are to be written."""
    names = [product_name(product.value) for product in Product]
    return {word.casefold(): word for name in names for word in re.findall(r"[A-Z]{6,}", name)}


def unsafe(text: str) -> list[str]:
    """The products a text writes without their capitals, and the doses it gives without their unit."""
    small = text.casefold()
    found = [found[0] for found in DOSE.finditer(text)]
    if any(word in small for word in tall_words()):
        named = re.finditer("|".join(tall_words()), text, re.IGNORECASE)
        found += [one[0] for one in named if one[0] != tall_words()[one[0].casefold()]]
    return found


@pytest.mark.parametrize(
    "text", ["Iron sucrose 200 mg", "ferric Carboxymaltose", "ferric derisoMALTOSE", "dose 500"]
)
def test_what_is_not_safe_is_noticed(text: str) -> None:
    assert unsafe(text)


def test_every_product_has_its_capitals() -> None:
    assert len(tall_words()) >= len(Product)
    assert not unsafe(" ".join(product_name(product.value) for product in Product))
    assert not unsafe("dose 1,000 mg")


def without_unit(page: PatientPage) -> Iterator[str]:
    """Values of the results on show, as received and canonical, that are figures alone."""
    model = page.results.table.model()
    for row in range(model.rowCount()):
        for column in VALUES:
            said = str(model.index(row, column).data(Qt.ItemDataRole.DisplayRole) or "")
            if re.search(r"\d", said) and not UNIT.search(said):
                yield f"{page.results.table.accessibleName()}: {said!r}"


def test_a_value_without_its_unit_is_noticed() -> None:
    assert not UNIT.search("104")
    assert UNIT.search("104 g/L")


def test_products_in_capitals_and_figures_with_units_on_every_page(
    journey: Callable[..., Journey], sample_copy: Path
) -> None:
    j = journey("safe-words", SAMPLE_DAY)
    window = j.open(sample_copy, "mina", "sample-mina")
    sources = sorted(re.findall(r'source = "([^"]*)"', j.protocol.text), key=len, reverse=True)
    looked: set[str] = set()
    wrong: set[str] = set()
    results = 0

    def look(where: str, root: QWidget) -> None:
        j.settle()
        for who, text in said_by(root):
            if text in looked:
                continue
            looked.add(text)
            if unsafe(text):
                for source in sources:  # titles of labels and papers are told as they are printed
                    text = text.replace(source, "")
                wrong.update(f"{where} {who}: {word} in {text[:80]!r}" for word in unsafe(text))

    for page in PAGES:
        window.show_page(page)
        look(page, window.page(page))
    shown = window.page("patient")
    assert isinstance(shown, PatientPage)
    for patient_id in PATIENTS:
        window._parts.navigation.open_patient.emit(patient_id)
        look(f"patient {patient_id}", shown)
        wrong.update(without_unit(shown))
        results += shown.results.table.model().rowCount()
        window._parts.navigation.open_why.emit(patient_id)
        look(f"why {patient_id}", window.page("why"))
    window._parts.navigation.new_referral.emit()
    look("referral", window.page("plan"))
    for dialog in dialogs(window):
        look(type(dialog).__name__, dialog)
    assert results > 10, "no results were read"
    assert len(looked) > 800, "the pages were hardly read"
    assert any(word in text for text in looked for word in tall_words().values())
    assert not wrong, "\n".join(sorted(wrong))
