"""What a reader yields for a file: messages with their raw bytes, the patient as sent, each observation once.

These values cross from the readers to matching and storing. Nothing here is looked up in a database and nothing
is corrected: what was sent stays beside what could be read from it. Reasons are codes with their values; the
sentences are in `desktop/wording`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from traceback import extract_tb
from typing import Final

from clinical.quantities import Quantity
from clinical.quick import quick

__all__ = [
    "Coded",
    "FileRead",
    "Format",
    "Identifier",
    "Message",
    "Observation",
    "PatientAsSent",
    "Reason",
    "SentName",
    "SentTime",
    "State",
]


class Format(StrEnum):
    """What kind of file it is; the words of the import report."""

    HL7V2 = "hl7v2"
    FHIR_R4 = "fhir-r4"
    CSV = "csv"
    XLSX = "xlsx"


class State(StrEnum):
    """What a reader says of an observation or a message, before any patient was looked for."""

    PARSED = "parsed"
    HELD = "held"
    """A person decides: nothing of it may be filed by the program alone."""
    REJECTED = "rejected"
    IGNORED = "ignored"
    """Not a laboratory value that is followed here; kept with the raw message."""


@quick
@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is held, rejected, ignored or marked: a code, and what it speaks of as (name, text)."""

    code: str
    values: tuple[tuple[str, str], ...] = ()


_PROGRAM: Final = str(Path(__file__).resolve().parents[2])


def broken_by(fault: Exception) -> Reason:
    """The reason of what broke its reader. `fault` names the error and its place in the program, nothing of what was
    read: whoever mends the reader finds it beside the message that is kept.
    """
    frames = extract_tb(fault.__traceback__)
    place = next((one for one in reversed(frames) if one.filename.startswith(_PROGRAM)), frames[-1])
    return Reason("reading-broke", (("fault", f"{type(fault).__name__}, {place.name}:{place.lineno}"),))


@quick
@dataclass(frozen=True, slots=True)
class Identifier:
    """A patient's number as sent, with who gave it and what kind it is (`MR`, `NI`, a FHIR system …)."""

    value: str
    assigner: str = ""
    kind: str = ""


@quick
@dataclass(frozen=True, slots=True)
class SentName:
    """A name as sent. `kind` is HL7's or FHIR's word for it (`L`, `official`, `maiden`)."""

    family: str
    given: str
    kind: str = ""
    middle: str = ""


@quick
@dataclass(frozen=True, slots=True)
class PatientAsSent:
    """The person a message speaks of. `birth_date` is None unless the text is one whole certain day.

    `sex` is female, male, other, unknown or None (nothing sent, or nothing the program has a word for).
    """

    identifiers: tuple[Identifier, ...] = ()
    names: tuple[SentName, ...] = ()
    birth_date: date | None = None
    birth_date_text: str = ""
    sex: str | None = None
    sex_text: str = ""

    @property
    def ids(self) -> tuple[str, ...]:
        """All numbers, in the order sent, each once."""
        return tuple(dict.fromkeys(one.value for one in self.identifiers))

    @property
    def family(self) -> str:
        """Family name of the first name sent, or an empty text."""
        return self.names[0].family if self.names else ""

    @property
    def given(self) -> str:
        """First given name of the first name sent, or an empty text."""
        return self.names[0].given if self.names else ""


@quick
@dataclass(frozen=True, slots=True)
class Coded:
    """One code as sent. `system` is HL7's or FHIR's own; LOINC is always `LN`."""

    code: str
    system: str = ""
    text: str = ""


@quick
@dataclass(frozen=True, slots=True)
class SentTime:
    """A time as sent: `iso` with the precision and offset sent; `day` is the day as written, never shifted."""

    field: str
    iso: str
    day: date | None


@quick
@dataclass(frozen=True, slots=True)
class Observation:
    """One OBX, one FHIR Observation (or component), or one cell of a table.

    `value` is a number only when that is certain, with its digits as sent; `value_text` is what was sent as text.
    `canonical` is there only for a followed analyte with a known unit. `status` is final, preliminary, corrected,
    cancelled, entered-in-error or None. `collected` is OBR-7 or `effective…`; where it is None `other_times`
    offers what else was sent, and nothing may be filed before a person gave the day. `order_number` (filler, else
    placer) with `code` and `sub_id` tells which value a correction is about.
    """

    ordinal: int
    state: State
    message_id: str = ""
    reasons: tuple[Reason, ...] = ()
    warnings: tuple[Reason, ...] = ()
    faults: tuple[Reason, ...] = ()
    """What the reader itself found wrong, part of `reasons`; it stays when a code is mapped."""
    patient: PatientAsSent | None = None
    code: str = ""
    code_system: str = ""
    text: str = ""
    alternatives: tuple[Coded, ...] = ()
    analyte: str | None = None
    analyte_from: str | None = None
    """`loinc`, `name` or `laboratory` (the laboratory's own mapping)."""
    comparator: str | None = None
    value: Decimal | None = None
    value_text: str | None = None
    value_type: str = ""
    value_codes: tuple[Coded, ...] = ()
    unit: str = ""
    unit_other: str = ""
    """The unit where the sender put it into the alternative place (OBX-6.2 or .4); see `unit_used`."""
    unit_understood: str = ""
    """Which of the two it is where only the other place holds a unit of this analyte."""
    canonical: Quantity | None = None
    flag: str | None = None
    flags: tuple[str, ...] = ()
    reference_range: str = ""
    collected: SentTime | None = None
    other_times: tuple[SentTime, ...] = ()
    status: str | None = None
    status_sent: str = ""
    sub_id: str = ""
    order_number: str = ""
    order_text: str = ""
    specimen: str = ""
    laboratory: str = ""
    notes: tuple[str, ...] = ()
    attachment: bytes | None = None

    @property
    def reason(self) -> Reason | None:
        """The first reason, or None."""
        return self.reasons[0] if self.reasons else None

    @property
    def unit_used(self) -> str:
        """The unit to work with, as sent."""
        return self.unit_understood or self.unit or self.unit_other

    @property
    def collected_on(self) -> date | None:
        """The day of collection as written by the laboratory."""
        return self.collected.day if self.collected else None


@quick
@dataclass(frozen=True, slots=True)
class Message:
    """One message, FHIR document or table row with its raw bytes. What is rejected has no observations."""

    ordinal: int
    state: State
    raw: bytes
    control_id: str = ""
    kind: str = ""
    sent: SentTime | None = None
    laboratory: str = ""
    observations: tuple[Observation, ...] = ()
    reasons: tuple[Reason, ...] = ()
    warnings: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file as read. With `reasons` and no messages nothing in it is a result; `format` is then often None.

    `encoding` is how its text was read. A table without a mapping has the one reason `mapping-needed`.
    """

    path: str
    format: Format | None
    messages: tuple[Message, ...] = ()
    reasons: tuple[Reason, ...] = ()
    warnings: tuple[Reason, ...] = ()
    encoding: str = ""
    sha256: str = ""
    size: int = 0

    @property
    def observations(self) -> tuple[Observation, ...]:
        """Every observation of the file, each once, in the order sent."""
        return tuple(one for message in self.messages for one in message.observations)


def held(observation: Observation, *reasons: Reason) -> Observation:
    """The same observation held for these reasons besides those it has."""
    return replace(observation, state=State.HELD, reasons=(*observation.reasons, *reasons))
