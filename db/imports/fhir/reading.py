"""The resources of a FHIR file as values: every Observation once, and each followed component of one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from db.imports.decoding import decode
from db.imports.fhir.documents import BrokenJsonError, Json, items, obj, parse, word
from db.imports.fhir.people import Resources, read_patient
from db.imports.fhir.values import coded, read_value, reference_range
from db.imports.hl7.patient import wanting
from db.imports.limits import FIELD_CHARACTERS, FILE_MESSAGES, JSON_BYTES, MESSAGE_BYTES
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
    broken_by,
)
from db.imports.times import iso_time

RESULTS: Final = frozenset(("Bundle", "DiagnosticReport", "Observation"))
_STATUS: Final = {
    "final": "final",
    "preliminary": "preliminary",
    "registered": "preliminary",
    "amended": "corrected",
    "corrected": "corrected",
    "cancelled": "cancelled",
    "entered-in-error": "entered-in-error",
}
_GONE: Final = frozenset(("cancelled", "entered-in-error"))
_DEEPEST_BUNDLE: Final = 3


def read(data: bytes, path: str, meaning: Meaning) -> FileRead:
    """Read one JSON document. What is broken, or no FHIR at all, is refused with its place."""
    if len(data) > JSON_BYTES:
        return FileRead(path, Format.FHIR_R4, reasons=(_too_large(len(data), JSON_BYTES),))
    text = decode(data)
    try:
        document = parse(text.text)
    except BrokenJsonError as error:
        return FileRead(path, Format.FHIR_R4, (_broken(1, data, error),), encoding=text.encoding)
    if isinstance(document, list) and any(one.get("resourceType") for one in items(document)):
        document = {"resourceType": "Bundle", "entry": [{"resource": one} for one in items(document)]}
    kind = word(obj(document).get("resourceType"))
    if not kind:
        return FileRead(path, None, reasons=(Reason("json-not-fhir"),), encoding=text.encoding)
    reader = _Reader(meaning, unclear=text.unclear)
    reader.index(document)
    message = reader.message_or_why(document, data, 1)
    return FileRead(path, Format.FHIR_R4, (message,), encoding=text.encoding)


def read_lines(data: bytes, path: str, meaning: Meaning) -> FileRead:
    """Read one resource a line; people may stand on other lines than their results."""
    text = decode(data)
    lines = [line for line in text.text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()]
    if len(lines) > FILE_MESSAGES:
        reason = Reason("too-many-messages", (("limit", str(FILE_MESSAGES)),))
        return FileRead(path, Format.FHIR_R4, reasons=(reason,), encoding=text.encoding)
    reader = _Reader(meaning, unclear=text.unclear)
    parsed: list[tuple[bytes, Any]] = []
    for line in lines:
        raw = line.encode("utf-8", errors="replace")
        try:
            document = parse(line) if len(raw) <= MESSAGE_BYTES else None
        except BrokenJsonError as error:
            parsed.append((raw, error))
            continue
        reader.index(document)
        parsed.append((raw, document))
    messages: list[Message] = []
    for raw, document in parsed:
        number = len(messages) + 1
        if isinstance(document, BrokenJsonError):
            messages.append(_broken(number, raw, document))
        elif document is None:
            messages.append(
                Message(number, State.REJECTED, raw, reasons=(_too_large(len(raw), MESSAGE_BYTES),))
            )
        elif word(obj(document).get("resourceType")) in RESULTS or not obj(document).get("resourceType"):
            messages.append(reader.message_or_why(document, raw, number))
    nothing = () if messages else (Reason("no-observation"),)
    return FileRead(path, Format.FHIR_R4, tuple(messages), nothing, encoding=text.encoding)


def _too_large(size: int, limit: int) -> Reason:
    return Reason("message-too-large", (("bytes", str(size)), ("limit", str(limit))))


def _broken(number: int, raw: bytes, error: BrokenJsonError) -> Message:
    why = Reason(error.code, (("where", error.where),) if error.where else ())
    return Message(number, State.REJECTED, raw, reasons=(why,))


class _Reader:
    """One file: its resources by name, and the observations in it."""

    def __init__(self, meaning: Meaning, *, unclear: bool) -> None:
        self._meaning = meaning
        self._unclear = unclear
        self._resources = Resources()
        self._people: dict[int, PatientAsSent] = {}
        self._reports: dict[int, Json] = {}

    def index(self, document: Any, depth: int = 0) -> None:
        """Make everything in a document findable by reference."""
        self._resources.add(obj(document))
        if obj(document).get("resourceType") == "Bundle" and depth < _DEEPEST_BUNDLE:
            for entry in items(document.get("entry")):
                inner = obj(entry.get("resource"))
                self._resources.add(inner, word(entry.get("fullUrl")))
                if inner.get("resourceType") == "Bundle":
                    self.index(inner, depth + 1)

    def message_or_why(self, document: Json, raw: bytes, number: int) -> Message:
        """One document; whatever in it breaks the reader is that document's reason, and the next is read."""
        try:
            return self.message(document, raw, number)
        except Exception as fault:  # told with its kind: a reader that breaks has a fault of its own
            return Message(number, State.REJECTED, raw, reasons=(broken_by(fault),))

    def message(self, document: Json, raw: bytes, number: int) -> Message:
        """One document with its observations, in the order sent."""
        rows: list[Observation] = []
        for report in _of_kind(document, "DiagnosticReport", 0):
            for result in items(report.get("result")):
                member = self._resources.find(result, "Observation", report)
                if member is not None:
                    self._reports[id(member)] = report
        for observation, owner in _observations(document, 0):
            rows += self._rows(observation, owner, len(rows) + 1)
        kind = word(obj(document).get("resourceType"))
        head = obj(document)
        reasons = () if rows else (Reason("no-observation", (("kind", kind),)),)
        state = State.PARSED if rows else State.HELD
        control = word(obj(head.get("identifier")).get("value")) or word(head.get("id"))
        sent = iso_time(word(head.get("timestamp")) or word(head.get("issued")), "timestamp")
        return Message(number, state, raw, control[:FIELD_CHARACTERS], kind, sent, "", tuple(rows), reasons)

    def _rows(self, seen: Json, owner: Json, number: int) -> list[Observation]:
        """The Observation, then those of its components that are followed here."""
        patient, faults = self._patient(seen, owner)
        row = self._row(seen, seen, owner, patient, faults, number)
        rows = [self._meaning.settle_new(row)]
        for part in items(seen.get("component")):
            inner = self._meaning.settle_new(
                self._row(part, seen, owner, patient, faults, number + len(rows))
            )
            if inner.analyte is not None:
                rows.append(inner)
        return rows

    def _patient(self, seen: Json, owner: Json) -> tuple[PatientAsSent | None, tuple[Reason, ...]]:
        report = self._reports.get(id(seen), {})
        subject = seen.get("subject") or (
            owner.get("subject") if owner is not seen else report.get("subject")
        )
        found = self._resources.find(subject, "Patient", seen) or self._resources.find(
            subject, "Patient", owner
        )
        if found is None:
            said = obj(subject)
            sent = (
                word(said.get("display"))
                or word(obj(said.get("identifier")).get("value"))
                or word(said.get("reference"))
            )
            return None, (
                Reason("patient-not-in-file", (("sent", sent[:FIELD_CHARACTERS]),) if sent else ()),
            )
        patient = self._people.get(id(found))
        if patient is None:
            patient = self._people[id(found)] = read_patient(found)
        return patient, wanting(patient)

    def _row(
        self,
        holder: Json,
        seen: Json,
        owner: Json,
        patient: PatientAsSent | None,
        faults: tuple[Reason, ...],
        number: int,
    ) -> Observation:
        """One row from what holds code and value (`holder`) inside the Observation `seen`."""
        said = read_value(holder)
        codes = coded(holder.get("code")) or (Coded(""),)
        status = _STATUS.get(word(seen.get("status")))
        gone = status in _GONE
        collected = _collected(seen)
        flags = tuple(code for one in items(holder.get("interpretation")) for code in _flag(one))
        warnings = [*said.warnings, *([] if status else [Reason("status-missing")])]
        if collected is None or collected.day is None:
            warnings.append(Reason("no-collection-time"))
        if not _laboratory(seen):
            faults += (Reason("not-laboratory"),)
        report = self._reports.get(id(seen), owner)
        if not gone and word(report.get("status")) in _GONE:
            faults += (Reason("report-withdrawn"),)
        if self._unclear:
            faults += (Reason("characters-unclear"),)
        specimen = self._resources.find(seen.get("specimen"), "Specimen", seen) or {}
        return Observation(
            ordinal=number,
            state=State.PARSED,
            message_id=word(seen.get("id"))[:FIELD_CHARACTERS],
            warnings=tuple(warnings),
            faults=(*faults, *said.faults),
            patient=patient,
            code=codes[0].code[:FIELD_CHARACTERS],
            code_system=codes[0].system,
            text=codes[0].text,
            alternatives=codes[1:],
            comparator=None if gone else said.comparator,
            value=None if gone else said.value,
            value_text=said.text,
            value_type=said.kind,
            value_codes=said.codes,
            unit=said.unit[:FIELD_CHARACTERS],
            unit_other=said.unit_code[:FIELD_CHARACTERS],
            flag=flags[0] if flags else None,
            flags=flags,
            reference_range=reference_range(holder)[:FIELD_CHARACTERS],
            collected=collected,
            other_times=_other_times(seen, specimen),
            status=status,
            status_sent=word(seen.get("status")),
            order_number=_number(seen) or _number(owner),
            specimen=_words(obj(specimen).get("type"))[:FIELD_CHARACTERS],
            laboratory=_performer(seen) or _performer(owner),
            notes=tuple(word(one.get("text")) for one in items(seen.get("note")) if word(one.get("text"))),
        )


