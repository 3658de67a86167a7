"""`replete export-fhir`: every patient of a small clinic gives a valid bundle; what goes wrong is said."""

from __future__ import annotations

import stat
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from cli_clinic import Made
from fhir.resources.R4B.bundle import Bundle

from clinical.protocol import load_protocol
from db import exports
from db.opening import open_clinic
from db.queries.audit import AuditFilter, audit_page
from db.queries.patients import all_patients
from desktop.wording.exported import exported_words

Replete = Callable[..., tuple[int, str, str]]


def test_every_course_of_the_clinic_is_valid(clinic: Made) -> None:
    database, _ = open_clinic(clinic.path, "mina", clinic.password.read_text().strip())
    found: Counter[str] = Counter()
    at = datetime(2026, 2, 12, 10, tzinfo=UTC)
    with database.read() as session:
        for hit in all_patients(session):
            facts = exports.export_facts(session, hit.patient_id)
            made = exports.bundle(facts, load_protocol(), exported_words, at)
            content = exports.bundle_bytes(made)
            assert content == exports.bundle_bytes(exports.bundle(facts, load_protocol(), exported_words, at))
            Bundle.model_validate_json(content)
            names = [entry["fullUrl"] for entry in made["entry"]]
            assert len(names) == len(set(names))
            found.update(entry["resource"]["resourceType"] for entry in made["entry"])
            assert _references(made) <= set(names), "every reference leads to a resource of the bundle"
    database.close()
    assert set(found) == {
        "Patient", "Observation", "MedicationAdministration", "ServiceRequest", "Task", "ClinicalImpression",
        "DetectedIssue",
    }  # fmt: skip


def _references(made: object) -> set[str]:
    if isinstance(made, dict):
        own = {made["reference"]} if str(made.get("reference", "")).startswith("urn:") else set()
        return own.union(*(_references(one) for one in made.values()))
    return set().union(*(_references(one) for one in made)) if isinstance(made, list) else set()


def test_a_course_is_written_and_noted(clinic: Made, replete: Replete, tmp_path: Path) -> None:
    database, _ = open_clinic(clinic.path, "mina", clinic.password.read_text().strip())
    with database.read() as session:
        hit = all_patients(session)[0]
    path = tmp_path / "course.json"
    status, out, _err = replete("export-fhir", hit.number.lower(), "--to", path, *clinic.options())
    assert (status, out) == (0, "")
    Bundle.model_validate_json(path.read_bytes())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with database.read() as session:
        [noted] = audit_page(session, AuditFilter(actions=("export-course",))).entries
    database.close()
    assert noted.patient_id == hit.patient_id
    dry, said, _ = replete("import", path, "--dry-run", "--json")
    assert dry in (0, 1), said
    status, _, err = replete("export-fhir", "no such number", "--to", path, *clinic.options())
    assert (status, "no such number" in err) == (2, True)
    status, _, err = replete(
        "export-fhir", hit.number, "--to", tmp_path / "none" / "x.json", *clinic.options()
    )
    assert status == 8, err
