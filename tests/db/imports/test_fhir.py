"""FHIR R4: what a bundle, report, observation or a line of one says, with its numbers as sent."""

from __future__ import annotations

import json
from typing import Any

import pytest
from import_messages import PATIENT, bundle, codes, observation, one, read

from db.imports.records import FileRead, Observation, State


def row(**changes: Any) -> Observation:
    """The one row of a bundle with the patient and this observation."""
    return one(bundle(PATIENT, observation(**changes)), "b.json")


def read_json(text: str) -> FileRead:
    return read(text, "b.json")


def test_a_bundle_reads_whole() -> None:
    found = row()
    assert (found.analyte, str(found.value), found.unit, found.state) == (
        "ferritin",
        "12",
        "ug/L",
        State.PARSED,
    )
    assert found.patient is not None
    assert (found.patient.ids, found.patient.family, found.patient.given) == (
        ("4711", "99"),
        "Sample",
        "Anna",
    )
    assert (str(found.patient.birth_date), found.patient.sex) == ("1960-02-01", "female")
    assert found.collected is not None
    assert found.collected.iso == "2026-02-09T08:15:00+11:00"
    assert found.message_id == "o1"


@pytest.mark.parametrize("sent", ["1.00", "8.40", "12", "0.5", "1E2"])
def test_digits_stay_as_sent(sent: str) -> None:
    text = bundle(PATIENT, observation(valueQuantity={"value": 7777, "unit": "ug/L"})).replace("7777", sent)
    assert str(one(text, "b.json").value) == {"1E2": "1E+2"}.get(sent, sent)


@pytest.mark.parametrize(
    ("reference", "found"),
    [
        ("Patient/p1", True), ("urn:uuid:p1", True), ("https://lab.example/fhir/Patient/p1", True),
        ("Patient/p1/_history/2", True), ("Patient/p2", False), ("Group/p1", False), ("#p1", False), ("", False),
    ],
)  # fmt: skip
def test_only_a_reference_that_leads_somewhere_names_the_patient(reference: str, found: bool) -> None:
    seen = row(subject={"reference": reference})
    assert (seen.patient is not None) == found
    assert (seen.state is State.PARSED) == found


def test_a_single_observation_has_no_patient_and_is_held() -> None:
    seen = one(json.dumps(observation()), "o.json")
    assert (seen.state, codes(seen.reasons), seen.analyte) == (
        State.HELD,
        {"patient-not-in-file"},
        "ferritin",
    )


def test_the_only_patient_of_a_bundle_is_not_guessed() -> None:
    assert codes(row(subject=None).reasons) == {"patient-not-in-file"}


def test_two_patients_of_one_name_lead_to_neither() -> None:
    other = PATIENT | {"birthDate": "1961-02-01"}
    assert codes(one(bundle(PATIENT, other, observation()), "b.json").reasons) == {"patient-not-in-file"}


def test_a_contained_patient_is_found() -> None:
    seen = one(json.dumps(observation(contained=[PATIENT], subject={"reference": "#p1"})), "o.json")
    assert seen.state is State.PARSED


def test_a_report_with_its_results_inside() -> None:
    report = {"resourceType": "DiagnosticReport", "id": "r1", "subject": {"reference": "#p1"},
              "contained": [PATIENT, observation(subject=None)]}  # fmt: skip
    assert one(json.dumps(report), "r.json").state is State.PARSED


@pytest.mark.parametrize("sent", ["1960", "1960-02", "01.02.1960", ""])
def test_half_a_birth_date_is_held(sent: str) -> None:
    seen = one(bundle(PATIENT | {"birthDate": sent}, observation()), "b.json")
    assert codes(seen.reasons) == {"no-birth-date"}


