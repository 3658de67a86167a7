"""A rule is asked when its signs are there, and every sign says what it is named for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from case_tables import read_case, read_tables

from benchmarks.courses import invented_courses
from clinical.assessment import assess
from clinical.protocol import load_protocol
from clinical.rules import ALWAYS, FIRST, LAST, MARROW, REST, signs, urgent
from clinical.rules.evidence import NOTHING, Hit, Hits, hit
from clinical.rules.signs import ANY_CASE, B12, FIT, MCV, Stage, signs_of
from clinical.situation import Situation, observe

PROTOCOL = load_protocol()
CASES = [observe(case.facts, PROTOCOL) for case in read_tables()]
SIGNS = {name: value for name, value in vars(signs).items() if name.isupper() and type(value) is int}
ONE_SIGN = {name: bit for name, bit in SIGNS.items() if name not in ("ANY_CASE", "MOST_KEPT")}


def always(s: Situation) -> Hits:
    return hit("always", None, source="test")


def never(s: Situation) -> Hits:
    return NOTHING


def codes(stage: Stage, given: int) -> list[str]:
    hits: list[Hit] = []
    stage.run(CASES[0], given, hits)
    return [one.finding.code for one in hits]


def test_each_sign_is_a_bit_of_its_own() -> None:
    assert len(ONE_SIGN) == len(set(ONE_SIGN.values()))
    assert all(bit.bit_count() == 1 for bit in ONE_SIGN.values())


@pytest.mark.parametrize("name", sorted(ONE_SIGN))
def test_a_sign_is_met_in_some_cases_and_not_in_all(name: str) -> None:
    met = [bool(signs_of(s) & ONE_SIGN[name]) for s in CASES]
    assert any(met)
    assert not all(met)


def test_a_rule_is_asked_only_with_all_its_signs() -> None:
    stage = Stage((MCV | B12, always), (FIT, never), (ANY_CASE, never))
    assert codes(stage, MCV | B12 | FIT) == ["always"]
    assert codes(stage, MCV | FIT) == []
    assert codes(stage, B12) == []
    assert codes(stage, MCV | B12) == ["always"]


def test_no_more_sets_of_signs_are_kept_than_there_is_room_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signs, "MOST_KEPT", 1)
    stage = Stage((MCV, always), (B12, always))
    assert [len(codes(stage, given)) for given in (MCV | B12, MCV, ANY_CASE, MCV | B12, MCV)] == [
        2,
        1,
        0,
        2,
        1,
    ]


def test_every_symptom_a_red_flag_names_is_a_sign() -> None:
    named = {*urgent.ALWAYS_URGENT, *urgent.BONE, "tachycardia", "rectal-bleeding", "neurological"}
    assert named <= signs.RED_SYMPTOMS


def test_what_was_met_before_changes_no_answer() -> None:
    """The rules chosen for a set of signs are those of a stage that has met nothing yet."""
    for s in (*CASES[::5], *[observe(facts, PROTOCOL) for facts in invented_courses(40, seed=3)]):
        for stage in (FIRST, MARROW, REST, LAST, ALWAYS):
            known: list[Hit] = []
            fresh: list[Hit] = []
            stage.run(s, signs_of(s), known)
            Stage(*stage.rules).run(s, signs_of(s), fresh)
            assert known == fresh


def test_a_harmless_symptom_brings_no_red_flag_of_its_own() -> None:
    calm = next(s for s in CASES if not s.symptoms and not s.conditions and s.phosphate is None and s.valid)
    tired = replace(calm.facts, patient=replace(calm.patient, symptoms=signs.HARMLESS))
    assert not signs_of(observe(tired, PROTOCOL)) & signs.RED_SYMPTOM


NEAR_MENTZER = "mcv 60 fL; rbc 5.9 10*12/L; ferritin 120 ug/L; haemoglobin 128 g/L"


@pytest.mark.parametrize(
    ("symptoms", "labs", "code", "fires"),
    [
        ([], NEAR_MENTZER, "mentzer-low", True),
        ([], NEAR_MENTZER.replace("rbc ", "rbc >"), "mentzer-low", False),
        (["neurological"], "haemoglobin 128 g/L; vitamin-b12 90 pmol/L", "neurological-with-low-b12", True),
        (["chest-pain"], "haemoglobin 128 g/L; vitamin-b12 90 pmol/L", "neurological-with-low-b12", False),
    ],
)
def test_a_rule_with_its_signs_decides_for_itself(
    symptoms: list[str], labs: str, code: str, fires: bool
) -> None:
    base = {
        "as_of": 38,
        "patient": {"sex": "female", "age_years": 44, "weight_kg": 65, "symptoms": symptoms},
        "course": {"product": "iron-sucrose", "label": "us", "given": [[0, 1000]]},
        "labs": {"-7": "haemoglobin 126 g/L; ferritin 60 ug/L", "36": labs},
    }
    found = assess(read_case(base, {"name": code, "expect": {}}, "test").facts, PROTOCOL)
    assert (code in {one.code for one in found.findings}) is fires
