"""A protocol of the clinic's own: taken in as a draft, tried dry, signed by a second person, and then worked by."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from other_protocol import another_text
from PySide6.QtCore import QLocale, Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from sqlalchemy import select

from clinical.protocol import load_protocol
from db import invariants
from db import models as m
from db import operations as ops
from db.changes import Changes
from db.errors import KnownError
from db.operations.protocols import draft_protocol, make_protocol_live
from db.queries.assessments import explain
from db.queries.protocols import OwnProtocol, parsed
from db.stamp import Stamp
from desktop.cli.which_protocol import clinic_protocol
from desktop.language import speak
from desktop.protocol_watch import warning
from desktop.settings_page.protocol import ProtocolSection
from desktop.widgets.explain_card.notice import Notice

Grab = Callable[[QWidget, str], Path]
Start = Callable[[str], Any]


def section_of(running: Any) -> ProtocolSection:
    running.show("protocol")
    made = running.page.sections["protocol"]
    assert isinstance(made, ProtocolSection)
    running.settle()
    return made


def press(running: Any, button: QWidget) -> None:
    """Press a button from the keyboard."""
    button.setFocus(Qt.FocusReason.TabFocusReason)
    running.press(Qt.Key.Key_Space)


def treated(running: Any) -> tuple[int, int]:
    """Haemoglobin 84 before and 100 g/L after 1000 mg: a rise of 16, less than the 20 that are wanted."""
    today = running.clock(2).today
    protocol = load_protocol()

    def on(days: int) -> Any:
        return today - timedelta(days=days)

    def by(days: int) -> Stamp:
        return Stamp(4, running.at - timedelta(days=days), on(days))

    def value(days: int, analyte: str, number: str, unit: str) -> ops.NewResult:
        return ops.NewResult(on(days), analyte, Decimal(number), unit)

    details = ops.PatientDetails("Marsh", "Ines", on(365 * 45), "female", (("clinic-number", "R-1"),))
    picture = ops.ClinicalPicture(Decimal(70), Decimal(165))
    before = (value(60, "haemoglobin", "84", "g/L"), value(60, "ferritin", "8", "ug/L"))
    referral = ops.NewReferral(details, picture, on(60), 2, "iron-deficiency-anaemia", results=before)
    database = running.clinic.database
    with database.write() as session:
        made = ops.register_referral(session, referral, by(60), protocol)
    assert made.course_id is not None
    assert made.patient_id is not None
    days = ((on(53), Decimal(500)), (on(46), Decimal(500)))
    plan = ops.CoursePlan(
        "ferric-carboxymaltose", "eu", "ganzoni", Decimal(1609), Decimal(1000), days
    )  # fmt: skip
    with database.write() as session:
        version = session.get_one(m.Course, made.course_id).version
        ops.plan_course(session, made.course_id, plan, version, by(59), protocol)
    for given in (53, 46):
        with database.write() as session:
            version = session.get_one(m.Course, made.course_id).version
            dose = ops.NewInfusion(made.course_id, on(given), Decimal(500))
            ops.record_infusion(session, dose, by(given), protocol, version)
    return made.patient_id, made.course_id


def panel(running: Any, hb: str = "101") -> tuple[ops.NewResult, ...]:
    today = running.clock(2).today
    return tuple(
        ops.NewResult(today, analyte, Decimal(number), unit)
        for analyte, number, unit in (
            ("haemoglobin", hb, "g/L"), ("ferritin", "40", "ug/L"), ("transferrin-saturation", "18", "%"),
            ("crp", "2", "mg/L"), ("phosphate", "1.1", "mmol/L"),
        )
    )  # fmt: skip


def shown_back(running: Any) -> str:
    """What Review says above the card of the answer on show."""
    (notice,) = (one for one in running.window.page("review").findChildren(Notice) if one.isVisible())
    return str(notice.text())


def store(running: Any, patient_id: int) -> list[KnownError]:
    """Today's panel, saved in this window; what was refused."""
    refused: list[KnownError] = []
    parts = running.page._parts
    parts.tasks.write(
        ops.store_results, patient_id, panel(running), parts.clock(), parts.protocol, failed=refused.append
    )
    running.settle()
    return refused


