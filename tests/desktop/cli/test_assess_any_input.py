"""`replete assess` whatever is in the file: an answer, or exit status 2 with a sentence; never a traceback."""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.cli import run

CASE: dict[str, Any] = {
    "case": "tired after iron",
    "as_of": "2026-03-02",
    "patient": {
        "sex": "female",
        "birth_date": "1984-05-01",
        "weight_kg": 68,
        "height_cm": 165,
        "pregnancy": {"weeks": 24, "on": "2026-03-02", "pre_pregnancy_weight_kg": 62},
        "conditions": ["heavy-menstrual-bleeding"],
        "symptoms": ["fatigue"],
    },
    "course": {
        "product": "ferric-carboxymaltose",
        "label": "eu",
        "planned_mg": 1500,
        "infusions": [{"date": "2026-01-05", "dose_mg": 1000, "reaction_grade": 0}],
    },
    "previous_courses": [{"product": "iron-sucrose", "infusions": [{"date": "2025-03-01", "dose_mg": 200}]}],
    "transfusions": [{"date": "2025-12-01", "units": 1}],
    "oral_iron": [{"from": "2025-06-01", "to": "2025-09-01", "elemental_mg_per_day": 100}],
    "results": [
        {"collected": "2025-12-20", "analyte": "haemoglobin", "value": 8.4, "unit": "g/dL"},
        {"collected": "2026-02-20", "analyte": "haemoglobin", "value": 10.1, "unit": "g/dL"},
        {"collected": "2026-02-20", "analyte": "ferritin", "value": 15, "unit": "ug/L", "comparator": "<"},
    ],
}


def assess(content: str | bytes) -> tuple[int, str, str]:
    """Exit status, standard output and standard error for one file."""
    out, err = io.StringIO(), io.StringIO()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.json"
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = run(["assess", str(path), "--json"])
    return status, out.getvalue(), err.getvalue()


def check(content: str | bytes) -> tuple[int, str, str]:
    """What holds for any file."""
    status, out, err = assess(content)
    assert status in (0, 2)
    assert bool(out) == (status == 0)
    assert (status == 2) == bool(err)
    assert "Traceback" not in err
    if status == 0:
        json.loads(out)
        out.encode("utf-8")
    assert len(err) < 2000
    return status, out, err


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every value of a case."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(deeper for key, item in items for deeper in places(item, (*path, key)))]


PLACES = [path for path in places(CASE) if path]

junk = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**40), 10**40),
        st.floats(allow_nan=True, allow_infinity=True),
        st.text(max_size=20),
        st.sampled_from(["", "unknown", "2026-02-30", "2026-13-01", "0001-01-01", "9999-12-31", "20260101"]),
        st.sampled_from(
            ["2026-01-05T00:00:00", "1", "<", ">=", "g/dL", "ferritin", "female", "\ud800", "x" * 5000]
        ),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=5,
)


def put(case: Any, path: tuple[Any, ...], value: Any) -> None:
    """Replace one value of a case."""
    for key in path[:-1]:
        case = case[key]
    case[path[-1]] = value


