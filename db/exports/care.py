"""What was done and what is to be done: iron given, blood tests and referrals asked for, steps, and the reasons."""

from __future__ import annotations

from typing import Any, Final

from clinical.outcome import Because
from db.exports.course_facts import ExportedAssessment, Found
from db.exports.parts import Making, Resource, coded, instant, milligrams, text, without_nothing
from db.exports.people_results import measured_concept

_PRIORITY: Final = {"emergency": "stat", "urgent": "urgent", "soon": "asap", "routine": "routine"}
_ORDER: Final = {"open": "active", "resulted": "completed", "cancelled": "revoked", "re-booked": "revoked"}
_ASKED: Final = {
    "todo": "draft", "ordered": "active", "done": "completed", "resulted": "completed", "not-appropriate": "revoked",
}  # fmt: skip
_NOT_DONE: Final = frozenset({"did-not-attend", "declined", "deceased", "transferred", "entered-in-error"})
_SEVERE: Final = {"emergency": "high", "urgent": "high", "soon": "moderate", "routine": "low"}


def administration(making: Making, one: Found) -> Resource:
    """Iron that was given, in mg of elemental iron, with batch and expiry where they are known."""
    status = "entered-in-error" if one.state == "entered-in-error" else "completed"
    if one.stopped_early and status == "completed":
        status = "stopped"
    medication = without_nothing(
        {
            "resourceType": "Medication",
            "id": "product",
            "code": making.concept("product", one.product or "unknown")
            if one.product
            else {"text": "intravenous iron"},
            "batch": without_nothing(
                {
                    "lotNumber": text(one.batch or ""),
                    "expirationDate": one.expiry.isoformat() if one.expiry else None,
                }
            ),
        }
    )
    medication["code"].setdefault("coding", []).append(
        coded("http://www.whocc.no/atc", "B03AC", "Iron, parenteral preparations")
    )
    made = making.start("MedicationAdministration", one.id) | {
        "contained": [medication],
        "status": status,
        "medicationReference": {"reference": "#product"},
        "subject": making.subject(),
        "dosage": {
            "route": {
                "coding": [coded("http://snomed.info/sct", "47625008", "Intravenous route")],
                "text": "intravenous",
            },
            "dose": milligrams(one.dose_mg),
        },
        "note": [{"text": f"Reaction grade {one.reaction_grade}"}] if one.reaction_grade else [],
    }
    if one.started_at is not None and one.ended_at is not None:
        made["effectivePeriod"] = {"start": instant(one.started_at), "end": instant(one.ended_at)}
    else:
        made["effectiveDateTime"] = one.given_on.isoformat()
    return without_nothing(made)


def referral(making: Making, one: Found) -> Resource:
    """The request to treat."""
    made = making.start("ServiceRequest", f"referral-{one.id}") | {
        "status": "completed",
        "intent": "order",
        "code": {"text": "Referral for intravenous iron"},
        "subject": making.subject(),
        "authoredOn": one.referred_on.isoformat(),
        "requester": {"display": text(one.referrer)} if one.referrer else None,
        "reasonCode": [making.concept("indication", one.indication)] if one.indication else [],
    }
    return without_nothing(made)


def order(making: Making, one: Found) -> Resource:
    """Blood tests wanted, within their window."""
    made = making.start("ServiceRequest", f"order-{one.id}") | {
        "status": _ORDER[one.state],
        "intent": "order",
        "category": [{"coding": [coded("http://snomed.info/sct", "108252007", "Laboratory procedure")]}],
        "code": making.concept("order", one.kind),
        "orderDetail": [measured_concept(making, str(analyte)) for analyte in _panel(making, one.panel)],
        "subject": making.subject(),
        "occurrencePeriod": {"start": one.opens_on.isoformat(), "end": one.closes_on.isoformat()},
        "authoredOn": instant(one.recorded_at),
    }
    return without_nothing(made)


def _panel(making: Making, panel: Any) -> list[str]:
    return [str(one) for one in panel or () if str(one) in making.protocol.analytes.by_name]