# fmt: off
VALUES: list[tuple[dict[str, Any], str | None, str | None, str | None, State]] = [
    # what stands for the value                                      number  sign   text      state
    ({"valueQuantity": {"value": 5, "comparator": "<", "unit": "ug/L"}},  "5",  "<",  None,     State.PARSED),
    ({"valueQuantity": {"value": 5, "comparator": "<=", "unit": "ug/L"}}, "5",  "<=", None,     State.HELD),
    ({"valueQuantity": {"value": 12, "code": "ug/L"}},                    "12", None, None,     State.PARSED),
    ({"valueQuantity": {"value": 12, "unit": "Mikrogramm", "code": "ug/L"}}, "12", None, None,  State.PARSED),
    ({"valueQuantity": {"value": 12, "unit": "ug/L", "code": "nmol/L"}},  "12", None, None,     State.HELD),
    ({"valueQuantity": {"value": 12}},                                    "12", None, None,     State.HELD),
    ({"valueQuantity": {"value": "12", "unit": "ug/L"}},                  "12", None, "12",     State.PARSED),
    ({"valueQuantity": {"unit": "ug/L"}},                                 None, None, None,     State.IGNORED),
    ({"valueString": "<5"},                                               "5",  "<",  "<5",     State.HELD),
    ({"valueString": "haemolysed"},                                       None, None, "haemolysed", State.PARSED),
    ({"valueInteger": 12},                                                "12", None, "12",     State.HELD),
    ({"valueCodeableConcept": {"text": "Not detected"}},                  None, None, "Not detected", State.PARSED),
    ({"valueRange": {"low": {"value": 1}, "high": {"value": 5}}},         None, None, "1 - 5",  State.HELD),
    ({"valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 8}}}, None, None, "1 : 8", State.HELD),
    ({"dataAbsentReason": {"text": "clotted"}},                           None, None, None,     State.IGNORED),
    ({"valueString": "a", "valueInteger": 1},                             None, None, "valueInteger, valueString",
     State.HELD),
    ({"valueQuantity": {"value": 1}, "dataAbsentReason": {"text": "x"}},  None, None, None,     State.HELD),
]
# fmt: on


@pytest.mark.parametrize(("sent", "value", "comparator", "text", "state"), VALUES)
def test_values(
    sent: dict[str, Any], value: str | None, comparator: str | None, text: str | None, state: State
) -> None:
    seen = row(**({"valueQuantity": None} | sent))
    found = (None if seen.value is None else str(seen.value), seen.comparator, seen.value_text, seen.state)
    assert found == (value, comparator, text, state)


@pytest.mark.parametrize(
    ("sent", "status", "has_value"),
    [
        ("final", "final", True), ("preliminary", "preliminary", True), ("amended", "corrected", True),
        ("corrected", "corrected", True), ("cancelled", "cancelled", False),
        ("entered-in-error", "entered-in-error", False), ("unknown", None, True),
    ],
)  # fmt: skip
def test_states(sent: str, status: str | None, has_value: bool) -> None:
    seen = row(status=sent)
    assert (seen.status, seen.value is not None) == (status, has_value)


def test_followed_components_are_rows_of_their_own() -> None:
    parts = [
        {
            "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
            "valueQuantity": {"value": n, "unit": unit},
        }
        for code, n, unit in (("718-7", 84, "g/L"), ("2951-2", 140, "mmol/L"))
    ]
    found = read_json(
        bundle(PATIENT, observation(code={"text": "Blood count"}, valueQuantity=None, component=parts))
    ).observations
    assert [(seen.analyte, seen.state) for seen in found] == [
        (None, State.IGNORED), ("haemoglobin", State.PARSED),
    ]  # fmt: skip


def test_what_is_no_laboratory_result_is_passed_over() -> None:
    vital = row(category=[{"coding": [{"code": "vital-signs"}]}], code={"coding": [{"code": "8302-2"}]})
    assert (vital.state, codes(vital.reasons)) == (State.IGNORED, {"not-laboratory"})


def test_code_and_name_that_disagree_are_held() -> None:
    code = {"coding": [{"system": "http://loinc.org", "code": "2284-8", "display": "Ferritin"}]}
    assert codes(row(code=code).reasons) == {"code-and-name-disagree"}


def test_loinc_leads_among_codings() -> None:
    code = {"coding": [{"system": "urn:local", "code": "F", "display": "Ferritin"},
                       {"system": "http://loinc.org", "code": "2276-4"}]}  # fmt: skip
    seen = row(code=code)
    assert (seen.code, seen.code_system, seen.alternatives[0].code) == ("2276-4", "LN", "F")


def test_lines_find_their_patient_on_another_line() -> None:
    text = "\n".join(json.dumps(one) for one in (observation(), PATIENT, observation(id="o2"))) + "\n"
    found = read(text, "r.ndjson")
    assert [(m.kind, m.state) for m in found.messages] == [("Observation", State.PARSED)] * 2
    assert {seen.patient.family for seen in found.observations if seen.patient} == {"Sample"}


def test_a_broken_line_does_not_stop_the_others() -> None:
    found = read(
        f"{json.dumps(PATIENT)}\n{json.dumps(observation())[:-1]}\n{json.dumps(observation())}\n", "r.ndjson"
    )
    assert [m.state for m in found.messages] == [State.REJECTED, State.PARSED]


def test_a_document_without_results_says_so() -> None:
    found = read_json(json.dumps(PATIENT))
    assert (found.messages[0].state, codes(found.messages[0].reasons)) == (State.HELD, {"no-observation"})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('{"resourceType": "Bundle",', "broken-json"),
        ('{"resourceType": "Observation", "valueQuantity": {"value": 1.}}', "broken-json"),
        ('{"resourceType": "Observation", "valueQuantity": {"value": NaN}}', "broken-json"),
        ('{"resourceType": "Observation", "status": "final", "status": "cancelled"}', "duplicate-key"),
        ('{"resourceType": "Observation", "value": ' + "9" * 100 + "}", "broken-json"),
        ('{"a":' * 100 + "1" + "}" * 100, "json-too-deep"),
    ],
)
def test_broken_json_is_refused_with_what_it_is(text: str, code: str) -> None:
    found = read_json(text)
    assert codes(found.messages[0].reasons) == {code}
    assert found.messages[0].state is State.REJECTED


def test_a_list_of_resources_is_read_like_a_bundle() -> None:
    assert one(json.dumps([PATIENT, observation()]), "l.json").state is State.PARSED


def test_other_json_is_named() -> None:
    assert codes(read_json('{"results": [1, 2]}').reasons) == {"json-not-fhir"}


def test_lines_without_a_result_say_so() -> None:
    assert codes(read(f"{json.dumps(PATIENT)}\n{json.dumps(PATIENT)}\n", "p.ndjson").reasons) == {
        "no-observation"
    }
