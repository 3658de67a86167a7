"""A clinic whose every text about a patient is a marker that can be looked for, in a real file behind a real vault."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path

from seen_now import with_seen

from clinical.protocol import Protocol
from db import operations as ops
from db import queries
from db.changes import Changes
from db.engine import Database
from db.opening import create_clinic_file
from db.stamp import Stamp

TODAY = date(2026, 3, 12)
BORN = date(1931, 7, 19)
LOGIN, PASSWORD = "zq-ann", "zqpasswordmarker"

MARKERS: dict[str, str] = {
    "surname": "Zqsurname",
    "given": "Zqgiven",
    "former surname": "Zqformer",
    "number": "ZQ-770-0001",
    "second number": "ZQNHS9434765919",
    "telephone": "07700900777",
    "e-mail": "zqmail@example.org",
    "address": "71 Zqstreet",
    "allergy": "zqallergy",
    "general practitioner": "Zqpractitioner",
    "reason in spite of a gate": "zqdespite",
    "batch": "ZQBATCH42",
    "reaction": "zqreaction",
    "comment of a correction": "zqcorrection",
    "note of a call": "zqcallnote",
    "reason of a decision": "zqdecision",
    "note of a work-up": "zqworkup",
    "text of a letter": "zqlettertext",
    "address on a letter": "zqaddressee",
    "reason of a move": "zqmovedreason",
    "password": PASSWORD,
}
"""What must be found nowhere but inside the encrypted file, by what it is."""

BIRTH_DATE = ("1931-07-19", "19/07/1931", "19 Jul 1931", "19 July 1931", "19.07.1931")
"""The ways a date of birth is written."""


def at(day: date, minute: int = 0) -> Stamp:
    """The first user on a day."""
    return Stamp(1, datetime.combine(day, time(10, minute), UTC), day)


def fill(path: Path, protocol: Protocol) -> tuple[int, int]:
    """Make the clinic with its one patient, treated, tested, decided on and written to; patient and course."""
    database, _recovery = create_clinic_file(path, LOGIN, PASSWORD)
    try:
        return _fill(database, protocol)
    finally:
        database.close()


def _fill(database: Database, protocol: Protocol) -> tuple[int, int]:
    m = MARKERS

    def do(operation: object, *given: object, **named: object) -> Changes:
        with database.write() as session:
            named = with_seen(session, operation, given, named)  # type: ignore[arg-type]
            changed: Changes = operation(session, *given, **named)  # type: ignore[operator]
        return changed

    user = ops.NewUser("Ann Lee", LOGIN, "clinician")
    do(
        ops.set_up_clinic,
        ops.ClinicSettings("Fen Clinic", ("Fen Street",)),
        user,
        at(date(2026, 1, 1)),
        protocol,
    )
    clinician = ops.NewClinician(m["general practitioner"], "GP", speciality="general-practice")
    do(ops.add_clinician, clinician, at(date(2026, 1, 2)))
    details = ops.PatientDetails(
        m["former surname"], m["given"], BORN, "female",
        identifiers=(("hospital-number", m["number"]), ("national-number", m["second number"])),
        phone=m["telephone"], email=m["e-mail"], address_lines=(m["address"], "Ely"), allergies=(m["allergy"],),
        gp_id=1,
    )  # fmt: skip
    baseline = (
        _result(date(2026, 1, 2), "84"),
        ops.NewResult(date(2026, 1, 2), "ferritin", Decimal(8), "ug/L"),
    )
    referral = ops.NewReferral(
        details,
        ops.ClinicalPicture(Decimal(70)),
        date(2026, 1, 2),
        1,
        "iron-deficiency-anaemia",
        results=baseline,
    )
    made = do(ops.register_referral, referral, at(date(2026, 1, 2)), protocol)
    assert made.patient_id is not None
    assert made.course_id is not None
    with database.read() as session:
        who, page = (
            queries.banner(session, made.patient_id),
            queries.patient_page(session, made.patient_id, TODAY),
        )
    married = replace(details, surname=m["surname"])
    do(ops.change_details, made.patient_id, married, who.version, at(date(2026, 1, 3)))
    given = date(2026, 1, 12)
    plan = ops.CoursePlan(
        "ferric-derisomaltose", "eu", "ganzoni", Decimal(1500), Decimal(500), ((given, Decimal(500)),),
        {"infection": "no"},
    )  # fmt: skip
    do(ops.plan_course, made.course_id, plan, page.courses[0].version, at(date(2026, 1, 5)), protocol)
    infusion = ops.NewInfusion(
        made.course_id, given, Decimal(500), 1, m["batch"], started="10:00", ended="10:20", reaction_grade=1,
        reaction_note=m["reaction"], override_reason=m["reason in spite of a gate"],
    )  # fmt: skip
    do(ops.record_infusion, infusion, at(given), protocol)
    call = ops.NewContact("no-answer", note=m["note of a call"])
    do(ops.record_contact, made.course_id, call, at(date(2026, 3, 1)), protocol)
    stored = (
        _result(date(2026, 2, 20), "90"),
        ops.NewResult(date(2026, 2, 20), "ferritin", Decimal(12), "ug/L"),
    )
    do(ops.store_results, made.patient_id, stored, at(date(2026, 3, 2)), protocol)
    with database.read() as session:
        page = queries.patient_page(session, made.patient_id, TODAY)
    old = next(
        row for row in page.results if row.analyte == "haemoglobin" and row.collected == date(2026, 2, 20)
    )
    right = _result(date(2026, 2, 20), "91")
    do(ops.correct_result, old.result_id, right, m["comment of a correction"], at(date(2026, 3, 3)), protocol)
    _decide(do, database, made.course_id, protocol)
    with database.read() as session:
        step = queries.open_steps(session, TODAY)[0]
    moved = (step.step_id, date(2026, 3, 16), m["reason of a move"], step.version)
    do(ops.change_due, *moved, at(date(2026, 3, 5), 2))
    _write(do, made.patient_id, made.course_id)
    return made.patient_id, made.course_id


def _result(day: date, value: str) -> ops.NewResult:
    return ops.NewResult(day, "haemoglobin", Decimal(value), "g/L", confirmed=True)


def _decide(do: object, database: Database, course_id: int, protocol: Protocol) -> None:
    with database.read() as session:
        view = queries.explain(session, course_id)
    assert view is not None
    steps = (ops.DecidedStep("work-up", date(2026, 3, 20), None, {"causes": ["base"]}),)
    decision = ops.NewDecision("choose-another", steps, MARKERS["reason of a decision"])
    stamp = at(date(2026, 3, 4))
    do(ops.record_decision, view.assessment_id, view.version, decision, stamp, protocol)  # type: ignore[operator]
    with database.read() as session:
        item = queries.open_work_ups(session, TODAY)[0]
    given = (item.item_id, "ordered", MARKERS["note of a work-up"], item.due, 1, item.version)
    do(ops.update_item, *given, at(date(2026, 3, 5)), protocol)  # type: ignore[operator]


def _write(do: object, patient_id: int, course_id: int) -> None:
    pdf = b"%PDF-1.7 " + MARKERS["text of a letter"].encode()
    letter = ops.NewLetter(
        "reminder-1", course_id, patient_id, {"name": MARKERS["address on a letter"]}, None, pdf,
        hashlib.sha256(pdf).hexdigest(), 1, "1", MARKERS["text of a letter"], "L-1",
    )  # fmt: skip
    do(ops.issue, letter, at(date(2026, 3, 5), 5))  # type: ignore[operator]
