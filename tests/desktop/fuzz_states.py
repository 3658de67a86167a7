"""Clinics brought into the state in which a dialog can be asked for: somebody left, two records, a file came in."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import timedelta
from io import BytesIO

from journey import SAMPLE_DAY, Journey
from other_protocol import another_text
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import func, select

from db import models as m
from db.operations.decisions import DecidedStep, NewDecision, record_decision
from db.operations.letters import NewLetter, issue
from db.operations.merging import MergeChoices, merge_patients
from db.operations.patients import (
    ClinicalPicture,
    NewReferral,
    PatientDetails,
    end_follow_up,
    register_referral,
)
from db.operations.protocols import draft_protocol
from db.operations.steps import DONE_BY_HAND
from db.queries.assessments import explain
from db.queries.letters import source
from db.queries.worklist import open_steps
from db.stamp import Stamp
from desktop.results.page import ResultsPage
from desktop.settings_page.page import SettingsPage
from desktop.settings_page.protocol import ProtocolSection

HELD = (
    r"MSH|^~\&|LIS|NORTHGATE|REPLETE|CLINIC|20260310101500||ORU^R01|1|P|2.5",
    "PID|1||R-900001^^^CLINIC^MR||Nobody^Known||19820610|F",
    "OBR|1||A1|PANEL^Iron panel|||20260310081500",
    "OBX|1|NM|718-7^Haemoglobin^LN||104|g/L|||||F",
    "OBX|2|NM|LOCAL7^Ferritin by another name^L||28|ug/L|||||F",
)
TABLE = (
    "No;Surname;Given;Born;Taken;Haem;Ferr\n"
    "R-900002;Nobody;Else;10/06/1981;09/02/2026;104;28,5\n"
    "R-900003;Somebody;Else;11/06/1981;09/02/2026;98;12\n"
)


MANY_DRAFTS = 24


def stamp(journey: Journey, login: str) -> Stamp:
    """Now, by somebody of the demo clinic."""
    user: int = journey.read(lambda session: session.scalar(select(m.User.id).where(m.User.login == login)))
    return journey.days(user)


def somebody_left(journey: Journey) -> None:
    """Follow-up of some patients has ended; whoever waits for an infusion stays."""
    mina = stamp(journey, "mina")
    with journey.database().write() as session:
        steps = [step for step in open_steps(session, SAMPLE_DAY) if step.action != "give-infusion"]
        for step in steps[::3]:
            version = session.get_one(m.Patient, step.patient_id).version
            end_follow_up(session, step.patient_id, "declined", SAMPLE_DAY, None, mina, version)


def left(journey: Journey) -> list[int]:
    """Whose follow-up has ended; a record that was joined with another is nobody of its own."""
    gone = select(m.Patient.id).where(m.Patient.status != "active", m.Patient.merged_into_id.is_(None))
    return journey.read(lambda session: list(session.scalars(gone)))


def steps_by_hand(journey: Journey) -> None:
    """Of whoever waits for a decision it is decided what somebody says is done, one step after the other."""
    devika, today = stamp(journey, "devika"), SAMPLE_DAY
    steps = tuple(
        DecidedStep(action, today + timedelta(days=after))
        for after, action in enumerate(
            ("same-day-review", "discuss-transfusion", "correct-data", "switch-product")
        )
    )
    with journey.database().write() as session:
        for step in open_steps(session, SAMPLE_DAY):
            view = explain(session, step.course_id) if step.action == "review-results" else None
            if view is not None and view.state == "open":
                decision = NewDecision("choose-another", steps, "seen with the patient")
                record_decision(session, view.assessment_id, view.version, decision, devika, journey.protocol)


def by_hand(journey: Journey) -> list[int]:
    """Whose open step somebody says is done."""
    steps = journey.read(open_steps, SAMPLE_DAY)
    return [step.patient_id for step in steps if step.action in DONE_BY_HAND]


def letters_filed(journey: Journey) -> None:
    """Of everybody who has a step a letter is in the archive that nobody has printed yet."""
    devika, sheet = stamp(journey, "devika"), BytesIO()
    paper = Canvas(sheet, invariant=1)
    paper.drawString(72, 700, "A letter nobody has printed")
    paper.save()
    pdf = sheet.getvalue()
    with journey.database().write() as session:
        for step in open_steps(session, SAMPLE_DAY):
            letter = NewLetter(
                "lab-request", step.course_id, step.patient_id, {"name": "Dr Hale"}, None, pdf,
                hashlib.sha256(pdf).hexdigest(), 1, "1", "Dear", source(session, step.course_id).next_letter_id,
            )  # fmt: skip
            issue(session, letter, devika)


def with_letters(journey: Journey) -> list[int]:
    """Who has a letter that can be taken back."""
    kept = select(m.Letter.patient_id).where(m.Letter.state != "void").distinct()
    return journey.read(lambda session: list(session.scalars(kept)))


def twins(journey: Journey) -> list[tuple[int, int]]:
    """Several people stand on record twice; gives each pair."""
    mina, pairs = stamp(journey, "mina"), []
    with journey.database().write() as session:
        steps, newest = open_steps(session, SAMPLE_DAY), select(func.max(m.Patient.id))
        people: Sequence[m.Patient] = [session.get_one(m.Patient, one.patient_id) for one in steps[:8]]
        for one in people:
            number = f"R-8{session.scalar(newest):05d}"
            numbers = (("clinic-number", number),)
            details = PatientDetails(one.surname, one.given, one.birth_date, one.sex, numbers)
            referral = NewReferral(details, ClinicalPicture(), SAMPLE_DAY, mina.user_id)
            made = register_referral(session, referral, mina, journey.protocol).patient_id
            assert made is not None
            pairs.append((one.id, made))
    return pairs


def joined(journey: Journey) -> None:
    """Records that were joined, and can be taken apart."""
    pairs = twins(journey)
    devika = stamp(journey, "devika")
    with journey.database().write() as session:
        for kept, other in pairs:
            courses = select(m.Course.id).where(m.Course.patient_id == kept, m.Course.status != "ended")
            seen = [session.get_one(m.Patient, one).version for one in (kept, other)]
            choices = MergeChoices(session.scalar(courses))
            merge_patients(session, kept, other, choices, "twice", *seen, devika, journey.protocol)


def joined_people(journey: Journey) -> list[int]:
    """With whose record another was joined."""
    kept = select(m.Patient.merged_into_id).where(m.Patient.merged_into_id.is_not(None)).distinct()
    return journey.read(lambda session: list(session.scalars(kept)))


def draft(journey: Journey, name: str = "ours") -> None:
    """A protocol of the clinic's own waits for its second person."""
    ines = stamp(journey, "ines")
    with journey.database().write() as session:
        draft_protocol(session, another_text(name), ines)


