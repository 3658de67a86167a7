"""Follow-up: assessments, decisions, the one open next step, work-ups and attempts to reach the patient."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from db.models import vocabulary as v
from db.models.base import (
    Base,
    Day,
    Identified,
    Json,
    Recorded,
    Versioned,
    coded,
    course_of_patient,
    filled,
    key_to,
    reference,
    to_be_signed,
)


class AssessmentRow(Identified, Versioned, Base):
    """What the rules said, with the exact text of the facts they saw and of their answer.

    Only its state changes.
    """

    __tablename__ = "assessment"
    __table_args__ = (
        course_of_patient(),
        coded("state", v.ASSESSMENT_STATES),
        coded("outcome", v.OUTCOMES),
        coded("urgency", v.URGENCIES),
        coded("response", v.RESPONSES),
        coded("profile", v.PROFILES),
        CheckConstraint("state <> 'deferred' OR deferred_until IS NOT NULL", name="deferred_is_dated"),
        Index("ix_assessment_by_course", "course_id", "id"),
        Index(
            "ix_assessment_one_open",
            "course_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    course_id: Mapped[int]
    patient_id: Mapped[int] = reference("patient", index=True)
    protocol_version_id: Mapped[int] = reference("protocol_version", index=True)
    as_of: Mapped[Day]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = reference("user_account")
    facts: Mapped[str]
    assessment: Mapped[str]
    outcome: Mapped[str]
    response: Mapped[str]
    profile: Mapped[str]
    urgency: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    deferred_until: Mapped[Day | None]


class AssessmentResult(Base):
    """An assessment saw this result: a correction of the result asks for a new assessment."""

    __tablename__ = "assessment_result"
    __table_args__ = (Index("ix_assessment_result_by_result", "result_id"),)

    assessment_id: Mapped[int] = key_to("assessment")
    result_id: Mapped[int] = key_to("lab_result")


class Decision(Identified, Base):
    """What a person decided on an assessment they saw (`assessment_version`), and what follows.

    Never changed; where the person may not sign, a clinician signs it later, once. One that was made by mistake is
    taken back, once, and stays on record as that.
    """

    __tablename__ = "decision"
    __table_args__ = (
        course_of_patient(),
        coded("kind", v.DECISION_KINDS),
        CheckConstraint("kind = 'accept' OR length(trim(reason)) > 0", name="override_has_reason"),
        CheckConstraint("(kind = 'defer') = (defer_until IS NOT NULL)", name="defer_is_dated"),
        Index("ix_decision_by_course", "course_id", "id"),
        to_be_signed("decision"),
    )

    assessment_id: Mapped[int] = reference("assessment", index=True)
    assessment_version: Mapped[int]
    course_id: Mapped[int]
    patient_id: Mapped[int] = reference("patient", index=True)
    kind: Mapped[str]
    reason: Mapped[str | None]
    defer_until: Mapped[Day | None]
    steps: Mapped[Json]
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int] = reference("user_account")
    to_sign: Mapped[bool] = mapped_column(default=False, server_default=false())
    signed_at: Mapped[datetime | None]
    signed_by_id: Mapped[int | None] = reference("user_account")
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = reference("user_account")


class NextStep(Identified, Versioned, Base):
    """What happens next for a course: one action, day and owner, and what follows when the day has passed.

    A closed step stays closed and keeps its reason. `is_open` repeats "no closing time" so that keys can
    use it.
    """

    __tablename__ = "next_step"
    __table_args__ = (
        course_of_patient(),
        UniqueConstraint("id", "course_id", "is_open"),
        coded("action", v.STEP_ACTIONS),
        coded("urgency", v.URGENCIES),
        coded("on_overdue", v.ON_OVERDUE),
        CheckConstraint("is_open = (closed_at IS NULL)", name="open_until_closed"),
        CheckConstraint("(closed_at IS NULL) = (closed_by_id IS NULL)", name="closed_by_somebody"),
        CheckConstraint("(closed_at IS NULL) = (closed_reason IS NULL)", name="closed_for_a_reason"),
        Index(
            "ix_next_step_one_open",
            "course_id",
            unique=True,
            sqlite_where=text("is_open = 1"),  # as queries say it, or the planner passes it by
            postgresql_where=text("is_open"),
        ),
        Index("ix_next_step_today", "is_open", "due", "urgency", "action", "owner_id"),
        Index("ix_next_step_by_owner", "owner_id", "is_open", "due", "id"),
        Index("ix_next_step_by_course", "course_id", "is_open", "id"),
        Index("ix_next_step_by_patient", "patient_id", "id"),
    )

    course_id: Mapped[int]
    patient_id: Mapped[int] = reference("patient")
    action: Mapped[str]
    due: Mapped[Day]
    urgency: Mapped[str] = mapped_column(default="routine")
    owner_id: Mapped[int] = reference("user_account")
    on_overdue: Mapped[str] = mapped_column(default="list")
    detail: Mapped[Json]
    assessment_id: Mapped[int | None] = reference("assessment", index=True)
    decision_id: Mapped[int | None] = reference("decision", index=True)
    is_open: Mapped[bool] = mapped_column(default=True)
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int] = reference("user_account")
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = reference("user_account")
    closed_reason: Mapped[str | None]


class WorkUp(Identified, Versioned, Recorded, Base):
    """The search for a cause that a decision opened."""

    __tablename__ = "work_up"
    __table_args__ = (
        course_of_patient(),
        coded("state", v.WORK_UP_STATES),
        filled("cause"),
        Index("ix_work_up_by_state", "state", "id"),
        Index("ix_work_up_by_course", "course_id", "id"),
    )

    course_id: Mapped[int]
    patient_id: Mapped[int] = reference("patient", index=True)
    decision_id: Mapped[int | None] = reference("decision", index=True)
    cause: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    conclusion: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[datetime | None]


class WorkUpItem(Identified, Versioned, Base):
    """One test or referral of a work-up: ordered, done, resulted, or not appropriate and why."""

    __tablename__ = "work_up_item"
    __table_args__ = (
        coded("kind", v.ITEM_KINDS),
        coded("state", v.ITEM_STATES),
        coded("refer_to", v.REFER_TO),
        coded("urgency", v.URGENCIES),
        CheckConstraint("kind <> 'referral' OR refer_to IS NOT NULL", name="referral_has_addressee"),
        CheckConstraint(
            "state <> 'not-appropriate' OR length(trim(note)) > 0", name="not_appropriate_has_reason"
        ),
        UniqueConstraint("work_up_id", "code"),
        Index("ix_work_up_item_by_owner", "owner_id", "state", "due"),
        Index("ix_work_up_item_by_state", "state", "due", "id"),
    )

    work_up_id: Mapped[int] = reference("work_up")
    kind: Mapped[str]
    code: Mapped[str]
    refer_to: Mapped[str | None]
    urgency: Mapped[str] = mapped_column(default="routine")
    state: Mapped[str] = mapped_column(default="todo")
    due: Mapped[Day]
    owner_id: Mapped[int] = reference("user_account")
    note: Mapped[str] = mapped_column(default="")
    lab_order_id: Mapped[int | None] = reference("lab_order", index=True)
    clinician_id: Mapped[int | None] = reference("clinician", index=True)
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int] = reference("user_account")


class ContactAttempt(Identified, Recorded, Base):
    """One try to reach the patient, and how it went; never changed, but taken back where it was logged by mistake."""

    __tablename__ = "contact_attempt"
    __table_args__ = (
        coded("channel", v.CHANNELS),
        coded("outcome", v.CONTACT_OUTCOMES),
        CheckConstraint("outcome <> 'call-back' OR call_back_on IS NOT NULL", name="call_back_is_dated"),
        Index("ix_contact_attempt_by_patient", "patient_id", "tried_on", "id"),
        Index("ix_contact_attempt_by_course", "course_id", "tried_on", "id"),
    )

    patient_id: Mapped[int] = reference("patient")
    course_id: Mapped[int | None] = reference("course")
    step_id: Mapped[int | None] = reference("next_step", index=True)
    tried_on: Mapped[Day]
    channel: Mapped[str]
    outcome: Mapped[str]
    call_back_on: Mapped[Day | None]
    note: Mapped[str] = mapped_column(default="")
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = reference("user_account")
