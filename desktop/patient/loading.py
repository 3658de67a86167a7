"""All a patient's page needs, in one reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from clinical.facts import Facts
from db.queries.assessments import ExplainView, explain
from db.queries.facts import for_course, for_patient
from db.queries.merging import merged_into
from db.queries.patients import CourseRow, PatientPage, patient_page


@dataclass(frozen=True, slots=True)
class PatientView:
    """The rows of the page, the newest assessment of its course, and the facts as the rules see them."""

    page: PatientPage
    explain: ExplainView | None
    facts: Facts
    today: date
    joined: bool = False
    """Whether another record of this person was joined with it."""

    @property
    def course(self) -> CourseRow | None:
        """The course under follow-up, or the last one; None before the first."""
        return current_course(self.page)


def current_course(page: PatientPage) -> CourseRow | None:
    """The newest course that is not ended, or the newest; None where there is none."""
    running = [course for course in page.courses if course.status != "ended"]
    last = running or page.courses
    return last[-1] if last else None


def is_overtaken(view: PatientView) -> bool:
    """Whether iron was given (or struck) since the newest assessment: then it no longer says how things are."""
    course, explain = view.course, view.explain
    if course is None or explain is None:
        return False
    window = explain.assessment.window
    return (window.anchor if window is not None else None) != course.last_infusion


def load(session: Any, patient_id: int, today: date) -> PatientView:
    """Read the page. Raises NotFound."""
    page = patient_page(session, patient_id, today)
    course = current_course(page)
    if course is None:
        facts = for_patient(session, page.banner.patient_id, today)
        return PatientView(page, None, facts, today, _is_joined(session, page))
    view = explain(session, course.course_id, known=page.banner)
    facts = for_course(session, course.course_id, today)
    return PatientView(page, view, facts, today, _is_joined(session, page))


def _is_joined(session: Any, page: PatientPage) -> bool:
    return bool(merged_into(session, page.banner.patient_id))
