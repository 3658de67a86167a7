"""Which pages the main window has, and what leads from one to another. The only place where screens meet.

A page is made when it is first wanted (`desktop/making_ahead.py` makes the rest while nobody does anything). So nothing
here holds a page: whoever is to lead there asks the window for it, and what is asked of all pages, such as what is not
saved, is asked of those that were made.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import SignalInstance

from db.operations.clinic import add_clinician
from desktop import page_makers
from desktop.commands import Command
from desktop.looked import note_list
from desktop.main_window import MainWindow
from desktop.page_stack import Page
from desktop.parts import Parts
from desktop.results.dropping import DropFolder, FilesDropped, add_import
from desktop.results.dropping import add_commands as add_folder_commands
from desktop.settings_page.commands import add_commands as add_settings_commands
from desktop.settings_page.tools import Tools
from desktop.wording.plain import tr

if TYPE_CHECKING:
    from desktop.infusions.page import InfusionsPage
    from desktop.letters.page import LettersPage
    from desktop.lists_out.page import ListsPage
    from desktop.patient.page import PatientPage
    from desktop.plan.page import PlanPage
    from desktop.results.page import ResultsPage
    from desktop.review.why import WhyPage
    from desktop.settings_page.page import SettingsPage

LISTS: Final = frozenset(
    {"today", "review", "infusions", "overdue", "work-ups", "letters", "patients", "managers"}
)
"""Pages that show many people at once."""
PAPER_LISTS: Final = {
    "today": "today",
    "review": "review",
    "infusions": "infusions",
    "results": "unmatched",
    "overdue": "overdue",
    "work-ups": "workups",
    "letters": "letters",
}
"""The worklist of a page as it is printed."""


def add_pages(window: MainWindow, parts: Parts) -> None:
    """Name every page and join them: rail pages first, then those that are reached from others."""
    rail = (
        Page("today", tr("Today"), "today", "Ctrl+1", partial(page_makers.today, parts)),
        Page("review", tr("Review"), "review", "Ctrl+2", partial(page_makers.review, parts)),
        Page("infusions", tr("Infusions"), "infusions", "Ctrl+3", partial(page_makers.infusions, parts)),
        Page("results", tr("Results in"), "results", "Ctrl+4", partial(page_makers.results, parts)),
        Page("overdue", tr("Overdue"), "overdue", "Ctrl+5", partial(page_makers.overdue, parts)),
        Page("work-ups", tr("Work-ups"), "workups", "Ctrl+6", partial(page_makers.work_ups, parts)),
        Page("letters", tr("Letters"), "letters", "Ctrl+7", partial(page_makers.letters, parts)),
        Page("patients", tr("Patients"), "patients", "Ctrl+8", partial(page_makers.patients, parts)),
        Page("managers", tr("Managers"), "managers", "Ctrl+9", partial(page_makers.managers, parts)),
    )
    inner = (
        Page("patient", tr("Patient"), "", "", partial(page_makers.patient, parts)),
        Page("plan", tr("Referral and plan"), "", "", partial(page_makers.plan, parts)),
        Page("why", tr("Why"), "", "", partial(page_makers.why, parts)),
        Page("lists_out", tr("Lists"), "", "", partial(page_makers.lists_out, parts)),
    )
    window.page_shown.connect(partial(_note_list, parts))
    for page in (*rail, *inner):
        window.add_page(page)
    _take_files_in(window, parts)
    _ask_before_closing(window)
    _lead_from_page_to_page(window, parts)
    _add_commands(window, parts)


def _lead_from_page_to_page(window: MainWindow, parts: Parts) -> None:
    """What one page wishes of another, without knowing it."""
    go = parts.navigation
    patient: Callable[[], PatientPage] = _of(window, "patient")
    why: Callable[[], WhyPage] = _of(window, "why")
    plan: Callable[[], PlanPage] = _of(window, "plan")
    results: Callable[[], ResultsPage] = _of(window, "results")
    infusions: Callable[[], InfusionsPage] = _of(window, "infusions")
    letters: Callable[[], LettersPage] = _of(window, "letters")
    _lead(window, go.open_patient, lambda one: patient().open(one), "patient")
    _lead(window, go.open_why, lambda course: why().show_course(course), "why")
    _lead(window, go.open_plan, lambda course: plan().plan(course), "plan")
    _lead(window, go.new_referral, lambda: plan().new_referral(), "plan")
    _lead(window, go.open_results, lambda one: results().open(one), "results")
    _lead(window, go.open_visit, lambda visit: infusions().open_visit(visit), "infusions")
    _lead(window, go.open_letters, lambda course, kind: letters().show_course(course, kind), "letters")
    lists: Callable[[], ListsPage] = _of(window, "lists_out")
    _lead(window, go.open_list, lambda name: lists().open_list(name), "lists_out")
    go.write_letters.connect(lambda courses: _write_letters(window, letters(), courses))


def _add_commands(window: MainWindow, parts: Parts) -> None:
    """What can be begun on every page."""
    go = parts.navigation
    parts.commands.add(
        Command(
            "referral.new", tr("New referral"), go.new_referral.emit, "Ctrl+N", words=tr("register patient")
        )
    )
    parts.commands.add(
        Command(
            "lists.open",
            tr("Print or save a list"),
            lambda: go.open_list.emit(PAPER_LISTS.get(window.current_page(), "today")),
            "Ctrl+T",
            icon="print",
            words=tr("export worklist spreadsheet excel csv pdf table"),
        )
    )
    parts.commands.add(
        Command(
            "clinician.add",
            tr("Add a clinician to write to"),
            lambda: _add_clinician(window, parts),
            "Ctrl+Shift+N",
            words=tr("general practitioner gp referrer specialist"),
        )
    )


def add_settings(window: MainWindow, tools: Tools) -> None:
    """Settings, the last page of the rail; it needs the open database and the lock besides the parts."""
    make = partial(page_makers.settings, tools)
    window.add_page(Page("settings", tr("Settings"), "settings", "Ctrl+,", make, gap=True))
    settings: Callable[[], SettingsPage | None] = _made(window, "settings")
    window.ask_before_closing(lambda: "" if (page := settings()) is None else page.unsaved())
    window.closing.connect(lambda: None if (page := settings()) is None else page.close_workers())
    add_settings_commands(tools.parts, _of(window, "settings"))


def _of(window: MainWindow, page_id: str) -> Callable[[], Any]:
    """Gives a page of the window, made by then."""
    return partial(window.page, page_id)


def _made(window: MainWindow, page_id: str) -> Callable[[], Any]:
    """Gives a page if it was made, else None: nothing is typed, and nothing runs, in one that was not."""
    return partial(window.made, page_id)


def _ask_before_closing(window: MainWindow) -> None:
    """What would be lost with the window, on the pages where something may be half done."""
    results: Callable[[], ResultsPage | None] = _made(window, "results")
    plan: Callable[[], PlanPage | None] = _made(window, "plan")
    infusions: Callable[[], InfusionsPage | None] = _made(window, "infusions")

    def unsaved_plan() -> str:
        page = plan()
        return tr("A referral or plan is not saved.") if page is not None and page.has_unsaved() else ""

    def unsaved_infusion() -> str:
        page = infusions()
        return tr("An infusion is not recorded.") if page is not None and page.is_dirty() else ""

    window.ask_before_closing(lambda: _typed_results(results()))
    window.ask_before_closing(unsaved_plan)
    window.ask_before_closing(unsaved_infusion)


def _note_list(parts: Parts, page_id: str) -> None:
    """A list that is opened shows many people at once: put that on record."""
    if page_id in LISTS:
        note_list(parts, page_id)


def _add_clinician(window: MainWindow, parts: Parts) -> None:
    """Ask for somebody outside, keep them, and let the page on show offer them."""
    from desktop.clinicians.dialog import ClinicianDialog

    dialog = ClinicianDialog(parts.clinic, window)
    if not dialog.exec():
        return
    new = dialog.clinician()

    def added(_changes: object) -> None:
        parts.navigation.say.emit(tr("{name} added.").format(name=new.name), None)
        refresh = getattr(window.page(window.current_page()), "refresh", None)
        if callable(refresh):
            refresh()

    parts.tasks.write(add_clinician, new, parts.clock(), then=added, owner=window)


def _lead(window: MainWindow, wish: SignalInstance, act: Callable[..., object], page_id: str) -> None:
    """When a screen wishes, tell the other page whom it is about and show it."""

    def show(*about: object) -> None:
        act(*about)
        window.show_page(page_id, partial(act, *about))

    wish.connect(show)


def _write_letters(window: MainWindow, letters: LettersPage, courses: Collection[int]) -> None:
    """Letters to many, asked for on another page: they are composed, printed and filed where all letters are."""
    window.show_page("letters")
    letters.write_to(courses)


def _take_files_in(window: MainWindow, parts: Parts) -> None:
    """Files dropped on the window, and those in the watched folder, are taken in; an import is not lost with it."""
    results: Callable[[], ResultsPage] = _of(window, "results")
    made: Callable[[], ResultsPage | None] = _made(window, "results")
    FilesDropped(window, lambda paths: results().laboratory.take(paths))
    folder = DropFolder(parts, lambda: results().laboratory.inbox.intake, window)
    add_folder_commands(parts, folder, window)
    add_import(parts, lambda: results().laboratory.choose_files())

    def importing() -> str:
        page = made()
        runs = page is not None and page.laboratory.inbox.intake.is_running()
        return tr("Files are still being imported.") if runs else ""

    def close() -> None:
        page = made()
        if page is not None:
            page.laboratory.inbox.intake.close()

    window.ask_before_closing(importing)
    window.closing.connect(close)


def _typed_results(results: ResultsPage | None) -> str:
    """What of the results entry would be lost with the window."""
    count = 0 if results is None else len(results.unsaved())
    if count == 0:
        return ""
    return tr("Results typed for {count} patients are not saved.").format(count=count)
