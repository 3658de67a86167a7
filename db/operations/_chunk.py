"""Many messages stored together: what all of them need is read once, and every table is written once.

Only what is plain is done here: a message about one person whose values are new, known already, held, or a correction
of values on record. What withdraws a value, stands behind a newer one or was sent
twice is left for `store_message`, with everything else of the same person, so that one person's messages always keep
their order. Either way the record ends the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy import insert
from sqlalchemy.orm import Session

from clinical.protocol import Protocol
from db import audit, ids
from db import models as m
from db.changes import Changes
from db.imports.matching import Match
from db.imports.payload import claim_of, content_key
from db.imports.records import Message, Observation, PatientAsSent, Reason
from db.operations._arrivals import Batch, StoredMessage, Touched, message_hash
from db.operations._chunk_known import KnownPeople, known_people
from db.operations._chunk_look import look_at
from db.operations._chunk_replace import Replacing, is_plain, orders_of, replace_all, set_behind
from db.operations._incoming import (
    DUPLICATE,
    HELD,
    IGNORED,
    STORED,
    Origin,
    Outcome,
    by_patient,
    fit,
    held_columns,
    settled,
)
from db.operations._lookups import Lookups
from db.operations._placing import WITHDRAWN, place
from db.operations._rows import get
from db.stamp import Stamp

Person = int | PatientAsSent | None
"""Whose messages belong together: a record, or nobody's under the same name and numbers."""

NEW_HERE: Final[Mapping[str, object]] = {"lab_order_id": None, "superseded_by_id": None, "version": 1}
"""Columns of a result that no message fills."""


class _OneByOne(Exception):  # noqa: N818
    """Something of a person's messages is not plain."""


@dataclass
class _Planned:
    """A message about one person as it will be stored. An outcome goes with the columns of its row, if it has one."""

    place: int
    message: Message
    sha256: str
    match: Match
    origin: Origin
    kept: bool = False
    looked_at: bool = False
    in_place_of: dict[int, tuple[int, ...]] = field(default_factory=dict)
    """Results on record that an observation replaces, by its ordinal."""
    reopened_by: str = ""
    outcomes: list[tuple[Outcome, dict[str, Any] | None]] = field(default_factory=list)

    def keep(self) -> Origin:
        """Where its observations come from; the message is kept."""
        self.kept = True
        return self.origin


@dataclass
class _Work:
    """What storing a chunk needs at every turn."""

    session: Session
    import_id: int
    batch: Batch
    stamp: Stamp
    protocol: Protocol
    lookups: Lookups
    held: set[str] = field(default_factory=set)


def store_chunk(
    session: Session,
    import_id: int,
    messages: Sequence[Message],
    batch: Batch,
    stamp: Stamp,
    protocol: Protocol,
) -> dict[int, StoredMessage]:
    """Store what is plain of some messages; by their place among them. What is not in it is still to be stored."""
    work = _Work(session, import_id, batch, stamp, protocol, Lookups(session))
    source = get(session, m.ImportRun, import_id).format
    groups = _by_person(work, messages, source)
    known = known_people(session, _seen(groups))
    planned: list[_Planned] = []
    for person, group in groups.items():
        held = set(work.held)
        try:
            _plan_person(work, person, group, known)
        except _OneByOne:
            work.held = held
        else:
            planned += group
    planned.sort(key=lambda one: one.place)
    stored = _write(work, planned, known)
    batch.held |= work.held
    return stored


def _by_person(work: _Work, messages: Sequence[Message], source: str) -> dict[Person, list[_Planned]]:
    """Messages that may be plain, by whom they are about."""
    hashes = [message_hash(message) for message in messages]
    sent = Counter(hashes)
    groups: dict[Person, list[_Planned]] = {}
    left: set[Person] = set()
    for at, (message, sha256) in enumerate(zip(messages, hashes, strict=True)):
        people = {one: work.batch.people.match(claim_of(one)) for one in by_patient(message.observations)}
        persons = [one if match.patient_id is None else match.patient_id for one, match in people.items()]
        if len(persons) != 1 or sha256 in work.batch.known or sent[sha256] > 1:
            left.update(persons)
            continue
        [match] = people.values()
        iso = message.sent.iso if message.sent is not None else None
        origin = Origin(0, source, work.lookups.reported_at(iso))
        groups.setdefault(persons[0], []).append(_Planned(at, message, sha256, match, origin))
    return {person: group for person, group in groups.items() if person not in left}


