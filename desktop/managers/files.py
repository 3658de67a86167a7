"""Figures, and the patients behind one, as files for a spreadsheet: into the usual folder, noted in the audit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from db.changes import Changes
from db.errors import KnownError
from db.operations.access import record_export
from db.queries.decided import DecidedRow
from db.queries.worklist_rows import OverdueRow
from db.replace_file import replace_file
from desktop import theme
from desktop.commands import Command
from desktop.list_paper import ListOrigin, about_file, about_list, list_origin, taken_by
from desktop.lists import worklists
from desktop.managers.figures import Figure, Item
from desktop.managers.words import figure_basis, figure_name, figure_value, person_note, section_name
from desktop.parts import Parts
from desktop.widgets.buttons import LINE_HEIGHT, KeyButton
from desktop.widgets.flow import FlowRow
from desktop.widgets.labels import small
from desktop.widgets.pdf_output import NotSavedError, usual_folder, write_pdf
from desktop.wording import error_words, outcome_name, plain_date, product_name
from desktop.wording.indications import indication_name
from desktop.wording.plain import tr

Form = Literal["csv", "xlsx"]
What = Literal["figures", "patients"]
FORMS: tuple[Form, ...] = ("csv", "xlsx")
KEYS: dict[tuple[What, Form], str] = {
    ("figures", "csv"): "C",
    ("figures", "xlsx"): "E",
    ("patients", "csv"): "Shift+C",
    ("patients", "xlsx"): "Shift+E",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table for a file: its title, what it was narrowed to, its heads and its rows as text."""

    title: str
    filters: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Behind:
    """The patients on show behind a figure of a section, counted or left out; `span` is what the page looks at."""

    section: str
    span: str
    figure: Figure
    people: tuple[Item, ...]
    counted: bool


class FilesAct(QObject):
    """The commands `managers.figures-csv`, `-xlsx`, `managers.patients-csv` and `-xlsx`.

    `figures` gives the table of the section on show, `behind` the patients on show; both are asked when a file is
    wanted, so that what is written is what is seen.
    """

    def __init__(
        self,
        parts: Parts,
        page: QWidget,
        section: Callable[[], str],
        figures: Callable[[], Sheet],
        behind: Callable[[], Behind | None],
    ) -> None:
        super().__init__(page)
        self._parts, self._section, self._figures, self._behind = parts, section, figures, behind
        self._actions: dict[tuple[What, Form], QAction] = {}
        texts: dict[tuple[What, Form], str] = {
            ("figures", "csv"): tr("Save figures as CSV"),
            ("figures", "xlsx"): tr("Save figures as XLSX"),
            ("patients", "csv"): tr("Save patients behind the figure as CSV"),
            ("patients", "xlsx"): tr("Save patients behind the figure as XLSX"),
        }
        words = tr("export spreadsheet table excel")
        for (what, form), text in texts.items():
            run = partial(self.save, what, form)
            command = Command(f"managers.{what}-{form}", text, run, KEYS[what, form], words=words)
            self._actions[what, form] = parts.commands.add(command, scope=page)

    def buttons(self, what: What) -> QWidget:
        """One line with a button for each form."""
        line = FlowRow(theme.px(4))
        saying = small(tr("Save as"), wrap=False)
        saying.setMinimumHeight(theme.px(LINE_HEIGHT))
        line.add(saying)
        shorts: dict[Form, str] = {"csv": tr("CSV"), "xlsx": tr("XLSX")}
        for form, short in shorts.items():
            action = self._actions[what, form]
            button = KeyButton.for_action(action, "quiet", short, LINE_HEIGHT)
            button.setAccessibleName(action.text())
            line.add(button)
        return line

    def allow(self, figures: int, behind: Behind | None) -> None:
        """Offer what there is; the reason says what is missing."""
        nobody = tr("Nobody is on show behind this figure.")
        if behind is None:
            nobody = tr("No figure is chosen.")
        people = len(behind.people) if behind is not None else 0
        for form in FORMS:
            self._parts.commands.set_enabled(
                f"managers.figures-{form}", bool(figures), tr("There are no figures in this section yet.")
            )
            self._parts.commands.set_enabled(f"managers.patients-{form}", bool(people), nobody)

    def save(self, what: What, form: Form) -> None:
        """Note that the table leaves the record, then write it; what cannot be noted is not written."""
        made: Callable[[], Sheet]
        behind, section = self._behind(), self._section()
        if what == "figures":
            made = partial(_as_it_is, self._figures())
        elif behind is not None:
            made = partial(patients_sheet, behind)
        else:
            return
        parts, stamp = self._parts, self._parts.clock()

        def drawn(file: Drawn) -> None:
            detail = {"list": f"managers-{what}", "section": section, "rows": file.rows, "form": form}

            def noted(_changes: Changes) -> None:
                self._write(what, f"{what}-{section}-{stamp.today.isoformat()}", f".{form}", file)

            parts.tasks.write(
                record_export, "list", "list", None, None, stamp, detail,
                then=noted, failed=self._failed, owner=self,
            )  # fmt: skip

        def read(origin: ListOrigin) -> None:
            parts.tasks.run(
                draw, made, form, parts, stamp.at.astimezone(), stamp.today, origin,
                then=drawn, failed=self._failed, owner=self, key=f"{what}-{form}",
            )  # fmt: skip

        parts.tasks.read(list_origin, then=read, failed=self._failed, owner=self, key=f"origin-{what}-{form}")

    def _write(self, what: What, name: str, ending: str, file: Drawn) -> None:
        folder = usual_folder(self._parts.settings)
        try:
            path = write_pdf(folder, name, file.content, ending)
            file.write_about(path)
        except (NotSavedError, KnownError) as error:
            why = error_words(error) if isinstance(error, KnownError) else str(error)
            said = tr("It could not be saved in {folder}: {why}").format(folder=folder, why=why)
        else:
            words = tr("Figures saved as {path}") if what == "figures" else tr("Patients saved as {path}")
            said = words.format(path=path)
        self._parts.navigation.say.emit(said, None)

    def _failed(self, error: KnownError) -> None:
        self._parts.navigation.say.emit(error_words(error), None)


