"""A patient's courses as one FHIR R4 Bundle, for a hospital's record or another clinic that uses this program.

Nothing in it can run: no narrative, no links to fetch, and the signs that mean something in a web page are escaped.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from clinical.protocol import Protocol
from db.exports import care, people_results
from db.exports.course_facts import ExportFacts
from db.exports.parts import HL7, Making, Resource, Words, coded, instant, space_of, text
from db.types import decimal_text


def bundle(facts: ExportFacts, protocol: Protocol, words: Words, at: datetime) -> Resource:
    """The bundle as plain data, numbers as `Decimal`. The same record at the same time gives the same bundle."""
    making = Making(facts, protocol, words, space_of(facts))
    number = making.name("Bundle", f"{facts.patient.id} {instant(at)}")
    made: Resource = {
        "resourceType": "Bundle",
        "id": number,
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{number}"},
        "type": "collection",
        "timestamp": instant(at),
        "entry": [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in _resources(making)],
    }
    if facts.clinic.demo:
        label = coded(f"{HL7}v3-ActReason", "HTEST", "test health data")
        made = {"resourceType": "Bundle", "id": number, "meta": {"security": [label]}} | made
    return made


def bundle_bytes(made: Resource) -> bytes:
    """The bundle as UTF-8 JSON, a resource a line; every number has the digits it was received with."""
    head = {name: value for name, value in made.items() if name != "entry"}
    lines = ",\n".join(_written(one) for one in made["entry"])
    return f'{_written(head)[:-1]}, "entry": [\n{lines}\n]}}\n'.encode()


def _resources(making: Making) -> Iterator[Resource]:
    facts = making.facts
    says = [
        one
        for one in facts.results
        if one.value is not None or text(one.text or "") or one.status == "cancelled"
    ]
    exported = frozenset(one.result_id for one in says)
    yield people_results.patient(making)
    for result in says:
        yield people_results.observation(making, result)
    for infusion in facts.infusions:
        yield care.administration(making, infusion)
    for one in facts.referrals:
        yield care.referral(making, one)
    for one in facts.orders:
        yield care.order(making, one)
    for one in facts.asked:
        yield care.asked(making, one)
    for one in facts.steps:
        yield care.task(making, one)
    for assessment in facts.assessments:
        yield care.impression(making, assessment, exported)
        yield from care.issues(making, assessment)


def _written(value: Any) -> str:
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(name)}: {_written(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_written(one) for one in value) + "]"
    said = json.dumps(value, ensure_ascii=False)
    for sign in "<>&\u2028\u2029":
        said = said.replace(sign, f"\\u{ord(sign):04x}")
    return said
