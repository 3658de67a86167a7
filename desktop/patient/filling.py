"""Fills the patient's page, a part in each turn of the window's thread.

Somebody who is opened is filled in behind the blank page: a key pressed meanwhile is answered after one part, and
nobody sees half a patient, or one beside the name of another. The page shows them once the last part is there.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from clinical.protocol import Protocol
from desktop.jobs import Job
from desktop.parts import Parts
from desktop.patient.chart_facts import chart_facts, computed_saturations
from desktop.patient.loading import PatientView
from desktop.patient.result_rows import values
from desktop.patient.targets import targets
from desktop.widgets.banner_facts import banner_facts

if TYPE_CHECKING:
    from desktop.patient.page import PatientPage


class Filling:
    """Fills one page; whoever is filled in last is the one."""

    def __init__(self, page: PatientPage, parts: Parts) -> None:
        self._page, self._parts = page, parts
        self._job: Job | None = None

    def fill(self, view: PatientView, end: Callable[[], object], *, at_once: bool) -> None:
        """Somebody who is opened part by part, unseen; news of whoever is shown `at_once`."""
        self.stop()
        parts = _parts(self._page, view, self._parts.protocol)
        if not at_once:
            self._job = self._parts.tasks.in_turns((*parts, end), owner=self._page)
            return
        for part in (*parts, end):
            part()

    def stop(self) -> None:
        """Whoever is being filled in is not shown: another one is wanted, or the same as they are by now."""
        if self._job is not None:
            self._job.cancel()
            self._job = None


def _parts(page: PatientPage, view: PatientView, protocol: Protocol) -> tuple[Callable[[], object], ...]:
    """What has to be done to fill the page with this view, in its order."""
    return (
        partial(page.banner.set, banner_facts(view.page.banner, view.today)),
        partial(_trends, page, view, protocol),
        partial(_courses, page, view),
        partial(page.answer.set_view, view),
        *page.record.parts(view),
    )


def _trends(page: PatientPage, view: PatientView, protocol: Protocol) -> None:
    """Chart and table of the same results: what is computed belongs to both."""
    facts = chart_facts(view, protocol)
    page.trends.set_facts(facts)
    profile = view.explain.assessment.profile if view.explain is not None else None
    computed = computed_saturations(view.facts, view.page.results, protocol)
    days = {day: facts.day_of_course(day) for day in computed}
    bands = targets(view.facts, profile, protocol)
    page.results.set_values(values(view.page.results, computed, days), bands)


def _courses(page: PatientPage, view: PatientView) -> None:
    page.infusions.set_courses(view.page.courses)
    page.infusions.setVisible(bool(view.page.courses))
    page.work_up.set_items(view.page.work_up, view.today)
