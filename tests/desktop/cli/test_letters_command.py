"""`replete letters`: every letter that is due becomes a file that is recorded, a crash in between included."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from cli_clinic import Made
from sqlalchemy import select

from db import models as m
from db import queries
from db.engine import Database
from db.opening import open_clinic
from db.operations.batches import NewBatch, open_batch
from db.operations.letters import NewLetter
from db.queries.batches import batch, open_batches
from db.stamp import Stamp
from desktop.cli.letters import Report, settle_doubts

Replete = Callable[..., tuple[int, str, str]]
LETTERS = 200
KILLED_AFTER = 20


@pytest.fixture
def own(clinic: Made, tmp_path: Path) -> Made:
    """The clinic of forty, in a copy that may be written to."""
    for file in clinic.path.parent.glob("clinic.replete*"):
        if file.is_file():
            shutil.copy(file, tmp_path / file.name)
    (tmp_path / "post").mkdir()
    return Made(tmp_path / "clinic.replete", clinic.password, clinic.said)


def opened(made: Made) -> Database:
    return open_clinic(made.path, "mina", made.password.read_text().strip())[0]


def mina(database: Database) -> Stamp:
    """Mina, now."""
    with database.read() as session:
        user_id = session.scalars(select(m.User.id).where(m.User.login == "mina")).one()
    return Stamp(user_id, datetime.now(UTC), datetime.now().astimezone().date())


def test_what_is_due_is_written_filed_and_recorded(own: Made, replete: Replete) -> None:
    post = own.path.parent / "post"
    status, out, _err = replete("letters", "--due", "--out", post, "--json", *own.options())
    said = json.loads(out)
    assert status == (1 if said["left_out"] else 0)
    assert len(said["written"]) > 5
    assert sorted(path.stem for path in post.iterdir()) == sorted(said["written"])
    database = opened(own)
    with database.read() as session:
        letters = session.execute(
            select(m.Letter.reference, m.Letter.sha256, m.Letter.state, m.Letter.printed_how).where(
                m.Letter.reference.in_(said["written"])
            )
        ).all()
        assert open_batches(session) == ()
        due = {row.number for row in queries.letters_due(session, datetime.now().astimezone().date())}
    database.close()
    assert due <= {row["patient"] for row in said["left_out"]}
    assert {(one.state, one.printed_how) for one in letters} == {("printed", "file")}
    for one in letters:
        assert hashlib.sha256((post / f"{one.reference}.pdf").read_bytes()).hexdigest() == one.sha256
    status, out, _err = replete("letters", "--out", post, *own.options())
    assert out.startswith("0 letters written")


def filed_two_hundred(own: Made) -> tuple[int, list[str]]:
    """Two hundred letters filed to go to files; nothing of them has come out."""
    out = BytesIO()
    with pikepdf.new() as sheet:
        sheet.add_blank_page()
        sheet.save(out)
    database = opened(own)
    stamp = mina(database)
    with database.write() as session:
        rows = session.execute(
            select(m.Course.id, m.Course.patient_id)
            .join(m.Patient, m.Patient.id == m.Course.patient_id)
            .where(m.Patient.status == "active")
        ).all()
        letters = []
        for number in range(LETTERS):
            pdf = out.getvalue() + b"%% %d\n" % number
            who = rows[number % len(rows)]
            letters.append(
                NewLetter("result-and-plan", who.id, who.patient_id, {"name": "Dr Tate"}, None, pdf,
                          hashlib.sha256(pdf).hexdigest(), 1, "1", "Dear", f"B{number:04d}")
            )  # fmt: skip
        made = open_batch(session, NewBatch(tuple(letters), "file"), stamp).created_id
    database.close()
    assert made is not None
    return made, [letter.sha256 for letter in letters]


def test_a_batch_of_two_hundred_is_whole_after_a_kill_in_the_middle(own: Made, replete: Replete) -> None:
    number, hashes = filed_two_hundred(own)
    post = own.path.parent / "post"
    command = [sys.executable, "-m", "desktop", "letters", "--out", str(post), *own.options()]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as child:
        deadline = time.monotonic() + 120
        while len(list(post.glob("*.pdf"))) < KILLED_AFTER and child.poll() is None:
            assert time.monotonic() < deadline
        child.kill()
    there = len(list(post.glob("*.pdf")))
    assert KILLED_AFTER <= there < LETTERS
    database = opened(own)
    with database.read() as session:
        [doubt] = open_batches(session)
    database.close()
    assert (doubt.batch_id, doubt.pending) == (number, LETTERS)
    database, report = opened(own), Report()
    settle_doubts(database, post, mina(database), report)
    with database.read() as session:
        assert open_batches(session) == ()
        outcomes = [item.outcome for item in batch(session, number).items]
    database.close()
    assert outcomes == ["printed"] * LETTERS
    assert len(report.found) == there
    assert len(report.written) == LETTERS - there
    assert sorted(hashlib.sha256(path.read_bytes()).hexdigest() for path in post.glob("*.pdf")) == sorted(
        hashes
    )


def test_another_file_is_never_written_over(own: Made, replete: Replete) -> None:
    post = own.path.parent / "post"
    filed_two_hundred(own)
    (post / "B0003.pdf").write_bytes(b"somebody else's")
    status, _out, err = replete("letters", "--out", post, *own.options())
    assert status == 8
    assert "B0003.pdf is another file already" in err
    assert (post / "B0003.pdf").read_bytes() == b"somebody else's"


def test_a_folder_that_is_not_there(own: Made, replete: Replete) -> None:
    status, _out, err = replete("letters", "--out", own.path.parent / "nowhere", *own.options())
    assert status == 5
    assert "There is no folder" in err
