"""The codes the tables accept. A code added here needs a migration that widens the constraint."""

from __future__ import annotations

from typing import Final

from clinical import facts
from clinical.facts import CONDITIONS, SYMPTOMS, Label, Product, Sex
from clinical.outcome import Action, Outcome, Profile, Response, Urgency

SEXES: Final = tuple(Sex)
PRODUCTS: Final = tuple(Product)
LABELS: Final = tuple(Label)
CONDITION_CODES: Final = tuple(sorted(CONDITIONS))
SYMPTOM_CODES: Final = tuple(sorted(SYMPTOMS))
OUTCOMES: Final = tuple(Outcome)
PROFILES: Final = tuple(Profile)
RESPONSES: Final = tuple(Response)
URGENCIES: Final = tuple(Urgency)

ROLES: Final = ("coordinator", "nurse", "clinician", "manager", "administrator")
PATIENT_STATES: Final = ("active", "declined", "did-not-attend", "transferred", "deceased")
IDENTIFIER_KINDS: Final = (
    "clinic-number",
    "hospital-number",
    "national-number",
    "insurance-number",
    "laboratory-number",
)
ENVELOPES: Final = ("uk-dl", "din-5008-b", "us-10")
PHONE_KINDS: Final = ("mobile", "home", "work", "other")
NEEDS: Final = (
    "large-print",
    "interpreter",
    "sign-language",
    "hearing",
    "sight",
    "mobility",
    "carer",
    "easy-read",
    "needle-fear",
    "no-letters",
    "no-calls",
    "other",
)
MEASURES: Final = ("weight", "height")
SPECIALITIES: Final = (
    "general-practice",
    "haematology",
    "gastroenterology",
    "gynaecology",
    "nephrology",
    "urology",
    "ent",
    "endocrinology",
    "obstetrics",
    "cardiology",
    "oncology",
    "surgery",
    "internal-medicine",
    "urgent-suspected-cancer",
    "other",
)
REFER_TO: Final = (
    "haematology",
    "gastroenterology",
    "gynaecology",
    "nephrology",
    "urology",
    "ent",
    "endocrinology",
    "obstetrics",
    "urgent-suspected-cancer",
)
INDICATIONS: Final = (
    "iron-deficiency-anaemia",
    "iron-deficiency",
    "heavy-menstrual-bleeding",
    "pregnancy",
    "postpartum",
    "ckd",
    "heart-failure",
    "ibd",
    "pre-operative",
    "cancer",
    "malabsorption",
    "other",
)

COURSE_STATES: Final = (
    "referred",
    "planned",
    "in-treatment",
    "awaiting-labs",
    "to-review",
    "work-up",
    "waiting",
    "follow-up",
    "ended",
)
END_REASONS: Final = (
    "repeat-course",
    "discharged",
    "declined",
    "did-not-attend",
    "transferred",
    "deceased",
    "duplicate",
    "entered-in-error",
)
CAUSE_STATES: Final = ("investigated", "referred", "declined", "known", "not-appropriate")
"""How the question "why is this patient short of iron?" was answered; NULL while it is open."""
METHODS: Final = ("ganzoni", "label-table", "label-fixed", "fixed", "lmwid-formula", "blood-loss")
VISIT_STATES: Final = ("planned", "given", "cancelled", "did-not-attend")
INFUSION_STATES: Final = ("given", "superseded", "entered-in-error")
GATE_ANSWERS: Final = ("yes", "no", "unknown", "not-applicable")

ANALYTES: Final = facts.ANALYTES
RESULT_STATES: Final = ("final", "preliminary", "corrected", "cancelled", "entered-in-error")
RESULT_SOURCES: Final = ("typed", "hl7v2", "fhir-r4", "csv", "xlsx")
ORDER_KINDS: Final = ("repeat-labs", "baseline", "phosphate", "follow-up", "work-up")
ORDER_STATES: Final = ("open", "resulted", "cancelled", "re-booked")
HELD_STATES: Final = ("held", "filed", "rejected")
IMPORT_STATES: Final = ("running", "done", "failed")

STEP_ACTIONS: Final = (*Action, "plan-course", "give-infusion", "review-results", "chase-labs")
ON_OVERDUE: Final = ("list", "chase", "escalate-referrer", "same-day")
ASSESSMENT_STATES: Final = ("open", "accepted", "overridden", "deferred", "dismissed", "superseded")
DECISION_KINDS: Final = ("accept", "choose-another", "defer", "not-appropriate")
ITEM_KINDS: Final = ("test", "referral", "question")
ITEM_STATES: Final = ("todo", "ordered", "done", "resulted", "not-appropriate")
WORK_UP_STATES: Final = ("open", "finished", "abandoned")
CHANNELS: Final = ("phone", "letter", "email", "sms", "in-person", "referrer")
CONTACT_OUTCOMES: Final = (
    "agreed",
    "call-back",
    "no-answer",
    "number-dead",
    "moved",
    "declined",
    "died",
    "letter-sent",
    "message-left",
)

LETTER_KINDS: Final = (
    "patient-results",
    "patient-appointment",
    "reminder-1",
    "reminder-2",
    "not-reached",
    "repeat-infusion",
    "phosphate-check",
    "did-not-attend",
    "discharge",
    "referral",
    "result-and-plan",
    "lab-request",
)
LETTER_STATES: Final = ("draft", "approved", "printed", "handed", "posted", "returned", "void")
BATCH_OUTCOMES: Final = ("pending", "printed", "blocked", "failed", "doubtful")
PROTOCOL_STATES: Final = ("draft", "live", "retired")

TAKEN_BACK: Final = "taken-back"
"""Stands as the unit of a laboratory's code that is not followed, once what was said of it was taken back: rows are
never removed, and such a code is asked about again."""
