"""Whatever a case says, the assessment says something: no error, no empty answer, no dose where one is blocked."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from clinical.assessment import assess
from clinical.cases import assessment_to_json, dumps, facts_from_json, facts_to_json, loads
from clinical.facts import (
    ANALYTES,
    CONDITIONS,
    SYMPTOMS,
    Course,
    Facts,
    Infusion,
    Label,
    LabResult,
    OralIron,
    Patient,
    Pregnancy,
    Product,
    Sex,
    Transfusion,
)
from clinical.outcome import Action, Outcome, Urgency
from clinical.protocol import load_protocol
from clinical.quantities import units

PROTOCOL = load_protocol()
TODAY = date(2026, 3, 2)

days = st.integers(-400, 60).map(lambda n: TODAY + timedelta(days=n))
amounts = st.decimals("0", "400", places=2, allow_nan=False)
UNITS = {analyte: (*units(analyte, PROTOCOL), "furlong") for analyte in ANALYTES}


@st.composite
def results(draw: st.DrawFn) -> LabResult:
    common = st.sampled_from(["haemoglobin", "ferritin", "transferrin-saturation", "crp", "phosphate", "mcv"])
    analyte = draw(st.one_of(common, st.sampled_from(sorted(ANALYTES))))
    unit = draw(st.sampled_from(UNITS[analyte]))
    comparator = draw(st.sampled_from([None, None, None, "<", ">"]))
    return LabResult(draw(days), analyte, draw(amounts), unit, comparator)


infusions = st.builds(
    Infusion, days, st.decimals("0", "2000", places=0), st.sampled_from([None, None, 0, 1, 2, 3, 4])
)
courses = st.builds(
    Course,
    st.sampled_from(Product),
    st.one_of(st.none(), st.sampled_from(Label)),
    st.one_of(st.none(), st.decimals("100", "3000", places=0)),
    st.lists(infusions, max_size=3).map(tuple),
)
patients = st.builds(
    Patient,
    st.sampled_from(Sex),
    st.one_of(st.none(), st.dates(date(1930, 1, 1), date(2026, 3, 1))),
    st.one_of(st.none(), st.integers(0, 100)),
    st.one_of(st.none(), st.decimals("1", "400", places=1)),
    st.one_of(st.none(), st.decimals("40", "250", places=0)),
    st.one_of(st.none(), st.builds(Pregnancy, st.decimals("0", "45", places=1), days, st.none())),
    st.frozensets(st.sampled_from(sorted(CONDITIONS | {"hypersensitivity:ferumoxytol"})), max_size=3),
    st.frozensets(st.sampled_from(sorted(SYMPTOMS)), max_size=2),
)
facts = st.builds(
    Facts,
    st.just(TODAY),
    patients,
    st.one_of(st.none(), courses),
    st.lists(courses, max_size=2).map(tuple),
    st.lists(st.builds(Transfusion, days, st.decimals("1", "4", places=0)), max_size=2).map(tuple),
    st.lists(st.builds(OralIron, days, st.none(), st.none()), max_size=1).map(tuple),
    st.lists(results(), max_size=14).map(tuple),
)


@given(facts)
@settings(max_examples=120, deadline=None)
def test_any_case_is_answered(case: Facts) -> None:
    check(case)


def check(case: Facts) -> None:
    """What holds for every assessment."""
    found = assess(case, PROTOCOL)
    assert loads(dumps(assessment_to_json(found)))
    assert found.outcome not in found.contributing
    assert len(set(found.contributing)) == len(found.contributing)
    blocked = {block.action for block in found.blocked}
    assert not blocked & {step.action for step in found.next_steps}
    assert all(step.due >= case.as_of for step in found.next_steps)
    assert found.outcome is not Outcome.URGENT or found.urgency in (Urgency.EMERGENCY, Urgency.URGENT)
    assert found.outcome is not Outcome.SAFETY_STOP or Action.REPEAT_INFUSION in blocked
    for dose in found.dose.plan:
        assert dose.dose_mg > 0
        assert dose.earliest >= case.as_of
    if case.course is not None:
        assert found.next_steps, found.outcome


@given(facts)
@settings(max_examples=50, deadline=None)
def test_any_case_can_be_written_and_read(case: Facts) -> None:
    assert facts_from_json(loads(dumps(facts_to_json(case)))) == case


@given(facts, st.decimals("15", "69", places=1))
@settings(max_examples=50, deadline=None)
def test_a_low_newest_haemoglobin_is_never_missed(case: Facts, hb: Decimal) -> None:
    """Whatever else is known, impossible or missing."""
    born = case.patient.birth_date
    newer = LabResult(TODAY, "haemoglobin", hb, "g/L")
    older = tuple(r for r in case.results if not (r.analyte == "haemoglobin" and r.collected == TODAY))
    found = assess(Facts(TODAY, case.patient, case.course, results=(*older, newer)), PROTOCOL)
    if born is None or born <= TODAY:
        assert found.outcome is Outcome.URGENT
        assert found.urgency is Urgency.EMERGENCY
        assert found.next_steps[0].action is Action.SAME_DAY_REVIEW
        assert not found.dose.plan