def test_draft_dry_run_second_person_live(
    start: Start, tmp_path: Path, grab: Grab, monkeypatch: pytest.MonkeyPatch
) -> None:
    nora = start("nora")
    patient_id, course_id = treated(nora)
    assert store(nora, patient_id)[0].code == "not-your-role"
    with nora.clinic.database.write() as session:
        ops.store_results(session, patient_id, panel(nora, "100"), nora.clock(4), load_protocol())
    with nora.clinic.database.write() as session:
        seen = explain(session, course_id)
        assert seen is not None
        aside = ops.NewDecision("not-appropriate", (), "treated elsewhere")
        ops.record_decision(session, seen.assessment_id, seen.version, aside, nora.clock(4), load_protocol())
    file = tmp_path / "ours.toml"
    file.write_text(another_text("ours 1", response__adequate_rise=("20", "12")), encoding="utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    section = section_of(nora)
    assert "no clinician of this clinic has signed" in section.now.text()
    press(nora, section.draft_button)
    nora.settle()
    assert section._current().label == "replete ours 1"
    press(nora, section.try_button)
    assert section.dry_run.settle()
    nora.settle()
    assert section.dry_run.summary.text().endswith("1 more: Responded · 1 fewer: Ongoing loss")
    assert "Looked at again once it is live: 1 judged not appropriate" in section.dry_run.summary.text()
    assert section.dry_run.table.model().index(0, 0).data() == "Marsh, Ines"
    assert not section.sign_button.isEnabled()
    assert "clinician" in section.sign_button.toolTip().lower()
    grab(nora.window, "settings-protocol-dry-run")
    section.dry_run.table.select(course_id)
    section.dry_run.table.setFocus()
    nora.press(Qt.Key.Key_Return)
    nora.settle()
    assert nora.window.current_page() == "patient"

    ann = start("ann")
    section = section_of(ann)
    assert not section.sign_button.isEnabled()
    assert "dry run" in section.sign_button.toolTip()
    press(ann, section.try_button)
    assert section.dry_run.settle()
    ann.settle()
    section.sign_button.setFocus(Qt.FocusReason.TabFocusReason)

    def confirm() -> None:
        dialog = QApplication.activeModalWidget()
        assert dialog is not None
        ann.wait_active(dialog)
        dialog.act.click()  # type: ignore[attr-defined]

    QTimer.singleShot(0, confirm)
    ann.press(Qt.Key.Key_Space)
    ann.settle()
    catching_up = ann.page.sections["protocol"].tools.catching_up
    assert catching_up.settle()
    ann.settle()
    assert not section.reading.isVisible()
    assert "1 say something else and wait in Review" in ann.window.foot.said()
    assert "signed by Dr Ann Rao" in section.now.text()
    assert section.again.isVisible()
    assert store(ann, patient_id)[0].code == "protocol-retired"

    ann = start("ann")
    assert ann.page._parts.protocol.label == "replete ours 1"
    ann.window.show_page("review")
    ann.settle()
    ann.settle()
    back = shown_back(ann)
    assert "the clinic's protocol changed on 12 Feb" in back
    assert "Judged not clinically appropriate by Dr Ann Rao on 12 Feb: treated elsewhere" in back
    grab(ann.window, "review-back-by-a-new-protocol")
    section = section_of(ann)
    assert not section.behind.isVisible()
    assert "brings" in section.newer.text() or not section.newer.isVisible()
    grab(ann.window, "settings-protocol-live")
    with ann.clinic.database.read() as session:
        before = explain(session, course_id)
    assert store(ann, patient_id) == []
    with ann.clinic.database.read() as session:
        after = explain(session, course_id)
        assert [one for one in invariants.check(session, ann.clock(4).today) if not one.ok] == []
        states = dict(session.execute(select(m.ProtocolVersion.label, m.ProtocolVersion.state)).all())
    assert before is not None
    assert after is not None
    assert (seen.protocol_label, before.protocol_label) == (load_protocol().label, "replete ours 1")
    assert before.back is not None
    assert (before.back.code, before.back.was, before.back.reason) == (
        "protocol-changed", "dismissed", "treated elsewhere"
    )  # fmt: skip
    assert (before.state, after.protocol_label) == ("open", "replete ours 1")
    assert states == {load_protocol().label: "retired", "replete ours 1": "live"}


def test_what_is_wrong_with_a_file_is_said_with_its_place(running: Any, tmp_path: Path) -> None:
    section = section_of(running)
    file = tmp_path / "draft.toml"
    for content, words in (
        (another_text("x").replace("adequate_rise", "adequate_raise", 1).encode(), "adequate_rise"),
        (b"\xff\xfe\x00", "not a text"),
        (load_protocol().text.encode(), "already"),
    ):
        file.write_bytes(content)
        section.take_in(file)
        running.settle()
        running.settle()
        assert words in section.problem.text()
    section.take_in(tmp_path / "nowhere.toml")
    running.settle()
    assert "cannot be read" in section.problem.text()
    assert section.table.model().rowCount() == 1


def test_the_live_one_is_saved_and_comes_back_as_a_draft(running: Any, tmp_path: Path) -> None:
    section = section_of(running)
    file = tmp_path / "live.toml"
    section.save_as(file)
    running.settle()
    text = file.read_text(encoding="utf-8")
    assert text == load_protocol().text
    version = f'version = "{load_protocol().version}"'
    file.write_text(text.replace(version, 'version = "mine"'), encoding="utf-8")
    section.take_in(file)
    running.settle()
    running.settle()
    assert section._current().label == "replete mine"
    assert not section.problem.isVisible()


def test_a_nurse_reads_and_a_dry_run_can_be_stopped(as_nurse: Any) -> None:
    section = section_of(as_nurse)
    assert not section.draft_button.isEnabled()
    with as_nurse.clinic.database.write() as session:
        draft_protocol(session, another_text("ours"), as_nurse.clock(1))
    section.refresh()
    as_nurse.settle()
    section.table.select(2)
    assert not section.withdraw_button.isEnabled()
    section.try_button.click()
    section.dry_run.cancel()
    assert section.dry_run.settle()
    as_nurse.settle()
    assert not section.dry_run.isVisible()
    assert not section.dry_run.is_running()


def make_live(running: Any, text: str) -> None:
    """As at another workstation: the administrator drafts it, the clinician signs it."""
    with running.clinic.database.write() as session:
        made = draft_protocol(session, text, running.clock(1)).created_id
    assert made is not None
    with running.clinic.database.write() as session:
        live = session.scalars(select(m.ProtocolVersion.id).where(m.ProtocolVersion.state == "live")).one()
        make_protocol_live(session, made, live, running.clock(4))


def test_a_window_left_behind_is_told_and_commands_go_with_the_clinic(
    as_nurse: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = as_nurse.window
    assert "log out" not in window.foot.said()
    make_live(as_nurse, another_text("ours"))
    as_nurse.program.tasks.changed.emit(Changes(frozenset({"settings"})))
    as_nurse.settle()
    assert "“replete ours”" in window.foot.said()
    section = section_of(as_nurse)
    assert section.again.isVisible()
    assert "older one" not in section.behind.text()
    assert "log out and in again" in section.behind.text()
    named = Namespace(protocol=None)
    assert clinic_protocol(named, as_nurse.clinic.database).label == "replete ours"
    # an update of the program with another protocol leaves the clinic's own live, and says so
    assert not section.newer.isVisible()
    newer = parsed(another_text("2031-01"))
    monkeypatch.setattr("desktop.settings_page.protocol.load_protocol", lambda: newer)
    section.refresh()
    as_nurse.settle()
    assert "“replete 2031-01”" in section.newer.text()
    assert section.newer.isVisible()
    assert "“replete ours”" in section.now.text()
    # one that cannot use the clinic's own says why
    lost = OwnProtocol(9, "replete ours", "0" * 64, None, "protocol: response.adequate_rise: is missing")
    words = warning(lost, as_nurse.page._parts)
    assert "response.adequate_rise: is missing" in words
    assert load_protocol().label in words


SAID_MEANWHILE = {
    "en": "1,200 of 3,000 assessed by both. Nothing is stored.",
    "es": "1200 de 3000 evaluados por ambos. No se guarda nada.",
    "fr": "1\u202f200 sur 3\u202f000 évalués par les deux. Rien n’est enregistré.",
}
COUNTRIES = {"en": "GB", "es": "ES", "fr": "FR"}


@pytest.mark.parametrize("language", SAID_MEANWHILE)
def test_a_dry_run_under_way_stands_in_sight_and_says_how_far_it_is(as_nurse: Any, language: str) -> None:
    section = section_of(as_nurse)
    with as_nurse.clinic.database.write() as session:
        draft_protocol(session, another_text("ours"), as_nurse.clock(1))
    section.refresh()
    as_nurse.settle()
    section.table.select(2)
    as_nurse.page.window().resize(1000, 460)
    panel = section.dry_run
    before = QLocale()
    speak(language)
    QLocale.setDefault(QLocale(f"{language}_{COUNTRIES[language]}"))
    try:
        section.try_button.click()
        panel._progress(1200, 3000, "")
        QApplication.processEvents()
        assert panel.is_running()
        assert panel.summary.text() == SAID_MEANWHILE[language]
        assert (panel.bar.value(), panel.bar.maximum()) == (1200, 3000)
        assert not panel.cancel_button.visibleRegion().isEmpty(), "it stands where somebody sees it"
        panel.cancel_button.click()  # at once: a clinic as small as this one is soon assessed
    finally:
        speak("en")
        QLocale.setDefault(before)
    assert not panel.is_running()
    assert not panel.isVisible()
    assert panel.settle()
