"""Whatever is typed or pasted, no text of the record holds what cannot be seen or turns the direction of writing."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from running_clinic import ADMINISTRATOR, CLINICIAN, PROTOCOL, RunningClinic, day, panel, result
from sqlalchemy import text

from db import operations as ops
from db import queries
from db.models import Base

NEVER = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
HOSTILE = (
    "Ma\u202ersh\u0000 {}",
    "\u2066{}\u2069\u200b Fe\u0301n\ufeff",
    "{}\u2028two\u0085lines\u0007",
    "=HYPERLINK(\u201cx\u201d)\u00ad{}\U000e0041",
    "{}" + "\u0316" * 40 + "\ue000",
)


def seen_in(work: RunningClinic) -> dict[str, str]:
    """Every text of every table, by table and column."""
    found: dict[str, str] = {}
    with work.database.read() as session:
        for table in Base.metadata.sorted_tables:
            for row in session.execute(text(f'SELECT * FROM "{table.name}"')).mappings():
                for column, value in row.items():
                    if isinstance(value, str) and (table.name, column) != ("protocol_version", "text"):
                        key = f"{table.name}.{column}"
                        found[key] = found.get(key, "") + "\n" + value
    return found


def live(work: RunningClinic, hostile: str) -> None:
    """Type the hostile text into every field of every operation that takes words."""

    def h(word: str) -> str:
        return hostile.format(word)

    admin, by = {"user": ADMINISTRATOR}, {"user": CLINICIAN}
    settings = ops.ClinicSettings(
        h("Clinic"), (h("Street"), h("Town")), h("020"), h("mail"), country="GB", language="en"
    )
    work.do(ops.change_settings, settings, work.ask(queries.clinic).version, on=0, **admin)
    work.do(ops.add_user, ops.NewUser(h("Dee Ash"), h("dee"), "nurse"), on=0, **admin)
    work.do(ops.close_days, {day(300): h("holiday")}, on=0, **admin)
    outside = ops.NewClinician(
        h("Dr Hale"), h("GP"), h("Surgery"), "general-practice", (h("Lane"),), h("1"), h("e")
    )
    work.do(ops.add_clinician, outside, on=0, **by)
    made = work.register(
        surname=h("Marsh"), given=h("Ines"), phone=h("020 7946"), email=h("m"), address_lines=(h("1 Lane"),),
        allergies=(h("nuts"),), identifiers=(("hospital-number", h("H1")),),
    )  # fmt: skip
    patient, course = made.patient_id or 0, made.course_id or 0
    work.plan(course, 0, (7, 300), (14, 300))
    work.give(course, 7, 300, reaction_note=h("itch"))
    step = work.step(patient, 8)
    work.do(ops.change_due, step.step_id, day(20), h("later"), step.version, on=8, **by)
    visit = work.page(patient, 8).visits[-1]
    work.do(ops.cancel_visit, visit.visit_id, h("ill"), visit.version, on=8, protocol=PROTOCOL, **by)
    work.do(
        ops.record_contact, course, ops.NewContact("no-answer", note=h("rang")), on=9, protocol=PROTOCOL, **by
    )
    values = tuple(replace(one, laboratory=h("Lab")) for one in panel(50, "94", ferritin="40", tsat="18"))
    work.store(patient, 50, *values)
    row = next(one for one in work.page(patient, 50).results if one.analyte == "haemoglobin")
    new = result(50, "haemoglobin", "95", "g/L")
    work.do(ops.correct_result, row.result_id, new, h("slip"), on=51, protocol=PROTOCOL, **by)
    steps = (ops.DecidedStep("work-up", day(60), None, {"causes": ["base"]}),)
    work.decide(course, 51, ops.NewDecision("choose-another", steps, h("reason")))
    item = work.ask(queries.open_work_ups, day(51))[0]
    given: tuple[Any, ...] = (
        item.item_id,
        "not-appropriate",
        h("note"),
        item.due,
        item.owner_id,
        item.version,
    )
    work.do(ops.update_item, *given, on=52, protocol=PROTOCOL, **by)
    infusion = work.page(patient, 52).courses[0].infusions[0]
    again = ops.NewInfusion(course, day(7), Decimal(310), batch=h("B1"))
    work.do(
        ops.correct_infusion,
        infusion.infusion_id,
        again,
        h("why"),
        infusion.version,
        on=53,
        protocol=PROTOCOL,
        **by,
    )
    work.do(ops.end_follow_up, patient, "transferred", day(54), h("moved"), on=54, **by)
    work.do(ops.resume_follow_up, patient, h("back"), on=55, protocol=PROTOCOL, **by)


@pytest.mark.file_only
@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_text_of_the_record_hides_anything(work: RunningClinic, hostile: str) -> None:
    live(work, hostile)
    for place, whole in seen_in(work).items():
        assert unicodedata.is_normalized("NFC", whole), place
        hidden = {mark for mark in whole if unicodedata.category(mark) in NEVER and mark != "\n"}
        assert not hidden, (place, hidden)
        assert "\u0316" * 5 not in whole, place