def _seen(groups: Mapping[Person, Sequence[_Planned]]) -> dict[int, list[Observation]]:
    """What the messages say of each record."""
    return {
        person: [found for one in group for found in one.message.observations]
        for person, group in groups.items()
        if isinstance(person, int)
    }


def _plan_person(work: _Work, person: Person, group: Sequence[_Planned], known: KnownPeople) -> None:
    """Plan all messages about one person, in the order sent."""
    on_record = known.on_record(person) if isinstance(person, int) else []
    for one in group:
        found = one.message.observations
        one.outcomes = [(made, None) for made in map(settled, found) if made is not None]
        to_file = [each for each in found if settled(each) is None]
        status = known.patients[person].status if isinstance(person, int) else None
        if to_file and status == "active":
            assert isinstance(person, int)
            _plan_filing(work, person, one, to_file, known, on_record)
            if one.in_place_of and len(group) > 1:  # the last look says what opened the course again
                raise _OneByOne
        elif to_file:
            why = Reason(one.match.reason if status is None else f"patient-{status}")
            one.outcomes += [(Outcome(each, HELD, why), None) for each in to_file]
        one.outcomes = [_held(work, one, outcome, columns) for outcome, columns in one.outcomes]
        if any(outcome.state == IGNORED for outcome, _ in one.outcomes):
            one.kept = True


def _plan_filing(
    work: _Work,
    patient_id: int,
    one: _Planned,
    to_file: Sequence[Observation],
    known: KnownPeople,
    on_record: list[dict[str, Any]],
) -> None:
    """Plan what is to be filed for a patient; what is planned counts as on record for what follows."""
    born = known.patients[patient_id].birth_date
    ready, held = fit(work.lookups, born, to_file, one.keep, work.stamp, work.protocol)
    one.outcomes += [(outcome, None) for outcome in held]
    for found, values in ready:
        where = place(values, on_record)
        if where.behind is not None or (where.replaces and not is_plain(values, where, on_record)):
            raise _OneByOne
        if where.known is not None:
            one.outcomes.append((Outcome(found, DUPLICATE, Reason("on-record-already")), None))
        elif where.question:
            one.outcomes.append((Outcome(found, HELD, Reason(where.question)), None))
        else:
            if where.replaces:
                set_behind(on_record, where)
                one.in_place_of[found.ordinal] = where.replaces
                one.reopened_by = one.reopened_by or str(values["analyte"])
            on_record.append({**values, "id": -1, "superseded_by_id": None})
            one.outcomes.append((Outcome(found, STORED), {**values, "patient_id": patient_id}))
            one.looked_at = one.looked_at or values["status"] not in WITHDRAWN
    if one.looked_at and not known.can_be_looked_at(patient_id):
        raise _OneByOne


def _held(
    work: _Work, one: _Planned, outcome: Outcome, columns: dict[str, Any] | None
) -> tuple[Outcome, dict[str, Any] | None]:
    """What is to be held goes on its list, once; any other outcome stays as it is."""
    if outcome.state != HELD:
        return outcome, columns
    key = content_key(outcome.observation)
    if key in work.batch.held or key in work.held:
        return Outcome(outcome.observation, DUPLICATE, Reason("held-already")), None
    work.held.add(key)
    patient_id = one.match.patient_id
    return outcome, held_columns(work.lookups, outcome, one.keep(), patient_id, work.stamp, work.protocol)


