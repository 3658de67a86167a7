"""The assessment as JSON, and back. Figures are exact; what is derived by division is rounded for reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from clinical.outcome import (
    Action,
    AnaemiaLabel,
    Assessment,
    Because,
    Block,
    Dose,
    ExpectedRise,
    Finding,
    IronBalance,
    MethodNeed,
    NextStep,
    Outcome,
    PlannedDose,
    Profile,
    Response,
    Urgency,
    Window,
)

Json = dict[str, Any]

MG = Decimal("0.0001")
RATIO = Decimal("0.0001")


def assessment_to_json(assessment: Assessment) -> Json:
    """The published assessment format; dates as text, numbers as `Decimal`."""
    found: Json = {} if assessment.case is None else {"case": assessment.case}
    return found | {
        "as_of": assessment.as_of.isoformat(),
        "protocol": assessment.protocol,
        "rules": assessment.rules,
        "profile": assessment.profile.value,
        "dose": _dose(assessment.dose),
        "window": None if assessment.window is None else _dates(assessment.window),
        "response": assessment.response.value,
        "outcome": assessment.outcome.value,
        "contributing": [outcome.value for outcome in assessment.contributing],
        "urgency": assessment.urgency.value,
        "findings": [_finding(finding) for finding in assessment.findings],
        "missing": list(assessment.missing),
        "next_steps": [
            {"action": step.action.value, "due": step.due.isoformat(), "detail": _plain(step.detail)}
            for step in assessment.next_steps
        ],
        "blocked": [{"action": block.action.value, "because": block.because} for block in assessment.blocked],
        "index_date": _day(assessment.index_date),
        "index_day": assessment.index_day,
        "balance": None if assessment.balance is None else _balance(assessment.balance),
        "anaemia": None if assessment.anaemia is None else _anaemia(assessment.anaemia),
        "expected_rise": None if assessment.expected_rise is None else _rise(assessment.expected_rise),
        "would_change": [_plain(change) for change in assessment.would_change],
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _rounded(value: Decimal | None, places: Decimal) -> Decimal | None:
    if value is None:
        return None
    exponent = value.as_tuple().exponent
    return value.quantize(places) if isinstance(exponent, int) and exponent < -4 else value


def _dose(dose: Dose) -> Json:
    return {
        "need_mg": _rounded(dose.need_mg, MG),
        "method": dose.method,
        "given_mg": dose.given_mg,
        "ratio": _rounded(dose.ratio, RATIO),
        "owed_mg": _rounded(dose.owed_mg, MG),
        "methods": {
            name: {"need_mg": _rounded(need.need_mg, MG), "working": need.working}
            | ({} if need.table is None else {"table": need.table})
            for name, need in dose.methods.items()
        },
        "plan": [
            {"dose_mg": d.dose_mg, "earliest": d.earliest.isoformat(), "min_minutes": d.min_minutes}
            | ({"more_than_minutes": True} if d.more_than_minutes else {})
            for d in dose.plan
        ],
        "warnings": list(dose.warnings),
    }


def _anaemia(label: AnaemiaLabel) -> Json:
    return {
        "label": label.label,
        "group": label.group,
        "cut_off": label.cut_off,
        "haemoglobin": label.haemoglobin,
        "unit": "g/L",
        "adjusted_by": label.adjusted_by,
        "version": label.version,
    }


def _rise(rise: ExpectedRise) -> Json:
    expected = _rounded(rise.expected, MG)
    return {"day": rise.day, "expected": expected, "measured": rise.measured, "unit": "g/L"}


def _dates(window: Window) -> Json:
    return {field.name: getattr(window, field.name).isoformat() for field in fields(window)}


def _finding(finding: Finding) -> Json:
    return {
        "code": finding.code,
        "outcome": None if finding.outcome is None else finding.outcome.value,
        "because": [_because(because) for because in finding.because],
        "source": finding.source,
        "certainty": finding.certainty,
        "urgency": finding.urgency.value,
    }


def _because(because: Because) -> Json:
    return {
        "what": because.what,
        "value": because.value,
        "unit": because.unit,
        "collected": _day(because.collected),
        "test": because.test,
        "limit": because.limit,
    }


def _balance(balance: IronBalance) -> Json:
    return {
        "given_mg": balance.given_mg,
        "in_haemoglobin_mg": _rounded(balance.in_haemoglobin_mg, MG),
        "in_stores_mg": _rounded(balance.in_stores_mg, MG),
        "unexplained_mg": _rounded(balance.unexplained_mg, MG),
        "loss_mg_per_month": _rounded(balance.loss_mg_per_month, MG),
        "ferritin_factor": balance.ferritin_factor,
        "blood_ml_per_month": _rounded(balance.blood_ml_per_month, MG),
        "not_computable": balance.not_computable,
    }


def _plain(value: object) -> Any:
    """Mappings, lists and days as JSON knows them."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def assessment_from_json(obj: Mapping[str, Any]) -> Assessment:
    """An assessment as stored. Numbers must have been read as `Decimal` (`loads` does)."""
    window, balance = obj["window"], obj["balance"]
    return Assessment(
        as_of=date.fromisoformat(obj["as_of"]),
        protocol=obj["protocol"],
        profile=Profile(obj["profile"]),
        dose=_dose_from(obj["dose"]),
        window=None if window is None else Window(**{k: date.fromisoformat(v) for k, v in window.items()}),
        response=Response(obj["response"]),
        outcome=Outcome(obj["outcome"]),
        contributing=tuple(Outcome(name) for name in obj["contributing"]),
        urgency=Urgency(obj["urgency"]),
        findings=tuple(_finding_from(item) for item in obj["findings"]),
        missing=tuple(obj["missing"]),
        next_steps=tuple(
            NextStep(Action(item["action"]), date.fromisoformat(item["due"]), item["detail"])
            for item in obj["next_steps"]
        ),
        blocked=tuple(Block(Action(item["action"]), item["because"]) for item in obj["blocked"]),
        index_date=_day_from(obj.get("index_date")),
        index_day=None if obj.get("index_day") is None else int(obj["index_day"]),
        balance=None if balance is None else IronBalance(**balance),
        would_change=tuple(obj.get("would_change", ())),
        case=obj.get("case"),
        anaemia=_anaemia_from(obj.get("anaemia")),
        expected_rise=_rise_from(obj.get("expected_rise")),
        rules=int(obj.get("rules", 1)),
    )


