"""Follow-up ended and taken up again on the patient page; details and conditions; the open step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from one_clinic import TODAY, Clinic, at
from patient_keys import Key, press, words
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from db import models as m
from db.operations.clinic import NewUser
from db.operations.patients import change_details
from db.operations.users import add_user
from db.queries.details import details
from db.queries.suspended import suspension
from db.queries.worklist import open_steps
from desktop.patient.page import PatientPage
from desktop.patient.person_form import as_details


def typed(qtbot: QtBot, field: QWidget, text: str) -> None:
    """Type over what a field holds."""
    assert isinstance(field, QLineEdit)
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)


def asked(page: PatientPage, clinic: Clinic, command: str) -> dict[str, QWidget]:
    """Run a command of the page; the fields it asks for."""
    assert clinic.parts.commands.run(f"patient.{command}")
    clinic.settle()
    question = page.acts.panel._question
    assert question is not None
    return {name: frame.field for name, frame in question.fields.items()}


def take_back(clinic: Clinic) -> None:
    """What the foot offers to undo the last thing."""
    undo = clinic.undo[-1]
    assert undo is not None
    undo()
    clinic.settle()


@pytest.mark.parametrize("reason", ["declined", "transferred", "deceased"])
def test_it_ends_with_the_year_of_birth_and_is_taken_back_in_the_foot(
    page: PatientPage, one_clinic: Clinic, qtbot: QtBot, reason: str
) -> None:
    before = one_clinic.page().open_step
    fields = asked(page, one_clinic, f"end-{reason}")
    panel = page.acts.panel
    assert "Closed: Repeat bloods" in words(panel), "what will happen is said before"
    if reason == "transferred":
        panel.submit()
        assert "Say to whom" in words(panel)
        typed(qtbot, fields["note"], "Southgate Hospital")
    typed(qtbot, panel.year.edit, "1981")
    press(qtbot, Key.Key_Return)
    one_clinic.settle()
    assert one_clinic.page().banner.status == reason
    assert one_clinic.read(open_steps, TODAY) == ()
    assert not one_clinic.parts.commands.action("patient.end").isEnabled()
    assert page.acts.resume_button.isVisible()
    take_back(one_clinic)
    found = one_clinic.page()
    assert found.banner.status == "active"
    assert (found.open_step.action, found.open_step.owner_id) == (before.action, before.owner_id)


def test_did_not_attend_is_refused_before_the_ladder(
    page: PatientPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    asked(page, one_clinic, "end-did-not-attend")
    typed(qtbot, page.acts.panel.year.edit, "1981")
    press(qtbot, Key.Key_Return)
    one_clinic.settle()
    assert "two tries, a letter and word to the referrer" in words(page.acts.panel)
    assert one_clinic.page().banner.status == "active"


def test_it_is_taken_up_again_later_from_the_page(
    page: PatientPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    asked(page, one_clinic, "end-deceased")
    typed(qtbot, page.acts.panel.year.edit, "1981")
    press(qtbot, Key.Key_Return)
    one_clinic.settle()
    press(qtbot, Key.Key_U)
    panel = page.acts.panel
    question = panel._question
    assert question is not None
    typed(qtbot, question.fields["reason"].field, "another Whitfield died")
    typed(qtbot, panel.year.edit, "1981")
    press(qtbot, Key.Key_Return)
    one_clinic.settle()
    assert one_clinic.page().banner.status == "active"
    assert len(one_clinic.read(open_steps, TODAY)) == 1


def test_it_rests_until_a_day_and_is_woken_from_the_same_key(
    page: PatientPage, one_clinic: Clinic, qtbot: QtBot, grab: Callable[[QWidget, str], Path]
) -> None:
    before = one_clinic.page().open_step
    press(qtbot, Key.Key_S)
    one_clinic.settle()
    question = page.acts.panel._question
    assert question is not None
    typed(qtbot, question.fields["until"].field, "12 May 2026")
    typed(qtbot, question.fields["reason"].field, "abroad")
    press(qtbot, Key.Key_Return)
    one_clinic.settle()
    step = one_clinic.page().open_step
    held = suspension(step.detail, TODAY)
    assert held is not None
    assert (step.due, held.reason) == (date(2026, 5, 12), "abroad")
    assert "suspended until 12 May 2026, Mina Okafor: abroad" in words(page.answer)
    assert one_clinic.parts.commands.command("patient.step-suspend").text == "Wake now"
    grab(page, "suspended")
    press(qtbot, Key.Key_S)
    one_clinic.settle()
    awake = one_clinic.page().open_step
    assert (awake.action, awake.due) == (before.action, before.due)
    take_back(one_clinic)
    assert one_clinic.page().open_step.due == date(2026, 5, 12), "suspended again from the foot"


def test_the_step_gets_another_day_and_another_owner_and_both_come_back(
    page: PatientPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    roles = m.User.__table__.update()
    with one_clinic.database.write() as session:
        session.execute(roles.values(role="administrator"))
        add_user(session, NewUser("Di Ash", "di", "coordinator"), at(TODAY))
        session.execute(roles.where(m.User.id == 1).values(role="clinician"))
    press(qtbot, Key.Key_G)
    one_clinic.settle()
    question = page.acts.panel._question
    assert question is not None
    qtbot.keyClick(question.fields["owner"].field, Key.Key_Down)
    page.acts.panel.submit()
    one_clinic.settle()
    assert one_clinic.page().open_step.owner_name == "Di Ash"
    take_back(one_clinic)
    assert one_clinic.page().open_step.owner_name == "Mina Okafor"
    press(qtbot, Key.Key_M)
    one_clinic.settle()
    question = page.acts.panel._question
    assert question is not None
    typed(qtbot, question.fields["due"].field, "20 Feb 2026")
    press(qtbot, Key.Key_Return)
    assert question.fields["reason"].problem()
    typed(qtbot, question.fields["reason"].field, "asked for it")
    press(qtbot, Key.Key_Return)
    one_clinic.settle()
    assert one_clinic.page().open_step.due == date(2026, 2, 20)
    press(qtbot, Key.Key_F)
    one_clinic.settle()
    assert "ends by itself" in one_clinic.said[-1], "bloods are not done by saying so"


def test_details_are_changed_former_names_kept_and_taken_back(
    page: PatientPage, one_clinic: Clinic, qtbot: QtBot
) -> None:
    press(qtbot, Key.Key_A)
    one_clinic.settle()
    question = page.acts.panel._question
    assert question is not None
    fields = {name: frame.field for name, frame in question.fields.items()}
    typed(qtbot, fields["surname"], "Fenwick")
    typed(qtbot, fields["address"], "4 Mill Lane, Ely")
    typed(qtbot, fields["national"], "9434765918")
    assert "does not fit" in words(question.fields["national"])
    press(qtbot, Key.Key_Return)
    assert "Compare with the paper" in question.fields["national"].problem(), "a slip is asked about"
    typed(qtbot, fields["national"], "943 476 5919")
    assert "fits" in words(question.fields["national"])
    press(qtbot, Key.Key_Return)
    one_clinic.settle()
    found = one_clinic.read(details, 1)
    assert (found.surname, found.address_lines) == ("Fenwick", ("4 Mill Lane", "Ely"))
    assert found.identifiers == (("clinic-number", "R-004182"), ("national-number", "943 476 5919"))
    assert found.former_names == (("Whitfield", "Clare", TODAY),)
    assert found.allergies == ("penicillin",), "what was not touched stays"
    take_back(one_clinic)
    assert one_clinic.read(details, 1).surname == "Whitfield"


def test_somebody_else_changed_the_name_first(page: PatientPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    fields = asked(page, one_clinic, "details")
    typed(qtbot, fields["phone"], "07700 900 999")
    typed(qtbot, fields["surname"], "Fenwick")
    held = one_clinic.read(details, 1)
    before = as_details(held)
    theirs = type(before)(
        **{n: getattr(before, n) for n in before.__dataclass_fields__} | {"surname": "Hall"}
    )
    one_clinic.write(change_details, 1, theirs, held.version, at(TODAY))
    page.acts.panel.submit()
    one_clinic.settle()
    said = page.acts.panel.conflict.said()
    assert "Surname: Hall | Fenwick" in said
    assert one_clinic.read(details, 1).surname == "Hall"
    page.acts.panel.conflict.mine_button.click()
    one_clinic.settle()
    assert one_clinic.read(details, 1).surname == "Fenwick"


def test_weight_is_kept_over_time(page: PatientPage, one_clinic: Clinic, qtbot: QtBot) -> None:
    press(qtbot, Key.Key_H)
    one_clinic.settle()
    assert "Weight: 65 kg (18 Dec 2025)" in words(page.acts.panel)
    question = page.acts.panel._question
    assert question is not None
    typed(qtbot, question.fields["weight"].field.value_field, "61")
    press(qtbot, Key.Key_Return)
    one_clinic.settle()
    assert one_clinic.read(details, 1).weights == ((TODAY, Decimal(61)), (date(2025, 12, 18), Decimal(65)))
