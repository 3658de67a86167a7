"""What the card says, from real assessments of written facts: words, figures, cut-offs, dates, sources."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from clinical.assessment import assess
from clinical.facts import Course, Facts, Infusion, Label, LabResult, OralIron, Patient, Product, Sex
from clinical.outcome import Because, Finding, Outcome, Urgency
from clinical.protocol import Protocol, load_protocol
from clinical.would_change import would_change
from db.queries.assessments import ExplainView, ProposedStep
from db.queries.patient_rows import Banner
from desktop.widgets.explain_card import card_values
from desktop.widgets.explain_card.blocks import block_reason
from desktop.widgets.explain_card.reasons import finding_lines
from desktop.widgets.marks import Status
from desktop.wording.sources import short_source

TODAY = date(2026, 2, 12)
BASELINE, INDEX = date(2025, 12, 29), date(2026, 2, 11)
GIVEN = date(2026, 1, 5)


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return load_protocol()


def lab(day: date, analyte: str, value: str, unit: str) -> LabResult:
    return LabResult(day, analyte, Decimal(value), unit)


def facts(
    *after: LabResult, dose: str = "500", sex: Sex = Sex.FEMALE, conditions: tuple[str, ...] = ()
) -> Facts:
    """65 kg, haemoglobin 88 and empty stores before, one infusion on 5 January, these results after it."""
    before = (
        lab(BASELINE, "haemoglobin", "88", "g/L"),
        lab(BASELINE, "ferritin", "6", "ug/L"),
        lab(BASELINE, "transferrin-saturation", "7", "%"),
        lab(BASELINE, "crp", "2", "mg/L"),
        lab(BASELINE, "mcv", "71", "fL"),
    )
    course = Course(
        Product.FERRIC_DERISOMALTOSE, Label.EU, Decimal(dose), (Infusion(GIVEN, Decimal(dose), 0),)
    )
    person = Patient(sex, date(1981, 6, 10), None, Decimal(65), Decimal(166), None, frozenset(conditions))
    return Facts(TODAY, person, course, results=(*before, *after))


def weak() -> tuple[LabResult, ...]:
    """A partial response with empty stores."""
    return (
        lab(INDEX, "haemoglobin", "101", "g/L"),
        lab(INDEX, "ferritin", "16", "ug/L"),
        lab(INDEX, "transferrin-saturation", "11", "%"),
        lab(INDEX, "crp", "2", "mg/L"),
    )


def view(given: Facts, protocol: Protocol, **changes: object) -> ExplainView:
    """A stored assessment of these facts."""
    assessment = assess(given, protocol)
    person = given.patient
    banner = Banner(
        1, "R-004182", "Whitfield", "Clare", person.birth_date, person.sex.value, person.weight_kg,
        person.height_cm, None, (), tuple(person.conditions), (), (), None, None, False, "active", None,
        None, None, None, 1,
    )  # fmt: skip
    steps = tuple(ProposedStep(s.action.value, s.due, s.detail, 7) for s in assessment.next_steps)
    made = ExplainView(
        1, 3, 1, 1, banner, assessment, given, "2026.2", False, datetime(2026, 2, 12, 9, tzinfo=UTC),
        "open", None, None, None, steps,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def test_the_sentence_says_the_share_of_the_need(protocol: Protocol) -> None:
    values = card_values(view(facts(*weak()), protocol), TODAY)
    assert values.sentence == "Only a third of the iron she needed was given."
    assert values.supporting.startswith("Partial response on day 37 after 500 mg")
    assert values.supporting.endswith("Nothing yet points to ongoing loss or a second disease.")
    assert values.rule_line == "Rule P6, protocol 2026.2 (draft, not signed)"


@pytest.mark.parametrize(
    ("dose", "share"),
    [("300", "a fifth of"), ("500", "a third of"), ("735", "half of")],
)  # fmt: skip
def test_the_nearest_plain_share_is_said(protocol: Protocol, dose: str, share: str) -> None:
    said = card_values(view(facts(*weak(), dose=dose), protocol), TODAY).sentence
    assert said == f"Only {share} the iron she needed was given."


def test_the_pronoun_follows_the_sex(protocol: Protocol) -> None:
    for sex, word in ((Sex.MALE, "he"), (Sex.UNKNOWN, "they")):
        said = card_values(view(facts(*weak(), sex=sex), protocol), TODAY).sentence
        assert f"the iron {word} needed" in said


def test_every_figure_is_a_line_with_value_cut_off_date_and_source(protocol: Protocol) -> None:
    values = card_values(view(facts(*weak()), protocol), TODAY)
    lines = {line.label: line for line in values.findings}
    dose = lines["Given was 34 % of the need"]
    assert (dose.value, dose.cut_off) == ("500 of 1,467 mg", "below 80 %")
    assert dose.mark is Status.SPEAKS
    stores = lines["Stores are still empty"]
    assert (stores.value, stores.cut_off, stores.day) == ("16 µg/L", "ferritin below 50 µg/L", "11 Feb")
    rise = lines["Haemoglobin rose, partly"]
    assert (rise.value, rise.change) == ("101 g/L", "↑ 13")
    calm = lines["Inflammation does not hide it"]
    assert (calm.mark, calm.value, calm.cut_off) == (Status.DONE, "2 mg/L", "CRP below 5 mg/L")
    assert all(line.source for line in values.findings)


def test_no_figure_of_any_finding_is_left_out(protocol: Protocol) -> None:
    given = facts(*weak(), conditions=("heavy-menstrual-bleeding",))
    made = view(given, protocol)
    lines = finding_lines(made.assessment)
    shown = " ".join(line.spoken() for line in lines)
    for finding in made.assessment.findings:
        for because in finding.because:
            if isinstance(because.value, Decimal) and because.unit in {"g/L", "ug/L", "mg/L", "%", "mg"}:
                assert f"{round(because.value):,}" in shown, because


def test_what_speaks_stands_before_what_was_checked(protocol: Protocol) -> None:
    marks = [line.mark for line in card_values(view(facts(*weak()), protocol), TODAY).findings]
    assert marks.index(Status.DONE) > max(i for i, mark in enumerate(marks) if mark is Status.SPEAKS)


def test_a_finding_without_words_is_shown_by_its_figure(protocol: Protocol) -> None:
    made = assess(facts(*weak()), protocol)
    strange = Finding(
        "something-new",
        Outcome.OTHER_CAUSE,
        (Because("mch", Decimal(22), "pg", INDEX, "<", Decimal(27)),),
        "A book",
    )
    lines = finding_lines(replace(made, findings=(*made.findings, strange)))
    line = next(line for line in lines if line.label == "MCH")
    assert (line.value, line.cut_off, line.day, line.source) == ("22 pg", "below 27 pg", "11 Feb", "A book")


def test_a_bound_is_shown_as_the_laboratory_gave_it() -> None:
    from desktop.widgets.explain_card.figures import value

    assert value(Because("ferritin", "<5", "ug/L", INDEX)) == "< 5 µg/L"
    assert value(Because("phosphate", None, "mmol/L")) == "not known"
    assert value(Because("symptom", "bone-pain")) == "Bone pain"
    assert value(Because("condition", "heart-failure")) == "Heart failure"


def test_the_ledger_has_its_formula_and_no_rate_without_a_loss(protocol: Protocol) -> None:
    ledger = card_values(view(facts(*weak()), protocol), TODAY).ledger
    assert ledger is not None
    assert (round(ledger.needed or 0), ledger.given, round(ledger.owed or 0)) == (1467, 500, 967)
    assert round(ledger.in_haemoglobin or 0) == 203
    assert "65 kg × (150 − 88 g/L) × 0.24 + 500 mg" in ledger.formula
    assert ledger.note == "unexplained is within the noise"
    assert "needed 1,467 mg" in ledger.spoken()


def test_a_balance_that_cannot_be_made_says_why(protocol: Protocol) -> None:
    after = (
        lab(INDEX, "haemoglobin", "90", "g/L"),
        lab(INDEX, "ferritin", "410", "ug/L"),
        lab(INDEX, "transferrin-saturation", "12", "%"),
        lab(INDEX, "crp", "42", "mg/L"),
    )
    values = card_values(view(facts(*after, dose="1500"), protocol), TODAY)
    assert values.outcome == "functional"
    assert values.sentence == "The iron is there, but inflammation keeps it from being used."
    assert values.ledger is not None
    assert values.ledger.note == "balance not made: inflammation raises ferritin"


def test_an_alarm_names_its_figure(protocol: Protocol) -> None:
    values = card_values(view(facts(lab(INDEX, "haemoglobin", "66", "g/L")), protocol), TODAY)
    assert values.sentence == "Haemoglobin 66 g/L: a clinician must see this today."
    assert values.urgency == Urgency.EMERGENCY.value


def test_missing_tests_say_what_they_would_decide(protocol: Protocol) -> None:
    values = card_values(view(facts(lab(INDEX, "haemoglobin", "91", "g/L"), dose="1500"), protocol), TODAY)
    decides = {line.test: line.decides for line in values.missing}
    assert decides["Ferritin"] == "are the stores empty or full?"
    assert values.missing[0].test == "Ferritin"
    assert values.blocked == (("Repeat infusion", block_reason("no-valid-iron-status")),)


def test_what_would_change_it_is_asked_of_the_rules(protocol: Protocol) -> None:
    given = facts(*weak())
    changes = would_change(given, protocol)
    said = card_values(view(given, protocol), TODAY, changes).would_change
    assert any(line.endswith(" mg or more given elsewhere: ongoing loss") for line in said)
    assert any(line.startswith("Haemoglobin ") and line.endswith(": responded") for line in said)
    assert len(said) <= 6


def test_waiting_says_when_the_bloods_count(protocol: Protocol) -> None:
    values = card_values(view(facts(), protocol), TODAY)
    assert values.sentence == "The repeat bloods are due now."
    assert "Repeat bloods count from 2 Feb to 16 Feb; best on 9 Feb." in values.supporting


def test_a_decided_assessment_says_who_when_and_why(protocol: Protocol) -> None:
    made = view(
        facts(*weak()), protocol, state="overridden", decided_by="Dr Reed",
        decided_at=datetime(2026, 2, 12, 10, tzinfo=UTC), decision_reason="she is moving away",
    )  # fmt: skip
    values = card_values(made, TODAY)
    assert values.decided == "Another step was chosen by Dr Reed on 12 Feb"
    assert values.decided_reason == "she is moving away"


def test_the_source_is_named_without_its_pages() -> None:
    assert (
        short_source("KDIGO 2026 anaemia guideline, Kidney Int 2026;109(1S)")
        == "KDIGO 2026 anaemia guideline"
    )
    assert short_source("Proposal: noise floor (SD 143 ug/L)") == "Proposal"


def test_oral_iron_makes_the_loss_larger(protocol: Protocol) -> None:
    after = (
        lab(INDEX, "haemoglobin", "92", "g/L"),
        lab(INDEX, "ferritin", "12", "ug/L"),
        lab(INDEX, "transferrin-saturation", "8", "%"),
        lab(INDEX, "crp", "2", "mg/L"),
    )
    given = replace(facts(*after, dose="1500"), oral_iron=(OralIron(GIVEN, None, Decimal(100)),))
    values = card_values(view(given, protocol), TODAY)
    assert values.outcome == "ongoing-loss"
    mouth = next(line for line in values.findings if line.label == "Iron by mouth")
    assert mouth.value == "recorded, so the loss is larger still"
    assert values.ledger is not None
    assert values.ledger.note.startswith("not found again: ")
