"""What the entry needs to know about a patient, and what was concluded afterwards; each in one reading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from db.queries.assessments import ExplainView, explain
from db.queries.patients import Banner, PatientPage, ResultRow, patient_page
from db.queries.worklist import StepRow


@dataclass(frozen=True, slots=True)
class Entry:
    """Whose results are typed, the newest standing value of each test, the product, known laboratories."""

    banner: Banner
    newest: dict[str, ResultRow]
    product: str | None
    laboratories: tuple[str, ...]
    step: StepRow | None


@dataclass(frozen=True, slots=True)
class Conclusion:
    """After saving: the newest assessment of the open course, and the one next step."""

    banner: Banner
    explain: ExplainView | None
    step: StepRow | None
    product: str | None


def entry(session: Any, patient_id: int, today: date) -> Entry:
    """Rows for an empty entry. Raises NotFound."""
    page = patient_page(session, patient_id, today)
    standing = [
        r for r in page.results if not r.superseded and r.status not in {"cancelled", "entered-in-error"}
    ]
    newest: dict[str, ResultRow] = {}
    for row in sorted(standing, key=lambda r: (r.collected, r.result_id)):
        newest[row.analyte] = row
    names = {row.laboratory for row in standing if row.laboratory}
    open_courses = [course for course in page.courses if course.status != "ended"] or list(page.courses)
    return Entry(
        page.banner,
        newest,
        open_courses[-1].product if open_courses else None,
        tuple(sorted(names)),
        page.open_step,
    )


def conclusion(session: Any, patient_id: int, today: date) -> Conclusion:
    """What is known after results were stored. Raises NotFound."""
    page: PatientPage = patient_page(session, patient_id, today)
    course_id = (
        page.open_step.course_id if page.open_step else (page.courses[-1].course_id if page.courses else None)
    )
    view = explain(session, course_id) if course_id is not None else None
    product = next((course.product for course in page.courses if course.course_id == course_id), None)
    return Conclusion(page.banner, view, page.open_step, product)
