"""A course as FHIR from the patient's page: valid R4, noted, private, and the same results in a second clinic."""

from __future__ import annotations

import json
import stat
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from one_clinic import BASELINE, FIRST_INFUSION, KEY, TODAY, Clinic, at, result
from pytestqt.qtbot import QtBot

from db.engine import Database
from db.imports.given import NOTHING_GIVEN
from db.imports.reading import read_path
from db.imports.storing import store_file
from db.operations.clinic import ClinicSettings, NewUser, set_up_clinic
from db.operations.patients import ClinicalPicture, NewReferral, PatientDetails, register_referral
from db.operations.results import correct_result, store_results
from db.queries.audit import AuditFilter, audit_page
from db.queries.patients import patient_page
from desktop.patient.page import PatientPage


@pytest.fixture
def page(one_clinic: Clinic, qtbot: QtBot) -> PatientPage:
    """The page of the one patient."""
    made = PatientPage(one_clinic.parts)
    qtbot.addWidget(made)
    made.open(one_clinic.patient_id)
    one_clinic.settle()
    return made


def saved(page: PatientPage, clinic: Clinic, folder: Path) -> Path:
    """The file the page writes into a folder."""
    folder.mkdir()
    page.acts.export.export_into(folder)
    for _ in range(3):
        clinic.settle()
    [path] = folder.glob("*.json")
    return path


def kinds(made: dict[str, Any]) -> list[str]:
    return [entry["resource"]["resourceType"] for entry in made["entry"]]


def second_clinic(path: Path, sex: str = "female", number: str = "N-000077") -> Database:
    """Another clinic, where the same person is known under another number and has no results yet."""
    database = Database.create(path, KEY)
    with database.write() as session:
        set_up_clinic(
            session, ClinicSettings("Southgate Iron Clinic", demo=True), NewUser("Ada", "ada", "clinician"),
            at(BASELINE), _protocol(),
        )  # fmt: skip
    with database.write() as session:
        who = PatientDetails(
            "Whitfield", "Clare", at(BASELINE).today.replace(1981, 6, 10), sex, (("clinic-number", number),)
        )
        register_referral(
            session, NewReferral(who, ClinicalPicture(), BASELINE, 1), at(BASELINE), _protocol()
        )
    return database


def _protocol() -> Any:
    from clinical.protocol import load_protocol

    return load_protocol()


def values(database: Database) -> list[tuple[Any, ...]]:
    """What stands in the record of the one patient."""
    with database.read() as session:
        rows = patient_page(session, 1, TODAY).results
    return sorted(
        (one.collected, one.analyte, one.comparator, one.value, one.unit, one.canonical, one.laboratory)
        for one in rows if not one.superseded and one.status != "entered-in-error"
    )  # fmt: skip