def _anaemia_from(obj: Mapping[str, Any] | None) -> AnaemiaLabel | None:
    return None if obj is None else AnaemiaLabel(**{k: v for k, v in obj.items() if k != "unit"})


def _rise_from(obj: Mapping[str, Any] | None) -> ExpectedRise | None:
    return None if obj is None else ExpectedRise(int(obj["day"]), obj["expected"], obj["measured"])


def _day_from(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _dose_from(obj: Mapping[str, Any]) -> Dose:
    return Dose(
        need_mg=obj["need_mg"],
        method=obj["method"],
        given_mg=obj["given_mg"],
        ratio=obj["ratio"],
        owed_mg=obj["owed_mg"],
        methods={
            name: MethodNeed(need["need_mg"], need["working"], need.get("table"))
            for name, need in obj["methods"].items()
        },
        plan=tuple(
            PlannedDose(
                dose["dose_mg"],
                date.fromisoformat(dose["earliest"]),
                None if dose["min_minutes"] is None else int(dose["min_minutes"]),
                bool(dose.get("more_than_minutes", False)),
            )
            for dose in obj["plan"]
        ),
        warnings=tuple(obj.get("warnings", ())),
    )


def _finding_from(obj: Mapping[str, Any]) -> Finding:
    return Finding(
        code=obj["code"],
        outcome=None if obj["outcome"] is None else Outcome(obj["outcome"]),
        because=tuple(
            Because(
                item["what"],
                item["value"],
                item["unit"],
                _day_from(item["collected"]),
                item["test"],
                item["limit"],
            )
            for item in obj["because"]
        ),
        source=obj["source"],
        certainty=obj["certainty"],
        urgency=Urgency(obj["urgency"]),
    )
