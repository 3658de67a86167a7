"""Codes of the clinic's work in words: states, people, contacts, letters, work-ups, reasons of a list line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.wording.clinic_units import measured
from desktop.wording.clinical import analyte_name, outcome_name, said
from desktop.wording.dates import plain_date
from desktop.wording.numbers import milligrams, number

tr = QCoreApplication.translate

_SEXES: Mapping[str, object] = {
    "female": QT_TRANSLATE_NOOP("codes", "female"),
    "male": QT_TRANSLATE_NOOP("codes", "male"),
    "unknown": QT_TRANSLATE_NOOP("codes", "sex not recorded"),
}

_ROLES: Mapping[str, object] = {
    "coordinator": QT_TRANSLATE_NOOP("codes", "Coordinator"),
    "nurse": QT_TRANSLATE_NOOP("codes", "Nurse"),
    "clinician": QT_TRANSLATE_NOOP("codes", "Clinician"),
    "prescriber": QT_TRANSLATE_NOOP("codes", "Prescriber"),
    "manager": QT_TRANSLATE_NOOP("codes", "Manager"),
    "administrator": QT_TRANSLATE_NOOP("codes", "Administrator"),
}

_COURSE_STATES: Mapping[str, object] = {
    "referred": QT_TRANSLATE_NOOP("codes", "referred"),
    "planned": QT_TRANSLATE_NOOP("codes", "planned"),
    "in-treatment": QT_TRANSLATE_NOOP("codes", "in treatment"),
    "awaiting-labs": QT_TRANSLATE_NOOP("codes", "awaiting bloods"),
    "to-review": QT_TRANSLATE_NOOP("codes", "results to review"),
    "work-up": QT_TRANSLATE_NOOP("codes", "work-up"),
    "waiting": QT_TRANSLATE_NOOP("codes", "waiting"),
    "follow-up": QT_TRANSLATE_NOOP("codes", "long-term follow-up"),
    "ended": QT_TRANSLATE_NOOP("codes", "ended"),
}

_ENDINGS: Mapping[str, object] = {
    "repeat-course": QT_TRANSLATE_NOOP("codes", "a repeat course began"),
    "discharged": QT_TRANSLATE_NOOP("codes", "discharged"),
    "declined": QT_TRANSLATE_NOOP("codes", "declined"),
    "did-not-attend": QT_TRANSLATE_NOOP("codes", "did not attend"),
    "transferred": QT_TRANSLATE_NOOP("codes", "transferred"),
    "deceased": QT_TRANSLATE_NOOP("codes", "deceased"),
    "duplicate": QT_TRANSLATE_NOOP("codes", "registered twice"),
    "entered-in-error": QT_TRANSLATE_NOOP("codes", "entered in error"),
    "active": QT_TRANSLATE_NOOP("codes", "under follow-up"),
}

_CONTACTS: Mapping[str, object] = {
    "agreed": QT_TRANSLATE_NOOP("codes", "agreed"),
    "call-back": QT_TRANSLATE_NOOP("codes", "call back"),
    "no-answer": QT_TRANSLATE_NOOP("codes", "no answer"),
    "number-dead": QT_TRANSLATE_NOOP("codes", "number dead"),
    "moved": QT_TRANSLATE_NOOP("codes", "moved"),
    "declined": QT_TRANSLATE_NOOP("codes", "declined"),
    "died": QT_TRANSLATE_NOOP("codes", "died"),
    "letter-sent": QT_TRANSLATE_NOOP("codes", "letter sent"),
    "message-left": QT_TRANSLATE_NOOP("codes", "message left"),
}

_BANDS: Mapping[str, object] = {
    "reminder": QT_TRANSLATE_NOOP("codes", "reminder"),
    "overdue": QT_TRANSLATE_NOOP("codes", "overdue"),
    "late": QT_TRANSLATE_NOOP("codes", "late"),
    "lost": QT_TRANSLATE_NOOP("codes", "lost"),
}

_LETTERS: Mapping[str, object] = {
    "patient-results": QT_TRANSLATE_NOOP("codes", "Results in plain words, patient"),
    "result-and-plan": QT_TRANSLATE_NOOP("codes", "Result and plan, GP"),
    "referral": QT_TRANSLATE_NOOP("codes", "Referral"),
    "patient-appointment": QT_TRANSLATE_NOOP("codes", "Appointment, patient"),
    "reminder-1": QT_TRANSLATE_NOOP("codes", "First reminder"),
    "reminder-2": QT_TRANSLATE_NOOP("codes", "Second reminder"),
    "repeat-infusion": QT_TRANSLATE_NOOP("codes", "Repeat infusion, patient"),
    "lab-request": QT_TRANSLATE_NOOP("codes", "Request form for bloods"),
    "not-reached": QT_TRANSLATE_NOOP("codes", "Not reached, patient"),
    "phosphate-check": QT_TRANSLATE_NOOP("codes", "Phosphate check, patient"),
    "discharge": QT_TRANSLATE_NOOP("codes", "End of follow-up, patient"),
}

_LETTER_STATES: Mapping[str, object] = {
    "draft": QT_TRANSLATE_NOOP("codes", "draft"),
    "approved": QT_TRANSLATE_NOOP("codes", "ready to print"),
    "printed": QT_TRANSLATE_NOOP("codes", "printed"),
    "handed": QT_TRANSLATE_NOOP("codes", "handed over"),
    "posted": QT_TRANSLATE_NOOP("codes", "posted"),
    "returned": QT_TRANSLATE_NOOP("codes", "came back"),
    "void": QT_TRANSLATE_NOOP("codes", "void"),
}

_ITEM_STATES: Mapping[str, object] = {
    "todo": QT_TRANSLATE_NOOP("codes", "to order"),
    "ordered": QT_TRANSLATE_NOOP("codes", "ordered"),
    "done": QT_TRANSLATE_NOOP("codes", "done"),
    "resulted": QT_TRANSLATE_NOOP("codes", "result in"),
    "not-appropriate": QT_TRANSLATE_NOOP("codes", "not appropriate"),
}

_VISIT_STATES: Mapping[str, object] = {
    "planned": QT_TRANSLATE_NOOP("codes", "planned"),
    "given": QT_TRANSLATE_NOOP("codes", "given"),
    "cancelled": QT_TRANSLATE_NOOP("codes", "cancelled"),
    "did-not-attend": QT_TRANSLATE_NOOP("codes", "did not attend"),
    "superseded": QT_TRANSLATE_NOOP("codes", "corrected"),
    "entered-in-error": QT_TRANSLATE_NOOP("codes", "entered in error"),
}

_RESULT_STATES: Mapping[str, object] = {
    "final": QT_TRANSLATE_NOOP("codes", "final"),
    "preliminary": QT_TRANSLATE_NOOP("codes", "preliminary"),
    "corrected": QT_TRANSLATE_NOOP("codes", "corrected"),
    "cancelled": QT_TRANSLATE_NOOP("codes", "cancelled"),
    "entered-in-error": QT_TRANSLATE_NOOP("codes", "entered in error"),
    "superseded": QT_TRANSLATE_NOOP("codes", "superseded"),
}

_WHY: Mapping[str, object] = {
    "awaiting-labs": QT_TRANSLATE_NOOP("codes", "repeat bloods not in yet"),
    "no-answer": QT_TRANSLATE_NOOP("codes", "no answer; next call due"),
    "new-referral": QT_TRANSLATE_NOOP("codes", "new referral"),
    "referred": QT_TRANSLATE_NOOP("codes", "new referral"),
    "planned": QT_TRANSLATE_NOOP("codes", "visit booked"),
    "part-given": QT_TRANSLATE_NOOP("codes", "part of the course is given"),
    "dose-owed": QT_TRANSLATE_NOOP("codes", "the rest of the dose is owed"),
    "work-up-open": QT_TRANSLATE_NOOP("codes", "work-up under way"),
    "deferred": QT_TRANSLATE_NOOP("codes", "put off to this day"),
    "dismissed": QT_TRANSLATE_NOOP("codes", "set aside until this day"),
    "decided": QT_TRANSLATE_NOOP("codes", "as decided"),
    "repeat-decided": QT_TRANSLATE_NOOP("codes", "a repeat course was decided"),
    "planned-part": QT_TRANSLATE_NOOP("codes", "the rest of the plan"),
    "not-planned": QT_TRANSLATE_NOOP("codes", "not planned yet"),
    "labs-due": QT_TRANSLATE_NOOP("codes", "repeat bloods are due"),
    "chase": QT_TRANSLATE_NOOP("codes", "repeat bloods are late"),
    "visit": QT_TRANSLATE_NOOP("codes", "visit booked"),
    "returned": QT_TRANSLATE_NOOP("codes", "back on a new result"),
    "result-changed": QT_TRANSLATE_NOOP("codes", "back: a result was changed"),
    "record-changed": QT_TRANSLATE_NOOP("codes", "back: the record changed"),
    "protocol-changed": QT_TRANSLATE_NOOP("codes", "back: the protocol changed"),
    "inadequate-dose": QT_TRANSLATE_NOOP("codes", "dose was too small"),
    "dose-too-small": QT_TRANSLATE_NOOP("codes", "dose was too small"),
    "ongoing-loss": QT_TRANSLATE_NOOP("codes", "iron is being lost"),
    "functional": QT_TRANSLATE_NOOP("codes", "inflammation holds the iron"),
    "ckd-epo-deficit": QT_TRANSLATE_NOOP("codes", "kidney anaemia with full stores"),
    "hypophosphataemia": QT_TRANSLATE_NOOP("codes", "phosphate is low"),
    "other-cause": QT_TRANSLATE_NOOP("codes", "a second cause is likely"),
    "safety-stop": QT_TRANSLATE_NOOP("codes", "no more iron until explained"),
    "data-invalid": QT_TRANSLATE_NOOP("codes", "a value cannot be right"),
    "too-early": QT_TRANSLATE_NOOP("codes", "measured too soon"),
    "responded": QT_TRANSLATE_NOOP("codes", "the iron worked"),
    "stores-replete-symptomatic": QT_TRANSLATE_NOOP("codes", "stores full, still unwell"),
    "indeterminate": QT_TRANSLATE_NOOP("codes", "not clear yet"),
    "no-follow-up-yet": QT_TRANSLATE_NOOP("codes", "repeat bloods not in yet"),
    "urgent": QT_TRANSLATE_NOOP("codes", "a value needs a person today"),
}


def sex_name(code: str) -> str:
    """Sex in a banner: "female"."""
    return said(_SEXES, code)


def sex_letter(code: str) -> str:
    """Sex in a list line: F, M, or nothing when it is not recorded."""
    letters = {"female": tr("codes", "F"), "male": tr("codes", "M")}
    return letters.get(code, "")


def role_name(code: str) -> str:
    """A user's role: "Coordinator"."""
    return said(_ROLES, code)