def test_the_bundle_is_valid_private_noted_and_gives_a_second_clinic_the_same_results(
    page: PatientPage, one_clinic: Clinic, tmp_path: Path
) -> None:
    new = [result(TODAY, "haemoglobin", "101", "g/L"), result(TODAY, "ferritin", "14.0", "ug/L")]
    one_clinic.write(store_results, one_clinic.patient_id, new, at(TODAY), one_clinic.protocol)
    ferritin = next(
        one for one in one_clinic.page().results if one.collected == TODAY and one.analyte == "ferritin"
    )
    right = result(TODAY, "ferritin", "41.0", "ug/L")
    one_clinic.write(
        correct_result, ferritin.result_id, right, "misread", at(TODAY), one_clinic.protocol, ferritin.version
    )
    path = saved(page, one_clinic, tmp_path / "out")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "hitfield" not in path.name
    made = json.loads(path.read_text(), parse_float=Decimal)
    Bundle.model_validate_json(path.read_bytes())
    wanted = {
        "Patient",
        "Observation",
        "MedicationAdministration",
        "ServiceRequest",
        "Task",
        "ClinicalImpression",
    }
    assert wanted <= set(kinds(made))
    assert made["meta"]["security"][0]["code"] == "HTEST"
    [iron] = [
        e["resource"] for e in made["entry"] if e["resource"]["resourceType"] == "MedicationAdministration"
    ]
    assert iron["dosage"]["dose"]["value"] == 500
    assert iron["contained"][0]["batch"] == {"lotNumber": "B4401", "expirationDate": "2027-05-31"}
    assert iron["effectivePeriod"]["start"].startswith(FIRST_INFUSION.isoformat())
    [noted] = one_clinic.read(audit_page, AuditFilter(actions=("export-course",))).entries
    assert noted.patient_id == one_clinic.patient_id
    assert noted.detail["resources"] == len(made["entry"])

    other = second_clinic(tmp_path / "second.db")
    read = read_path(path, one_clinic.protocol, NOTHING_GIVEN)
    done = store_file(other, read, lambda: at(TODAY), one_clinic.protocol)
    count = kinds(made).count("Observation")
    assert done.counts == {
        "read": count,
        "stored": count,
        "held": 0,
        "duplicate": 0,
        "rejected": 0,
        "ignored": 0,
    }
    assert values(other) == values(one_clinic.database)
    again = store_file(other, read, lambda: at(TODAY), one_clinic.protocol)
    assert again.counts["duplicate"] == count
    home = store_file(one_clinic.database, read, lambda: at(TODAY), one_clinic.protocol)
    assert home.counts["duplicate"] == count, "its own results are nothing new to the clinic they come from"
    other.close()


def test_a_correction_reaches_the_second_clinic_with_the_next_bundle(
    page: PatientPage, one_clinic: Clinic, tmp_path: Path
) -> None:
    other = second_clinic(tmp_path / "second.db")
    store_file(
        other,
        read_path(saved(page, one_clinic, tmp_path / "first"), one_clinic.protocol),
        lambda: at(TODAY),
        one_clinic.protocol,
    )
    before = next(one for one in one_clinic.page().results if one.analyte == "haemoglobin")
    right = result(BASELINE, "haemoglobin", "9.1", "g/dL")
    one_clinic.write(
        correct_result, before.result_id, right, "misread", at(TODAY), one_clinic.protocol, before.version
    )
    path = saved(page, one_clinic, tmp_path / "later")
    done = store_file(other, read_path(path, one_clinic.protocol), lambda: at(TODAY), one_clinic.protocol)
    assert (done.counts["stored"], done.counts["held"]) == (1, 0)
    assert values(other) == values(one_clinic.database)
    other.close()


def test_somebody_else_in_the_second_clinic_gets_nothing(
    page: PatientPage, one_clinic: Clinic, tmp_path: Path
) -> None:
    path = saved(page, one_clinic, tmp_path / "out")
    other = second_clinic(tmp_path / "second.db", sex="male", number="R-004182")
    done = store_file(other, read_path(path, one_clinic.protocol), lambda: at(TODAY), one_clinic.protocol)
    assert done.counts["stored"] == 0
    assert done.counts["held"] == done.counts["read"] > 0
    other.close()


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "O\u2028Neil\x07 ", "=cmd|' /C calc'!A0"])
def test_the_file_is_inert(page: PatientPage, one_clinic: Clinic, tmp_path: Path, name: str) -> None:
    from db.operations.patients import change_details

    banner = one_clinic.page().banner
    details = PatientDetails(name, "Clare", banner.birth_date, "female", (("clinic-number", "R-004182"),))
    one_clinic.write(change_details, 1, details, banner.version, at(TODAY))
    content = saved(page, one_clinic, tmp_path / "out").read_bytes()
    Bundle.model_validate_json(content)
    assert b"<" not in content
    assert not [
        sign for sign in content.decode() if (ord(sign) < 32 and sign != "\n") or sign in "\u2028\u2029"
    ]
