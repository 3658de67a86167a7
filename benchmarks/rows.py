"""The rows, each beside its floor on the same file; row 9, memory, is measured with row 1, the start."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import replace

from benchmarks.assess import pure_rules
from benchmarks.clinic import Clinic, new_values
from benchmarks.growth import growth
from benchmarks.imports import store_again, store_messages
from benchmarks.imports_parse import parse_only
from benchmarks.letters import letters
from benchmarks.measure import Figure, compare, once
from benchmarks.record import back_up, check, log_in
from benchmarks.start import start
from benchmarks.window import window
from db import dry_run, queries
from db.names import fold
from db.operations import NewResult, store_results

NAMES, LONGEST = 40, 8
"""Surnames that are typed, and how many letters of each."""

RAW_OVERDUE = """
SELECT o.course_id, o.closes_on, p.id, p.number, p.surname, p.given, p.birth_date, p.sex,
  (SELECT t.number FROM patient_phone t WHERE t.patient_id = p.id AND t.until IS NULL ORDER BY t.rank, t.id LIMIT 1),
  (SELECT max(i.given_on) FROM infusion i WHERE i.course_id = o.course_id AND i.state = 'given'),
  s.action, s.due, s.id, s.version, u.id, u.name
FROM lab_order o JOIN course c ON c.id = o.course_id JOIN patient p ON p.id = o.patient_id
JOIN next_step s ON s.id = c.open_step_id JOIN user_account u ON u.id = s.owner_id
WHERE o.state = 'open' AND o.kind IN ('repeat-labs', 'follow-up') AND o.booked_for < :today AND o.closes_on < :today
  AND p.status = 'active'
ORDER BY o.closes_on, p.surname, p.given, o.course_id
"""
RAW_LATE = """
(SELECT course_id FROM lab_order WHERE state = 'open' AND kind IN ('repeat-labs', 'follow-up')
  AND booked_for < :today AND closes_on < :today)
"""
RAW_TRIED = f"""
SELECT course_id, outcome, channel, tried_on FROM contact_attempt
WHERE course_id IN {RAW_LATE} AND withdrawn_at IS NULL ORDER BY tried_on, id
"""  # noqa: S608  (all of it stands here)
RAW_WRITTEN = f"""
SELECT course_id, kind FROM letter WHERE course_id IN {RAW_LATE}
  AND kind IN ('reminder-1', 'reminder-2', 'not-reached') AND state IN ('printed', 'handed', 'posted')
"""  # noqa: S608
RAW_SEARCH = """
SELECT id, surname, given, birth_date FROM patient
WHERE surname_key >= ? AND surname_key < ? || x'f48fbfbf' ORDER BY surname_key LIMIT 50
"""
RAW_RESULTS = "SELECT * FROM lab_result WHERE patient_id = ? ORDER BY collected_on"
RAW_FACTS = (
    "SELECT * FROM course WHERE patient_id IN (SELECT value FROM json_each(?))",
    "SELECT * FROM lab_result WHERE patient_id IN (SELECT value FROM json_each(?))",
    "SELECT * FROM transfusion WHERE patient_id IN (SELECT value FROM json_each(?))",
    "SELECT * FROM oral_iron WHERE patient_id IN (SELECT value FROM json_each(?))",
)
CHANGED = "response.ferritin_adequate"
"""The cut-off that differs in the dry run."""
RAW_STEPS = "SELECT * FROM next_step WHERE course_id IN (SELECT id FROM course WHERE patient_id = ?)"


def overdue(clinic: Clinic) -> Figure:
    """Row 2: the whole overdue list; the floor reads the same columns of the same rows, contacts and letters too."""

    def ours() -> object:
        with clinic.database.read() as session:
            return queries.overdue(session, clinic.today, clinic.protocol)

    def floor() -> object:
        day = {"today": clinic.today.isoformat()}
        return [clinic.bare.execute(one, day).fetchall() for one in (RAW_OVERDUE, RAW_TRIED, RAW_WRITTEN)]

    return compare(2, "overdue list, whole", ours, floor)


def search(clinic: Clinic) -> Figure:
    """Row 3: patient search, one key after the other, as far as it is answered before the next key: who begins so."""
    asked = "SELECT DISTINCT surname FROM patient ORDER BY surname LIMIT ?"
    names = [row[0] for row in clinic.bare.execute(asked, (NAMES,))]
    typed = [name[:size] for name in names for size in range(1, min(len(name), LONGEST) + 1)]
    ours_next, floor_next = itertools.cycle(typed), itertools.cycle(typed)

    def ours() -> None:
        with clinic.database.read() as session:
            queries.search(session, next(ours_next), 50, parts=False)

    def floor() -> None:
        text = fold(next(floor_next))
        clinic.bare.execute(RAW_SEARCH, (text, text)).fetchall()

    return compare(3, f"patient search, a key of {len(typed)}: who begins so", ours, floor, len(typed))


def patient(clinic: Clinic) -> Figure:
    """Row 4: everything a patient's page asks for."""
    ids = itertools.cycle(sorted({patient_id for _, patient_id in clinic.courses()}))

    def ours() -> None:
        with clinic.database.read() as session:
            queries.patient_page(session, next(ids), clinic.today)

    def floor() -> None:
        patient_id = next(ids)
        for statement in (RAW_RESULTS, RAW_STEPS):
            clinic.bare.execute(statement, (patient_id,)).fetchall()

    return compare(4, "open a patient, queries", ours, floor, 51)


