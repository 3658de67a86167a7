"""The questions of the safety gate that only a person can answer, kept with the dose they were asked before."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from clinical.facts import Label, Product
from clinical.gates import QUESTIONS, GateState, product_gates
from clinical.protocol import Protocol
from db import models as m
from db.models import vocabulary as v
from db.operations._rows import add, one_of, wanted
from db.queries.facts import for_course
from db.stamp import Stamp


def keep_answers(
    session: Session,
    course: m.Course,
    visit: tuple[int | None, date, str | None],
    answers: Mapping[str, str],
    stamp: Stamp,
    protocol: Protocol,
) -> tuple[str, ...]:
    """Keep what was answered before a dose, and every question nobody answered as unknown; the codes of those.

    `visit` is the visit's id, the day the iron was given, and why it was given although something stood in the way.
    What was really given is never refused for a question that was passed over: the record says that it was.
    Raises `Refused`: unknown-code (an answer).
    """
    visit_id, on, reason = visit
    for gate, answer in answers.items():
        one_of(answer, v.GATE_ANSWERS, gate)
    passed_over = tuple(sorted(_questions(session, course, on, stamp, protocol) - set(answers)))
    for gate, answer in (*sorted(answers.items()), *((code, "unknown") for code in passed_over)):
        add(
            session,
            m.GateAnswer,
            stamp,
            course_id=course.id,
            patient_id=course.patient_id,
            visit_id=visit_id,
            gate=gate,
            answer=answer,
            override_reason=reason if answer == "yes" else None,
        )
    return passed_over


def answered_before(session: Session, course: m.Course, answers: Mapping[str, str], stamp: Stamp) -> None:
    """Keep what was answered when somebody was referred, before there is a plan or a visit.

    Raises `Refused`: unknown-code (an answer), missing-field (a question without its code).
    """
    for gate, answer in sorted(answers.items()):
        add(
            session,
            m.GateAnswer,
            stamp,
            course_id=course.id,
            patient_id=course.patient_id,
            gate=wanted(gate, "gate"),
            answer=one_of(answer, v.GATE_ANSWERS, gate),
        )


def _questions(session: Session, course: m.Course, on: date, stamp: Stamp, protocol: Protocol) -> set[str]:
    """The questions that stand before a dose of the course's product on a day."""
    if course.product is None:
        return set()
    product = Product(course.product)
    facts = protocol.products[product]
    label = Label(course.label) if course.label else facts.default_label
    if label not in facts.labels:
        return set()
    gates = product_gates(for_course(session, course.id, stamp.today), product, label, on, protocol)
    return {gate.code for gate in gates if gate.state is GateState.ASK and gate.code in QUESTIONS}
