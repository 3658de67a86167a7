"""Nothing of a patient can be read without the key: twenty markers sought in every file, and a hundred wrong keys."""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from running_clinic import PROTOCOL, RunningClinic, day, result, stamp
from seen_now import as_seen_now
from torture_clinic import KEY, copy_of, times
from torture_damage import AT

from db import backup, operations, vault
from db.engine import Database, inspect
from db.errors import WrongKey
from db.operations import ClinicalPicture, NewContact, NewReferral, PatientDetails

MARKERS = tuple(f"Zq{number:02d}xyv" for number in range(20))
WRONG_KEYS = 100


def referral(marks: tuple[str, ...]) -> NewReferral:
    """Somebody whose every field holds a marker."""
    details = PatientDetails(
        marks[0],
        marks[1],
        date(1960, 5, 1),
        "female",
        (("hospital-number", marks[2]), ("national-number", marks[3])),
        phone=marks[4],
        email=f"{marks[5]}@example.org",
        address_lines=(marks[6], marks[7], marks[8]),
        allergies=(marks[9], marks[10]),
    )
    results = (result(0, "haemoglobin", "84", "g/L", laboratory=marks[11]),)
    return NewReferral(details, ClinicalPicture(Decimal(70), Decimal(165)), day(0), 2, results=results)


@pytest.fixture
def marked(prepared: Path, place: Path) -> Iterator[Path]:
    """A clinic at work with a patient full of markers: file, log, shared memory, vault and backup are there."""
    path = copy_of(prepared, place / "clinic.db")
    vault.create(path, "Ada", "secret")
    database = Database.open(path, KEY)
    work = RunningClinic(database)
    with database.write() as session:
        made = operations.register_referral(session, referral(MARKERS), stamp(0, 3), PROTOCOL)
    for mark in MARKERS[12:18]:
        with database.write() as session:
            contact = NewContact("no-answer", note=mark)
            as_seen_now(
                session, operations.record_contact, made.course_id or 0, contact, stamp(1, 3), PROTOCOL
            )
    with database.write() as session:
        as_seen_now(
            session,
            operations.end_follow_up,
            made.patient_id or 0,
            "declined",
            day(1),
            MARKERS[0],
            stamp(1, 3),
        )
    with database.write() as session:
        why = f"{MARKERS[18]} {MARKERS[19]}"
        as_seen_now(session, operations.resume_follow_up, made.patient_id or 0, why, stamp(2, 3), PROTOCOL)
    backup.make(path, KEY, backup.folder_of(path), AT)
    (place / "not encrypted").mkdir()
    assert work.audit_rows() > 30
    yield path
    database.close()


def readable(folder: Path) -> list[str]:
    """Which markers stand in which file, in the spellings a file may keep text in."""
    hits = []
    for file in sorted(one for one in folder.rglob("*") if one.is_file()):
        data = file.read_bytes()
        for mark in MARKERS:
            spellings = (
                mark.encode(),
                mark.lower().encode(),
                mark.upper().encode(),
                mark.encode("utf-16-le"),
            )
            if any(spelling in data for spelling in spellings):
                hits.append(f"{mark} in {file.name}")
    return hits


def test_no_marker_stands_in_any_file(marked: Path) -> None:
    names = {one.name for one in marked.parent.rglob("*") if one.is_file()}
    assert {"clinic.db", "clinic.db-wal", "clinic.db-shm", "clinic.db.vault"} <= names
    assert any(name.endswith(".backup") for name in names)
    assert marked.with_name("clinic.db-wal").stat().st_size > 4096
    assert readable(marked.parent) == []


def test_every_marker_is_on_record_and_would_be_found_in_a_plain_copy(marked: Path) -> None:
    """The test above can fail: the same rows in a file without a key show all twenty."""
    from torture_clinic import bare

    connection = bare(marked)
    plain = marked.parent / "not encrypted" / "plain.db"
    connection.execute("ATTACH ? AS plain KEY ''", (str(plain),))
    connection.execute("SELECT sqlcipher_export('plain')")
    connection.execute("DETACH plain")
    connection.close()
    assert {one.split()[0] for one in readable(marked.parent)} == set(MARKERS)


def test_no_other_key_opens_it(marked: Path) -> None:
    chance = random.Random(6)
    kept = backup.listed(backup.folder_of(marked), "clinic")[0].path
    for number in range(times(WRONG_KEYS)):
        wrong = bytearray(KEY)
        if number % 2:
            wrong = bytearray(secrets.token_bytes(32))
        else:
            wrong[chance.randrange(32)] ^= 1 << chance.randrange(8)
        for path in (marked, kept):
            with pytest.raises(WrongKey):
                inspect(path, bytes(wrong))
    assert inspect(marked, KEY) == inspect(kept, KEY)
