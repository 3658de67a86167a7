"""The list to sign on the Review page: what a coordinator began, one key, and what changed meanwhile."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import pytest
from one_clinic import TODAY, Clinic, at, result
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from db import audit
from db import models as m
from db.operations.decisions import NewDecision, record_decision
from db.operations.results import correct_result, store_results
from db.queries.assessments import explain
from db.queries.sign_offs import to_sign
from desktop.review.page import ReviewPage

INDEX = TODAY - timedelta(days=1)


@pytest.fixture
def begun(one_clinic: Clinic) -> Clinic:
    """A coordinator accepted what the rules propose."""
    with one_clinic.database.write() as session:
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
    values = (
        result(INDEX, "haemoglobin", "101", "g/L"),
        result(INDEX, "ferritin", "16", "ug/L"),
        result(INDEX, "transferrin-saturation", "11", "%"),
        result(INDEX, "crp", "2", "mg/L"),
    )
    one_clinic.write(store_results, one_clinic.patient_id, values, at(TODAY), one_clinic.protocol)
    view = one_clinic.read(explain, 1)
    one_clinic.write(
        record_decision,
        view.assessment_id,
        view.version,
        NewDecision("accept"),
        at(TODAY, 2),
        one_clinic.protocol,
    )
    return one_clinic


@pytest.fixture
def review(begun: Clinic, qtbot: QtBot) -> ReviewPage:
    """The page as the clinician sees it."""
    made = ReviewPage(begun.parts)
    qtbot.addWidget(made)
    made.resize(1240, 860)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.refresh()
    made.first_focus().setFocus()
    qtbot.waitUntil(lambda: made.list.ids() != [])
    begun.settle()
    return made


def test_what_was_begun_is_listed_and_signed_by_one_key(
    review: ReviewPage, begun: Clinic, qtbot: QtBot
) -> None:
    [one] = begun.read(to_sign, TODAY)
    assert review.list.ids() == [-(2 * one.id + 1)]
    row = review.list.row(review.list.ids()[0])
    assert row is not None
    assert row.name == "Whitfield, Clare"
    assert row.why == "begun by Tess Orme"
    if shots := os.environ.get("REPLETE_SHOTS"):
        review.grab().save(str(Path(shots) / "review-to-sign.png"))
    qtbot.keyClick(review.list, Qt.Key.Key_S)
    begun.settle()
    qtbot.waitUntil(lambda: review.list.ids() == [])
    assert begun.read(to_sign, TODAY) == ()
    assert begun.said[-1].startswith("Signed: Whitfield")
    assert not begun.parts.commands.action("review.sign").isEnabled()


def test_nothing_is_signed_that_changed_under_the_screen(
    review: ReviewPage, begun: Clinic, qtbot: QtBot
) -> None:
    """Another workstation corrects the value the decision rests on; this one has not heard of it yet."""
    with begun.database.read() as session:
        found = session.query(m.LabResult).filter_by(analyte="haemoglobin", collected_on=INDEX).one()
        result_id = found.id
    begun.write(
        correct_result,
        result_id,
        result(INDEX, "haemoglobin", "131", "g/L"),
        "misread",
        at(TODAY),
        begun.protocol,
    )
    review.sign.sign()
    begun.settle()
    assert "Nothing was saved" in review.sign.problem()
    with begun.database.read() as session:
        assert (
            session.query(m.Decision).filter(m.Decision.to_sign, m.Decision.signed_at.is_not(None)).count()
            == 0
        )
