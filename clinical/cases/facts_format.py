"""The written case: facts from JSON and back. What it does not say stays unknown."""

from __future__ import annotations

from collections.abc import Mapping

from clinical.cases.objects import CaseObject, shown
from clinical.cases.text import CaseError
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

LARGEST = 10_000
"""Over it a weight or a height is no number of a person; what is merely unlikely is a finding."""

MOST_MG = 10_000
"""mg: no plan and no day of oral iron is as large."""

MOST_UNITS = 100
"""Red-cell units on one day."""


def facts_from_json(obj: object) -> Facts:
    """Facts of one case. `CaseError` names the place of the first thing that cannot be understood.

    Units are kept as written; whether one is known is judged with the value it belongs to.
    """
    case = CaseObject.of(obj, "")
    as_of = case.needed_day("as_of")
    course, patient = case.take("course"), case.take("patient")
    facts = Facts(
        as_of=as_of,
        patient=_patient(CaseObject.of({} if patient is None else patient, "patient")),
        course=None if course is None else _course(CaseObject.of(course, "course")),
        previous_courses=tuple(_course(item) for item in case.objects("previous_courses")),
        transfusions=tuple(_transfusion(item) for item in case.objects("transfusions")),
        oral_iron=tuple(_oral_iron(item) for item in case.objects("oral_iron")),
        results=tuple(_result(item) for item in case.objects("results")),
        case=case.text("case"),
    )
    case.done()
    _check_birth(facts)
    return facts


def _check_birth(facts: Facts) -> None:
    born = facts.patient.birth_date
    if born is not None and born > facts.as_of:
        raise CaseError("patient.birth_date: lies after as_of")


def _patient(obj: CaseObject) -> Patient:
    pregnancy = obj.take("pregnancy")
    patient = Patient(
        sex=obj.word("sex", Sex) or Sex.UNKNOWN,
        birth_date=obj.day("birth_date"),
        age_years=obj.whole("age_years", 0, 130),
        weight_kg=obj.positive("weight_kg", LARGEST),
        height_cm=obj.positive("height_cm", LARGEST),
        pregnancy=None if pregnancy is None else _pregnancy(CaseObject.of(pregnancy, obj.at("pregnancy"))),
        conditions=obj.words("conditions", CONDITIONS),
        symptoms=obj.words("symptoms", SYMPTOMS),
    )
    obj.done()
    return patient


def _pregnancy(obj: CaseObject) -> Pregnancy:
    weeks = obj.needed_number("weeks")
    if not 0 <= weeks <= 45:
        raise obj.error("weeks", "must be from 0 to 45")
    pregnancy = Pregnancy(weeks, obj.needed_day("on"), obj.positive("pre_pregnancy_weight_kg", LARGEST))
    obj.done()
    return pregnancy


def _course(obj: CaseObject) -> Course:
    product = obj.word("product", Product)
    if product is None:
        raise obj.error("product", "is missing")
    course = Course(
        product=product,
        label=obj.word("label", Label),
        planned_mg=obj.positive("planned_mg", MOST_MG),
        infusions=tuple(_infusion(item) for item in obj.objects("infusions")),
    )
    obj.done()
    return course


def _infusion(obj: CaseObject) -> Infusion:
    infusion = Infusion(
        obj.needed_day("date"), obj.needed_number("dose_mg"), obj.whole("reaction_grade", 0, 4)
    )
    obj.done()
    return infusion


def _transfusion(obj: CaseObject) -> Transfusion:
    units = obj.positive("units", MOST_UNITS)
    if units is None:
        raise obj.error("units", "is missing")
    transfusion = Transfusion(obj.needed_day("date"), units)
    obj.done()
    return transfusion


def _oral_iron(obj: CaseObject) -> OralIron:
    since, until = obj.needed_day("from"), obj.day("to")
    if until is not None and until < since:
        raise obj.error("to", "lies before `from`")
    oral = OralIron(since, until, obj.positive("elemental_mg_per_day", MOST_MG))
    obj.done()
    return oral


def _result(obj: CaseObject) -> LabResult:
    analyte, unit, comparator = obj.text("analyte"), obj.text("unit"), obj.text("comparator")
    if analyte is None or analyte not in ANALYTES:
        raise obj.error("analyte", f"{shown(analyte)} is not one of: {' '.join(sorted(ANALYTES))}")
    if unit is None:
        raise obj.error("unit", "is missing: a value always has its unit")
    if comparator not in (None, "<", ">"):
        raise obj.error("comparator", "must be < or >")
    result = LabResult(obj.needed_day("collected"), analyte, obj.needed_number("value"), unit, comparator)
    obj.done()
    return result


def facts_to_json(facts: Facts) -> dict[str, object]:
    """The case format again; `facts_from_json` of it gives the same facts."""
    return _without_none(
        {
            "case": facts.case,
            "as_of": facts.as_of.isoformat(),
            "patient": _patient_to_json(facts.patient),
            "course": None if facts.course is None else _course_to_json(facts.course),
            "previous_courses": [_course_to_json(course) for course in facts.previous_courses],
            "transfusions": [{"date": t.date.isoformat(), "units": t.units} for t in facts.transfusions],
            "oral_iron": [_oral_iron_to_json(item) for item in facts.oral_iron],
            "results": [_result_to_json(result) for result in facts.results],
        }
    )


def _patient_to_json(patient: Patient) -> dict[str, object]:
    pregnancy = patient.pregnancy
    return _without_none(
        {
            "sex": patient.sex.value,
            "birth_date": None if patient.birth_date is None else patient.birth_date.isoformat(),
            "age_years": patient.age_years,
            "weight_kg": patient.weight_kg,
            "height_cm": patient.height_cm,
            "pregnancy": None
            if pregnancy is None
            else _without_none(
                {
                    "weeks": pregnancy.weeks,
                    "on": pregnancy.on.isoformat(),
                    "pre_pregnancy_weight_kg": pregnancy.pre_pregnancy_weight_kg,
                }
            ),
            "conditions": sorted(patient.conditions),
            "symptoms": sorted(patient.symptoms),
        }
    )


def _course_to_json(course: Course) -> dict[str, object]:
    return _without_none(
        {
            "product": course.product.value,
            "label": None if course.label is None else course.label.value,
            "planned_mg": course.planned_mg,
            "infusions": [
                _without_none(
                    {"date": i.date.isoformat(), "dose_mg": i.dose_mg, "reaction_grade": i.reaction_grade}
                )
                for i in course.infusions
            ],
        }
    )


def _oral_iron_to_json(item: OralIron) -> dict[str, object]:
    return _without_none(
        {
            "from": item.since.isoformat(),
            "to": None if item.until is None else item.until.isoformat(),
            "elemental_mg_per_day": item.elemental_mg_per_day,
        }
    )


def _result_to_json(result: LabResult) -> dict[str, object]:
    return _without_none(
        {
            "collected": result.collected.isoformat(),
            "analyte": result.analyte,
            "comparator": result.comparator,
            "value": result.value,
            "unit": result.unit,
        }
    )


def _without_none(values: Mapping[str, object]) -> dict[str, object]:
    return {key: value for key, value in values.items() if value is not None}