def course_state_name(code: str) -> str:
    """The state of a course: "awaiting bloods"."""
    return said(_COURSE_STATES, code)


def ending_name(code: str) -> str:
    """Why a course, or following a patient, ended: "transferred"."""
    return said(_ENDINGS, code)


def contact_outcome_name(code: str) -> str:
    """What came of a contact: "no answer"."""
    return said(_CONTACTS, code)


def band_name(code: str) -> str:
    """The age band of overdue bloods: "reminder", "overdue", "late", "lost"."""
    return said(_BANDS, code)


def letter_kind_name(code: str) -> str:
    """A kind of letter: "Second reminder"."""
    return said(_LETTERS, code)


def letter_state_name(code: str) -> str:
    """The state of a letter: "ready to print"."""
    return said(_LETTER_STATES, code)


def item_state_name(code: str) -> str:
    """The state of an item of a work-up: "ordered"."""
    return said(_ITEM_STATES, code)


def visit_state_name(code: str) -> str:
    """The state of a visit or an infusion: "given"."""
    return said(_VISIT_STATES, code)


def result_state_name(code: str) -> str:
    """The state of a laboratory result: "corrected"."""
    return said(_RESULT_STATES, code)


def why_words(why: Mapping[str, object]) -> str:
    """Half a sentence that says why a step is due: "dose was too small", "ferritin 912 µg/L".

    `why` has a `code`; where it carries an `analyte` with a `value` and a `unit` these are what is said. Days
    may be dates or their ISO texts.
    """
    code = str(why.get("code", ""))
    if not code:
        return ""
    value = _decimal(why.get("value"))
    if why.get("analyte") and value is not None:
        name = analyte_name(str(why["analyte"]))
        name = name if name[1:2].isupper() else name[:1].lower() + name[1:]
        return f"{name} {measured(str(why['analyte']), value, str(why.get('unit') or ''))}"
    if code in _CONTACTS:
        return _tried(code, why)
    if isinstance(why.get("back"), Mapping):
        return _back(why["back"])  # type: ignore[arg-type]
    special = _with_values(code, why)
    if special:
        return special
    return said(_WHY, code) if code in _WHY else outcome_name(code).lower()


