"""From what the record holds to what a letter is made from. Values only; the wording is the letter's own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import reports
from clinical.facts import Label, Pregnancy, Product, Sex
from clinical.gestation import gestation_weeks, is_pregnant
from clinical.outcome import Action, Urgency
from clinical.person import cut_off
from clinical.protocol import Protocol
from db.queries.letters import DecidedStep, LetterSource
from db.queries.patient_rows import Banner, CourseRow
from db.queries.patient_rows import ResultRow as StoredResult
from db.queries.people import Owner, Person
from desktop.letters.offers import Offer, clinic_of, offers
from desktop.letters.units import assessment_in, result_in
from desktop.list_paper import paper_clinic
from desktop.wording import role_name
from desktop.wording.clinic_units import chosen_units
from reports.facts import (
    AppointmentFacts,
    CourseFacts,
    InfusionFacts,
    LetterFacts,
    PatientFacts,
    Recipient,
    RecipientKind,
    ReferralFacts,
    RenderedLetter,
    ResultRow,
    Signatory,
    StepFacts,
    WorkUpFacts,
)

PATIENT_KINDS = frozenset(
    {
        "patient-results",
        "patient-appointment",
        "reminder-1",
        "reminder-2",
        "repeat-infusion",
        "not-reached",
        "phosphate-check",
        "discharge",
    }
)
"""Letters to the patient."""
APPOINTMENT_KINDS = frozenset({"patient-appointment", "reminder-1", "reminder-2", "lab-request"})
USABLE = frozenset({"final", "corrected"})
"""States of results a letter may quote."""


@dataclass(frozen=True, slots=True)
class Targets:
    """Limits of one analyte in its canonical unit; `high` is itself too high."""

    low: Decimal | None = None
    high: Decimal | None = None


def compose(
    source: LetterSource, kind: str, today: date, signer: Owner, protocol: Protocol, refer_to: str = ""
) -> RenderedLetter:
    """The finished letter of a kind. Raises reports' PaperError, whose text is for the person who asked."""
    named = next((one for one in offers(source, today) if (one.kind, one.refer_to) == (kind, refer_to)), None)
    offer = named or Offer(kind, refer_to, "")
    return reports.render(kind, letter_facts(offer, source, signer, today, protocol))


def letter_facts(
    offer: Offer, source: LetterSource, signer: Owner, today: date, protocol: Protocol
) -> LetterFacts:
    """Everything the letter of an offer may say, as of `today`, signed by `signer`."""
    view = source.explain
    units = chosen_units(source.clinic.hb_unit, source.clinic.phosphate_unit, protocol)
    return LetterFacts(
        clinic=paper_clinic(source.clinic),
        recipient=recipient(offer, source),
        patient=_patient(source, today, protocol),
        made_on=today,
        letter_id=source.next_letter_id,
        signatory=Signatory(signer.name, role_name(signer.role)),
        course=_course(source.course),
        previous_courses=tuple(
            _course(row) for row in source.courses if row.course_id != source.course.course_id
        ),
        results=tuple(result_in(units, row) for row in _results(source, protocol)),
        assessment=assessment_in(units, view.assessment) if view else None,
        steps=_steps(source, today),
        appointment=_booking(source, offer.kind, today),
        referral=_referral(offer, source) if offer.refer_to else None,
        work_up=_work_up(source),
        copies=_copies(offer, source),
        referrer=source.referrer.name if source.referrer else "",
        decided_by=(view.decided_by or "") if view else "",
        decision_signed=view is None or not view.decision_to_sign,
        protocol_signed=view.protocol_signed if view else source.clinic.protocol_signed,
    )


def recipient(offer: Offer, source: LetterSource) -> Recipient:
    """The reader, in their language and size of print."""
    banner = source.banner
    if offer.kind in PATIENT_KINDS:
        name = f"{banner.given} {banner.surname}"
        return Recipient(
            name,
            source.address_lines,
            RecipientKind.PATIENT,
            language=source.language,
            large_print=source.large_print,
        )
    if offer.kind == "lab-request":
        return Recipient(offer.to, (), RecipientKind.LABORATORY)
    if offer.kind == "referral":
        person = source.specialists.get(offer.refer_to)
        if person is None:
            return Recipient(
                clinic_of(offer.refer_to), (), RecipientKind.SPECIALIST, salutation=clinic_of(offer.refer_to)
            )
        return _professional(person, RecipientKind.SPECIALIST)
    reader = source.gp or source.referrer
    if reader is None:
        return Recipient(offer.to, (), RecipientKind.GP)
    return _professional(reader, RecipientKind.GP if reader is source.gp else RecipientKind.REFERRER)


