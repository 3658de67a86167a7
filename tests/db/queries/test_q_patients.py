"""Finding people, and everything on a patient's page."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from running_clinic import PROTOCOL, RunningClinic, day, panel, result

from db import operations as ops
from db import queries
from db.errors import NotFound
from db.models import Base
from db.queries.born import birth_dates, birth_span

FOUND_BY = (
    "obr", "O'Brien", "o’brien, zoe", "zoe obrien", "Zoë", "smythe", "obrien smythe", "h0001", "H 0001", "020 7946",
    "02079460018", "1/5/1960", "1960-05-01", "1 May 60", "01051960", "obrien 1/5/1960", "brien", "ythe",
    "1st May 1960", "1er mai 1960", "1 de mayo de 1960", "obrien 1 May 1960", "1960", "5/1960", "May 1960",
    "zoe may 1960", "+44 20 7946 0018", "0044 (0)20 7946 0018",
)  # fmt: skip
NOT_FOUND_BY = ("", "  ", "%", "marsh", "2/5/1960", "June 1960", "1961", "reed 1960", "+44 20 7946 0019")


def test_people_are_found_by_any_part(work: RunningClinic) -> None:
    made = work.register(surname="O’Brien-Smythe", given="Zoë")
    work.register(surname="Reed", given="Al", birth_date=date(1970, 1, 1), phone="0113 496 0000")
    wanted = {text: [made.patient_id] for text in FOUND_BY} | {text: [] for text in NOT_FOUND_BY}
    found = {text: [hit.patient_id for hit in work.ask(queries.search, text)] for text in wanted}
    assert found == wanted


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("3/2/1980", (date(1980, 2, 3), date(1980, 3, 2))),
        ("13.2.1980", (date(1980, 2, 13),)),
        ("2/13/1980", (date(1980, 2, 13),)),
        ("3 feb 1980", (date(1980, 2, 3),)),
        ("29-02-1980", (date(1980, 2, 29),)),
        ("30/2/1980", ()),
        ("14.6.25", (date(1925, 6, 14), date(2025, 6, 14))),
        ("3rd of February 1980", (date(1980, 2, 3),)),
        ("Aug 3 1980", (date(1980, 8, 3),)),
        ("3 août 1980", (date(1980, 8, 3),)),
        ("3 de agosto de 1980", (date(1980, 8, 3),)),
        ("3 jui 1980", ()),
        ("marsh", ()),
        ("1/2", ()),
    ],
)
def test_a_birth_date_is_read_any_usual_way(text: str, days: tuple[date, ...]) -> None:
    assert birth_dates(text) == days


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("1980", (date(1980, 1, 1), date(1980, 12, 31))),
        ("2/1980", (date(1980, 2, 1), date(1980, 2, 29))),
        ("1980-02", (date(1980, 2, 1), date(1980, 2, 29))),
        ("février 1980", (date(1980, 2, 1), date(1980, 2, 29))),
        ("13/1980", None),
        ("Marsh 1980", None),
        ("4080", None),
        ("12/80", None),
        ("", None),
    ],
)
def test_a_month_and_a_year_of_birth_are_read(text: str, span: tuple[date, date] | None) -> None:
    assert birth_span(text) == span


def test_a_number_kept_with_its_country_is_found_as_it_is_dialled_at_home(work: RunningClinic) -> None:
    made = work.register(phone="+44 20 7946 0018")
    for typed in ("020 7946 0018", "0044 20 7946 0018", "+44 20 7946 0018", "+442079460018"):
        assert [hit.patient_id for hit in work.ask(queries.search, typed)] == [made.patient_id], typed


def test_a_hit_says_what_is_next(work: RunningClinic) -> None:
    work.treated()
    [hit] = work.ask(queries.search, "marsh")
    assert (hit.course_status, hit.next_action, hit.next_due) == ("awaiting-labs", "repeat-labs", day(49))


def test_everybody_is_listed_page_by_page(work: RunningClinic) -> None:
    for surname in ("Reed", "Fen", "Marsh"):
        work.register(surname=surname)
    first = work.ask(lambda s: queries.all_patients(s, limit=2))
    assert [hit.surname for hit in first] == ["Fen", "Marsh"]
    rest = work.ask(lambda s: queries.all_patients(s, after=first[-1], limit=2))
    assert [hit.surname for hit in rest] == ["Reed"]
    work.do(ops.end_follow_up, rest[0].patient_id, "deceased", day(0), None, on=1)
    gone = work.ask(lambda s: queries.all_patients(s, status="deceased"))
    assert [hit.surname for hit in gone] == ["Reed"]


@pytest.mark.parametrize(
    ("given", "agrees", "differs"),
    [
        (("Marsh", "Ines", date(1960, 5, 1), None), ("surname", "given", "birth-date"), ()),
        (("INES", "Mársh", date(1960, 5, 1), None), ("surname", "given", "birth-date"), ()),
        (("Marsh", "Ines", date(1961, 5, 1), None), ("surname", "given"), ("birth-date",)),
        (("Reed", "Ines", date(1960, 5, 1), None), ("given", "birth-date"), ("surname",)),
        (("Reed", "Al", None, "h-0001"), ("identifier",), ("surname", "given")),
    ],
)
def test_look_alikes_say_what_agrees(
    work: RunningClinic, given: tuple[Any, ...], agrees: tuple[str, ...], differs: tuple[str, ...]
) -> None:
    work.register()
    [found] = work.ask(queries.look_alikes, *given)
    assert (found.agrees, found.differs) == (agrees, differs)


@pytest.mark.parametrize(
    "given",
    [("Reed", "Al", date(1960, 5, 1), None), ("Marsh", "Al", None, None), ("Reed", "Al", None, "H 0002")],
)
def test_chance_is_no_look_alike(work: RunningClinic, given: tuple[Any, ...]) -> None:
    work.register()
    assert work.ask(queries.look_alikes, *given) == ()


def test_the_page_holds_the_whole_record(work: RunningClinic) -> None:
    made = work.reviewed()
    page = work.page(made.patient_id, 50)
    [course] = page.courses
    assert (course.given_mg, course.first_infusion, course.last_infusion) == (Decimal(600), day(7), day(14))
    assert course.window is not None
    assert (course.window.opens, course.window.closes) == (day(42), day(56))
    assert [visit.state for visit in page.visits] == ["given", "given"]
    assert [(visit.ordinal, visit.of) for visit in page.visits] == [(1, 2), (2, 2)]
    newest = [row for row in page.results if row.collected == day(50)]
    assert {row.day for row in newest} == {36}
    assert {row.day for row in page.results if row.collected == day(0)} == {None}
    assert page.steps[0].closed_at is None
    assert all(step.closed_reason for step in page.steps[1:])
    kinds = [one.kind for one in page.events]
    assert kinds[0] == "store-results"
    assert kinds[-1] == "register-referral"
    assert page.open_step is not None
    assert page.open_step.version >= 1


def test_a_severe_reaction_to_carboxymaltose_is_in_the_banner(work: RunningClinic) -> None:
    made = work.register()
    work.plan(made.course_id, 0, (7, 500))
    assert not work.page(made.patient_id, 0).banner.no_fcm
    work.give(made.course_id, 7, reaction_grade=3, reaction_note="hypotension")
    assert work.page(made.patient_id, 7).banner.no_fcm


def test_the_explain_view_shows_assessment_and_steps(work: RunningClinic) -> None:
    made = work.reviewed()
    view = work.ask(queries.explain, made.course_id)
    assert (view.state, view.decided_by, view.protocol_label) == ("open", None, PROTOCOL.label)
    assert view.protocol_signed is PROTOCOL.signed
    assert [step.action for step in view.proposed] == [step.action for step in view.assessment.next_steps]
    assert {step.owner_id for step in view.proposed} == {2}
    assert view.facts == work.ask(queries.for_course, made.course_id, day(50))
    assert [row.course_id for row in work.ask(queries.to_review, day(50))] == [made.course_id]
    other = work.register(surname="Fen", on=50)
    assert work.ask(queries.to_review, day(50))[0].patient_id != other.patient_id


def test_the_source_of_a_letter_holds_all_it_needs(work: RunningClinic) -> None:
    gp = work.do(
        ops.add_clinician, ops.NewClinician("Dr Eva Stone", "GP", "Mill Practice", "general-practice"), on=0
    )
    work.do(
        ops.add_clinician, ops.NewClinician("Dr Urs Alt", "Consultant", None, "urology", ("Bay 3",)), on=0
    )
    made = work.register(gp_id=gp.created_id, needs=("large-print",))
    work.plan(made.course_id, 0, (7, 500))
    work.give(made.course_id, 7)
    source = work.ask(queries.source, made.course_id)
    assert (source.gp.name, source.specialists["urology"].address_lines) == ("Dr Eva Stone", ("Bay 3",))
    assert source.referrer is None
    assert source.large_print
    assert source.address_lines == ("1 Mill Lane", "Ely")
    assert (source.lab_opens, source.lab_booked_for, source.lab_closes) == (day(35), day(42), day(49))
    assert "haemoglobin" in source.lab_panel
    assert source.next_letter_id.startswith("0000001")
    work.store(made.patient_id, 45, *panel(45, "94", ferritin="40", tsat="18"))
    step = ops.DecidedStep("follow-up", day(90), 3, {"note": "x"})
    work.decide(made.course_id, 46, ops.NewDecision("choose-another", (step,), "wait"))
    source = work.ask(queries.source, made.course_id)
    assert [(one.action, one.due, one.owner) for one in source.decided] == [("follow-up", day(90), "Cy Fox")]
    assert source.open_step.action == "follow-up"
    assert source.explain.state == "overridden"


def test_the_calendar_knows_holidays_and_closed_days(work: RunningClinic) -> None:
    work.do(ops.close_days, {day(2): "training"}, on=0)
    found = work.ask(queries.calendar, date(2025, 12, 20), date(2026, 1, 31))
    assert found.open_weekdays == {0, 1, 2, 3, 4}
    assert {date(2025, 12, 25), date(2026, 1, 1), day(2)} <= found.closed


@pytest.mark.parametrize(
    "ask",
    [
        lambda s: queries.patient_page(s, 99, day(0)),
        lambda s: queries.for_course(s, 99, day(0)),
        lambda s: queries.for_patient(s, 99, day(0)),
        lambda s: queries.source(s, 99),
        lambda s: queries.archived(s, 99),
        lambda s: queries.owner(s, 99),
        lambda s: queries.patient_of_course(s, 99),
    ],
)
def test_what_is_not_there_is_said_to_be_not_there(work: RunningClinic, ask: Any) -> None:
    with pytest.raises(NotFound):
        work.ask(ask)


def test_no_object_of_the_database_leaves(work: RunningClinic) -> None:
    made = work.reviewed()

    def walk(value: Any) -> None:
        assert not isinstance(value, Base)
        if is_dataclass(value) and not isinstance(value, type):
            for one in fields(value):
                walk(getattr(value, one.name))
        elif isinstance(value, (tuple, list, set, frozenset)):
            for one in value:
                walk(one)
        elif isinstance(value, dict):
            for one in value.values():
                walk(one)

    walk(work.page(made.patient_id, 50))
    walk(work.ask(queries.source, made.course_id))
    walk(work.ask(queries.open_steps, day(50)))
    assert work.ask(queries.patient_of_course, made.course_id) == made.patient_id


def test_a_value_below_the_limit_stays_as_received(work: RunningClinic) -> None:
    made = work.register()
    work.store(made.patient_id, 1, result(1, "ferritin", "5", "ng/mL", comparator="<"))
    facts = work.ask(queries.for_course, made.course_id, day(1))
    last = next(one for one in facts.results if one.collected == day(1))
    assert (last.value, last.unit, last.comparator) == (Decimal(5), "ng/mL", "<")


def test_a_number_that_looks_like_a_year_stands_before_who_was_born_in_it(work: RunningClinic) -> None:
    for place in range(3):
        work.register(surname=f"Ash{place}", birth_date=date(1975, 3, 1 + place))
    made = work.register(
        surname="Zorn", identifiers=(("hospital-number", "1975"),), birth_date=date(1950, 1, 1)
    )
    assert work.ask(lambda s: queries.search(s, "1975", 2))[0].patient_id == made.patient_id


def test_a_name_that_is_a_month_is_found_with_a_year(work: RunningClinic) -> None:
    made = work.register(surname="Lee", given="May", birth_date=date(1960, 8, 2))
    assert [hit.patient_id for hit in work.ask(queries.search, "May 1960")] == [made.patient_id]


def test_a_letter_many_names_begin_with_finds_the_first_of_them(work: RunningClinic) -> None:
    names = [
        ("Sand", "Ora"),
        ("Abel", "Sam"),
        ("Moss", "Ada"),
        ("Stone", "Eve"),
        ("Berg", "Sue"),
        ("Lund", "Kim"),
    ]
    for surname, given in names:
        work.register(surname=surname, given=given)
    wanted = sorted(name for name in names if name[0][0] == "S" or name[1][0] == "S")
    few = work.ask(lambda s: queries.search(s, "s", 3, many=2))
    assert [(hit.surname, hit.given) for hit in few] == wanted[:3]
    both = work.ask(lambda s: queries.search(s, "s", 2, many=2))  # as many as have the surname
    assert [(hit.surname, hit.given) for hit in both] == wanted[:2]
    assert [hit.patient_id for hit in few] == [hit.patient_id for hit in work.ask(queries.search, "s")][:3]


def test_whom_a_text_is_inside_of_may_be_left_out(work: RunningClinic) -> None:
    work.register(surname="Marsh")
    made = work.register(surname="Armstrong")
    begin = work.ask(lambda s: queries.search(s, "mar", parts=False))
    assert [hit.surname for hit in begin] == ["Marsh"]
    both = [hit.patient_id for hit in work.ask(queries.search, "ar")]
    assert both[0] == made.patient_id
    assert len(both) == 2
