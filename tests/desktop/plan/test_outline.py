"""The plan that is worked out while typing: needs, visits on open days, gates, the laboratory day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from clinical.facts import Course as CourseFacts
from clinical.facts import Facts, Infusion, Label, LabResult, Patient, Product, Sex
from clinical.protocol import load_protocol
from db.queries.people import ClinicCalendar
from desktop.plan.outline import Outline, Wish, outline

TODAY = date(2026, 2, 12)  # a Thursday
WEEKDAYS = ClinicCalendar(frozenset(range(5)), frozenset())
PROTOCOL = load_protocol()


def facts(hb: str = "88", kg: str | None = "65", conditions: frozenset[str] = frozenset()) -> Facts:
    patient = Patient(
        sex=Sex.FEMALE,
        birth_date=date(1960, 6, 10),
        weight_kg=Decimal(kg) if kg else None,
        height_cm=Decimal(166),
        conditions=conditions,
    )
    results = (
        LabResult(date(2026, 2, 9), "haemoglobin", Decimal(hb), "g/L"),
        LabResult(date(2026, 2, 9), "ferritin", Decimal(6), "ug/L"),
    )
    return Facts(as_of=TODAY, patient=patient, results=results)


def plan(known: Facts, calendar: ClinicCalendar = WEEKDAYS, **wish: object) -> Outline:
    wished = Wish(Product.FERRIC_CARBOXYMALTOSE, Label.EU, TODAY)
    for name, value in wish.items():
        wished = Wish(**{**{f: getattr(wished, f) for f in Wish.__slots__}, name: value})
    return outline(known, wished, calendar, PROTOCOL)


def test_ganzoni_decides_and_both_methods_are_shown() -> None:
    made = plan(facts())
    assert made.method == "ganzoni"
    assert made.need_mg == Decimal("1467.2")
    assert made.needs.methods["label-table"].need_mg == 1500
    assert made.planned_mg == 1500


def test_the_other_method_can_be_chosen() -> None:
    assert plan(facts(), method="label-table").method == "label-table"


def test_visits_keep_cap_and_interval_and_fall_on_open_days() -> None:
    made = plan(facts())
    assert [visit.dose_mg for visit in made.visits] == [1000, 500]
    assert made.visits[0].on == TODAY
    assert (made.visits[1].on - made.visits[0].on).days == 7


def test_a_visit_that_moves_to_an_open_day_moves_the_next() -> None:
    tuesdays = ClinicCalendar(frozenset({1}), frozenset({date(2026, 2, 17)}))
    made = plan(facts(), tuesdays)
    assert [visit.on for visit in made.visits] == [date(2026, 2, 24), date(2026, 3, 3)]


def test_the_laboratory_day_is_near_day_35_on_an_open_day_inside_the_window() -> None:
    made = plan(facts())
    assert made.window is not None
    assert made.lab_on is not None
    assert made.window.opens <= made.lab_on <= made.window.closes
    assert made.lab_on.weekday() < 5
    assert abs((made.lab_on - made.window.target).days) <= 2


def test_without_a_weight_there_is_no_dose_and_the_gate_says_so() -> None:
    made = plan(facts(kg=None))
    assert made.visits == ()
    assert made.method is None
    assert "weight" in {gate.code for gate in made.unsettled({})}


def test_a_hard_gate_is_not_overridden_by_a_reason() -> None:
    made = plan(facts(conditions=frozenset({"bacteraemia"})))
    assert "bacteraemia" in {gate.code for gate in made.unsettled({"bacteraemia": "because"})}


def test_a_soft_gate_is_settled_by_a_reason_and_not_by_blanks() -> None:
    made = plan(facts(conditions=frozenset({"active-infection"})))
    assert "active-infection" in {gate.code for gate in made.unsettled({"active-infection": "  "})}
    assert "active-infection" not in {gate.code for gate in made.unsettled({"active-infection": "cleared"})}


def test_ferritin_beyond_the_stop_limit_stands_among_the_gates() -> None:
    known = facts()
    high = LabResult(date(2026, 2, 9), "ferritin", Decimal(960), "ug/L")
    made = plan(Facts(TODAY, known.patient, results=(known.results[0], high)))
    assert any(gate.hard and "ferritin" in gate.code for gate in made.unsettled({}))


def test_a_dose_still_owed_is_planned_as_it_is() -> None:
    before = CourseFacts(
        Product.FERRIC_CARBOXYMALTOSE, Label.EU, Decimal(500), (Infusion(date(2026, 1, 5), Decimal(500)),)
    )
    known = facts("101")
    made = plan(
        Facts(TODAY, known.patient, previous_courses=(before,), results=known.results), total_mg=Decimal(967)
    )
    assert made.planned_mg == 1000
    assert [visit.dose_mg for visit in made.visits] == [1000]
