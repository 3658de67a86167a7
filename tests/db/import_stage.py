"""A laboratory's file on the stage of the role table: a run with something stored and something held."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from laboratory_message import Report, received
from running_clinic import PROTOCOL, RunningClinic, stamp
from sqlalchemy import select
from sqlalchemy.orm import Session

from db import models as m
from db.imports.storing import store_file
from db.operations._arrivals import prepare
from db.operations.codes import explain_code, forget_code, forget_columns, keep_columns
from db.operations.held import Filing, file_held_results, take_back_results
from db.operations.imports import (
    NewImport,
    begin_import,
    finish_import,
    store_message,
    store_messages,
    undo_import,
)
from db.stamp import Stamp

Call = Callable[[Session, Stamp], object]
DAY = 58


def take_in(work: RunningClinic, patient_id: int) -> None:
    """A file with a value of somebody known, and one for nobody who is."""
    [person] = work.all(m.Patient, m.Patient.id == patient_id)
    about = {"number": person.number, "family": person.surname, "given": person.given}
    known = Report(DAY, (("crp", "4", "F"),), born=f"{person.birth_date:%Y%m%d}", **about)
    strange = known.but(number="Z 77", family="Unheard", born="19010101", control="2")
    done = store_file(work.database, received(known, strange), lambda: stamp(DAY), PROTOCOL)
    assert (done.counts["stored"], done.counts["held"]) == (1, 1), done.outcomes


def on_imports(work: RunningClinic) -> dict[str, Call]:
    """How each line about imports is called; `take_in` was done before."""
    with work.database.read() as session:
        run = session.scalars(select(m.ImportRun.id)).one()
        held = session.scalars(select(m.HeldResult).where(m.HeldResult.raw_message_id.is_not(None))).one()
        stored = session.scalars(select(m.LabResult).where(m.LabResult.raw_message_id.is_not(None))).one()
        person = session.get_one(m.Patient, stored.patient_id)
        seen: dict[str, Any] = {"held": (held.id, held.version), "stored": (stored.id, stored.version)}
        filing = Filing(person.id, person.birth_date.year if person.birth_date else None)
    [message] = received(
        Report(DAY, (("phosphate", "1.4", "F"),), "Z 78", "Nobody", born="19020202")
    ).messages
    new = NewImport("more.hl7", "hl7v2", "1" * 64)

    def storing(session: Session, by: Stamp) -> object:
        return store_message(session, run, _numbered(message), prepare(session, [message]), by, PROTOCOL)

    def storing_many(session: Session, by: Stamp) -> object:
        many = [_numbered(message)]
        return store_messages(session, run, many, prepare(session, many), by, PROTOCOL)

    code, columns = _said(work)
    return {
        "begin_import": lambda s, by: begin_import(s, new, by),
        "store_message": storing,
        "store_messages": storing_many,
        "finish_import": lambda s, by: finish_import(s, run, {"read": 2}, False, by),
        "undo_import": lambda s, by: undo_import(s, run, "the wrong file", by, PROTOCOL),
        "file_held_results": lambda s, by: file_held_results(s, [seen["held"]], filing, by, PROTOCOL),
        "take_back_results": lambda s, by: take_back_results(
            s, [seen["stored"]], "another patient's", by, PROTOCOL
        ),
        "explain_code": lambda s, by: explain_code(
            s, "NORTHGATE", "L", "HB1", "haemoglobin", "g/L", by, PROTOCOL
        ),
        "forget_code": lambda s, by: forget_code(s, *code, by),
        "forget_columns": lambda s, by: forget_columns(s, *columns, by),
        "keep_columns": lambda s, by: keep_columns(s, "NORTHGATE", {"patient": "A"}, by),
    }


def _said(work: RunningClinic) -> tuple[tuple[int, tuple[str | None, str | None]], tuple[int, int]]:
    """What was said of a source: a code's id and meaning, and id and version of the one with columns."""
    with work.database.write() as session:
        made = explain_code(session, "SOUTHGATE", "L", "X9", None, None, stamp(DAY), PROTOCOL).created_id
    with work.database.write() as session:
        kept = keep_columns(session, "SOUTHGATE", {"patient": "B"}, stamp(DAY)).created_id
        assert made is not None
        assert kept is not None
    with work.database.read() as session:
        return (made, (None, None)), (kept, session.get_one(m.Laboratory, kept).version)


def _numbered(message: Any) -> Any:
    from dataclasses import replace

    return replace(message, ordinal=99)