def _professional(person: Person, kind: RecipientKind) -> Recipient:
    lines = tuple(line for line in (person.organisation or "", *person.address_lines) if line)
    return Recipient(person.name, lines, kind)


def copy_reader(offer: Offer, source: LetterSource) -> Person | None:
    """Who gets a copy, if anybody: the GP, or whoever referred one who is not reached. Where the GP is written to,
    whoever else referred the patient.
    """
    if offer.kind in ("patient-results", "discharge"):
        return source.gp
    if offer.kind == "referral":
        return source.gp or source.referrer
    if offer.kind == "result-and-plan":
        written_to, other = source.gp, source.referrer
        return other if written_to is not None and other is not None and other.id != written_to.id else None
    return (source.referrer or source.gp) if offer.kind == "not-reached" else None


def copy_recipient(offer: Offer, source: LetterSource) -> Recipient | None:
    """The same as a reader with an address; None where there is none to send it to."""
    person = copy_reader(offer, source)
    if person is None or not person.address_lines:
        return None
    return _professional(person, RecipientKind.GP if person is source.gp else RecipientKind.REFERRER)


def copy_record(offer: Offer, source: LetterSource) -> dict[str, object]:
    """Who gets the copy, as the archive keeps it."""
    reader, person = copy_recipient(offer, source), copy_reader(offer, source)
    if reader is None or person is None:
        return {}
    return {
        "name": reader.name,
        "address_lines": list(reader.address_lines),
        "role": reader.kind.value,
        "language": recipient(offer, source).language,
        "person_id": person.id,
        "copy": True,
    }


def recipient_record(offer: Offer, source: LetterSource) -> dict[str, object]:
    """The recipient as the archive keeps it."""
    reader = recipient(offer, source)
    person: Person | None = None
    if offer.kind == "referral":
        person = source.specialists.get(offer.refer_to)
    elif offer.kind == "result-and-plan":
        person = source.gp or source.referrer
    record: dict[str, object] = {
        "name": reader.name,
        "address_lines": list(reader.address_lines),
        "role": reader.kind.value,
        "language": reader.language,
    }
    if offer.refer_to:
        record["refer_to"] = offer.refer_to
    if person is not None:
        record["person_id"] = person.id
    return record


def _patient(source: LetterSource, today: date, protocol: Protocol) -> PatientFacts:
    banner = source.banner
    return PatientFacts(
        surname=banner.surname,
        given=banner.given,
        birth_date=banner.birth_date,
        sex=Sex(banner.sex),
        number=banner.number,
        phone=banner.phone or "",
        address_lines=source.address_lines,
        weight_kg=banner.weight_kg,
        pregnancy_weeks=_weeks_of_pregnancy(banner, today, protocol),
        conditions=frozenset(banner.conditions),
        symptoms=frozenset(banner.symptoms),
        allergies=banner.allergies,
    )


def _weeks_of_pregnancy(banner: Banner, today: date, protocol: Protocol) -> int | None:
    """Whole weeks on the day of the letter; None once it is over by its dates, or where there is none."""
    if banner.pregnancy_weeks is None or banner.pregnancy_on is None:
        return None
    stated = Pregnancy(banner.pregnancy_weeks, banner.pregnancy_on)
    return int(gestation_weeks(stated, today)) if is_pregnant(stated, today, protocol) else None


def _course(row: CourseRow) -> CourseFacts:
    """A course with the infusions really given."""
    return CourseFacts(
        Product(row.product) if row.product else None,
        Label(row.label) if row.label else None,
        row.indication or "",
        row.planned_mg,
        tuple(
            InfusionFacts(one.on, one.dose_mg, one.batch or "", one.reaction_grade, one.stopped_early)
            for one in row.infusions
            if one.state == "given"
        ),
    )


def _steps(source: LetterSource, today: date) -> tuple[StepFacts, ...]:
    """The decided steps that a letter can name."""
    known = {action.value for action in Action}
    return tuple(_step(step, source, today) for step in source.decided if step.action in known)


def _step(step: DecidedStep, source: LetterSource, today: date) -> StepFacts:
    """A decided step; more iron that is booked by now is told with its own day and dose."""
    action = Action(step.action)
    coming = _coming(source, today) if action is Action.REPEAT_INFUSION else ()
    if not coming:
        return StepFacts(action, step.due, step.owner, step.detail)
    first, _ = coming[0]
    total = sum((dose for _, dose in coming), Decimal(0))
    return StepFacts(action, first, step.owner, {**step.detail, "dose_mg": total, "booked": True})


def _coming(source: LetterSource, today: date) -> tuple[tuple[date, Decimal], ...]:
    """Days and doses of the booked infusions that are still to come."""
    return tuple((on, dose) for on, dose in source.planned if on >= today)


