"""Row 6, storing: messages of four results each, matched, assessed, audited and committed; and the same file again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from benchmarks.clinic import Clinic
from benchmarks.imports_parse import TESTS
from benchmarks.measure import Figure, once
from db import models as m
from db.imports.hl7 import read
from db.imports.meaning import Meaning
from db.imports.storing import store_file

FEWEST, MOST = 300, 10_000
"""Messages of a file: about one for every tenth patient."""


def store_messages(clinic: Clinic) -> Figure:
    """A file that is new; the floor splits the text and inserts as many rows at once."""
    text, many = _messages(clinic, "N")

    def ours() -> None:
        _store(clinic, text)

    work = f"import of {many:,} messages: read, match, assess, commit"
    return once(6, work, ours, lambda: _floor(clinic, text))


def store_again(clinic: Clinic) -> Figure:
    """The same file again, beside its first time: it changes nothing."""
    text, _many = _messages(clinic, "A")
    return once(6, "the same file again", lambda: _store(clinic, text), lambda: _store(clinic, text))


def _store(clinic: Clinic, text: str) -> None:
    found = read(text.encode(), "bench.hl7", Meaning(clinic.protocol))
    done = store_file(clinic.database, replace(found, sha256="0" * 64), clinic.stamp, clinic.protocol)
    if done.why is not None or done.counts["rejected"]:
        raise RuntimeError("the messages of the benchmark were not stored")


def _floor(clinic: Clinic, text: str) -> None:
    """Split the text, and one bulk insert into a table of its own."""
    bare = clinic.bare
    bare.execute("CREATE TEMP TABLE IF NOT EXISTS floor (a, b, c, d, e, f)")
    rows = [tuple(segment.split("|")[:6]) for segment in text.split("\r") if segment.startswith("OBX")]
    bare.execute("BEGIN")
    bare.executemany("INSERT INTO floor VALUES (?, ?, ?, ?, ?, ?)", rows)
    bare.execute("COMMIT")


def _messages(clinic: Clinic, mark: str) -> tuple[str, int]:
    """One message for each of some patients on record, and how many.

    Number and values tell the second of the day: they are new to a clinic that was measured before.
    """
    p, now = m.Patient, f"{datetime.now(UTC):%H%M%S}"
    mark += now
    with clinic.database.read() as session:
        people = session.execute(
            select(p.number, p.surname, p.given, p.birth_date, p.sex)
            .where(p.birth_date.is_not(None), p.status == "active", p.merged_into_id.is_(None))
            .order_by(p.id)
            .limit(max(FEWEST, min(clinic.patients() // 10, MOST)))
        ).all()
    day = f"{clinic.today - timedelta(days=mark[0] == 'A'):%Y%m%d}"
    lines: list[str] = []
    for number, who in enumerate(people):
        sex = {"female": "F", "male": "M"}.get(who.sex, "U")
        lines += [
            f"MSH|^~\\&|LAB|BENCH|R|C|{day}0900||ORU^R01|{mark}{number}|P|2.5",
            f"PID|1||{who.number}^^^C^MR||{who.surname}^{who.given}||{who.birth_date:%Y%m%d}|{sex}",
            f"OBR|1||{mark}{number}|IRON^Iron studies|||{day}{now}",
        ]
        lines += [
            f"OBX|{place}|NM|{code}^{name}^LN||{value + number % 7}.{now}|{unit}|||||F"
            for place, (code, name, unit, value) in enumerate(TESTS, 1)
        ]
    return "\r".join(lines) + "\r", len(people)
