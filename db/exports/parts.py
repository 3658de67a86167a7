"""The small parts every FHIR resource is made of: names of resources, concepts, amounts, times, texts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import NAMESPACE_OID, UUID, uuid5

from clinical.protocol import Protocol
from db.exports.course_facts import ExportFacts

Resource = dict[str, Any]
Words = Callable[[str, str, Mapping[str, object]], str]
"""`words(kind, code, detail)`: what a code says, in the language of whoever takes the file."""

HL7: Final = "http://terminology.hl7.org/CodeSystem/"
UCUM: Final = "http://unitsofmeasure.org"
LOINC: Final = "http://loinc.org"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Making:
    """What all resources of a bundle share."""

    facts: ExportFacts
    protocol: Protocol
    words: Words
    space: UUID

    def name(self, kind: str, number: object) -> str:
        """The name of a resource, the same in every export of this clinic."""
        return str(uuid5(self.space, f"{kind}/{number}"))

    def reference(self, kind: str, number: object) -> Resource:
        """A reference to a resource of the same bundle."""
        return {"reference": f"urn:uuid:{self.name(kind, number)}", "type": kind}

    def subject(self) -> Resource:
        """Whom everything is about."""
        return self.reference("Patient", self.facts.patient.id)

    def start(self, kind: str, number: object) -> Resource:
        """A resource with its type and name."""
        return {"resourceType": kind, "id": self.name(kind, number)}

    def concept(self, kind: str, code: str, detail: Mapping[str, object] | None = None) -> Resource:
        """A code of this program with its words."""
        system = f"urn:uuid:{uuid5(NAMESPACE_OID, f'replete {kind}')}"
        shown = text(self.words(kind, code, detail or {}))
        return {"coding": [{"system": system, "code": code, "display": shown}], "text": shown}


def space_of(facts: ExportFacts) -> UUID:
    """The name space of a clinic, by its name and country: two clinics name their resources apart."""
    return uuid5(NAMESPACE_OID, f"replete clinic {facts.clinic.country} {facts.clinic.name}")


def coded(system: str, code: str, display: str) -> Resource:
    """A code of a public system."""
    return {"system": system, "code": code, "display": display}


def text(words: str) -> str:
    """Words another program can show: no control characters, no blanks around them."""
    return " ".join(_CONTROL.sub(" ", unicodedata.normalize("NFC", words)).split())


def instant(at: datetime) -> str:
    """An instant in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def milligrams(dose: Decimal) -> Resource:
    """An amount of elemental iron."""
    return {"value": dose, "unit": "mg", "system": UCUM, "code": "mg"}


def without_nothing(resource: Resource) -> Resource:
    """The resource without what is empty: FHIR knows no empty text and no empty list."""
    return {name: value for name, value in resource.items() if value not in (None, "", [], {})}