def _work_up(source: LetterSource) -> tuple[WorkUpFacts, ...]:
    """The search for a cause: what came of each test, or why it was left out. Notes on the way are the clinic's own."""
    told = {"resulted", "not-appropriate"}
    return tuple(
        WorkUpFacts(item.code, item.state, result=(item.note or "") if item.state in told else "")
        for item in source.work_up
    )


def _booking(source: LetterSource, kind: str, today: date) -> AppointmentFacts | None:
    """What is booked of what the letter is about."""
    if kind == "repeat-infusion":
        return _infusions(source, today)
    return _appointment(source, kind, today) if kind in APPOINTMENT_KINDS else None


def _infusions(source: LetterSource, today: date) -> AppointmentFacts | None:
    """The days and the whole dose of the infusions that are booked; None before that."""
    coming = _coming(source, today)
    if not coming:
        return None
    first, *further = (on for on, _ in coming)
    total = sum((dose for _, dose in coming), Decimal(0))
    return AppointmentFacts(first, place=source.clinic.name, dose_mg=total, further=tuple(further))


def _appointment(source: LetterSource, kind: str, today: date) -> AppointmentFacts:
    """The booked day while it is to come; once it is over, the days of the window that are left.

    Where none is left, a letter to the patient names none; the laboratory is told the window as it was.
    """
    booked, opens, closes = source.lab_booked_for, source.lab_opens, source.lab_closes
    over, asks = closes is not None and closes <= today, kind in PATIENT_KINDS
    return AppointmentFacts(
        on=booked if booked is not None and booked >= today else None,
        place=source.clinic.name,
        opens=(None if asks else opens) if over or opens is None else max(opens, today),
        closes=None if over and asks else closes,
        tests=source.lab_panel,
    )


def _referral(offer: Offer, source: LetterSource) -> ReferralFacts:
    """Where to, how soon (as the assessment says, a suspected cancer never slower than urgent), why."""
    urgency = source.explain.assessment.urgency if source.explain else Urgency.ROUTINE
    if offer.refer_to == "urgent-suspected-cancer" and urgency is not Urgency.EMERGENCY:
        urgency = Urgency.URGENT
    return ReferralFacts(offer.refer_to, urgency, tuple(sorted(source.banner.conditions)))


def _copies(offer: Offer, source: LetterSource) -> tuple[str, ...]:
    """Who else gets the letter: only somebody to whom a copy goes out."""
    reader = copy_recipient(offer, source)
    return (reader.name,) if reader is not None else ()


def _results(source: LetterSource, protocol: Protocol) -> tuple[ResultRow, ...]:
    """The results a letter may quote, each with its target and whether it is within: blood count and stores first."""
    limits = _targets(source, protocol)
    order = {analyte: place for place, analyte in enumerate(protocol.analytes.by_name)}
    usable = [row for row in source.results if row.status in USABLE]
    usable.sort(key=lambda row: order.get(row.analyte, len(order)))
    return tuple(_result(row, limits.get(row.analyte, Targets())) for row in usable)


def _result(row: StoredResult, limits: Targets) -> ResultRow:
    return ResultRow(
        collected=row.collected,
        analyte=row.analyte,
        value=row.value,
        unit=row.unit,
        comparator=row.comparator or "",
        canonical=row.canonical,
        canonical_unit=row.canonical_unit or "",
        target_low=limits.low,
        target_high=limits.high,
        flag=_flag(row, limits),
        superseded=row.superseded,
    )


def _flag(row: StoredResult, limits: Targets) -> str:
    """`low`, `high` or `in-target`; nothing where there is no target or only a bound was reported."""
    value = row.canonical
    if value is None or row.comparator or (limits.low is None and limits.high is None):
        return ""
    if limits.low is not None and value < limits.low:
        return "low"
    return "high" if limits.high is not None and value >= limits.high else "in-target"


def _targets(source: LetterSource, protocol: Protocol) -> dict[str, Targets]:
    """Targets of the profile the assessment chose; limits that hold for everyone without one."""
    limits = {
        "phosphate": Targets(protocol.number("phosphate.mild")),
        "crp": Targets(high=protocol.number("inflammation.raised")),
    }
    if source.explain is not None:
        view = source.explain
        row = protocol.profiles[view.assessment.profile]
        limits["haemoglobin"] = Targets(cut_off(view.facts, view.assessment.as_of, protocol).recovered_from)
        limits["ferritin"] = Targets(row.target_ferritin.value)
        limits["transferrin-saturation"] = Targets(row.target_tsat.value)
    return limits
