"""Wording is data: checked when it is read, with the file and the key of a fault."""

from __future__ import annotations

import ast
from dataclasses import replace
from pathlib import Path

import letter_examples as example
import pytest

from clinical.facts import CONDITIONS, SYMPTOMS, Label, Product, Sex
from clinical.missing import RANK
from clinical.outcome import Action, Outcome, Response, Urgency
from clinical.protocol import load_protocol
from reports import WordingError, kinds
from reports.blocks import plain, plain_text
from reports.letters import compose
from reports.wording import load_wording, parse_wording

FAULTS = {
    "unknown placeholder": 'version = "1"\n[lead]\ntext = "Dear {nobody}"',
    "a single": 'version = "1"\n[lead]\ntext = "50 } of"',
    "not closed": 'version = "1"\n[lead]\ntext = "**Now"',
    "only texts": 'version = "1"\n[lead]\ntext = 5',
    "it is missing": '[lead]\ntext = "x"',
    "cannot be read": "version = ",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_refused_with_file_and_key(fault: str) -> None:
    with pytest.raises(WordingError, match=fault) as refused:
        parse_wording("en", "reminder-1", FAULTS[fault])
    assert refused.value.source == "en/reminder-1"
    assert refused.value.key in ("lead.text", "version", "file")


def test_placeholders_of_a_section_are_its_own() -> None:
    parse_wording("en", "x", 'version = "1"\n[action]\nrefer = "by {due}"')
    with pytest.raises(WordingError, match="due"):
        parse_wording("en", "x", 'version = "1"\n[outcome]\nresponded = "by {due}"')


def test_values_are_never_markup() -> None:
    wording = parse_wording("en", "x", 'version = "1"\na = "Dear {given}, {{}} **now**"')
    text = wording.line("a", {"given": "**{phone}**"})
    assert plain(text) == "Dear **{phone}**, {} now"
    assert [span.text for span in text if span.bold] == ["now"]


def test_sentences_with_unknown_values_are_left_out_of_lists_only() -> None:
    wording = parse_wording("en", "x", 'version = "1"\na = ["One {given}.", "Two."]\nb = "One {given}."')
    assert [plain(line) for line in wording.lines("a", {"given": None})] == ["Two."]
    with pytest.raises(WordingError, match="given is not known"):
        wording.line("b", {"given": None})
    with pytest.raises(WordingError, match="this text is missing"):
        wording.line("c", {})


@pytest.mark.parametrize("language", ["xx", "..", ""])
def test_a_language_that_is_not_offered(language: str) -> None:
    with pytest.raises(WordingError, match="not offered"):
        load_wording(language, "reminder-1")


@pytest.mark.parametrize("kind", kinds())
def test_version_names_every_file(kind: str) -> None:
    wording = load_wording("en", kind)
    assert wording.version.startswith(f"en/{kind} ")
    assert "en/common " in wording.version


def test_every_code_has_its_words() -> None:
    wording = load_wording("en", "referral")
    sections = {
        "product": Product,
        "label": Label,
        "sex": Sex,
        "condition": CONDITIONS,
        "symptom": SYMPTOMS,
        "response": Response,
        "urgency": Urgency,
    }
    wanted = [f"{name}.{code}" for name, codes in sections.items() for code in codes]
    wanted += [f"outcome.{code}.{part}" for code in Outcome for part in ("name", "summary")]
    wanted += [f"action.{code}.us" for code in Action]
    assert [key for key in wanted if not wording.has(key)] == []


def test_patient_letter_has_every_outcome_and_action() -> None:
    wording = load_wording("en", "patient-results")
    wanted = [f"outcome.{code}.{part}" for code in Outcome for part in ("news", "meaning")]
    wanted += [f"action.{code}.{part}" for code in Action for part in ("do", "ours")]
    assert [key for key in wanted if not wording.has(key)] == []


def test_every_analyte_of_the_protocol_has_its_words() -> None:
    patient, doctor = load_wording("en", "patient-results"), load_wording("en", "referral")
    analytes = load_protocol().analytes.by_name
    assert len(analytes) > 20
    assert [code for code in analytes if not doctor.has(f"name.{code}")] == []
    assert [code for code in analytes if not patient.has(f"analyte.{code}.about")] == []


def test_every_finding_of_the_rules_has_its_words() -> None:
    wording = load_wording("en", "referral")
    codes = _finding_codes()
    assert len(codes) > 30
    assert sorted(code for code in codes if not wording.has(f"finding.{code}")) == []


def test_every_test_of_a_work_up_has_its_words() -> None:
    wording = load_wording("en", "result-and-plan")
    codes = {item.code for checklist in load_protocol().work_up.values() for item in checklist.items}
    assert len(codes) > 50
    assert sorted(c for c in codes if not wording.has(f"name.{c}") and not wording.has(f"work-up.{c}")) == []


def test_everything_that_can_be_missing_has_its_words() -> None:
    wording = load_wording("en", "referral")
    assert [
        code for code in RANK if not wording.has(f"name.{code}") and not wording.has(f"missing.{code}")
    ] == []


PATIENT_KINDS = (
    "patient-results", "patient-appointment", "reminder-1", "reminder-2", "repeat-infusion", "not-reached",
    "phosphate-check", "discharge",
)  # fmt: skip
FOR_DOCTORS = ("label", "condition", "symptom", "test", "unit")
"""Sections of the shared words that no letter to a patient uses whole."""


@pytest.mark.parametrize("language", ["es", "fr"])
@pytest.mark.parametrize("kind", PATIENT_KINDS)
def test_a_translation_is_whole(kind: str, language: str) -> None:
    english, other = load_wording("en", kind), load_wording(language, kind)
    wanted = {key for key in english.texts if key.split(".")[0] not in FOR_DOCTORS}
    assert wanted - set(other.texts) == set()
    assert {key for key in other.texts if key.split(".")[0] != "number"} - set(english.texts) == set()
    for key in wanted:
        said = {name for text in other.texts[key] for name in text.placeholders}
        assert said == {name for text in english.texts[key] for name in text.placeholders}, key


@pytest.mark.parametrize("language", ["es", "fr"])
def test_numbers_are_written_as_the_language_writes_them(language: str) -> None:
    facts = replace(example.FACTS, recipient=replace(example.TO_PATIENT, language=language))
    text = plain_text(compose("patient-results", facts))
    assert {"es": "1.577 mg", "fr": "1 577 mg"}[language] in text
    row = example.result(example.AFTER, "haemoglobin", "10.1", "g/dL", "120", "low")
    text = plain_text(compose("patient-results", replace(facts, results=(row,))))
    assert "10,1 g/dL" in text


def _finding_codes() -> set[str]:
    """Codes written as plain texts where the rules make a finding."""
    found: set[str] = set()
    rules = Path(__file__).resolve().parents[2] / "clinical" / "rules"
    for path in rules.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                first = node.args[0]
                named = node.func.id in ("hit", "Finding", "_flag")
                if named and isinstance(first, ast.Constant) and isinstance(first.value, str):
                    found.add(first.value)
    return found
