"""Which pages the main window has, and what leads from one to another. The only place where screens meet."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import Final

from PySide6.QtCore import SignalInstance

from db.operations.clinic import add_clinician
from desktop.clinicians.dialog import ClinicianDialog
from desktop.commands import Command
from desktop.infusions.page import InfusionsPage
from desktop.letters.page import LettersPage
from desktop.looked import note_list
from desktop.main_window import MainWindow, Page
from desktop.managers.page import ManagersPage
from desktop.overdue.page import OverduePage
from desktop.parts import Parts
from desktop.patient.page import PatientPage
from desktop.patients.page import PatientsPage
from desktop.plan.page import PlanPage
from desktop.results.dropping import DropFolder, FilesDropped
from desktop.results.dropping import add_commands as add_folder_commands
from desktop.results.page import ResultsPage
from desktop.review.page import ReviewPage
from desktop.review.why import WhyPage
from desktop.settings_page.page import SettingsPage
from desktop.settings_page.tools import Tools
from desktop.today.page import TodayPage
from desktop.wording.plain import tr
from desktop.work_ups.page import WorkUpsPage

LISTS: Final = frozenset(
    {"today", "review", "infusions", "overdue", "work-ups", "letters", "patients", "managers"}
)
"""Pages that show many people at once."""


def add_pages(window: MainWindow, parts: Parts) -> None:
    """Build every page and join them: rail pages first, then those that are reached from others."""
    infusions, letters = InfusionsPage(parts), LettersPage(parts)
    patient, plan, results, why = PatientPage(parts), PlanPage(parts), ResultsPage(parts), WhyPage(parts)
    rail = (
        Page("today", tr("Today"), "today", "Ctrl+1", TodayPage(parts)),
        Page("review", tr("Review"), "review", "Ctrl+2", ReviewPage(parts)),
        Page("infusions", tr("Infusions"), "infusions", "Ctrl+3", infusions),
        Page("results", tr("Results in"), "results", "Ctrl+4", results),
        Page("overdue", tr("Overdue"), "overdue", "Ctrl+5", OverduePage(parts)),
        Page("work-ups", tr("Work-ups"), "workups", "Ctrl+6", WorkUpsPage(parts)),
        Page("letters", tr("Letters"), "letters", "Ctrl+7", letters),
        Page("patients", tr("Patients"), "patients", "Ctrl+8", PatientsPage(parts)),
        Page("managers", tr("Managers"), "managers", "Ctrl+9", ManagersPage(parts)),
    )
    inner = (
        Page("patient", tr("Patient"), "", "", patient),
        Page("plan", tr("Referral and plan"), "", "", plan),
        Page("why", tr("Why"), "", "", why),
    )
    window.page_shown.connect(partial(_note_list, parts))
    for page in (*rail, *inner):
        window.add_page(page)
    _take_files_in(window, parts, results)
    window.ask_before_closing(lambda: _typed_results(results))
    window.ask_before_closing(lambda: tr("A referral or plan is not saved.") if plan.has_unsaved() else "")
    window.ask_before_closing(lambda: tr("An infusion is not recorded.") if infusions.is_dirty() else "")
    go = parts.navigation
    _lead(window, go.open_patient, patient.open, "patient")
    _lead(window, go.open_why, why.show_course, "why")
    _lead(window, go.open_plan, plan.plan, "plan")
    _lead(window, go.new_referral, plan.new_referral, "plan")
    _lead(window, go.open_results, results.open, "results")
    _lead(window, go.open_visit, infusions.open_visit, "infusions")
    _lead(window, go.open_letters, letters.show_course, "letters")
    go.write_letters.connect(lambda courses: _write_letters(window, letters, courses))
    parts.commands.add(
        Command(
            "referral.new", tr("New referral"), go.new_referral.emit, "Ctrl+N", words=tr("register patient")
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


def add_settings(window: MainWindow, tools: Tools) -> SettingsPage:
    """Settings, the last page of the rail; it needs the open database and the lock besides the parts."""
    page = SettingsPage(tools)
    window.add_page(Page("settings", tr("Settings"), "settings", "Ctrl+,", page, gap=True))
    window.ask_before_closing(page.unsaved)
    window.closing.connect(page.close_workers)
    return page


def _note_list(parts: Parts, page_id: str) -> None:
    """A list that is opened shows many people at once: put that on record."""
    if page_id in LISTS:
        note_list(parts, page_id)


def _add_clinician(window: MainWindow, parts: Parts) -> None:
    """Ask for somebody outside, keep them, and let the page on show offer them."""
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


def _take_files_in(window: MainWindow, parts: Parts, results: ResultsPage) -> None:
    """Files dropped on the window, and those in the watched folder, are taken in; an import is not lost with it."""
    intake = results.laboratory.inbox.intake
    FilesDropped(window, results.laboratory.take)
    add_folder_commands(parts, DropFolder(parts, intake, window), window)
    window.ask_before_closing(lambda: tr("Files are still being imported.") if intake.is_running() else "")
    window.closing.connect(intake.close)


def _typed_results(results: ResultsPage) -> str:
    """What of the results entry would be lost with the window."""
    count = len(results.unsaved())
    if count == 0:
        return ""
    return tr("Results typed for {count} patients are not saved.").format(count=count)
