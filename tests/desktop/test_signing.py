"""Who signs, what the foot adds for the others, and the rail's count of Review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType

import pytest
from one_clinic import TODAY, Clinic, add_coordinator, at, filled_file, one_clinic
from pytestqt.qtbot import QtBot

from db.operations.courses import CoursePlan, plan_course
from db.operations.patients import ClinicalPicture, NewReferral, PatientDetails, register_referral
from db.queries.patients import patient_page
from db.queries.people import owner
from desktop.live import Live
from desktop.main_window import MainWindow
from desktop.signing import may_sign, with_signature

__all__ = ["filled_file", "one_clinic"]


@pytest.mark.parametrize("role", ["coordinator", "nurse", "manager", "administrator"])
def test_only_a_clinician_signs(role: str) -> None:
    assert may_sign("clinician")
    assert not may_sign(role)


def test_the_foot_says_who_has_still_to_sign() -> None:
    said = "Plan saved, 2 visits booked."
    assert with_signature(said, "clinician", "plan_course:within-gates") == said
    theirs = "Plan saved, 2 visits booked. A clinician has to sign it."
    assert with_signature(said, "coordinator", "plan_course:within-gates") == theirs


class CountedWindow(MainWindow):
    """The window, with the numbers its rail was last given."""

    shown: Mapping[str, int] = MappingProxyType({})

    def set_counts(self, count: Mapping[str, int], worst: Mapping[str, str | None] | None = None) -> None:
        """Keep the numbers beside showing them."""
        self.shown = count
        super().set_counts(count, worst)


@pytest.mark.parametrize(("user_id", "waiting"), [(1, 1), (2, 0)])
def test_the_rail_counts_what_is_to_sign_for_who_may(
    one_clinic: Clinic, qtbot: QtBot, user_id: int, waiting: int
) -> None:
    add_coordinator(one_clinic)
    details = PatientDetails("Rossi", "Paolo", date(1959, 5, 1), "male", (("clinic-number", "R-7001"),))
    referral = NewReferral(details, ClinicalPicture(), TODAY, 1, "iron-deficiency-anaemia")
    made = one_clinic.write(register_referral, referral, at(TODAY), one_clinic.protocol)
    assert made.patient_id is not None
    dose = Decimal(500)
    plan = CoursePlan("ferric-derisomaltose", "eu", "ganzoni", Decimal(1467), dose, ((TODAY, dose),))
    version = one_clinic.read(patient_page, made.patient_id, TODAY).courses[0].version
    one_clinic.write(plan_course, made.course_id, plan, version, at(TODAY, 2), one_clinic.protocol)
    parts = replace(one_clinic.parts, user=one_clinic.read(owner, user_id))
    window = CountedWindow(parts)
    qtbot.addWidget(window)
    live = Live(window, parts)
    qtbot.waitUntil(lambda: "review" in window.shown)
    assert window.shown["review"] == waiting
    assert live.parent() is window
