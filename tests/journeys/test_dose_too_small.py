"""The main job from the first start to a repeat course: referral, infusions, repeat bloods, why, decision, letters.

One patient, a new clinic, seven weeks, keys only. Set REPLETE_SHOTS to a folder to keep the picture of each step.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from journey import Journey
from paper_words import text_of
from PySide6.QtCore import QLocale

from db import accounts
from db.opening import open_clinic
from db.operations import NewUser
from db.queries.assessments import to_review
from db.queries.letters import archived
from db.queries.patients import CourseRow, search
from db.queries.worklist import open_steps
from db.stamp import Stamp
from desktop.widgets.recovery_key import RecoveryKeyPanel
from desktop.wording.dates import short_date
from desktop.wording.numbers import number

REFERRED = date(2026, 2, 2)
FIRST, SECOND = date(2026, 2, 2), date(2026, 2, 9)
CORRECTED = date(2026, 2, 10)
BLOODS = date(2026, 3, 19)
RESULTS = date(2026, 3, 20)
PASSWORD = "seven grey herons"


def course(j: Journey, patient_id: int) -> CourseRow:
    """The newest course of the patient."""
    return j.patient(patient_id).courses[-1]


def booked(j: Journey, patient_id: int, last: date) -> None:
    """The repeat bloods are booked for day 35 after the last infusion, and the one open step says so."""
    held = course(j, patient_id)
    assert held.last_infusion == last
    assert held.window is not None
    assert (held.window.opens, held.window.closes) == (last + timedelta(28), last + timedelta(42))
    assert held.lab_booked_for == last + timedelta(35)
    assert held.lab_booked_for.weekday() < 5
    steps = [step for step in j.read(open_steps, j.days.today) if step.patient_id == patient_id]
    assert [step.action for step in steps] == ["repeat-labs"]
    assert steps[0].due == held.lab_booked_for


def set_up(j: Journey) -> None:
    """The first start: a clinic that measures haemoglobin in g/dL, its administrator, the recovery key."""
    j.first_run(j.folder / "clinic.replete")
    j.fill(Name_of_the_clinic="Hillcrest Iron Clinic", Phone_for_patients="0117 496 0000")
    j.go("Haemoglobin in")
    j.press("Down")
    j.go("Phosphate in")
    j.press("Down")
    j.fill(Your_name="Ada Stone", Name_to_log_in_with="ada", Password=PASSWORD, Password_again=PASSWORD)
    j.shot("first-run")
    j.press("Return")
    j.wait(lambda: j.sees("Keep this recovery key"), "the recovery key")
    j.shot("recovery-key")
    type_back_the_key(j)
    j.press("Return")
    j.arrived()
    j.step("set-up")


def type_back_the_key(j: Journey) -> None:
    """The group of the recovery key that is asked for, from the copy on paper."""
    panel = j.program.start_window.findChild(RecoveryKeyPanel)
    assert panel is not None
    asked = re.search(j.say("Type group {number} of your copy", number=r"(\d)"), j.seen())
    key = re.search(r"(?:[A-Z2-9]{5}-){5}[A-Z2-9]{5}", panel.key.accessibleName())
    assert asked is not None
    assert key is not None
    j.type(key[0].split("-")[int(asked[1]) - 1])
    assert panel.is_kept()


def begin_work(j: Journey) -> None:
    """The administrator has added a clinician, who begins with an empty day."""
    path = j.folder / "clinic.replete"
    database, _ = open_clinic(path, "ada", PASSWORD)
    at = datetime.combine(REFERRED, time(9), UTC)
    accounts.add_user(database, NewUser("Nora Vale", "nora", "clinician"), PASSWORD, Stamp(1, at, REFERRED))
    database.close()
    j.open(path, "nora", PASSWORD)
    j.step("empty-today")


def register(j: Journey) -> int:
    """The referral with its baseline bloods in g/dL; the need and the split are on the page before it is saved."""
    j.press("Ctrl+N")
    assert j.on("Surname")
    j.fill(Surname="Marlow", Given_name="Irena", Date_of_birth="3.5.1981")
    j.choose("Sex", "female")
    j.fill(Weight="78", Phone="07700 900 321", Address="4 Orchard Row, Bristol, BS6 5QA")
    j.fill(Collected="30.1.2026", Laboratory="Northgate Path.")
    j.fill(Haemoglobin="8.8", Ferritin="6", TSAT="7", CRP="2")
    j.press("Tab")
    j.shot("referral")
    point = QLocale().decimalPoint()
    assert f"78 kg × (15{point}0 − 8{point}8 g/dL) × 2{point}4 + 500 mg" in j.seen()
    j.press("Ctrl+S")
    assert j.window.current_page() == "patient", j.seen()
    j.step("booked")
    (hit,) = j.read(search, "Marlow")
    return int(hit.patient_id)


def infuse(j: Journey, who: int) -> None:
    """400 of 1,000 mg because the drip came out, then 200 of 700 mg because of a reaction: the course ends short."""
    j.press("Ctrl+3")
    assert "MARLOW, Irena" in j.seen()
    j.fill(Dose_really_given="400", Batch="F2207-11", Expiry="31.12.2026", Started="1005", Ended="1022")
    j.go("Stopped early")
    j.press("Space", "Alt+N")
    j.shot("first-infusion")
    j.press("Ctrl+Return")
    assert course(j, who).given_mg == 400, j.seen()
    j.step("first-given")

    j.day(SECOND)
    j.press("Ctrl+3")
    j.fill(Dose_really_given="200", Batch="F2207-11", Expiry="31.12.2026", Started="1005", Ended="1012")
    j.go("Stopped early")
    j.press("Space")
    j.go("Reaction")
    j.press("Down")
    j.go("Note on the reaction")
    j.type("flushed, itching, better after ten minutes")
    j.press("Alt+N")
    j.shot("second-infusion")
    j.press("Ctrl+Return")
    assert course(j, who).given_mg == 600, j.seen()
    booked(j, who, SECOND)
    j.step("second-given")


def correct(j: Journey, who: int) -> None:
    """The second infusion was a day later: the repeat bloods move with it, and the old entry stays in the record."""
    j.day(CORRECTED)
    j.find("marl")
    j.go("Infusions")
    j.press("Up*3", "E")
    j.go("Given on", back=True)
    j.over("10.2.2026")
    j.press("Return")
    assert j.sees("Say why, in a few words.")
    j.go("Why")
    j.type("given on Tuesday")
    j.shot("correction")
    j.press("Return")
    booked(j, who, CORRECTED)
    states = sorted(infusion.state for infusion in course(j, who).infusions)
    assert states == ["given", "given", "superseded"]
    j.step("corrected")


def type_results(j: Journey, who: int) -> None:
    """Repeat bloods on day 38: an impossible value is refused, an unlikely one questioned, nothing typed is lost."""
    j.day(RESULTS)
    j.find("marl")
    j.press("N")
    j.fill(Collected_on="19.3.2026", Laboratory="Northgate Path.", Haemoglobin="104")
    j.press("Return")
    j.shot("impossible-value")
    assert "104 g/dL" in j.seen()
    j.press("Ctrl+Return")
    assert not [r for r in j.patient(who).results if r.collected == BLOODS], "an impossible value was stored"
    assert j.on("Haemoglobin")
    assert j.focus().property("text") == "104", "what was typed is gone"
    j.over("10.4")
    j.fill(Ferritin="4800")
    j.press("Return")
    j.shot("unlikely-value")
    assert "4800" in j.seen()
    j.fill(Ferritin="16", TSAT="11", CRP="2", Phosphate="3.2")
    j.shot("results")
    j.press("Ctrl+Return")
    view = j.why(course(j, who).course_id)
    assert str(view.assessment.outcome) == "inadequate-dose", view.assessment
    page = j.patient(who)
    assert page.open_step is not None
    assert page.open_step.action == "review-results"
    assert [step.course_id for step in j.read(to_review, j.days.today)] == [view.course_id]
    j.step("assessed")


def read_why(j: Journey, who: int) -> None:
    """The card says it in one sentence, and gives each figure with its day, cut-off and source."""
    j.press("W")
    assert j.window.current_page() == "why"
    assert j.sees("Only a third of the iron {who} needed was given.", who=j.say("she"))
    values = j.card()
    lines = {line.label: line for line in values.findings}
    day = short_date(BLOODS, RESULTS)
    given = lines[j.say("Given was {share} of the need", share="36 %")]
    assert given.value == j.say("{given} of {need} mg", given="600", need=number(1661))
    assert given.cut_off == j.say("below {limit}", limit="80 %")
    stores = lines[j.say("Stores are still empty")]
    assert (stores.value, stores.day) == ("16 µg/L", day)
    assert stores.cut_off.endswith(j.say("below {limit}", limit="50 µg/L"))
    carried = lines[j.say("Too little iron is carried")]
    assert (carried.value, carried.day) == ("11 %", day)
    assert carried.cut_off == f"{j.say('TSAT')} " + j.say("below {limit}", limit="20 %")
    assert all(line.source for line in values.findings)
    j.step("why")


def accept(j: Journey, who: int) -> None:
    """Accepting ends the course and drafts the next with the dose still owed; the plan page opens on it."""
    owed = j.why(course(j, who).course_id).assessment.dose.owed_mg
    assert owed is not None
    j.press("Ctrl+Return")
    first, repeat = j.patient(who).courses
    assert (first.status, first.end_reason) == ("ended", "repeat-course")
    assert (repeat.ordinal, repeat.status, repeat.drafted_mg) == (2, "referred", owed)
    j.step("accepted")

    assert j.window.current_page() == "patient"
    j.press("P")
    assert j.window.current_page() == "plan"
    assert j.sees("Still owed")
    j.step("repeat-plan")
    j.press("Ctrl+S")
    repeat = course(j, who)
    assert repeat.status == "planned"
    assert repeat.planned_mg is not None
    assert repeat.planned_mg >= owed
    assert j.window.current_page() == "patient"
    j.step("repeat-booked")


def print_letters(j: Journey, who: int) -> None:
    """Both letters of the decision: seen as they will be, saved as PDF, and archived byte for byte the same."""
    j.press("Ctrl+P")
    assert j.window.current_page() == "letters"
    for kind, title, words in (
        ("patient-results", "Results in plain words, patient", "You need some more iron."),
        ("repeat-infusion", "Repeat infusion, patient", "We have planned another iron drip for you."),
    ):
        j.until("Down", lambda title=title: j.sees(title))
        j.pages_drawn()
        j.shot(kind)
        j.press("Ctrl+S")
        letter = next(one for one in j.patient(who).letters if one.kind == kind)
        kept = j.read(archived, letter.letter_id)
        saved = j.folder / f"{letter.reference}.pdf"
        assert saved.read_bytes() == kept.pdf
        assert hashlib.sha256(kept.pdf).hexdigest() == letter.sha256
        assert "Irena Marlow" in text_of(kept.pdf)
        assert words in text_of(kept.pdf)
        assert letter.state == "printed"
        j.holds()
        j.press("Home")


def test_from_the_referral_to_the_repeat_course(journey: Callable[[str, date], Journey]) -> None:
    first = journey("first-run", REFERRED)
    set_up(first)
    first.close()
    j = journey("dose", REFERRED)
    begin_work(j)
    who = register(j)
    infuse(j, who)
    correct(j, who)
    type_results(j, who)
    read_why(j, who)
    accept(j, who)
    print_letters(j, who)
