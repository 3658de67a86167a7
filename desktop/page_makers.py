"""Makes each page of the window. What a page is made of is loaded with it, not when the program starts."""

from __future__ import annotations

import pkgutil
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from desktop.infusions.page import InfusionsPage
    from desktop.letters.page import LettersPage
    from desktop.lists_out.page import ListsPage
    from desktop.managers.page import ManagersPage
    from desktop.overdue.page import OverduePage
    from desktop.parts import Parts
    from desktop.patient.page import PatientPage
    from desktop.patients.page import PatientsPage
    from desktop.plan.page import PlanPage
    from desktop.results.page import ResultsPage
    from desktop.review.page import ReviewPage
    from desktop.review.why import WhyPage
    from desktop.settings_page.page import SettingsPage
    from desktop.settings_page.tools import Tools
    from desktop.today.page import TodayPage
    from desktop.work_ups.page import WorkUpsPage

_PACKAGES: Final[Mapping[str, str]] = {"work-ups": "work_ups", "why": "review", "settings": "settings_page"}
"""The package of a page that has another name than its page."""


def not_loaded(page: str) -> Iterator[str]:
    """The modules of a page that are not loaded so far, for whoever loads them one at a time."""
    package = import_module(f"desktop.{_PACKAGES.get(page, page)}")
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        if found.name not in sys.modules:
            yield found.name


def today(parts: Parts) -> TodayPage:
    """What is to be done today."""
    from desktop.today.page import TodayPage

    return TodayPage(parts)


def review(parts: Parts) -> ReviewPage:
    """Answers that wait for a decision."""
    from desktop.review.page import ReviewPage

    return ReviewPage(parts)


def infusions(parts: Parts) -> InfusionsPage:
    """The day in the chair."""
    from desktop.infusions.page import InfusionsPage

    return InfusionsPage(parts)


def results(parts: Parts) -> ResultsPage:
    """Results that come in."""
    from desktop.results.page import ResultsPage

    return ResultsPage(parts)


def overdue(parts: Parts) -> OverduePage:
    """Whose repeat tests did not come."""
    from desktop.overdue.page import OverduePage

    return OverduePage(parts)


def work_ups(parts: Parts) -> WorkUpsPage:
    """The search for causes."""
    from desktop.work_ups.page import WorkUpsPage

    return WorkUpsPage(parts)


def letters(parts: Parts) -> LettersPage:
    """Letters to write, and those that were written."""
    from desktop.letters.page import LettersPage

    return LettersPage(parts)


def patients(parts: Parts) -> PatientsPage:
    """Everybody."""
    from desktop.patients.page import PatientsPage

    return PatientsPage(parts)


def managers(parts: Parts) -> ManagersPage:
    """The figures of the clinic."""
    from desktop.managers.page import ManagersPage

    return ManagersPage(parts)


def patient(parts: Parts) -> PatientPage:
    """One patient."""
    from desktop.patient.page import PatientPage

    return PatientPage(parts)


def plan(parts: Parts) -> PlanPage:
    """Referral and plan."""
    from desktop.plan.page import PlanPage

    return PlanPage(parts)


def why(parts: Parts) -> WhyPage:
    """The reasons of an answer."""
    from desktop.review.why import WhyPage

    return WhyPage(parts)


def lists_out(parts: Parts) -> ListsPage:
    """Worklists to print or to save."""
    from desktop.lists_out.page import ListsPage

    return ListsPage(parts)


def settings(tools: Tools) -> SettingsPage:
    """Who works here, and how."""
    from desktop.settings_page.page import SettingsPage

    return SettingsPage(tools)
