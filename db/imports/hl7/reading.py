"""The messages of an HL7 v2 file as values; what is no result message, or too large a one, says what it is."""

from __future__ import annotations

from typing import Final

from db.imports.hl7.fields import Delimiters, Fields, delimiters
from db.imports.hl7.framing import RawMessage, batch_of, segments, split
from db.imports.hl7.rows import Rows
from db.imports.limits import FIELD_CHARACTERS, FILE_MESSAGES, MESSAGE_BYTES, MESSAGE_SEGMENTS
from db.imports.meaning import Meaning
from db.imports.records import (
    FileRead,
    Format,
    Message,
    Observation,
    Reason,
    State,
    broken_by,
)
from db.imports.times import hl7_time
from db.imports.unhurried import collecting_seldom

RESULTS: Final = ("ORU", "OUL")


@collecting_seldom()
def read(data: bytes, path: str, meaning: Meaning) -> FileRead:
    """Read a file of HL7 v2 messages; one bad message never stops the others."""
    raws, before = split(data)
    if len(raws) > FILE_MESSAGES:
        return FileRead(
            path, Format.HL7V2, reasons=(Reason("too-many-messages", (("limit", str(FILE_MESSAGES)),)),)
        )
    messages = tuple(_message_or_why(raw, ordinal, meaning) for ordinal, raw in enumerate(raws, 1))
    batch = batch_of(raws, before)
    warnings: list[Reason] = []
    if batch.messages and sum(batch.messages) != len(messages):
        warnings.append(_count("batch-count", sum(batch.messages), len(messages)))
    if batch.batches and batch.seen_batches and sum(batch.batches) != batch.seen_batches:
        warnings.append(_count("file-count", sum(batch.batches), batch.seen_batches))
    encodings = dict.fromkeys(raw.decoded.encoding for raw in raws)
    nothing = () if messages else (Reason("no-observation"),)
    return FileRead(path, Format.HL7V2, messages, nothing, tuple(warnings), " ".join(encodings))


def _message_or_why(raw: RawMessage, ordinal: int, meaning: Meaning) -> Message:
    """One message; whatever in it breaks the reader is that message's reason, and the next is read."""
    try:
        return read_message(raw, ordinal, meaning)
    except Exception as fault:  # told with its kind: a reader that breaks has a fault of its own
        return Message(ordinal, State.REJECTED, raw.raw, reasons=(broken_by(fault),))


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
    observations = Rows(fields, told, faults, meaning, doubted).observations(found)
    if len(found) > MESSAGE_SEGMENTS:
        limit = Reason("too-many-segments", (("segments", str(len(found))), ("limit", str(MESSAGE_SEGMENTS))))
        rejected = tuple(meaning.rejected(one, limit) for one in observations)
        return _with(told, State.REJECTED, rejected, (limit,))
    if not observations:
        return _with(told, State.HELD, (), (*faults, Reason("no-observation")))
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
