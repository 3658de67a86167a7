"""A small real clinic for the tests of screens: an encrypted file, one patient between infusion and results."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from seen_now import with_seen

from clinical.protocol import Protocol, load_protocol
from db import audit
from db import models as m
from db.changes import Changes
from db.engine import Database
from db.operations.clinic import ClinicSettings, NewUser, set_up_clinic
from db.operations.courses import CoursePlan, plan_course
from db.operations.infusions import NewInfusion, record_infusion
from db.operations.patients import ClinicalPicture, NewReferral, PatientDetails, register_referral
from db.operations.results import NewResult, store_results
from db.queries.patients import patient_page
from db.queries.people import clinic as clinic_row
from db.queries.people import owner
from db.stamp import Stamp
from desktop.commands import Commands
from desktop.parts import Navigation, Parts
from desktop.settings import Settings
from desktop.tasks import DatabaseTasks

KEY = bytes(range(32))
TODAY = date(2026, 2, 12)
BASELINE = date(2025, 12, 18)
FIRST_INFUSION = date(2026, 1, 5)


def at(day: date, user_id: int = 1) -> Stamp:
    """A stamp of the first user at ten on that day."""
    return Stamp(user_id, datetime.combine(day, time(10, 0), UTC), day)


def result(day: date, analyte: str, value: str, unit: str) -> NewResult:
    """A value of the usual laboratory."""
    return NewResult(day, analyte, Decimal(value), unit, laboratory="Northgate Path.")


INDEX = TODAY - timedelta(days=1)
"""The day before: its results are there in the morning."""


@dataclass
class Clinic:
    """The open file, its tasks and parts, and the ids of the one patient."""

    database: Database
    tasks: DatabaseTasks
    parts: Parts
    protocol: Protocol
    patient_id: int
    course_id: int
    said: list[str] = field(default_factory=list)
    undo: list[Callable[[], object] | None] = field(default_factory=list)
    bugs: list[BaseException] = field(default_factory=list)
    """Faults of the program; a test that makes one takes it away again."""

    def write(self, op: Callable[..., Changes], *args: Any, **named: Any) -> Changes:
        """Run an operation and commit it, as another workstation would that shows what is there this moment."""
        with self.database.write() as session:
            return op(session, *args, **with_seen(session, op, args, named))

    def read(self, fn: Callable[..., Any], *args: Any) -> Any:
        """Run a query."""
        with self.database.read() as session:
            return fn(session, *args)

    def page(self) -> Any:
        """The patient's page as it is on record now."""
        return self.read(patient_page, self.patient_id, TODAY)

    def settle(self) -> None:
        """Let every job be answered."""
        assert self.tasks.wait_idle()


def bloods(on: date, hb: str, ferritin: str, tsat: str) -> tuple[NewResult, ...]:
    """One sample without inflammation: haemoglobin in g/L, ferritin in ug/L, transferrin saturation in %."""
    return (
        result(on, "haemoglobin", hb, "g/L"),
        result(on, "ferritin", ferritin, "ug/L"),
        result(on, "transferrin-saturation", tsat, "%"),
        result(on, "crp", "2", "mg/L"),
    )


def weak_results(clinic: Clinic, *more: NewResult) -> None:
    """A partial response with empty stores came back the day before; `more` with it."""
    values = (*bloods(INDEX, "101", "16", "11"), *more)
    clinic.write(store_results, clinic.patient_id, values, at(TODAY), clinic.protocol)


def add_coordinator(clinic: Clinic) -> None:
    """Tess Orme, who may not sign."""
    with clinic.database.write() as session:
        session.add(
            m.User(
                id=2,
                name="Tess Orme",
                login="tess",
                initials="TO",
                role="coordinator",
                created_at=at(TODAY).at,
            )
        )
        audit.record(session, at(TODAY), "add-user", "user_account", 2)


def open_page(page: QWidget, qtbot: QtBot, width: int = 1240, height: int = 860) -> None:
    """Show a page as a window of its own that has the keyboard."""
    qtbot.addWidget(page)
    page.resize(width, height)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()


def _fill(database: Database, protocol: Protocol) -> None:
    """One clinic, one clinician, one patient of 65 kg who was given a third of her iron on 5 January."""
    baseline = (
        result(BASELINE, "haemoglobin", "8.8", "g/dL"),
        result(BASELINE, "ferritin", "6", "ug/L"),
        result(BASELINE, "transferrin-saturation", "7", "%"),
        result(BASELINE, "crp", "2", "mg/L"),
    )
    details = PatientDetails(
        "Whitfield", "Clare", date(1981, 6, 10), "female", (("clinic-number", "R-004182"),),
        phone="07700 900 142", allergies=("penicillin",),
    )  # fmt: skip
    picture = ClinicalPicture(weight_kg=Decimal(65), conditions=("heavy-menstrual-bleeding",))
    with database.write() as session:
        settings = ClinicSettings("Northgate Iron Clinic", hb_unit="g/L", demo=True)
        set_up_clinic(
            session, settings, NewUser("Mina Okafor", "mina", "clinician"), at(date(2025, 12, 1)), protocol
        )
    with database.write() as session:
        referral = NewReferral(details, picture, BASELINE, 1, "heavy-menstrual-bleeding", results=baseline)
        made = register_referral(session, referral, at(BASELINE), protocol)
    assert made.course_id is not None
    assert made.patient_id is not None
    plan = CoursePlan(
        "ferric-derisomaltose", "eu", "ganzoni", Decimal(1467), Decimal(500),
        ((FIRST_INFUSION, Decimal(500)),),
    )  # fmt: skip
    with database.write() as session:
        page = patient_page(session, made.patient_id, BASELINE)
        plan_course(session, made.course_id, plan, page.courses[0].version, at(date(2025, 12, 20)), protocol)
    with database.write() as session:
        page = patient_page(session, made.patient_id, FIRST_INFUSION)
        given = NewInfusion(
            made.course_id, FIRST_INFUSION, Decimal(500), page.visits[0].visit_id, "B4401",
            date(2027, 5, 31), "10:05", "10:25", reaction_grade=0,
        )  # fmt: skip
        record_infusion(session, given, at(FIRST_INFUSION), protocol, page.visits[0].version)


@pytest.fixture(scope="session")
def filled_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clinic's file, made once by operations and copied for every test."""
    path = tmp_path_factory.mktemp("one-clinic") / "clinic.db"
    database = Database.create(path, KEY)
    _fill(database, load_protocol())
    database.close()
    return path


@pytest.fixture
def one_clinic(filled_file: Path, tmp_path: Path, themed: object) -> Iterator[Clinic]:
    """An open clinic with its tasks; what is said in the foot is kept in `said`."""
    path = tmp_path / "clinic.db"
    shutil.copy(filled_file, path)
    database, protocol = Database.open(path, KEY), load_protocol()
    tasks = DatabaseTasks(database)
    with database.read() as session:
        user, row = owner(session, 1), clinic_row(session)
    navigation = Navigation()
    parts = Parts(
        tasks, protocol, Commands(), user, row, lambda: at(TODAY), Settings(tmp_path / "settings.ini"),
        navigation,
    )  # fmt: skip
    made = Clinic(database, tasks, parts, protocol, 1, 1)
    navigation.say.connect(lambda text, undo: (made.said.append(text), made.undo.append(undo)))
    tasks.bug.connect(made.bugs.append)
    yield made
    tasks.wait_idle()
    tasks.close()
    database.close()
    assert not made.bugs, made.bugs
