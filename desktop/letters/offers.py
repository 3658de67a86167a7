"""Which letters can be written about a course now, to whom, and why one cannot. Pure values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from PySide6.QtCore import QCoreApplication

from clinical.outcome import Outcome
from db.lab_forms import ELECTRONIC
from db.queries.letters import LetterSource
from desktop.wording import ending_name, letter_kind_name, speciality_name

tr = QCoreApplication.translate

DECIDED = frozenset({"accepted", "overridden"})
"""States of an assessment on which letters may be written."""

REPEATS = frozenset({"repeat-infusion", "plan-course"})


@dataclass(frozen=True, slots=True)
class Offer:
    """One letter that the record calls for or allows. `refer_to` is the speciality of a referral.

    `blocked` says why it cannot be written, in words; `note` is a remark that does not stop it. `earlier` is a
    letter about the course before: what was decided on it is told also when the next one is planned already.
    """

    kind: str
    refer_to: str
    to: str
    blocked: str = ""
    note: str = ""
    earlier: bool = False

    @property
    def key(self) -> str:
        """What tells this letter from the others of the course."""
        return f"{self.kind}:{self.refer_to}"

    @property
    def title(self) -> str:
        """What the letter is: "Referral, gastroenterology"."""
        name = letter_kind_name(self.kind)
        return f"{name}, {speciality_name(self.refer_to)}" if self.refer_to else name


def offers(source: LetterSource, today: date) -> tuple[Offer, ...]:
    """The letters about a course, most wanted first."""
    decided = _decided(source) if is_judged(source) else []
    return _unless_stopped([*decided, *_booked(source, today)], source)


def earlier_offers(source: LetterSource) -> tuple[Offer, ...]:
    """The letters that tell what was decided on the course before the one that is planned now."""
    decided = _decided(source) if is_judged(source) else []
    return _unless_stopped([replace(offer, earlier=True) for offer in decided], source)


def is_judged(source: LetterSource) -> bool:
    """Whether there is an answer about this very course: not of the one before, not of bloods still to come."""
    view = source.explain
    return (
        view is not None
        and view.course_id == source.course.course_id
        and view.assessment.outcome is not Outcome.NO_FOLLOW_UP_YET
    )


def _unless_stopped(found: list[Offer], source: LetterSource) -> tuple[Offer, ...]:
    stop = _stopped(source)
    return tuple(replace(offer, blocked=stop) for offer in found) if stop else tuple(found)


def _stopped(source: LetterSource) -> str:
    """Letters stop at once when a patient declined, moved on or died."""
    status = source.banner.status
    if status == "active":
        return ""
    return tr("letters", "No letters: {status}.").format(status=ending_name(status))


def _decided(source: LetterSource) -> list[Offer]:
    """The letters that tell a decision: to the patient, to the specialist, to the GP."""
    view = source.explain
    if view is None:
        return []
    waiting = "" if view.state in DECIDED else tr("letters", "The assessment is not decided yet.")
    patient = f"{source.banner.given} {source.banner.surname}"
    found = [Offer("patient-results", "", patient, waiting, _address(source))]
    for speciality in referrals(source):
        person = source.specialists.get(speciality)
        name = person.name if person else clinic_of(speciality)
        note = "" if person else tr("letters", "No address on record: write it on the envelope.")
        found.append(Offer("referral", speciality, name, waiting, note))
    if any(step.action == "measure-phosphate" for step in source.decided):
        found.append(Offer("phosphate-check", "", patient, waiting, _address(source)))
    if any(step.action == "discharge" for step in source.decided):
        found.append(Offer("discharge", "", patient, waiting, _address(source)))
    reader = source.gp or source.referrer
    if reader is not None:
        found.append(Offer("result-and-plan", "", reader.name, waiting))
    if any(step.action in REPEATS for step in source.decided):
        found.append(Offer("repeat-infusion", "", patient, waiting, _address(source)))
    return found


def referrals(source: LetterSource) -> tuple[str, ...]:
    """The specialities the decision refers to, each once, in its order."""
    named = [
        str(step.detail["to"]) for step in source.decided if step.action == "refer" and step.detail.get("to")
    ]
    return tuple(dict.fromkeys(named))


def clinic_of(speciality: str) -> str:
    """Whom a referral is addressed to when nobody is on record: "Gastroenterology clinic"."""
    name = speciality_name(speciality)
    if speciality == "urgent-suspected-cancer":
        return tr("letters", "Urgent suspected cancer clinic")
    return tr("letters", "{speciality} clinic").format(speciality=name[:1].upper() + name[1:])


def _booked(source: LetterSource, today: date) -> list[Offer]:
    """The letters that go with booked blood tests, and reminders once the window has closed."""
    if source.lab_booked_for is None:
        return []
    patient = f"{source.banner.given} {source.banner.surname}"
    note, alone = _address(source), ""
    if source.clinic.lab_forms == ELECTRONIC:
        alone = tr("letters", "No form goes with it: the laboratory is told electronically.")
    found = [
        Offer("patient-appointment", "", patient, "", " ".join(part for part in (note, alone) if part)),
        Offer("lab-request", "", tr("letters", "Laboratory"), "", _form_note(source)),
    ]
    if source.lab_closes is not None and today > source.lab_closes:
        found = [
            Offer("not-reached", "", patient, "", note),
            Offer("reminder-1", "", patient, "", note),
            Offer("reminder-2", "", patient, "", note),
            *found,
        ]
    return found


def _form_note(source: LetterSource) -> str:
    """Why the form is not in the envelope, where the clinic orders electronically: it is there for the exception."""
    if source.clinic.lab_forms != ELECTRONIC:
        return ""
    return tr("letters", "Ordered electronically: print it only where the laboratory asks for paper.")


def enclosures(offer: Offer, source: LetterSource) -> tuple[Offer, ...]:
    """What is put into the envelope of a letter: the form for the laboratory with the appointment for the tests,
    unless the clinic orders electronically.
    """
    if offer.kind != "patient-appointment" or source.clinic.lab_forms == ELECTRONIC:
        return ()
    return (Offer("lab-request", "", tr("letters", "Laboratory")),)


def _address(source: LetterSource) -> str:
    """A remark where a letter cannot be posted to the patient."""
    return "" if source.address_lines else tr("letters", "No address on record: hand it over.")