def reassess(clinic: Clinic) -> Figure:
    """Row 5: the dry run of a protocol with one other cut-off over every course that is followed, by both protocols.

    The floor reads the same rows raw, of as many patients at once.
    """
    live = clinic.protocol
    cut_off = live.numbers[CHANGED]
    numbers = {**live.numbers, CHANGED: replace(cut_off, value=cut_off.value + 20)}
    draft = replace(live, version="draft", numbers=numbers)
    with clinic.database.read() as session:
        patients = [found[0] for found in dry_run.courses(session).values()]

    def ours() -> None:
        dry_run.compare(clinic.database, live, draft, clinic.today)

    def floor() -> None:
        for first in range(0, len(patients), dry_run.AT_ONCE):
            some = json.dumps(patients[first : first + dry_run.AT_ONCE])
            for statement in RAW_FACTS:
                clinic.bare.execute(statement, (some,)).fetchall()

    return once(
        5, f"dry run of a draft over {len(patients)} courses, another cut-off of ferritin", ours, floor
    )


def record(clinic: Clinic) -> Figure:
    """Row 8: a typed result to durable, with assessment, next step and audit; the floor is one durable commit."""
    ids = itertools.cycle([patient_id for _, patient_id in clinic.courses()])
    values = new_values()
    clinic.bare.execute("CREATE TABLE IF NOT EXISTS bench_floor (id INTEGER PRIMARY KEY, value TEXT)")

    def ours() -> None:
        new = NewResult(clinic.today, "haemoglobin", next(values), "g/L", confirmed=True)
        with clinic.database.write() as session:
            store_results(session, next(ids), (new,), clinic.stamp(), clinic.protocol)

    def floor() -> None:
        clinic.bare.execute("BEGIN IMMEDIATE")
        clinic.bare.execute("INSERT INTO bench_floor (value) VALUES ('one row')")
        clinic.bare.execute("COMMIT")

    return compare(8, "record a result: assessed, next step, audit, durable", ours, floor, 31)


def rules_alone(clinic: Clinic) -> Figure:
    """Row 5 without the database: six hundred invented courses of 12 results, each another person."""
    return pure_rules(clinic.protocol)


def read_messages(clinic: Clinic) -> Figure:
    """Row 6, reading alone: laboratory messages to results, no database; `benchmarks.imports_parse` has the peers."""
    return parse_only(clinic.protocol)


ROWS: dict[int, tuple[Callable[[Clinic], Figure | tuple[Figure, ...]], ...]] = {
    1: (start,),
    2: (overdue,),
    3: (search,),
    4: (patient,),
    5: (reassess, rules_alone),
    6: (read_messages, store_messages, store_again),
    7: (letters,),
    8: (record,),
    10: (growth,),
    11: (log_in,),
    12: (check,),
    13: (back_up,),
    14: (window,),
}
