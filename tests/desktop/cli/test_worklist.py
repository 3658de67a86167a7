"""`replete worklist` and `sample`: the same list in every form, each fault its own sentence and status."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from cli_clinic import ON, Made
from pypdf import PdfReader
from PySide6.QtWidgets import QApplication

from db.audit import Head, head
from db.opening import open_clinic
from db.queries.audit import AuditEntry, AuditFilter, audit_page
from desktop.cli.status import Status
from desktop.cli.worklist import NAMES

Run = Callable[..., tuple[int, str, str]]


def test_sample_says_who_can_open_it(clinic: Made) -> None:
    assert Path(clinic.said["database"]) == clinic.path
    assert {user["role"] for user in clinic.said["users"]} == {
        "coordinator",
        "nurse",
        "clinician",
        "manager",
        "administrator",
    }
    assert clinic.said["counts"]["patients"] == 40


@pytest.mark.parametrize("name", NAMES)
def test_every_list_as_json_and_as_text(replete: Run, clinic: Made, name: str) -> None:
    status, out, _ = replete("worklist", name, "--on", ON, "--json", *clinic.options())
    rows = json.loads(out)
    assert status == 0
    assert isinstance(rows, list)
    status, out, _ = replete("worklist", name, "--on", ON, *clinic.options())
    assert status == 0
    assert f": {len(rows)}" in out.splitlines()[0]
    assert len(out.splitlines()) == (len(rows) + 2 if rows else 1)


def test_overdue_is_sorted_by_days_late(replete: Run, clinic: Made) -> None:
    _, out, _ = replete("worklist", "overdue", "--on", ON, "--json", *clinic.options())
    late = [row["days_late"] for row in json.loads(out)]
    assert len(late) >= 5
    assert late == sorted(late, reverse=True)


def test_another_day_another_list(replete: Run, clinic: Made) -> None:
    _, now, _ = replete("worklist", "overdue", "--on", ON, "--json", *clinic.options())
    _, later, _ = replete("worklist", "overdue", "--on", "2026-04-30", "--json", *clinic.options())
    assert len(json.loads(later)) > len(json.loads(now))


def test_files_hold_every_row(replete: Run, clinic: Made, tmp_path: Path) -> None:
    _, out, _ = replete("worklist", "overdue", "--on", ON, "--json", *clinic.options())
    rows = json.loads(out)
    for form in ("csv", "xlsx", "pdf"):
        status, out, err = replete(
            "worklist", "overdue", "--on", ON, f"--{form}", tmp_path / f"list.{form}", *clinic.options()
        )
        assert (status, out) == (0, "")
        assert f"list.{form}" in err
    table = list(csv.reader(io.StringIO((tmp_path / "list.csv").read_text(encoding="utf-8-sig"))))
    assert len(table) == len(rows) + 1
    assert zipfile.is_zipfile(tmp_path / "list.xlsx")
    text = "".join(page.extract_text() for page in PdfReader(tmp_path / "list.pdf").pages)
    for row in rows:
        assert row["surname"] in text


def test_a_list_that_is_taken_is_noted_and_bears_the_head_of_the_audit(
    replete: Run, clinic: Made, tmp_path: Path
) -> None:
    def audit() -> tuple[Head, tuple[AuditEntry, ...]]:
        database, _user = open_clinic(clinic.path, "mina", clinic.password.read_text().strip())
        with database.read() as session:
            found = head(session), audit_page(session, AuditFilter(actions=("export-list",))).entries
        database.close()
        return found

    before, known = audit()
    for form in ("pdf", "xlsx", "csv"):
        replete("worklist", "overdue", "--on", ON, f"--{form}", tmp_path / f"list.{form}", *clinic.options())
    after, noted = audit()
    assert after.rows == before.rows + 3
    assert len(noted) == len(known) + 3
    assert [entry.detail["form"] for entry in noted[:3]] == ["csv", "xlsx", "pdf"]
    assert {entry.detail["list"] for entry in noted[:3]} == {"overdue"}
    text = "".join(page.extract_text() for page in PdfReader(tmp_path / "list.pdf").pages)
    assert f"Audit {before.short}" in text
    with zipfile.ZipFile(tmp_path / "list.xlsx") as book:
        assert "audit head " in book.read("docProps/core.xml").decode()
        assert "xl/worksheets/sheet2.xml" in book.namelist()
        said = book.read("xl/sharedStrings.xml").decode()
    for name in ("As at", "No filter: all rows", "Last import", "Audit head"):
        assert f">{name}<" in said
    assert "Last import" in text
    about = json.loads((tmp_path / "list.csv-metadata.json").read_text(encoding="utf-8"))
    assert about["url"] == "list.csv"
    notes = {note["name"]: note["value"] for note in about["notes"]}
    assert notes["As at"].startswith("Thu 12 Mar 2026, taken " if ON == "2026-03-12" else "")
    assert notes["Filter"] == "No filter: all rows"
    assert len(notes["Audit head"]) == len(before.short)
    assert {"Clinic", "Rows", "Last import", "Taken by"} <= set(notes)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "es",
            (
                "Analíticas de control atrasadas",
                "Situación: ",
                "Sin filtro: todas las filas",
                "Retraso",
                "Página 1 de ",
            ),
        ),
        ("fr", ("Situation : ", "Sans filtre : toutes les lignes", "Retard", "Page 1 sur ")),
    ],
)
def test_a_list_on_paper_speaks_one_language(
    replete: Run, clinic: Made, tmp_path: Path, themed: QApplication, language: str, said: tuple[str, ...]
) -> None:
    options = ("--on", ON, "--language", language, *clinic.options())
    assert replete("worklist", "overdue", "--pdf", tmp_path / "list.pdf", *options)[0] == 0
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(tmp_path / "list.pdf").pages).split())
    assert not [words for words in said if words not in text]
    for english in (
        "DEMO CLINIC",
        "As at",
        "No filter",
        "rows",
        "Last import",
        "Page 1 of",
        "Printed by",
        "Owner",
    ):
        assert english not in text
    assert replete("worklist", "overdue", "--on", ON, *clinic.options())[1].startswith("Overdue repeat blood")


def test_the_same_seed_and_day_give_the_same_patients(replete: Run, clinic: Made, tmp_path: Path) -> None:
    lists = []
    for name in ("first", "again"):
        path = tmp_path / f"{name}.replete"
        replete("sample", path, "--patients", 8, "--seed", 3, "--on", ON, "--json")
        asked = replete("worklist", "today", "--on", ON, "--json", *Made(path, clinic.password, {}).options())
        lists.append(asked[1])
    assert lists[0] == lists[1]
    assert len(json.loads(lists[0])) > 3


def test_a_wrong_password_and_an_unknown_name_say_the_same(
    replete: Run, clinic: Made, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong.txt"
    wrong.write_text("not it")
    first = replete("worklist", "today", *Made(clinic.path, wrong, {}).options())
    second = replete("worklist", "today", *Made(clinic.path, wrong, {}).options("nobody"))
    assert first == second
    assert first[0] == Status.WRONG_KEY


def test_each_fault_has_its_sentence_and_status(replete: Run, clinic: Made, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("no database")
    seen = {}
    for path, status in (
        (notes, Status.UNREADABLE),
        (tmp_path / "none.replete", Status.UNREADABLE),
        (tmp_path / "no folder" / "x.replete", Status.MISSING_FOLDER),
    ):
        got, out, err = replete("worklist", "today", *Made(path, clinic.password, {}).options())
        assert got == status, err
        assert out == ""
        assert "Traceback" not in err
        seen[err] = path
    assert len(seen) == 3


def test_without_a_user_it_says_what_to_give(replete: Run, clinic: Made) -> None:
    status, _, err = replete("worklist", "today", "--database", clinic.path)
    assert status == 2
    assert "--user" in err


def test_sample_overwrites_nothing(replete: Run, clinic: Made) -> None:
    before = clinic.path.read_bytes()
    status, _, err = replete("sample", clinic.path, "--patients", 1)
    assert status == 2
    assert "exists" in err
    assert clinic.path.read_bytes() == before


@pytest.mark.parametrize(
    "arguments", [("worklist", "nothing"), ("nonsense",), ("worklist", "today", "--on", "yesterday")]
)
def test_wrong_usage_is_two(replete: Run, arguments: tuple[str, ...]) -> None:
    status, out, err = replete(*arguments)
    assert status == 2
    assert out == ""
    assert err


def test_a_list_that_cannot_be_written_is_said(replete: Run, clinic: Made, tmp_path: Path) -> None:
    target = tmp_path / "no folder" / "list.csv"
    status, _, err = replete("worklist", "today", "--csv", target, *clinic.options())
    assert status == Status.CANNOT_WRITE
    assert "list.csv" in err