def _observations(document: object, depth: int) -> Iterator[tuple[Json, Json]]:
    """Every Observation of a document with what owns it (the report it is contained in, else itself)."""
    found = obj(document)
    kind = found.get("resourceType")
    if kind == "Observation":
        yield found, found
    elif kind == "DiagnosticReport":
        for one in items(found.get("contained")):
            if one.get("resourceType") == "Observation":
                yield one, found
    elif kind == "Bundle" and depth < _DEEPEST_BUNDLE:
        for entry in items(found.get("entry")):
            yield from _observations(entry.get("resource"), depth + 1)


def _of_kind(document: object, kind: str, depth: int) -> Iterator[Json]:
    """Every resource of a kind in a document and the bundles in it."""
    found = obj(document)
    if found.get("resourceType") == kind:
        yield found
    elif found.get("resourceType") == "Bundle" and depth < _DEEPEST_BUNDLE:
        for entry in items(found.get("entry")):
            yield from _of_kind(entry.get("resource"), kind, depth + 1)


def _collected(seen: Json) -> SentTime | None:
    """`effective…`: a time, or the beginning of a period."""
    for key in ("effectiveDateTime", "effectiveInstant"):
        if word(seen.get(key)):
            return iso_time(word(seen[key]), key)
    return iso_time(word(obj(seen.get("effectivePeriod")).get("start")), "effectivePeriod")


