"""Who looked at whom is noted once the record is on the screen, and never stands in its way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from one_clinic import Clinic
from sqlcipher3 import dbapi2

from db import engine
from db.audit import verify
from db.errors import Refused
from db.operations.access import record_view
from db.queries.audit import AuditFilter, audit_page, who_looked_at
from db.queries.patients import patient_page
from db.stamp import Stamp
from desktop import looked
from desktop.looked import note_look
from desktop.main_window import MainWindow
from desktop.pages import LISTS, add_pages
from desktop.patient.page import PatientPage
from desktop.widgets.status_line import StatusLine


def looks(clinic: Clinic) -> list[tuple[str, int | None]]:
    """What the audit says of looking."""
    found = clinic.read(audit_page, AuditFilter(actions=("view-patient", "view-assessment")))
    return [(entry.action, entry.patient_id) for entry in found.entries]


def test_opening_a_record_is_noted_after_it_is_shown(one_clinic: Clinic) -> None:
    page = PatientPage(one_clinic.parts)
    page.open(one_clinic.patient_id)
    one_clinic.settle()
    assert page.view() is not None
    assert looks(one_clinic) == [("view-patient", one_clinic.patient_id)]
    (found,) = one_clinic.read(who_looked_at, one_clinic.patient_id)
    assert found.user_id == one_clinic.parts.user.id
    assert "view-patient" in found.actions
    assert one_clinic.read(verify).ok


def test_a_look_has_nobody_ask_again(one_clinic: Clinic) -> None:
    told: list[object] = []
    one_clinic.tasks.changed.connect(told.append)
    note_look(one_clinic.parts, one_clinic.patient_id)
    one_clinic.settle()
    assert looks(one_clinic) == [("view-patient", one_clinic.patient_id)]
    assert told == []


def test_the_same_look_is_noted_once_and_another_one_again(one_clinic: Clinic) -> None:
    for _ in range(3):
        note_look(one_clinic.parts, one_clinic.patient_id)
    note_look(one_clinic.parts, one_clinic.patient_id, "assessment", 7)
    one_clinic.settle()
    assert len(looks(one_clinic)) == 1


def test_a_look_noted_from_another_workstation_counts_as_well(one_clinic: Clinic) -> None:
    now = one_clinic.parts.clock()
    before = Stamp(now.user_id, now.at - timedelta(minutes=14), now.today)
    one_clinic.write(
        record_view, "patient", "patient", one_clinic.patient_id, one_clinic.patient_id, stamp=before
    )
    note_look(one_clinic.parts, one_clinic.patient_id)
    one_clinic.settle()
    assert len(looks(one_clinic)) == 1
    earlier = Stamp(now.user_id, now.at - timedelta(minutes=30), now.today)
    one_clinic.write(
        record_view, "patient", "patient", one_clinic.patient_id, one_clinic.patient_id, stamp=earlier
    )
    assert len(looks(one_clinic)) == 2


def test_a_look_that_cannot_be_noted_is_said_and_the_page_stays(one_clinic: Clinic) -> None:
    asides: list[str] = []
    one_clinic.parts.navigation.aside.connect(asides.append)
    holder = dbapi2.connect(str(one_clinic.database.path), isolation_level=None)
    engine.unlock(holder, bytes(range(32)))
    holder.execute("BEGIN IMMEDIATE")
    page = PatientPage(one_clinic.parts)
    page.open(one_clinic.patient_id)
    try:
        assert one_clinic.tasks.wait_idle()
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    assert page.view() is not None
    assert [said for said in asides if "could not be noted" in said] == asides
    assert len(asides) == 1
    assert one_clinic.said == []
    assert looks(one_clinic) == []
    page.open(one_clinic.patient_id)
    note_look(one_clinic.parts, one_clinic.patient_id)  # and it is tried again
    one_clinic.settle()
    assert looks(one_clinic) == [("view-patient", one_clinic.patient_id)]


@pytest.mark.parametrize("what", ["", "letter", "patients"])
def test_an_unknown_kind_of_look_is_refused(one_clinic: Clinic, what: str) -> None:
    with pytest.raises(Refused, match="unknown-code"):
        one_clinic.write(
            record_view, what, "patient", 1, one_clinic.patient_id, stamp=one_clinic.parts.clock()
        )
    assert one_clinic.read(patient_page, one_clinic.patient_id, one_clinic.parts.clock().today).banner


def test_a_list_is_noted_once_in_a_quarter_of_an_hour(one_clinic: Clinic) -> None:
    looked.note_list(one_clinic.parts, "today")
    looked.note_list(one_clinic.parts, "today")
    looked.note_list(one_clinic.parts, "overdue")
    one_clinic.settle()
    now = one_clinic.parts.clock()
    elsewhere = Stamp(now.user_id, now.at + timedelta(minutes=2), now.today)
    one_clinic.write(
        record_view, "list", "list", None, None, elsewhere, {"list": "today"}
    )  # another workstation
    found = one_clinic.read(audit_page, AuditFilter(actions=("view-list",))).entries
    assert sorted((str(entry.detail["list"]), entry.patient_id) for entry in found) == [
        ("overdue", None),
        ("today", None),
    ]
    later = Stamp(now.user_id, now.at + timedelta(minutes=16), now.today)
    one_clinic.write(record_view, "list", "list", None, None, later, {"list": "today"})
    assert len(one_clinic.read(audit_page, AuditFilter(actions=("view-list",))).entries) == 3


def test_every_list_in_the_window_is_noted_when_it_is_shown(one_clinic: Clinic, qtbot: object) -> None:
    window = MainWindow(one_clinic.parts)
    add_pages(window, one_clinic.parts)
    one_clinic.settle()
    for name in (*sorted(LISTS), "results", "today"):
        window.show_page(name)
        one_clinic.settle()
    window.go_back()
    one_clinic.settle()
    found = one_clinic.read(audit_page, AuditFilter(actions=("view-list",))).entries
    assert sorted(str(entry.detail["list"]) for entry in found) == sorted(LISTS)
    window.deleteLater()


def test_a_look_that_could_not_be_noted_never_hides_what_the_foot_says(one_clinic: Clinic) -> None:
    foot = StatusLine()
    foot.say("Not saved: somebody else has changed it.", problem=True)
    foot.say_aside("This look could not be noted.")
    assert foot.said() == "Not saved: somebody else has changed it."
    foot.clear()
    assert foot.said() == "This look could not be noted."
    foot.say("Saved.")
    assert foot.said() == "Saved."
    foot.clear()
    assert foot.said() == ""