def _write(work: _Work, planned: Sequence[_Planned], known: KnownPeople) -> dict[int, StoredMessage]:
    """Write what was planned: messages, values, what is held; then the look at each course, and the audit."""
    numbers = ids.Numbers(work.session)
    rows: dict[type[m.Base], list[dict[str, Any]]] = {m.RawMessage: [], m.LabResult: [], m.HeldResult: []}
    stored: dict[int, StoredMessage] = {}
    replacing: list[Replacing] = []
    replaced = [old for one in planned for some in one.in_place_of.values() for old in some]
    orders = orders_of(work.session, replaced)
    reopened = {one.match.patient_id or 0: one.reopened_by for one in planned if one.reopened_by}
    entries: list[audit.Entry] = []
    to_look: dict[int, int] = {}
    for one in planned:
        raw_id = _raw(work, one, numbers, rows[m.RawMessage]) if one.kept else None
        touched = Touched()
        made = _rows(work, one, raw_id, numbers, rows, touched, orders)
        replacing += _replacing(one, made, touched)
        outcomes = tuple(sorted(made, key=_ordinal))
        patient_id = one.match.patient_id
        touched.people += [patient_id] if patient_id is not None else []
        if one.looked_at and patient_id is not None and raw_id is not None:
            to_look.setdefault(patient_id, raw_id)
            touched.courses.append(known.courses[patient_id].id)
        if raw_id is None:
            stored[one.place] = StoredMessage(Changes(frozenset(), touched.patient_id), outcomes)
            continue
        work.batch.known[one.sha256] = raw_id
        entries.append(touched.entry(work.import_id, raw_id))
        stored[one.place] = StoredMessage(touched.changes(), outcomes)
    for table, some in rows.items():
        if some:
            work.session.execute(insert(table.__table__), some)  # type: ignore[arg-type]
    courses = [known.courses[patient_id] for patient_id in to_look]
    replace_all(work.session, replacing, work.stamp)
    look_at(
        work.session,
        courses,
        known.steps,
        to_look,
        work.lookups,
        numbers,
        work.stamp,
        work.protocol,
        reopened,
    )
    audit.record_many(work.session, work.stamp, entries)
    return stored


def _raw(work: _Work, one: _Planned, numbers: ids.Numbers, rows: list[dict[str, Any]]) -> int:
    """The row of a message that is kept; its id."""
    raw_id = numbers.next("raw_message")
    rows.append(
        {
            "id": raw_id,
            "import_id": work.import_id,
            "ordinal": one.message.ordinal,
            "control_id": one.message.control_id or None,
            "sha256": one.sha256,
            "content": one.message.raw,
        }
    )
    return raw_id


def _rows(
    work: _Work,
    one: _Planned,
    raw_id: int | None,
    numbers: ids.Numbers,
    rows: Mapping[type[m.Base], list[dict[str, Any]]],
    touched: Touched,
    orders: Mapping[int, int | None],
) -> list[Outcome]:
    """The rows of what is stored and held of a message; the outcomes with the ids of results."""
    made: list[Outcome] = []
    by = {"recorded_at": work.stamp.at, "recorded_by_id": work.stamp.user_id, "raw_message_id": raw_id}
    for outcome, columns in one.outcomes:
        if columns is None:
            made.append(outcome)
        elif outcome.state == HELD:
            row_id = numbers.next("held_result")
            rows[m.HeldResult].append({**columns, **by, "id": row_id, "version": 1, "state": "held"})
            touched.held.append(row_id)
            made.append(outcome)
        else:
            row_id = numbers.next("lab_result")
            before = one.in_place_of.get(outcome.observation.ordinal)
            answers = {"lab_order_id": orders.get(before[0])} if before else {}
            rows[m.LabResult].append({**NEW_HERE, **columns, **by, **answers, "id": row_id})
            touched.stored.append(row_id)
            made.append(replace(outcome, result_id=row_id))
    return made


def _replacing(one: _Planned, made: Sequence[Outcome], touched: Touched) -> list[Replacing]:
    """What of a message stands in place of something, now that it has its id."""
    found = [
        Replacing(
            outcome.result_id,
            outcome.observation.status or "final",
            one.in_place_of[outcome.observation.ordinal],
        )
        for outcome in made
        if outcome.result_id is not None and outcome.observation.ordinal in one.in_place_of
    ]
    touched.replaced += [old for each in found for old in each.old]
    return found


def _ordinal(outcome: Outcome) -> int:
    return outcome.observation.ordinal