def _back(back: Mapping[str, object]) -> str:
    """What brought an answer back that somebody had set aside, or had still to decide on."""
    on = _day(back.get("on"))
    if back.get("code") != "protocol-changed" or on is None:
        return said(_WHY, str(back.get("code")))
    words = (
        tr("codes", "the protocol changed on {date}")
        if back.get("was") == "open"
        else tr("codes", "back: the protocol changed on {date}")
    )
    return words.format(date=plain_date(on))


def _with_values(code: str, why: Mapping[str, object]) -> str:
    """The codes that say a number or a day; nothing where the value is not there."""
    owed, opened = _decimal(why.get("owed_mg")), _decimal(why.get("open"))
    ordinal, of = _decimal(why.get("ordinal")), _decimal(why.get("of"))
    last = _day(why.get("last_infusion") or why.get("on"))
    if code == "chase" and why.get("last"):
        return _tried(str(why["last"]), why)
    if code in {"labs-due", "last-infusion"} and last is not None:
        return tr("codes", "last infusion on {date}").format(date=plain_date(last))
    if code == "dose-owed" and owed is not None:
        return tr("codes", "{dose} still owed").format(dose=milligrams(owed))
    if code == "visit" and ordinal is not None and of is not None:
        return tr("codes", "visit {number} of {count}").format(number=number(ordinal), count=number(of))
    until = _day(why.get("until"))
    if code == "suspended" and until is not None:
        said_why = {"date": plain_date(until), "reason": str(why.get("reason") or "")}
        return tr("codes", "suspended until {date}: {reason}").format(**said_why)
    if code == "work-up-open" and opened is not None:
        return (
            tr("codes", "1 item open")
            if opened == 1
            else tr("codes", "{count} items open").format(count=number(opened))
        )
    return ""


def _tried(outcome: str, why: Mapping[str, object]) -> str:
    """What came of the last contact, and how often it was tried: "no answer ×2"."""
    attempts, words = _decimal(why.get("attempts")), contact_outcome_name(outcome)
    return f"{words} ×{number(attempts)}" if attempts is not None and attempts > 1 else words


def _day(value: object) -> date | None:
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None


def _decimal(value: object) -> Decimal | None:
    try:
        made = Decimal(str(value))
    except InvalidOperation:
        return None
    return made if made.is_finite() else None
