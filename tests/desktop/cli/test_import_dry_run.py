"""`replete import --dry-run`: files and folders read and reported, nothing kept, and a status that says how it was."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cli_clinic import Made
from other_protocol import another_text
from sqlalchemy import select

from clinical.protocol import load_protocol
from db import models as m
from db import vault
from db.opening import open_clinic
from db.operations.codes import explain_code
from db.operations.protocols import draft_protocol, make_protocol_live
from db.queries.protocols import in_force
from db.stamp import Stamp

Run = Callable[..., tuple[int, str, str]]

GOOD = (
    "MSH|^~\\&|LABSYS|NORTHLAB|REPLETE|CLINIC|20260209120000||ORU^R01|M-1|P|2.5\r"
    "PID|1||4711^^^NORTHLAB^MR||Sample^Anna||19600201|F\r"
    "OBR|1||FI-1|IRON^Iron studies^L|||20260209081500\r"
    "OBX|1|NM|718-7^Haemoglobin^LN||8.40|g/dL|12-16|L|||F\r"
)
TABLE = "MRN;Surname;Given name;DOB;Date;Ferritin ug/L\n4711;Sample;Anna;1960-02-01;2026-02-09;12\n"


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    (tmp_path / "a.hl7").write_text(GOOD)
    (tmp_path / "b.hl7").write_text(GOOD.replace("19600201", ""))
    (tmp_path / "c.csv").write_text(TABLE)
    (tmp_path / "d.pdf").write_bytes(b"%PDF-1.7")
    return tmp_path


def test_a_good_file(replete: Run, inbox: Path) -> None:
    status, out, err = replete("import", inbox / "a.hl7", "--dry-run", "--json")
    report = json.loads(out)
    assert (status, err) == (0, "")
    assert report["files"][0]["counts"] == {
        "read": 1, "stored": 1, "held": 0, "duplicate": 0, "rejected": 0, "ignored": 0, "parsed": 1,
    }  # fmt: skip
    assert '"value": 8.40,' in out


def test_a_folder_with_something_to_look_at(replete: Run, inbox: Path) -> None:
    status, out, _ = replete("import", inbox, "--dry-run", "--json")
    files = {Path(one["path"]).name: one for one in json.loads(out)["files"]}
    assert status == 1
    assert files["b.hl7"]["results"][0]["reason"] == "no usable date of birth was sent"
    assert files["c.csv"]["results"][0]["canonical"] == {"value": 12, "unit": "ug/L"}
    assert files["d.pdf"]["problems"][0]["reason"] == "this is a PDF document, not a result message"


def test_for_people(replete: Run, inbox: Path) -> None:
    status, out, _ = replete("import", inbox / "a.hl7", inbox / "b.hl7", "--dry-run")
    assert status == 1
    assert "1 read, 1 parsed" in out
    assert "held 1: no usable date of birth was sent" in out


@pytest.mark.parametrize("name", ["no.hl7", "../a.hl7", "broken.json"])
def test_nothing_that_can_be_read(replete: Run, tmp_path: Path, name: str) -> None:
    (tmp_path / "broken.json").write_text('{"resourceType": ')
    status, out, _ = replete(
        "import", tmp_path / name if name == "broken.json" else name, "--dry-run", "--json"
    )
    assert status == 2
    assert json.loads(out)["files"][0]["problems"]


def test_a_mapping_from_a_file(replete: Run, inbox: Path) -> None:
    roles = ("number", "family", "given", "birth-date", "collected", "result")
    headings = TABLE.splitlines()[0].split(";")
    columns = [{"heading": h, "role": r} for h, r in zip(headings, roles, strict=True)]
    columns[-1] |= {"analyte": "ferritin", "unit": "ng/mL"}
    (inbox / "m.json").write_text(json.dumps({"columns": columns}))
    status, out, _ = replete("import", inbox / "c.csv", "--mapping", inbox / "m.json", "--dry-run", "--json")
    assert status == 0
    assert json.loads(out)["files"][0]["results"][0]["state"] == "parsed"


@pytest.mark.parametrize("content", ["{", "[]", '{"columns": [{"heading": "a", "role": "king"}]}'])
def test_a_mapping_that_is_none(replete: Run, inbox: Path, content: str) -> None:
    (inbox / "m.json").write_text(content)
    status, out, err = replete("import", inbox / "c.csv", "--mapping", inbox / "m.json", "--dry-run")
    assert (status, out) == (2, "")
    assert "is not a mapping of columns" in err


def test_an_empty_folder(replete: Run, tmp_path: Path) -> None:
    assert replete("import", tmp_path, "--dry-run", "--json") == (0, '{"files": []}\n', "")


def test_a_clinic_that_is_named_reads_by_its_own_protocol_and_codes(
    replete: Run, clinic: Made, tmp_path: Path
) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    path = Path(shutil.copy(clinic.path, folder))
    shutil.copy(vault.vault_path(clinic.path), vault.vault_path(path))
    own = replace(clinic, path=path)
    bundled = load_protocol().text
    text = another_text("ours 1").replace('names = ["ferritin",', 'names = ["ferritin", "storex",', 1)
    assert text.count("storex") == bundled.count("storex") + 1
    file = tmp_path / "ours.hl7"
    seen = "OBX|1|NM|F9^Storex^L||12|ug/L|||||F\rOBX|2|NM|Q7^Quux^L||1.1|mmol/L|||||F\r"
    file.write_text(GOOD.replace("NORTHLAB", "NORTHGATE") + seen)

    def read(*options: str) -> list[str | None]:
        _status, out, _ = replete("import", file, "--dry-run", "--json", *options)
        return [one["analyte"] for one in json.loads(out)["files"][0]["results"]]

    assert read() == read(*own.options()) == ["haemoglobin", None, None]
    database, _user = open_clinic(path, "mina", clinic.password.read_text().strip())
    with database.write() as session:
        at = datetime(2026, 2, 12, 10, tzinfo=UTC)
        by = {one.role: Stamp(one.id, at, at.date()) for one in session.scalars(select(m.User))}
        draft = draft_protocol(session, text, by["administrator"]).created_id
        assert draft is not None
    with database.write() as session:
        live = session.scalars(select(m.ProtocolVersion.id).where(m.ProtocolVersion.state == "live")).one()
        make_protocol_live(session, draft, live, by["clinician"])
    with database.write() as session:
        explain_code(session, "NORTHGATE", "L", "Q7", "phosphate", None, by["clinician"], in_force(session))
    database.close()
    assert read(*own.options()) == ["haemoglobin", "ferritin", "phosphate"]
    assert read() == ["haemoglobin", None, None]
