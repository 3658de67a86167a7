"""Recording an infusion: the plan filled in, and what cannot be said so beside its field."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pytestqt.qtbot import QtBot

from db.queries.patients import VisitRow
from desktop.infusions.form import InfusionForm
from desktop.infusions.times import clock

TODAY = date(2026, 2, 12)


def visit(number: int = 1, on: date = TODAY, mg: str = "1000") -> VisitRow:
    return VisitRow(
        visit_id=number,
        version=1,
        course_id=1,
        patient_id=1,
        number="R-1",
        surname="Vale",
        given="Ada",
        birth_date=date(1980, 1, 1),
        sex="female",
        on=on,
        dose_mg=Decimal(mg),
        product="ferric-carboxymaltose",
        label="eu",
        state="planned",
        ordinal=1,
        of=2,
        course_version=1,
    )


@pytest.fixture
def form(qtbot: QtBot) -> InfusionForm:
    made = InfusionForm(lambda: TODAY)
    qtbot.addWidget(made)
    made.set_visit(visit())
    made.batch.setText("A1234-5")
    return made


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("9:05", "09:05"),
        ("0905", "09:05"),
        ("905", "09:05"),
        ("9.05", "09:05"),
        ("24:00", None),
        ("9:60", None),
        ("x", None),
    ],
)
def test_a_time_is_read_in_the_usual_ways(typed: str, read: str | None) -> None:
    assert clock(typed) == read


def test_the_plan_is_filled_in(form: InfusionForm) -> None:
    assert form.check()
    new = form.infusion(visit())
    assert (new.dose_mg, new.on, new.batch, new.reaction_grade) == (1000, TODAY, "A1234-5", 0)


def test_a_future_day_is_not_taken_and_stays_typed(form: InfusionForm) -> None:
    form.on.setText("20 Feb 2026")
    assert not form.check()
    assert form.fields["on"].problem()
    assert "20" in form.on.text()


def test_a_batch_is_wanted(form: InfusionForm) -> None:
    form.batch.clear()
    assert not form.check()
    assert form.first_wrong() is form.batch


def test_an_expired_vial_is_seen(form: InfusionForm) -> None:
    form.expiry.setText("11 Feb 2026")
    assert not form.check()
    assert form.fields["expiry"].problem()


def test_it_cannot_end_before_it_started(form: InfusionForm) -> None:
    form.started.setText("10:30")
    form.ended.setText("10:05")
    assert not form.check()
    form.ended.setText("10:30")
    assert form.check()


def test_more_than_planned_is_asked_about_once(form: InfusionForm) -> None:
    form.dose.value_field.setText("1500")
    assert not form.check()
    assert form.dose.question()


def test_a_reaction_shows_what_to_do(form: InfusionForm) -> None:
    assert not form.advice.text()
    form.reaction.set_value(3)
    assert "anaphylaxis" in form.advice.text()
    assert form.infusion(visit()).reaction_grade == 3


def test_what_was_typed_for_a_visit_stays_when_the_list_is_asked_again(form: InfusionForm) -> None:
    form.set_visit(visit())
    assert form.batch.text() == "A1234-5"
    form.set_visit(visit(2))
    assert form.batch.text() == ""


@pytest.mark.parametrize(
    ("now", "said"),
    [
        ("10:20", "Watch until 11:05."),
        ("10:35", "Watch until 11:05: 30 minutes left."),
        ("11:04", "Watch until 11:05: 1 minute left."),
        ("11:05", "Watched until 11:05: the time is over."),
    ],
)
def test_the_minutes_of_watching_run(qtbot: QtBot, now: str, said: str) -> None:
    clock_of_chair = [datetime(2026, 2, 12, 10, 20, tzinfo=UTC)]
    form = InfusionForm(lambda: TODAY, lambda: clock_of_chair[0])
    qtbot.addWidget(form)
    form.set_visit(visit(), watch=30)
    form.ended.setText("10:35")
    form.ended.textEdited.emit("10:35")
    assert form.watch.text() == "Watch until 11:05."
    hours, minutes = now.split(":")
    clock_of_chair[0] = datetime(2026, 2, 12, int(hours), int(minutes), tzinfo=UTC)
    form._minute.timeout.emit()
    assert form.watch.text() == said
    assert form._minute.isActive() is ("over" not in said), "what is over is not counted on"


def test_what_was_given_on_another_day_is_not_watched_now(qtbot: QtBot) -> None:
    form = InfusionForm(lambda: TODAY, lambda: datetime(2026, 2, 12, 10, 40, tzinfo=UTC))
    qtbot.addWidget(form)
    form.set_visit(visit(on=date(2026, 2, 11)), watch=30)
    form.ended.setText("10:35")
    form.ended.textEdited.emit("10:35")
    assert form.watch.text() == "Watch until 11:05."
