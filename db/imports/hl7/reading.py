"""The messages of an HL7 v2 file as values: every OBX once, under its own PID and its own OBR."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from db.imports.decoding import suspicious
from db.imports.hl7.fields import Delimiters, Fields, delimiters
from db.imports.hl7.framing import RawMessage, batch_of, segments, split
from db.imports.hl7.patient import read_patient, wanting
from db.imports.hl7.values import read_value
from db.imports.limits import FIELD_CHARACTERS, FILE_MESSAGES, MESSAGE_BYTES, MESSAGE_SEGMENTS
from db.imports.meaning import Meaning
from db.imports.records import (
    Coded,
    FileRead,
    Format,
    Message,
    Observation,
    PatientAsSent,
    Reason,
    SentTime,
    State,
)
from db.imports.times import days_apart, hl7_time

RESULTS: Final = ("ORU", "OUL")
_STATUS: Final = {
    "F": "final", "U": "final", "V": "final", "B": "final",
    "P": "preliminary", "I": "preliminary", "R": "preliminary", "S": "preliminary",
    "C": "corrected", "A": "corrected",
    "X": "cancelled",
    "D": "entered-in-error", "W": "entered-in-error",
}  # fmt: skip
_WITHDRAWN: Final = frozenset(("cancelled", "entered-in-error"))
_LOINC_NAMES: Final = frozenset(("LN", "LOINC", "LNC", "HTTP://LOINC.ORG"))


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


def read(data: bytes, path: str, meaning: Meaning) -> FileRead:
    """Read a file of HL7 v2 messages; one bad message never stops the others."""
    raws, before = split(data)
    if len(raws) > FILE_MESSAGES:
        return FileRead(
            path, Format.HL7V2, reasons=(Reason("too-many-messages", (("limit", str(FILE_MESSAGES)),)),)
        )
    messages = tuple(read_message(raw, ordinal, meaning) for ordinal, raw in enumerate(raws, 1))
    batch = batch_of(raws, before)
    warnings: list[Reason] = []
    if batch.messages and sum(batch.messages) != len(messages):
        warnings.append(_count("batch-count", sum(batch.messages), len(messages)))
    if batch.batches and batch.seen_batches and sum(batch.batches) != batch.seen_batches:
        warnings.append(_count("file-count", sum(batch.batches), batch.seen_batches))
    encodings = dict.fromkeys(raw.decoded.encoding for raw in raws)
    return FileRead(path, Format.HL7V2, messages, (), tuple(warnings), " ".join(encodings))


def _count(code: str, said: int, found: int) -> Reason:
    return Reason(code, (("said", str(said)), ("found", str(found))))


def read_message(raw: RawMessage, ordinal: int, meaning: Meaning) -> Message:
    """One message. What is no result message, or is too large, is rejected with what it is."""
    if len(raw.raw) > MESSAGE_BYTES:
        why = Reason("message-too-large", (("bytes", str(len(raw.raw))), ("limit", str(MESSAGE_BYTES))))
        return Message(ordinal, State.REJECTED, raw.raw, reasons=(why,))
    marks = delimiters(raw.decoded.text)
    fields = Fields(marks)
    found, warnings = segments(raw.decoded.text, marks.field)
    head = found[0]
    head.insert(1, marks.field)  # HL7 counts the separator itself as MSH-1
    kind = _kind(head, fields)
    told = Message(
        ordinal, State.PARSED, raw.raw, fields.component(head, 10)[:FIELD_CHARACTERS], kind,
        hl7_time(fields.component(head, 7), "MSH-7"), fields.component(head, 4) or fields.component(head, 3),
        warnings=tuple(warnings),
    )  # fmt: skip
    is_result = kind[:3] in RESULTS
    unsure = not kind and any(segment[0] == "OBX" for segment in found)
    if not is_result and not unsure:
        return _with(told, State.REJECTED, (), (Reason("not-a-result", (("kind", kind),)),))
    faults = _message_faults(marks, found, unsure=unsure)
    doubted = raw.decoded.encoding if raw.decoded.unclear else ""
    observations = _Reader(fields, told, faults, meaning, doubted).observations(found)
    if len(found) > MESSAGE_SEGMENTS:
        limit = Reason("too-many-segments", (("segments", str(len(found))), ("limit", str(MESSAGE_SEGMENTS))))
        rejected = tuple(meaning.rejected(one, limit) for one in observations)
        return _with(told, State.REJECTED, rejected, (limit,))
    if not observations:
        return _with(told, State.IGNORED, (), (*faults, Reason("no-observation")))
    state = State.HELD if faults else State.PARSED
    return _with(told, state, observations, faults)


def _with(told: Message, state: State, rows: tuple[Observation, ...], why: tuple[Reason, ...]) -> Message:
    return Message(
        told.ordinal, state, told.raw, told.control_id, told.kind, told.sent, told.laboratory, rows, why,
        told.warnings,
    )  # fmt: skip


def _kind(head: list[str], fields: Fields) -> str:
    """MSH-9 as `ORU^R01`, whatever its delimiters; `ORU` alone and `ORU_R01` are what they say."""
    parts = fields.parts(fields.raw(head, 9)) if fields.raw(head, 9) else []
    said = [part for part in parts[:2] if part] or [part for part in parts[2:3] if part]
    return "^".join(said).replace("_", "^").upper()[:40]


def _message_faults(marks: Delimiters, found: list[list[str]], *, unsure: bool) -> tuple[Reason, ...]:
    faults = []
    if marks.unclear:
        faults.append(Reason("delimiters-unclear"))
    if unsure:
        faults.append(Reason("kind-unclear"))
    ordered = next((segment[0] for segment in found if segment[0] in ("OBR", "OBX")), "")
    if ordered == "OBX":
        faults.append(Reason("result-before-order"))
    return tuple(faults)


class _Reader:
    """Goes through the segments of one message from top to bottom."""

    def __init__(
        self, fields: Fields, message: Message, faults: tuple[Reason, ...], meaning: Meaning, doubted: str
    ) -> None:
        """`doubted` is the encoding of a message in which some character may be another one, else empty."""
        self._doubted = doubted
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
                under = _Under(under.patient, under.faults, common_order=segment, specimen=under.specimen)
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

    def _note(self, segment: list[str]) -> str:
        return "\n".join(self._fields.clean(part) for part in self._fields.repeats(segment, 3))

    def _order(self, obr: list[str], before: _Under) -> _Under:
        collected = hl7_time(self._fields.component(obr, 7), "OBR-7")
        # in OUL the specimen stands above its orders; in ORU below, and is then put here later
        above = before.specimen if self._message.kind.startswith("OUL") else []
        common = before.common_order
        return _Under(before.patient, before.faults, obr, common, above, collected)

    def _row(self, number: int, obx: list[str], under: _Under, notes: list[str]) -> Observation:
        f = self._fields
        kind = f.raw(obx, 2).upper()
        said = read_value(obx, kind, f)
        status = _STATUS.get(f.component(obx, 11).upper())
        gone = status in _WITHDRAWN
        codes = _codes(f, obx)
        observed = hl7_time(f.component(obx, 14), "OBX-14")
        warnings = [*said.warnings, *self._time_warnings(observed, obx, under)]
        flags = tuple(f.first_sub(one.split(f.marks.component)[0]) for one in f.repeats(obx, 8))
        unit, other = self._unit(obx)
        faults = (*self._faults, *under.faults)
        if self._doubted:
            test = self._fields.marks.component.join(f.raw(obx, 3).split(self._fields.marks.component)[:3])
            faults += self._doubts([test, f.raw(obx, 5), f.raw(obx, 6)])
        if said.attached:
            faults += (Reason("attachment"),)
        return self._meaning.settle(
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


def _codes(f: Fields, obx: list[str]) -> tuple[Coded, ...]:
    """OBX-3 and its alternative; the first that holds a code leads. LOINC by any of its names is `LN`."""
    parts = [*f.parts(f.raw(obx, 3)), "", "", "", "", "", ""]
    codes = [
        Coded(code[:FIELD_CHARACTERS], "LN" if system.upper() in _LOINC_NAMES - {"LOINC"} else system, text)
        for code, text, system in (parts[0:3], parts[3:6])
        if code or text
    ]
    codes.sort(key=lambda one: not one.code)
    return tuple(codes) or (Coded("", "", ""),)
