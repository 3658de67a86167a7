"""The managers' report on paper: every section, its charts, where it comes from, and the note that it left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from one_clinic import TODAY, Clinic, at
from pypdf import PdfReader
from pytestqt.qtbot import QtBot
from sqlalchemy import select

import reports
from db import models as m
from desktop.managers.page import ManagersPage
from desktop.widgets.pdf_output import SETTING
from reports.facts import Clinic as PaperClinic
from reports.facts import FigureLine, FiguresFacts

LATER = TODAY + timedelta(days=60)
Grab = Callable[[object, str], Path]
BARS = tuple((f"0{n}/26", n / 10, f"{n * 10} %") for n in range(1, 8))
FACTS = FiguresFacts(
    "Figures", PaperClinic("Riverside", ("1 Quay",), "0"), "today", "since January", ("Figure", "Value", "Of"),
    (
        ("Response", (FigureLine("Responded <b>", "70 %", "7 of 10", BARS), FigureLine("None", "0 %"))),
        ("Empty", ()),
    ),
    printed_by="Martin", audit_head="ab12",
)  # fmt: skip


def words(pdf: bytes) -> str:
    return " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def save_report(clinic: Clinic, qtbot: QtBot, folder: Path) -> None:
    """Two months after the infusion of the one patient, the report into this folder."""
    clinic.parts.settings.set_text(SETTING, str(folder))
    page = ManagersPage(replace(clinic.parts, clock=lambda: at(LATER)))
    qtbot.addWidget(page)
    page.refresh()
    clinic.settle()
    page.save_report()
    clinic.settle()


def test_figures_bars_and_origin_are_on_the_page_and_the_same_each_time() -> None:
    pdf = reports.render_figures(FACTS)
    said = words(pdf)
    for word in ("Responded <b>", "7 of 10", "70 %", "07/26", "Nothing to count", "Martin", "ab12"):
        assert word in said, word
    assert reports.render_figures(FACTS) == pdf
    root = PdfReader(BytesIO(pdf)).trailer["/Root"]
    assert "/StructTreeRoot" in root
    assert b"/Figure" in pdf or "/Lang" in root


def test_the_page_saves_its_report_and_notes_it(one_clinic: Clinic, qtbot: QtBot, tmp_path: Path) -> None:
    save_report(one_clinic, qtbot, tmp_path)
    [file] = tmp_path.glob("figures-*.pdf")
    said = words(file.read_bytes())
    assert "Figures of the clinic" in said
    assert "Taken by day 42" in said
    assert "Whitfield" not in said
    assert one_clinic.said[-1].endswith(str(file))
    with one_clinic.database.read() as session:
        details = session.scalars(select(m.AuditRow.detail).order_by(m.AuditRow.id.desc()).limit(1)).one()
    assert "managers" in str(details)


def test_a_month_without_a_course_stands_among_the_bars_without_a_value(
    one_clinic: Clinic, qtbot: QtBot, tmp_path: Path
) -> None:
    save_report(one_clinic, qtbot, tmp_path)
    said = words(next(tmp_path.glob("figures-*.pdf")).read_bytes())
    first = LATER.replace(day=1)
    for month in (f"{first:%m/%y}", f"{(first - timedelta(days=1)):%m/%y}"):
        assert month in said, "the last months have no infusion"
    assert "–" in said


def test_a_folder_that_is_gone_is_said(one_clinic: Clinic, qtbot: QtBot, tmp_path: Path) -> None:
    save_report(one_clinic, qtbot, tmp_path / "gone")
    assert "could not be saved" in one_clinic.said[-1]