def drafts(journey: Journey) -> None:
    """Many of them, of which one after the other can be withdrawn."""
    already = journey.read(lambda session: session.scalar(select(func.count(m.ProtocolVersion.id))))
    for number in range(MANY_DRAFTS):
        draft(journey, f"ours-{already + number}")


def tried_draft(journey: Journey) -> None:
    """A draft was tried dry, and can be signed."""
    draft(journey)
    page = journey.window.page("settings")
    assert isinstance(page, SettingsPage)
    page.show_section("protocol")
    journey.settle()
    part = page.sections["protocol"]
    assert isinstance(part, ProtocolSection)
    part.table.select(next(row.id for row in part._rows.values() if row.state == "draft"))
    part.try_button.click()
    journey.wait(part.sign_button.isEnabled, "a dry run")


def file_came(journey: Journey) -> None:
    """A laboratory's file came in: what it says is held, and one of its codes nobody knows."""
    _take(journey, "morning.hl7", "\r".join(HELD) + "\r")


def table_came(journey: Journey) -> None:
    """A table came whose columns nobody has named."""
    _take(journey, "monday.csv", TABLE)


def _take(journey: Journey, name: str, text: str) -> None:
    page = journey.window.page("results")
    assert isinstance(page, ResultsPage)
    path = journey.folder / name
    path.write_text(text, encoding="utf-8", newline="")
    intake = page.laboratory.inbox.intake
    page.laboratory.take([path])
    journey.wait(lambda: not intake.is_running(), "a file to be taken in")
    journey.settle()