def _as_it_is(sheet: Sheet) -> Sheet:
    return sheet


@dataclass(frozen=True, slots=True)
class Drawn:
    """A table as a file, and whence it comes, which a CSV has in a second file beside it."""

    sheet: Sheet
    content: bytes
    source: tuple[tuple[str, str], ...]
    has_about: bool

    @property
    def rows(self) -> int:
        """How many rows the table has."""
        return len(self.sheet.rows)

    def write_about(self, path: Path) -> None:
        """Write what the CSV at `path` is about beside it; a workbook says so itself. KnownError if it cannot be."""
        if self.has_about:
            replace_file(*about_file(path, self.sheet.title, self.sheet.heads, self.source))


def draw(
    made: Callable[[], Sheet], form: Form, parts: Parts, at: datetime, on: date, origin: ListOrigin
) -> Drawn:
    """The table as a file. `at` is the local time it was taken, `on` the day it is about."""
    from reports.exports import csv_bytes, xlsx_bytes

    sheet, clinic, who = made(), parts.clinic, parts.user.name
    source = about_list(clinic, at, on, len(sheet.rows), who, origin, sheet.filters)
    if form == "csv":
        return Drawn(sheet, csv_bytes(sheet.heads, sheet.rows), source, has_about=True)
    said = taken_by(clinic, who, origin.audit_head)
    content = xlsx_bytes(sheet.title, sheet.heads, sheet.rows, said, source)
    return Drawn(sheet, content, source, has_about=False)


def patients_sheet(behind: Behind) -> Sheet:
    """The patients behind a figure: who they are, what is known of the course, and why they stand there."""
    figure = behind.figure
    columns = _columns(figure, behind.people)
    name = figure_name(figure)
    side = tr("Counted") if behind.counted else tr("Not counted")
    about = (
        section_name(behind.section),
        behind.span,
        f"{name}: {figure_value(figure)}",
        figure_basis(figure),
        side,
    )
    return Sheet(
        title=name,
        filters=" · ".join(part for part in about if part),
        heads=tuple(head for head, _ in columns),
        rows=tuple(tuple(cell(one) for _, cell in columns) for one in behind.people),
    )


def _columns(figure: Figure, people: Sequence[Item]) -> tuple[tuple[str, Callable[[Any], str]], ...]:
    """The columns these people have: a course overdue reads as on the overdue list."""
    first = people[0] if people else None
    if isinstance(first, OverdueRow):
        return tuple((column.head, column.cell) for column in worklists()["overdue"].columns)
    name = (tr("Patient"), lambda one: f"{one.surname}, {one.given}")
    number = (tr("Number"), lambda one: one.number)
    if isinstance(first, DecidedRow):
        return (
            name,
            number,
            (tr("Outcome"), lambda one: outcome_name(one.outcome)),
            (tr("Decided"), lambda one: plain_date(one.decided_on)),
        )
    return (
        name,
        (tr("Born"), lambda one: _day(one.birth_date)),
        number,
        (tr("Product"), lambda one: product_name(one.product) if one.product else ""),
        (tr("Indication"), lambda one: indication_name(one.indication) if one.indication else ""),
        (tr("Last infusion"), lambda one: _day(one.last_infusion)),
        (tr("Repeat bloods"), lambda one: _day(one.labs_on)),
        (tr("Decided"), lambda one: _day(one.decided_on)),
        (tr("Detail"), lambda one: person_note(figure, one)),
    )


def _day(value: date | None) -> str:
    return plain_date(value) if value is not None else ""
