"""The rows of one message: every OBX once, under its own PID and its own OBR."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from db.imports.decoding import suspicious
from db.imports.hl7.fields import Fields
from db.imports.hl7.patient import read_patient, wanting
from db.imports.hl7.values import read_value
from db.imports.limits import FIELD_CHARACTERS
from db.imports.meaning import Meaning
from db.imports.records import Coded, Message, Observation, PatientAsSent, Reason, SentTime, State
from db.imports.times import days_apart, hl7_time

_STATUS: Final = {
    "F": "final", "U": "final", "V": "final", "B": "final",
    "P": "preliminary", "I": "preliminary", "R": "preliminary", "S": "preliminary",
    "C": "corrected", "A": "corrected",
    "X": "cancelled",
    "D": "entered-in-error", "W": "entered-in-error",
    "FINAL": "final", "PRELIMINARY": "preliminary", "CORRECTED": "corrected", "AMENDED": "corrected",
    "CANCELLED": "cancelled", "CANCELED": "cancelled", "DELETED": "entered-in-error",
    "WITHDRAWN": "entered-in-error",
}  # fmt: skip
_BARE_POWER = re.compile(r"\^?([x*×]?\s?10)\^(\d{1,2}\s?/\s?[^^~|]{1,10})|([^^~|]{0,20}[mM])\^([23])(?=\^|$)")
_WITHDRAWN: Final = frozenset(("cancelled", "entered-in-error"))
_LOINC_NAMES: Final = frozenset(("LN", "LNC", "HTTP://LOINC.ORG"))
MOST_TESTS: Final = 5000
"""Different OBX-3 fields that are remembered within a file."""


@dataclass(slots=True)
class _Under:
    """What stands above the next OBX of a message: its patient and its order."""

    patient: PatientAsSent | None = None
    faults: tuple[Reason, ...] = (Reason("no-patient"),)
    order: list[str] = field(default_factory=list)
    common_order: list[str] = field(default_factory=list)
    specimen: list[str] = field(default_factory=list)
    collected: SentTime | None = None
    order_notes: list[str] = field(default_factory=list)
    times: tuple[SentTime, ...] | None = None


class Rows:
    """Goes through the segments of one message from top to bottom."""

    def __init__(
        self, fields: Fields, message: Message, faults: tuple[Reason, ...], meaning: Meaning, doubted: str
    ) -> None:
        """`doubted` is the encoding of a message in which some character may be another one, else empty."""
        self._doubted = doubted
        self._times: dict[str, SentTime | None] = {}
        self._usual = fields.marks.component + fields.marks.escape + fields.marks.sub == "^\\&"
        self._fields = fields
        self._message = message
        self._faults = faults
        self._meaning = meaning

    def observations(self, found: list[list[str]]) -> tuple[Observation, ...]:
        """Every OBX; a specimen named behind the rows of its order counts for all of them."""
        under = _Under()
        rows: list[tuple[list[str], _Under, list[str]]] = []
        notes: list[str] | None = None
        for segment in found:
            name = segment[0]
            if name == "OBX":
                notes = []
                rows.append((segment, under, notes))
            elif name == "NTE" and notes is not None:
                notes.append(self._note(segment))
            elif name == "OBR":
                under = self._order(segment, under)
                notes = under.order_notes
            elif name == "PID":
                patient = read_patient(segment, self._fields)
                under = _Under(patient, wanting(patient) + self._doubts(segment[1:]))
                notes = None
            elif name == "ORC":
                under = self._common_order(segment, under, fresh=not rows or rows[-1][1] is not under)
                notes = None
            elif name == "SPM":
                under.specimen = segment
                notes = None
        return tuple(self._row(number, *row) for number, row in enumerate(rows, 1))

    def _doubts(self, texts: list[str]) -> tuple[Reason, ...]:
        """A character that may be another one, in a place that decides who or what a value belongs to."""
        if not self._doubted or not any(suspicious(text, self._doubted) for text in texts):
            return ()
        return (Reason("characters-unclear", (("encoding", self._doubted),)),)

    def _observed(self, text: str) -> SentTime | None:
        """OBX-14; the rows of a message mostly share one time."""
        if text not in self._times:
            self._times[text] = hl7_time(text, "OBX-14")
        return self._times[text]

    def _codes(self, text: str) -> tuple[Coded, ...]:
        """OBX-3 and its alternative; the first that holds a code leads. LOINC by any of its names is `LN`."""
        known = self._meaning.tests.get(text) if self._usual else None
        if known is None:
            known = _coded([*self._fields.parts(text), "", "", "", "", "", ""])
            if self._usual and len(self._meaning.tests) < MOST_TESTS:
                self._meaning.tests[text] = known
        return known

    def _note(self, segment: list[str]) -> str:
        return "\n".join(self._fields.clean(part) for part in self._fields.repeats(segment, 3))

    def _order(self, obr: list[str], before: _Under) -> _Under:
        collected = hl7_time(self._fields.component(obr, 7), "OBR-7")
        # in OUL the specimen stands above its orders; in ORU below, and is then put here later
        above = before.specimen if self._message.kind.startswith("OUL") else []
        common = before.common_order
        return _Under(before.patient, before.faults, obr, common, above, collected)

    def _common_order(self, orc: list[str], before: _Under, *, fresh: bool) -> _Under:
        """An ORC begins a new order, unless an OBR above it has no rows yet (`fresh`): then it speaks of that one."""
        if fresh and before.order:
            before.common_order = orc
            return before
        return _Under(before.patient, before.faults, common_order=orc, specimen=before.specimen)

    def _row(self, number: int, obx: list[str], under: _Under, notes: list[str]) -> Observation:
        f = self._fields
        kind = f.raw(obx, 2).upper()
        said = read_value(obx, kind, f)
        status = _STATUS.get(f.component(obx, 11).upper())
        gone = status in _WITHDRAWN
        codes = self._codes(f.raw(obx, 3))
        observed = self._observed(f.component(obx, 14))
        warnings = [*said.warnings, *self._time_warnings(observed, obx, under)]
        flags = tuple(f.first_sub(one.split(f.marks.component)[0]) for one in f.repeats(obx, 8))
        unit, other = self._unit(obx)
        faults = (*self._faults, *under.faults)
        if self._doubted:
            test = self._fields.marks.component.join(f.raw(obx, 3).split(self._fields.marks.component)[:3])
            faults += self._doubts([test, f.raw(obx, 5), f.raw(obx, 6)])
        if said.attached:
            faults += (Reason("attachment"),)
        return self._meaning.settle_new(
            Observation(
                ordinal=number,
                state=State.PARSED,
                message_id=self._message.control_id,
                warnings=tuple(warnings),
                faults=faults,
                patient=under.patient,
                code=codes[0].code,
                code_system=codes[0].system,
                text=codes[0].text,
                alternatives=codes[1:],
                comparator=None if gone else said.comparator,
                value=None if gone else said.value,
                value_text=said.text,
                value_type=kind,
                value_codes=said.codes,
                unit=unit,
                unit_other=other,
                flag=flags[0] if flags else None,
                flags=flags,
                reference_range=f.clean(f.raw(obx, 7))[:FIELD_CHARACTERS],
                collected=under.collected,
                other_times=self._other_times(observed, under),
                status=status,
                status_sent=f.raw(obx, 11),
                sub_id=f.raw(obx, 4)[:FIELD_CHARACTERS],
                order_number=self._order_number(under),
                order_text=f.component(under.order, 4, 2) or f.component(under.order, 4, 5),
                specimen=self._specimen(under),
                laboratory=self._message.laboratory,
                notes=(*(note for note in notes if note), *(note for note in under.order_notes if note)),
                attachment=said.attachment,
            )
        )

    def _unit(self, obx: list[str]) -> tuple[str, str]:
        """OBX-6 as sent, and the unit's other place: its text, or the alternative of `^^^g/dL`."""
        text = self._fields.raw(obx, 6)
        if not text:
            return "", ""
        if self._fields.marks.component not in text:
            return self._fields.clean(text)[:FIELD_CHARACTERS], ""
        power = _BARE_POWER.match(text) if self._fields.marks.component == "^" else None
        if power is not None:  # `10^9/L` with its caret as it is, which would part it into two
            return f"{power[1] or power[3]}^{power[2] or power[4]}"[:FIELD_CHARACTERS], ""
        parts = [*self._fields.parts(text), "", "", "", ""]
        return parts[0][:FIELD_CHARACTERS], (parts[1] or parts[3] or parts[4])[:FIELD_CHARACTERS]

    def _order_number(self, under: _Under) -> str:
        f = self._fields
        return (
            f.component(under.order, 3)
            or f.component(under.common_order, 3)
            or f.component(under.order, 2)
            or f.component(under.common_order, 2)
        )[:FIELD_CHARACTERS]

    def _specimen(self, under: _Under) -> str:
        f = self._fields
        said = f.component(under.specimen, 4, 2) or f.component(under.specimen, 4, 1)
        return (said or f.first_sub(f.component(under.order, 15, 1)))[:FIELD_CHARACTERS]

    def _time_warnings(self, observed: SentTime | None, obx: list[str], under: _Under) -> list[Reason]:
        warnings = []
        sent = self._fields.component(obx, 11).upper()
        if sent not in _STATUS:
            warnings.append(
                Reason("status-unknown", (("sent", sent[:20]),)) if sent else Reason("status-missing")
            )
        if under.collected is None or under.collected.day is None:
            warnings.append(Reason("no-collection-time"))
        elif observed is not None and days_apart(under.collected, observed):
            warnings.append(Reason("obx14-late", (("sent", observed.iso),)))
        return warnings

    def _other_times(self, observed: SentTime | None, under: _Under) -> tuple[SentTime, ...]:
        """What else was sent about when, for a person to choose from where OBR-7 is empty."""
        if under.collected is not None and under.collected.day is not None:
            return (observed,) if observed else ()
        if under.times is None:
            f = self._fields
            places = (
                (under.specimen, 17, "SPM-17"),
                (under.order, 8, "OBR-8"),
                (under.order, 14, "OBR-14"),
                (under.order, 22, "OBR-22"),
            )
            found = (
                hl7_time(f.component(segment, number), name) for segment, number, name in places if segment
            )
            under.times = tuple(one for one in found if one is not None)
        return (observed, *under.times) if observed else under.times


def _coded(parts: list[str]) -> tuple[Coded, ...]:
    codes = [
        Coded(code[:FIELD_CHARACTERS], "LN" if system.upper() in _LOINC_NAMES else system, text)
        for code, text, system in (parts[0:3], parts[3:6])
        if code or text
    ]
    codes.sort(key=lambda one: not one.code)
    return tuple(codes) or (Coded("", "", ""),)
