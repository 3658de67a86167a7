"""What the page asks the database for: the visits ahead and behind, and one visit with its gates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from clinical.gates import Gate
from clinical.plan import label_facts
from clinical.protocol import Protocol
from db import queries
from db.queries.asked import last_answers
from db.queries.patients import Banner, VisitRow
from desktop.infusions.rows import line
from desktop.visit_gates import visit_gates, visit_label
from desktop.widgets.row_list import ListRow

DAYS_BACK, DAYS_AHEAD = 60, 28


@dataclass(frozen=True, slots=True)
class Chair:
    """One planned visit with the patient and every gate as it stands on the day.

    `min_minutes` is the label's shortest infusion of this dose, `watch_minutes` how long to watch after it;
    None where the label sets none. `more_than` where the label asks for more than `min_minutes`.
    `asked_before` holds the last yes or no to each question, and its day.
    """

    visit: VisitRow
    banner: Banner
    gates: tuple[Gate, ...]
    given_before: int
    min_minutes: int | None
    watch_minutes: int | None
    more_than: bool = False
    asked_before: Mapping[str, tuple[str, date]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Listed:
    """The visits, and the line of each by its id: of many, put into words beside the window."""

    visits: tuple[VisitRow, ...]
    lines: Mapping[int, ListRow]


def load_visits(session: Any, today: date) -> Listed:
    """Planned visits: those of today and the weeks ahead, and those that nobody recorded yet."""
    first, last = today - timedelta(days=DAYS_BACK), today + timedelta(days=DAYS_AHEAD)
    planned = tuple(visit for visit in queries.visits(session, first, last) if visit.state == "planned")
    return Listed(planned, {visit.visit_id: line(visit, today) for visit in planned})


def load_chair(session: Any, visit: VisitRow, today: date, on: date, protocol: Protocol) -> Chair:
    """The patient of a visit, and the gates for its dose given `on` the day that is typed."""
    facts = queries.for_course(session, visit.course_id, today)
    banner = queries.banner(session, visit.patient_id)
    given = facts.course.infusions if facts.course is not None else ()
    chosen = visit_label(visit, protocol)
    if chosen is None:
        return Chair(visit, banner, (), len(given), None, None)
    rules = label_facts(*chosen, protocol)
    shortest = rules.minutes.at(visit.dose_mg) if rules.minutes is not None else None
    return Chair(
        visit,
        banner,
        visit_gates(facts, visit, on, protocol),
        len(given),
        None if shortest is None else int(shortest),
        int(rules.observation_minutes.value),
        rules.minutes is not None and rules.minutes.is_more_than(visit.dose_mg),
        last_answers(session, visit.patient_id),
    )
