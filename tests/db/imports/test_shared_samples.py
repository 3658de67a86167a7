"""Real messages kept beside the program's own folder come out as it is written down beside them.

Where a message says more than its expected record, the message is followed; each such place is named here.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from clinical.protocol import load_protocol
from db.imports.reading import read_path
from db.imports.records import Observation, PatientAsSent, State

FOLDER = Path(__file__).parents[4] / "shared" / "samples"
HELD_FOR_THE_VALUE = frozenset(
    (
        "code-and-name-disagree", "code-not-known", "code-not-mapped", "names-disagree", "unit-missing",
        "unit-unknown", "implausible", "unit-doubtful",
    )
)  # fmt: skip
"""What is held besides those whom nobody can be found for: the records speak of the patient alone."""
MORE_IN_THE_MESSAGE = frozenset(
    (
        ("cerner-oru-r01.hl7", "collected"),  # a time in ISO spelling
        ("ORU_R01-3.hl7", "value_text"),  # a coded value whose text stands in its last component
    )
)

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the shared laboratory samples are not beside this folder"
)


def _expected() -> list[dict[str, Any]]:
    if not FOLDER.is_dir():
        return []
    files: list[dict[str, Any]] = []
    for name in ("expected_hl7.json", "expected_fhir.json"):
        text = (FOLDER / name).read_text(encoding="utf-8")
        files += json.loads(text, parse_float=Decimal, parse_int=Decimal)["files"]
    return files


@pytest.mark.parametrize("expected", _expected(), ids=lambda one: one["path"])
def test_a_sample_comes_out_as_expected(expected: dict[str, Any]) -> None:
    path = FOLDER / expected["path"]
    found = read_path(path, load_protocol())
    assert found.format == expected["format"]
    assert len(found.messages) == expected["messages"]
    assert len(found.observations) == len(expected["results"])
    for seen, wanted in zip(found.observations, expected["results"], strict=True):
        _compare(path.name, seen, wanted)
    if expected["class"] == "reject":
        assert {message.state for message in found.messages} == {State.REJECTED}
    if expected["class"] == "hold":
        assert not any(row.state is State.PARSED for row in found.observations)


def _compare(name: str, seen: Observation, wanted: dict[str, Any]) -> None:
    """Numbers as decimals, texts with their blanks folded; an analyte that is not given says nothing."""
    got: dict[str, Any] = {
        "message_id": seen.message_id,
        "patient": _patient(seen.patient),
        "code": seen.code,
        "code_system": seen.code_system,
        "text": _folded(seen.text),
        "comparator": seen.comparator,
        "value": seen.value,
        "value_text": _folded(seen.value_text),
        "value_type": seen.value_type,
        "unit": seen.unit,
        "flag": seen.flag,
        "reference_range": _folded(seen.reference_range),
        "collected": seen.collected.iso if seen.collected else None,
        "status": seen.status,
    }
    for key, value in got.items():
        if (name, key) in MORE_IN_THE_MESSAGE and wanted[key] is None:
            continue
        expected = _folded(wanted[key]) if isinstance(wanted[key], str) else wanted[key]
        assert (value or None if isinstance(value, str) else value) == (
            None if expected == '""' else expected
        ), key
    if isinstance(wanted["value"], Decimal):
        assert str(seen.value) == str(wanted["value"])
    if wanted["analyte"] is not None:
        assert seen.analyte == wanted["analyte"]
    _same_state(seen, wanted)


def _same_state(seen: Observation, wanted: dict[str, Any]) -> None:
    if wanted["state"] == "parsed" and seen.state is State.HELD:
        assert {reason.code for reason in seen.reasons} <= HELD_FOR_THE_VALUE
    elif wanted["state"] == "parsed":
        assert seen.state in (State.PARSED, State.IGNORED)
    else:
        assert seen.state == wanted["state"]


def _patient(patient: PatientAsSent | None) -> dict[str, Any] | None:
    if patient is None:
        return None
    return {
        "ids": list(patient.ids),
        "family": patient.family or None,
        "given": patient.given or None,
        "birth_date": patient.birth_date.isoformat() if patient.birth_date else None,
        "sex": patient.sex,
    }


def _folded(text: str | None) -> str | None:
    return " ".join((text or "").split()) or None


@pytest.mark.parametrize("name", ["csv/synthea/observations.csv", "csv/mimic-code/lab_itemid_to_loinc.csv"])
def test_a_table_of_others_is_never_taken_unasked(name: str) -> None:
    found = read_path(FOLDER / name, load_protocol())
    assert not any(row.state is State.PARSED for row in found.observations)
    assert found.warnings or found.reasons
