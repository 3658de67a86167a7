"""A death is recorded from the palette with the year of birth, taken back in the foot, and taken back a second time
days later from the page: nothing names the patient in between, and all is back afterwards.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from journey import SAMPLE_DAY, Journey

from db import operations as ops
from db import queries
from db.operations._steps import LAB_ACTIONS
from desktop.lists import worklists
from desktop.wording.dates import plain_date


def queue_letter(j: Journey, course_id: int, patient_id: int) -> None:
    """Another workstation makes a letter and has not printed it yet."""
    assert j._clinic is not None
    pdf = b"%PDF-1.7 a letter nobody has printed"
    reference = j.read(queries.source, course_id).next_letter_id
    letter = ops.NewLetter(
        "lab-request", course_id, patient_id, {"name": "Dr Hale"}, None, pdf, hashlib.sha256(pdf).hexdigest(), 1,
        "1", "Dear", reference,
    )  # fmt: skip
    with j._clinic.database.write() as session:
        clinician = next(one.id for one in queries.owners(session) if one.role == "clinician")
        ops.issue(session, letter, j.days(clinician))


def listed_on(j: Journey, patient_id: int) -> set[str]:
    """Every list that names the patient today."""
    found = set()
    for name, worklist in worklists().items():
        rows = j.read(worklist.ask, j.days.today, j.protocol)
        if any(getattr(row, "patient_id", None) == patient_id for row in rows):
            found.add(name)
    return found


def record_death(j: Journey, year: int) -> None:
    """By the palette: what is found by "died", the day, the year of birth."""
    j.command("Patient has died")
    assert j.on("Died on")
    assert j.sees("No letter, label, call or list names this patient any more.")
    j.over(plain_date(date(2026, 3, 10)))
    j.press("Return")
    assert j.on("Year of birth"), "it is not done without it"
    j.type(str(year))
    j.press("Return")


def test_death_stops_everything_and_its_undo_brings_it_back(
    journey: Callable[[str, date], Journey], sample_copy: Path
) -> None:
    j = journey("death", SAMPLE_DAY)
    j.open(sample_copy, "mina", "sample-mina")
    row = next(one for one in j.read(queries.overdue, SAMPLE_DAY) if one.birth_date is not None)
    queue_letter(j, row.course_id, row.patient_id)
    before = listed_on(j, row.patient_id)
    assert {"today", "overdue"} <= before
    step = j.patient(row.patient_id).open_step
    assert step is not None

    j.find(row.number)
    record_death(j, row.birth_date.year)
    page = j.patient(row.patient_id)
    assert (page.banner.status, page.banner.status_on) == ("deceased", date(2026, 3, 10))
    assert listed_on(j, row.patient_id) == set()
    assert page.open_step is None
    assert page.letters[0].state == "void", "the letter that was queued is pulled"
    assert not j.window.foot.can_undo() or j.sees("Undo")
    j.step("died")

    j.press("Ctrl+Z")
    again = j.patient(row.patient_id)
    assert again.banner.status == "active"
    assert again.open_step is not None
    assert again.open_step.action in LAB_ACTIONS, "the bloods are wanted as before"
    assert again.open_step.owner_id == step.owner_id
    assert listed_on(j, row.patient_id) == before

    record_death(j, row.birth_date.year)
    assert listed_on(j, row.patient_id) == set()
    j.day(SAMPLE_DAY + timedelta(days=4))
    j.press("U")
    j.type("another person of that name died")
    j.go("Year of birth")
    j.type(str(row.birth_date.year))
    j.press("Return")
    assert j.patient(row.patient_id).banner.status == "active"
    assert "today" in listed_on(j, row.patient_id)
    j.step("followed-up-again")
