"""What the tests of people and letters are made from: the first patient's details, and a letter to them."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

from running_clinic import RunningClinic

from db import models as m
from db import operations as ops
from db import queries

PDF = b"%PDF-1.7 exactly these bytes"


def details(**change: Any) -> ops.PatientDetails:
    """The details of the first patient as registered, with changes."""
    given: dict[str, Any] = {
        "surname": "Marsh",
        "given": "Ines",
        "birth_date": date(1960, 5, 1),
        "sex": "female",
        "identifiers": (("hospital-number", "H 0001"),),
        "phone": "020 7946 0018",
        "address_lines": ("1 Mill Lane", "Ely"),
    }
    return ops.PatientDetails(**(given | change))


def letter(work: RunningClinic, made: Any, **change: Any) -> ops.NewLetter:
    """A results letter to the patient."""
    given: dict[str, Any] = {
        "kind": "patient-results",
        "course_id": made.course_id,
        "patient_id": made.patient_id,
        "recipient": {"name": "Ines Marsh", "role": "patient"},
        "assessment_id": work.all(m.AssessmentRow)[-1].id,
        "pdf": PDF,
        "sha256": hashlib.sha256(PDF).hexdigest(),
        "pages": 1,
        "wording_version": "en 1",
        "text": "Dear Ms Marsh",
        "letter_id": work.ask(queries.source, made.course_id).next_letter_id,
    }
    return ops.NewLetter(**(given | change))