def _other_times(seen: Json, specimen: Json) -> tuple[SentTime, ...]:
    taken = obj(specimen.get("collection"))
    sent = (
        iso_time(word(taken.get("collectedDateTime")), "Specimen.collected"),
        iso_time(word(obj(taken.get("collectedPeriod")).get("start")), "Specimen.collected"),
        iso_time(word(seen.get("issued")), "issued"),
    )
    return tuple(one for one in sent if one is not None)


def _laboratory(seen: Json) -> bool:
    """Whether it may be a laboratory result: a category that says so, or none at all beside a code."""
    codes = {
        word(one.get("code")) for group in items(seen.get("category")) for one in items(group.get("coding"))
    }
    if not codes - {""}:
        return bool(items(obj(seen.get("code")).get("coding")))
    return bool(codes & {"laboratory", "LAB", "26436-6", "HM", "CH"})


def _flag(concept: Json) -> list[str]:
    codes = [word(one.get("code")) for one in items(concept.get("coding"))]
    return [code for code in codes if code] or [text for text in [word(concept.get("text"))] if text]


def _number(resource: Json) -> str:
    """The order or report number: the first identifier."""
    found = [word(one.get("value")) for one in items(resource.get("identifier"))]
    return next((one for one in found if one), "")[:FIELD_CHARACTERS]


def _performer(resource: Json) -> str:
    shown = [word(one.get("display")) for one in items(resource.get("performer"))]
    return next((one for one in shown if one), "")[:FIELD_CHARACTERS]


def _words(concept: object) -> str:
    parts = coded(concept)
    return parts[0].text or parts[0].code if parts else ""