@given(st.lists(st.tuples(st.sampled_from(PLACES), junk), min_size=1, max_size=3))
@settings(max_examples=250, deadline=None)
def test_a_case_with_anything_in_any_place(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    case = deepcopy(CASE)
    for path, value in changes:
        with contextlib.suppress(KeyError, IndexError, TypeError):
            put(case, path, value)
    check(json.dumps(case))


@given(st.sampled_from(PLACES), st.text(min_size=1, max_size=12))
@settings(max_examples=40, deadline=None)
def test_a_key_nobody_knows_is_named(path: tuple[Any, ...], key: str) -> None:
    case = deepcopy(CASE)
    inside: Any = case
    for step in path:
        inside = inside[step]
    if not isinstance(inside, dict) or key in inside:
        return
    inside[f"{key} unheard-of"] = 1
    status, _, err = check(json.dumps(case))
    assert status == 2
    assert "is not a known key" in err


@given(st.integers(0, 1200), st.binary(max_size=3), st.integers(0, 4))
@settings(max_examples=120, deadline=None)
def test_a_damaged_file(position: int, bytes_put: bytes, removed: int) -> None:
    text = json.dumps(CASE).encode()
    check(text[:position] + bytes_put + text[position + removed :])


def _with(path: tuple[Any, ...], value: Any) -> str:
    case = deepcopy(CASE)
    put(case, path, value)
    return json.dumps(case)


FAULTS: list[tuple[str | bytes, str]] = [
    ("", "not valid JSON"),
    ("5", "case: must be an object"),
    ("null", "case: must be an object"),
    ('"x"', "case: must be an object"),
    ("[[]]", "case 1: case: must be an object"),
    ("{}", "as_of: is missing"),
    (b"\xff\xfe\x00", "is not text in UTF-8"),
    ("[" * 100_000, "nested too deeply"),
    ('{"as_of": "2026-03-02", "as_of": "2026-03-03"}', "as_of: stands twice"),
    ('{"as_of": "2026-03-02", "patient": {"weight_kg": NaN}}', "NaN"),
    ('{"as_of": "2026-03-02", "patient": {"weight_kg": -Infinity}}', "-Infinity"),
    ('{"as_of": "2026-03-02", "patient": {"weight_kg": 1e99999999999999999999}}', "not a number of ordinary"),
    ('{"as_of": "2026-03-02", "patient": {"weight_kg": 1e400}}', "patient.weight_kg"),
    (_with(("results", 0, "value"), "8.4"), "results[0].value: must be a number"),
    (_with(("results", 0, "value"), True), "results[0].value: must be a number"),
    (_with(("results", 0, "value"), [8.4]), "results[0].value: must be a number"),
    (_with(("results", 0, "value"), None), "results[0].value: is missing"),
    (_with(("results", 0, "unit"), None), "results[0].unit: is missing"),
    (_with(("results", 0, "unit"), 5), "results[0].unit: must be a text"),
    (_with(("results", 0, "analyte"), "hemoglobine"), "results[0].analyte"),
    (_with(("results", 2, "comparator"), "<="), "results[2].comparator"),
    (_with(("results", 0, "collected"), "20.12.2025"), "results[0].collected"),
    (_with(("results", 0, "collected"), "2025-02-29"), "results[0].collected"),
    (_with(("results",), {}), "results: must be a list"),
    (_with(("as_of",), "2026-03-02T10:00"), "as_of"),
    (_with(("patient", "birth_date"), "2026-03-03"), "patient.birth_date: lies after as_of"),
    (_with(("patient", "sex"), "f"), "patient.sex"),
    (_with(("patient", "age_years"), -1), "patient.age_years"),
    (_with(("patient", "weight_kg"), -68), "patient.weight_kg"),
    (_with(("patient", "weight_kg"), 0), "patient.weight_kg"),
    (_with(("patient", "weight"), 68), "patient.weight: is not a known key"),
    (_with(("patient", "conditions"), "cancer"), "patient.conditions: must be a list"),
    (_with(("patient", "conditions"), ["flu"]), "patient.conditions[0]"),
    (_with(("patient", "conditions"), ["hypersensitivity:aspirin"]), "patient.conditions[0]"),
    (_with(("patient", "pregnancy", "weeks"), 60), "patient.pregnancy.weeks"),
    (_with(("course", "product"), "ferinject"), "course.product"),
    (_with(("course", "label"), "uk"), "course.label"),
    (_with(("course", "planned_mg"), 10**12), "course.planned_mg"),
    (_with(("course", "infusions", 0, "dose_mg"), "1000"), "course.infusions[0].dose_mg"),
    (_with(("course", "infusions", 0, "reaction_grade"), 5), "course.infusions[0].reaction_grade"),
    (_with(("oral_iron", 0, "to"), "2025-05-01"), "oral_iron[0].to: lies before"),
    (_with(("transfusions", 0, "units"), 0), "transfusions[0].units"),
    (_with(("case",), "\ud800"), "case: must be a text"),
]


@pytest.mark.parametrize(("content", "place"), FAULTS, ids=[place for _, place in FAULTS])
def test_a_fault_is_refused_with_its_place(content: str | bytes, place: str) -> None:
    status, out, err = check(content)
    assert status == 2
    assert not out
    assert place in err


INVALID: list[tuple[tuple[Any, ...], Any, str]] = [
    (("results", 1, "value"), -101, "implausible"),
    (("results", 1, "value"), 999999, "implausible"),
    (("results", 1, "unit"), "furlong", "unknown-unit"),
    (("results", 1, "unit"), "", "unknown-unit"),
    (("course", "infusions", 0, "dose_mg"), -5, "infusion-invalid"),
    (("course", "infusions", 0, "dose_mg"), 100000, "infusion-invalid"),
    (("course", "infusions", 0, "date"), "1984-04-30", "infusion-invalid"),
]


@pytest.mark.parametrize(("path", "value", "code"), INVALID)
def test_what_cannot_be_right_is_data_invalid_and_named(path: tuple[Any, ...], value: Any, code: str) -> None:
    status, out, _ = check(_with(path, value))
    found = json.loads(out)
    assert status == 0
    assert found["outcome"] == "data-invalid"
    named = [finding for finding in found["findings"] if finding["code"] == code]
    assert named
    assert named[0]["because"]
    assert "correct-data" in [step["action"] for step in found["next_steps"]]


def test_two_different_values_of_one_day_are_named() -> None:
    case = deepcopy(CASE)
    case["results"].append({**case["results"][1], "value": 12.9})
    _, out, _ = check(json.dumps(case))
    found = json.loads(out)
    assert found["outcome"] == "data-invalid"
    assert [f["because"][0]["value"] for f in found["findings"] if f["code"] == "same-day-conflict"] == [
        10.1,
        12.9,
    ]


@given(st.permutations(CASE["results"]))
@settings(max_examples=6, deadline=None)
def test_the_order_of_results_never_matters(results: list[Any]) -> None:
    assert assess(json.dumps({**CASE, "results": results})) == assess(json.dumps(CASE))


def test_what_would_change_the_outcome_is_said_unless_it_shall_be_quick(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_text(json.dumps(CASE), encoding="utf-8")
    answers = []
    for options in ([], ["--quick"]):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            assert run(["assess", str(path), "--json", *options]) == 0
        answers.append(json.loads(out.getvalue()))
    full, quick = answers
    assert [change["what"] for change in full["would_change"] if change["outcome"] == "urgent"]
    assert all(change["outcome"] != full["outcome"] for change in full["would_change"])
    assert quick["would_change"] == []
    assert {**full, "would_change": []} == quick
