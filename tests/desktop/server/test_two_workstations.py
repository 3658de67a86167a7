"""Two workstations sign the same thing at the same moment: one signature, and the other is shown whose it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from one_clinic import KEY, TODAY, Clinic, at, result
from pytestqt.qtbot import QtBot
from sqlalchemy import func, select

from db import audit
from db import models as m
from db.engine import Database
from db.operations.decisions import NewDecision, record_decision
from db.operations.results import store_results
from db.queries.assessments import explain
from db.queries.people import owner
from db.queries.sign_offs import to_sign
from desktop.commands import Commands
from desktop.parts import Navigation, Parts
from desktop.review.page import ReviewPage
from desktop.settings import Settings
from desktop.tasks import DatabaseTasks

WEAK = (("haemoglobin", "101", "g/L"), ("ferritin", "16", "ug/L"), ("transferrin-saturation", "11", "%"))


@pytest.fixture
def begun(server_clinic: Clinic) -> Clinic:
    """A coordinator accepted what the rules propose; Mina and Ruth are clinicians who may sign it."""
    with server_clinic.database.write() as session:
        for user_id, name, role in ((2, "Tess Orme", "coordinator"), (3, "Ruth Abel", "clinician")):
            login, initials = name.split()[0].lower(), "".join(part[0] for part in name.split())
            session.add(
                m.User(
                    id=user_id, name=name, login=login, initials=initials, role=role, created_at=at(TODAY).at
                )
            )
            audit.record(session, at(TODAY), "add-user", "user_account", user_id)
    panel = tuple(result(TODAY - timedelta(days=1), *one) for one in WEAK)
    clinic = server_clinic
    clinic.write(store_results, clinic.patient_id, panel, at(TODAY), clinic.protocol)
    seen = clinic.read(explain, clinic.course_id)
    accept = NewDecision("accept")
    clinic.write(record_decision, seen.assessment_id, seen.version, accept, at(TODAY, 2), clinic.protocol)
    return clinic


@pytest.fixture
def ruth(begun: Clinic, tmp_path: Path) -> Iterator[Parts]:
    """Another workstation, with connections of its own."""
    database = Database.open(begun.database.place, KEY)
    tasks = DatabaseTasks(database)
    yield Parts(
        tasks, begun.protocol, Commands(), begun.read(owner, 3), begun.parts.clinic, lambda: at(TODAY, 3),
        Settings(tmp_path / "ruth.ini"), Navigation(),
    )  # fmt: skip
    tasks.wait_idle()
    tasks.close(database.close)


def review(parts: Parts, qtbot: QtBot) -> ReviewPage:
    """Review at one workstation, with what is to be signed in view."""
    page = ReviewPage(parts)
    qtbot.addWidget(page)
    page.resize(1240, 860)
    page.show()
    page.refresh()
    qtbot.waitUntil(lambda: page.sign.words() != "")
    return page


def test_one_signs_and_the_other_is_shown_whose_signature_it_is(
    begun: Clinic, ruth: Parts, qtbot: QtBot
) -> None:
    pages = [review(begun.parts, qtbot), review(ruth, qtbot)]
    for page in pages:
        page.sign.sign()
        page.sign.panel.year.edit.setText("1981")
    for page in pages:
        page.sign.panel.submit()  # both before either has heard of the other
    begun.settle()
    ruth.tasks.wait_idle()
    with begun.database.read() as session:
        signed = session.scalars(
            select(m.Decision).where(m.Decision.to_sign, m.Decision.signed_at.is_not(None))
        ).one()
        signatures = select(func.count()).where(m.AuditRow.action == "sign-decision")
        assert session.execute(signatures).scalar_one() == 1
        name = "Mina Okafor" if signed.signed_by_id == 1 else "Ruth Abel"
    told = [page.sign.conflict.said() for page in pages]
    assert sorted(map(bool, told)) == [False, True], told
    assert f"Changed meanwhile by {name}" in "".join(told)
    for page in pages:
        if page.sign.conflict.said():
            page.sign.conflict.theirs_button.click()
        qtbot.waitUntil(lambda page=page: page.list.ids() == [])
    assert begun.read(to_sign, TODAY) == ()
