"""Messages that speak a little beside the standard: nothing is lost, nothing guessed, one never stops the others."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from import_messages import HB, MSH, OBR, PATIENT, PID, bundle, codes, message, observation, one, read

from clinical.protocol import load_protocol
from db.imports.fhir import read as read_fhir
from db.imports.hl7 import read as read_hl7
from db.imports.meaning import Meaning
from db.imports.records import Observation, State, broken_by
from db.imports.times import birth_day, hl7_time


def test_an_orc_behind_its_obr_takes_nothing_from_the_rows() -> None:
    text = "\r".join((MSH, PID, OBR, "ORC|OK||||CM", HB, "ORC|RE|N-2", HB))
    first, second = read(text).observations
    assert first.collected is not None
    assert (first.collected.iso, first.order_number) == ("2026-02-09T08:15:00+11:00", "FI-1")
    assert (second.collected, second.order_number) == (None, "N-2")  # a new order, whose OBR did not come


@pytest.mark.parametrize(
    ("sent", "status", "valid"),
    [
        ("FINAL", "final", True), ("Corrected", "corrected", True), ("CANCELED", "cancelled", False),
        ("Deleted", "entered-in-error", False), ("Withdrawn", "entered-in-error", False), ("Q", None, True),
    ],
)  # fmt: skip
def test_a_status_in_words_is_obeyed(sent: str, status: str | None, valid: bool) -> None:
    found = one(message(f"OBX|1|NM|2276-4^Ferritin^LN||28|ug/L|||||{sent}"))
    assert (found.status, found.value is not None) == (status, valid)


@pytest.mark.parametrize(
    ("kind", "sent", "value", "comparator"),
    [
        ("SN", "103.4", "103.4", None), ("SN", ">80", "80", ">"), ("SN", "<", None, None),
        ("CE", "^<5", "5", "<"), ("CWE", "^^^^^^^^28", "28", None), ("CWE", "5^<5^L", None, None),
    ],
)  # fmt: skip
def test_a_number_beside_its_place_is_read_where_it_is_certain(
    kind: str, sent: str, value: str | None, comparator: str | None
) -> None:
    found = one(message(f"OBX|1|{kind}|2276-4^Ferritin^LN||{sent}|ug/L|||||F"))
    assert (None if found.value is None else str(found.value), found.comparator) == (value, comparator)


@pytest.mark.parametrize(
    ("sent", "iso"),
    [
        ("20260209T081500", "2026-02-09T08:15:00"), ("20260209 0815", "2026-02-09T08:15"),
        ("20260209081500+01:00", "2026-02-09T08:15:00+01:00"), ("20260209081500-500", "2026-02-09T08:15:00-05:00"),
        ("2026020908150", "2026020908150"), ("20260230", "20260230"),
    ],
)  # fmt: skip
def test_spellings_of_a_time(sent: str, iso: str) -> None:
    found = hl7_time(sent, "OBR-7")
    assert found is not None
    assert found.iso == iso


@pytest.mark.parametrize(
    ("sent", "born"),
    [
        ("19810610^D", "1981-06-10"), ("19810610^S", "1981-06-10"), ("19810610^Y", "None"), ("19810610^L", "None"),
        ("01/10/1948^53 Y", "None"), ("198106100", "None"),
    ],
)  # fmt: skip
def test_how_exact_a_date_of_birth_says_it_is(sent: str, born: str) -> None:
    assert str(birth_day(sent)) == born


def whole(*resources: dict[str, Any]) -> tuple[Observation, ...]:
    """The rows of a bundle of these resources."""
    return read(bundle(*resources), "b.json").observations


REPORT = {
    "resourceType": "DiagnosticReport", "id": "r1", "status": "final", "code": {"text": "Iron"},
    "subject": {"reference": "Patient/p1"}, "result": [{"reference": "Observation/o1"}],
}  # fmt: skip


def test_a_result_without_a_subject_has_that_of_the_report_that_names_it() -> None:
    (row,) = whole(PATIENT, REPORT, observation(subject=None))
    assert row.patient is not None
    assert (row.state, row.patient.family) == (State.PARSED, "Sample")
    (alone,) = whole(PATIENT, REPORT | {"result": []}, observation(subject=None))
    assert (alone.patient, codes(alone.reasons)) == (None, {"patient-not-in-file"})


@pytest.mark.parametrize("status", ["cancelled", "entered-in-error"])
def test_a_result_of_a_withdrawn_report_is_a_persons_question(status: str) -> None:
    (row,) = whole(PATIENT, REPORT | {"status": status}, observation())
    assert (row.state, codes(row.reasons)) == (State.HELD, {"report-withdrawn"})


def test_one_servers_patient_is_not_anothers() -> None:
    entries = [
        {"fullUrl": "https://a.example/Patient/p1", "resource": PATIENT},
        {"resource": observation(subject={"reference": "https://b.example/Patient/p1"})},
        {"resource": observation(subject={"reference": "https://a.example/Patient/p1/_history/3"})},
    ]
    text = json.dumps({"resourceType": "Bundle", "type": "collection", "entry": entries})
    other, same = read(text, "b.json").observations
    assert (other.patient, other.state) == (None, State.HELD)
    assert same.state is State.PARSED


@pytest.mark.parametrize("sent", [[28], "28", 28])
def test_a_quantity_that_is_none_is_not_lost(sent: object) -> None:
    (row,) = whole(PATIENT, observation(valueQuantity=sent))
    assert (row.state, codes(row.reasons)) == (State.HELD, {"number-unclear"})


@pytest.mark.parametrize(
    ("sent", "unit", "reason"),
    [
        ("nanogram per milliliter^ng/mL", "ng/mL", None), ("ng/mL^nanogram per milliliter", "ng/mL", None),
        ("mg/L^ng/mL", "mg/L", "units-disagree"), ("ng/mL^pg/mL", "ng/mL", "units-disagree"),
        ("furlongs^miles", "furlongs", "unit-unknown"),
    ],
)  # fmt: skip
def test_of_two_units_the_understood_one_counts_unless_the_other_is_a_unit_too(
    sent: str, unit: str, reason: str | None
) -> None:
    found = one(message(f"OBX|1|NM|2276-4^Ferritin^LN||28|{sent}|||||F"))
    assert (found.unit_used, found.reason.code if found.reason else None) == (unit, reason)
    assert found.state is (State.HELD if reason else State.PARSED)


@pytest.mark.parametrize("sent", ["um^3", "mL/min/1.73 m^2", "10^9/L"])
def test_a_power_with_its_caret_as_it_is_parts_no_unit(sent: str) -> None:
    assert one(message(f"OBX|1|NM|X^Y^L||28|{sent}|||||F")).unit == sent


class Breaking(Meaning):
    """Means what it should, and breaks down over one code as a fault of ours would."""

    def settle_new(self, made: Observation) -> Observation:
        """As usual, but for the code that breaks it."""
        if made.code == "718-7":
            raise IndexError
        return super().settle_new(made)


def test_what_broke_is_named_by_its_place_in_the_program_and_nothing_of_what_was_read() -> None:
    with pytest.raises(ValueError, match="Marsh") as broken:
        date.fromisoformat("Marsh, Ines")
    [(_, fault)] = broken_by(broken.value).values
    assert fault.startswith("ValueError, test_what_broke_is_named")
    assert "Marsh" not in fault


def test_a_message_that_breaks_the_reader_stops_no_other() -> None:
    meaning = Breaking(load_protocol())
    good = message("OBX|1|NM|2276-4^Ferritin^LN||28|ug/L|||||F")
    found = read_hl7("".join((good, message(HB), good)).encode(), "x.hl7", meaning)
    assert [one.state for one in found.messages] == [State.PARSED, State.REJECTED, State.PARSED]
    assert codes(found.messages[1].reasons) == {"reading-broke"}
    [broke] = found.messages[1].reasons
    assert dict(broke.values)["fault"].startswith("IndexError, settle_new:")
    assert found.messages[1].raw == message(HB).encode()
    coded = observation(code={"coding": [{"system": "http://loinc.org", "code": "718-7"}]})
    broken = read_fhir(bundle(PATIENT, coded).encode(), "b.json", meaning)
    assert (broken.messages[0].state, codes(broken.messages[0].reasons)) == (
        State.REJECTED,
        {"reading-broke"},
    )