def asked(making: Making, one: Found) -> Resource:
    """A referral that a work-up asks for."""
    made = making.start("ServiceRequest", f"item-{one.id}") | {
        "status": _ASKED[one.state],
        "intent": "order",
        "priority": _PRIORITY[one.urgency],
        "code": making.concept("speciality", one.refer_to),
        "subject": making.subject(),
        "occurrenceDateTime": one.due.isoformat(),
        "reasonCode": [making.concept("cause", one.cause)],
    }
    return without_nothing(made)


def task(making: Making, one: Found) -> Resource:
    """A step of a course: what, by when, by whom, and how it ended."""
    status = "requested" if one.is_open else "cancelled" if one.closed_reason in _NOT_DONE else "completed"
    made = making.start("Task", one.id) | {
        "status": status,
        "statusReason": {"text": text(one.closed_reason)} if one.closed_reason else None,
        "intent": "order",
        "priority": _PRIORITY[one.urgency],
        "code": making.concept("action", one.action),
        "description": text(making.words("action", one.action, one.detail or {})),
        "for": making.subject(),
        "executionPeriod": without_nothing(
            {"start": instant(one.opened_at), "end": instant(one.closed_at) if one.closed_at else None}
        ),
        "authoredOn": instant(one.opened_at),
        "owner": {"display": text(one.owner)},
        "restriction": {"period": {"end": one.due.isoformat()}},
    }
    return without_nothing(made)


def impression(making: Making, one: ExportedAssessment, exported: frozenset[int]) -> Resource:
    """What the rules said of a course, on which protocol, and the results they saw."""
    found = one.found
    saw = {row.result_id: row.root for row in making.facts.results}
    items = [making.reference("Observation", saw[number]) for number in one.saw if number in exported]
    said = [
        making.words("outcome", str(found.outcome), {}),
        making.words("response", str(found.response), {}),
    ]
    made = making.start("ClinicalImpression", one.assessment_id) | {
        "status": "completed",
        "code": {"text": "Assessment of the response to intravenous iron"},
        "subject": making.subject(),
        "effectiveDateTime": one.as_of.isoformat(),
        "date": instant(one.made_at),
        "assessor": {"display": text(one.made_by)},
        "investigation": [{"code": {"text": "Laboratory results"}, "item": items}] if items else [],
        "summary": text(". ".join(said)),
        "finding": [
            {"itemCodeableConcept": making.concept("outcome", str(found.outcome))},
            *(
                without_nothing(
                    {
                        "itemCodeableConcept": making.concept("finding", each.code),
                        "basis": _basis(each.because),
                    }
                )
                for each in found.findings
            ),
        ],
        "note": [{"text": f"Protocol: {text(one.protocol)}"}],
    }
    return without_nothing(made)


def issues(making: Making, one: ExportedAssessment) -> list[Resource]:
    """What must not be done for this patient now, a DetectedIssue each."""
    made = []
    for number, block in enumerate(one.found.blocked):
        made.append(
            making.start("DetectedIssue", f"{one.assessment_id}-{number}")
            | {
                "status": "final",
                "code": making.concept("blocked", block.because),
                "severity": _SEVERE[str(one.found.urgency)],
                "patient": making.subject(),
                "identifiedDateTime": instant(one.made_at),
                "evidence": [{"detail": [making.reference("ClinicalImpression", one.assessment_id)]}],
                "detail": text(
                    f"{making.words('action', str(block.action), {})}: {making.words('blocked', block.because, {})}"
                ),
            }
        )
    return made


def _basis(because: tuple[Because, ...]) -> str:
    parts = []
    for one in because:
        words = [one.what, "" if one.value is None else str(one.value), one.unit or "", one.test or ""]
        words += ["" if one.limit is None else str(one.limit)]
        words += [f"({one.collected.isoformat()})"] if one.collected else []
        parts.append(" ".join(word for word in words if word))
    return text("; ".join(parts))
