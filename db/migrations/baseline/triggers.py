"""First schema: what a constraint cannot say. Frozen; a change is a new revision.

- Clinical rows are never removed, and the audit is never touched.
- What was received, given, decided or printed is never rewritten; only its state moves on.
- The dead and those who left get no letters and no open steps.
"""

from __future__ import annotations

import re
from typing import Final

from db.migrations.guards import never_emptied, refuse

NEVER_REMOVED: Final = (
    "allergy", "assessment", "assessment_result", "audit", "clinic", "clinician", "condition", "contact_attempt",
    "course", "decision", "former_name", "gate_answer", "held_result", "import_run", "infusion", "lab_order",
    "lab_result", "laboratory", "laboratory_code", "letter", "letter_batch", "letter_batch_item", "letter_file",
    "measurement", "next_step", "oral_iron", "organisation", "patient", "patient_address", "patient_identifier",
    "patient_need", "patient_phone", "pregnancy", "protocol_version", "raw_message", "referral", "symptom",
    "transfusion", "user_account", "visit", "wording_version", "work_up", "work_up_item",
)  # fmt: skip
"""Every table but settings, closed days and search keys."""

FIXED: Final[dict[str, tuple[str, ...]]] = {
    "assessment": (
        "id", "course_id", "patient_id", "protocol_version_id", "as_of", "made_at", "made_by_id", "facts",
        "assessment", "outcome", "response", "profile", "urgency",
    ),
    "assessment_result": ("assessment_id", "result_id"),
    "contact_attempt": (
        "id", "patient_id", "course_id", "tried_on", "channel", "outcome", "call_back_on", "note", "recorded_at",
        "recorded_by_id",
    ),
    "course": ("id", "patient_id", "ordinal", "recorded_at", "recorded_by_id"),
    "decision": (
        "id", "assessment_id", "assessment_version", "course_id", "patient_id", "kind", "reason", "defer_until",
        "steps", "decided_at", "decided_by_id",
    ),
    "infusion": (
        "id", "course_id", "patient_id", "visit_id", "given_on", "dose_mg", "batch", "expiry", "started_at",
        "ended_at", "stopped_early", "reaction_grade", "reaction_delayed", "reaction_note", "recorded_at",
        "recorded_by_id",
    ),
    "lab_result": (
        "id", "patient_id", "collected_on", "collected_at", "analyte", "comparator", "value", "text_value", "unit",
        "canonical_value", "canonical_unit", "laboratory_id", "source", "raw_message_id", "recorded_at",
        "recorded_by_id",
    ),
    "letter": (
        "id", "reference", "kind", "patient_id", "course_id", "assessment_id", "recipient", "language", "made_on",
        "pages", "sha256", "wording_version", "text", "recorded_at", "recorded_by_id",
    ),
    "letter_file": ("letter_id", "pdf"),
    "next_step": ("id", "course_id", "patient_id", "action", "opened_at", "opened_by_id"),
    "patient": ("id", "recorded_at", "recorded_by_id"),
    "protocol_version": ("id", "label", "text", "sha256"),
    "raw_message": ("id", "import_id", "ordinal", "sha256", "content"),
    "user_account": ("id", "created_at"),
    "wording_version": ("id", "kind", "language", "text", "sha256"),
}  # fmt: skip
"""Columns that stay as they were written."""


def _refuse(name: str, event: str, when: str, code: str) -> str:
    """A trigger that refuses an event on a condition, naming a code."""
    condition = f" WHEN {when}" if when else ""
    return f"CREATE TRIGGER {name} BEFORE {event}{condition} BEGIN SELECT RAISE(ABORT, '{code}'); END"


def _statements() -> tuple[str, ...]:
    """Every trigger of the first schema."""
    made = [
        _refuse(f"{table}_never_removed", f"DELETE ON {table}", "", "never-removed")
        for table in NEVER_REMOVED
    ]
    made.append(_refuse("audit_never_changed", "UPDATE ON audit", "", "never-changed"))
    for table, columns in FIXED.items():
        changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)
        made.append(_refuse(f"{table}_fixed", f"UPDATE ON {table}", changed, "never-changed"))
    active = "(SELECT status FROM patient WHERE id = NEW.patient_id) <> 'active'"
    open_steps = "EXISTS (SELECT 1 FROM next_step WHERE {} AND is_open)"
    made += [
        _refuse("next_step_stays_closed", "UPDATE ON next_step", "OLD.closed_at IS NOT NULL", "step-closed"),
        _refuse("next_step_for_the_living", "INSERT ON next_step", active, "patient-not-active"),
        _refuse("letter_for_the_living", "INSERT ON letter", active, "patient-not-active"),
        _refuse(
            "letter_approved_for_the_living",
            "UPDATE OF state ON letter",
            f"NEW.state IN ('approved', 'printed', 'handed', 'posted') AND NEW.state <> OLD.state AND {active}",
            "patient-not-active",
        ),
        _refuse(
            "infusion_stays_changed",
            "UPDATE OF state ON infusion",
            "OLD.state <> 'given' AND NEW.state IS NOT OLD.state",
            "infusion-already-changed",
        ),
        _refuse(
            "patient_left_without_steps",
            "UPDATE OF status ON patient",
            "NEW.status <> 'active' AND " + open_steps.format("patient_id = NEW.id"),
            "patient-has-open-step",
        ),
        _refuse(
            "user_with_open_steps_stays",
            "UPDATE OF active ON user_account",
            "NOT NEW.active AND " + open_steps.format("owner_id = NEW.id"),
            "user-has-open-steps",
        ),
        _refuse(
            "next_step_owner_works_here",
            "INSERT ON next_step",
            "NOT (SELECT active FROM user_account WHERE id = NEW.owner_id)",
            "owner-not-active",
        ),
        _refuse(
            "next_step_new_owner_works_here",
            "UPDATE OF owner_id ON next_step",
            "NOT (SELECT active FROM user_account WHERE id = NEW.owner_id)",
            "owner-not-active",
        ),
    ]  # fmt: skip
    return tuple(made)


STATEMENTS: Final = _statements()
"""As SQLite says them."""

_PARTS: Final = re.compile(
    r"CREATE TRIGGER (?P<name>\w+) BEFORE (?P<event>[\w ]+?) ON (?P<table>\w+)(?: WHEN (?P<when>.+))? "
    r"BEGIN SELECT RAISE\(ABORT, '(?P<code>[\w-]+)'\); END"
)


def for_postgresql() -> tuple[str, ...]:
    """The same triggers as PostgreSQL says them; a table that keeps its rows is not emptied either."""
    made: list[str] = []
    for statement in STATEMENTS:
        parts = _PARTS.fullmatch(statement)
        if parts is None:
            raise ValueError(f"no trigger: {statement}")
        when = re.sub(r" IS NOT (NEW|OLD)\.", r" IS DISTINCT FROM \1.", parts["when"] or "")
        made += refuse("postgresql", parts["name"], parts["event"], parts["table"], when, parts["code"])
    made += [kept for table in NEVER_REMOVED for kept in never_emptied(table)]
    return tuple(made)
