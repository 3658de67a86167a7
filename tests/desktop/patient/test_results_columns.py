"""The table of results on the patient page shows whole columns in every width; it cannot be scrolled sideways."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from pytestqt.qtbot import QtBot

from desktop.patient.result_rows import Value
from desktop.patient.results_section import ResultsSection
from desktop.widgets.trend_chart import Target

VALUES = tuple(
    Value(
        place, date(2026, 2, 20), 410, analyte, f"{value} {unit}", Decimal(value), None, unit,
        "City Hospital Laboratory", "final", False,
    )
    for place, (analyte, value, unit) in enumerate(
        (("haemoglobin", "137", "g/L"), ("transferrin-saturation", "12", "%"), ("phosphate", "0.98", "mmol/L"))
    )
)  # fmt: skip
BANDS = {"haemoglobin": Target(Decimal(130), None), "phosphate": Target(Decimal("0.8"), None)}


@pytest.mark.parametrize("width", [620, 716, 780, 836, 900, 1100])
def test_no_column_is_cut_by_the_edge_and_the_state_is_always_there(
    qtbot: QtBot, pump: Callable[[], None], width: int
) -> None:
    section = ResultsSection()
    qtbot.addWidget(section)
    section.resize(width, 500)
    section.show()
    section.set_values(VALUES, BANDS)
    pump()
    table = section.table
    shown = [n for n in range(table.model().columnCount()) if not table.isColumnHidden(n)]
    assert sum(table.columnWidth(n) for n in shown) <= table.viewport().width()
    titles = [table.model().headerData(n, table.horizontalHeader().orientation()) for n in shown]
    assert {"Collected", "Test", "Canonical", "Target", "State"} <= set(titles)
    assert ("As received" in titles) == (width > 620)
    assert ("Laboratory" in titles) == (width > 716)
