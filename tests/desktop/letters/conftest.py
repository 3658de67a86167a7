"""The one clinic these screens are tested on, as it is filled and once weak results were decided on."""

from __future__ import annotations

import pytest
from one_clinic import INDEX, TODAY, Clinic, at, bloods, filled_file, one_clinic

from db.operations.decisions import NewDecision, record_decision
from db.operations.results import store_results
from db.queries.assessments import explain

__all__ = ["decided", "filled_file", "one_clinic"]


@pytest.fixture
def decided(one_clinic: Clinic) -> Clinic:
    """Weak results came back and the proposed steps were accepted: letters are due, and the patient has no address."""
    values = bloods(INDEX, "84", "12", "9")
    one_clinic.write(store_results, one_clinic.patient_id, values, at(TODAY), one_clinic.protocol)
    seen = one_clinic.read(explain, one_clinic.course_id)
    one_clinic.write(
        record_decision, seen.assessment_id, seen.version, NewDecision("accept"), at(TODAY), one_clinic.protocol
    )  # fmt: skip
    return one_clinic
