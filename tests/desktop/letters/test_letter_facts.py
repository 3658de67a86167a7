"""What the record holds reaches the letters: the pregnancy, the referrer, the search for a cause, who decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from one_clinic import TODAY, Clinic
from patient_keys import work_up

from db.queries.letters import LetterSource, source
from db.queries.people import Person
from desktop.letters.compose import compose, letter_facts, offers
from desktop.letters.drawing import Composed, draw_with_besides
from desktop.wording.indications import indications
from reports.facts import LetterFacts
from reports.wording import load_wording

FAR = Person(7, "Dr Rowan Tate", "GP", None, ())
NEAR = Person(7, "Dr Rowan Tate", "GP", None, ("8 Market Row", "Northgate"))


def found(clinic: Clinic) -> LetterSource:
    made = clinic.read(source, clinic.course_id)
    assert isinstance(made, LetterSource)
    return made


def facts(clinic: Clinic, kind: str, source: LetterSource, today: date = TODAY) -> LetterFacts:
    offer = next(one for one in offers(source, today) if one.kind == kind)
    return letter_facts(offer, source, clinic.parts.user, today, clinic.protocol)


def said(clinic: Clinic, kind: str, source: LetterSource, today: date = TODAY) -> str:
    to = "gynaecology" if kind == "referral" else ""
    return " ".join(
        compose(source, kind, today, clinic.parts.user, clinic.protocol, refer_to=to).text.split()
    )


@pytest.mark.parametrize(("stated", "weeks"), [(Decimal(26), 28), (Decimal("26.9"), 28), (Decimal(41), None)])
def test_weeks_of_a_pregnancy_are_those_of_the_day_of_the_letter(
    decided: Clinic, stated: Decimal, weeks: int | None
) -> None:
    made = found(decided)
    stated_on = TODAY - timedelta(days=14)
    banner = replace(made.banner, pregnancy_weeks=stated, pregnancy_on=stated_on)
    assert facts(decided, "referral", replace(made, banner=banner)).patient.pregnancy_weeks == weeks
    if weeks is not None:
        assert f"Pregnancy: {weeks} weeks" in said(decided, "referral", replace(made, banner=banner))


def test_a_letter_to_a_doctor_names_who_referred_the_patient(decided: Clinic) -> None:
    sent_by = replace(NEAR, name="Dr Imogen Farrow")
    made = replace(found(decided), referrer=sent_by, gp=NEAR)
    assert "Referred by: Dr Imogen Farrow" in said(decided, "referral", made)
    assert "Referred by: Dr Imogen Farrow" in said(decided, "result-and-plan", made)


def test_a_letter_to_a_doctor_says_what_was_done_to_find_the_cause(one_clinic: Clinic) -> None:
    work_up(one_clinic)
    made = found(one_clinic)
    first, second, *others = made.work_up
    items = (
        replace(first, state="resulted", note="nothing found"),
        replace(second, state="ordered", note="ask Ms Lind about the form"),
        *others,
    )
    searched = replace(made, work_up=items, gp=NEAR)
    refer = replace(made.decided[0], action="refer", detail={"to": "gynaecology"})
    searched = replace(searched, decided=(*made.decided, refer))
    for kind in ("referral", "result-and-plan"):
        words = said(one_clinic, kind, searched)
        assert "Work-up so far" in words
        assert "result: nothing found" in words
        assert "Ordered: " in words
        assert "Planned: " in words
        assert "Ms Lind" not in words, "what is noted on the way is the clinic's own"


def test_only_who_gets_a_copy_is_named(decided: Clinic) -> None:
    """A doctor without an address gets none, and the patient has a letter of their own."""
    made = found(decided)
    for gp, names in ((FAR, ()), (NEAR, ("Dr Rowan Tate",))):
        known = replace(made, gp=gp, referrer=gp)
        assert facts(decided, "patient-results", known).copies == names
        assert facts(decided, "referral", known).copies == names
        assert facts(decided, "result-and-plan", known).copies == ()


def test_the_gp_is_told_of_a_referral_and_the_referrer_of_the_result(decided: Clinic) -> None:
    """Each copy that a letter to a doctor names is drawn with it, to the address of whoever gets it."""
    sent_by = Person(8, "Dr Imogen Farrow", "cardiology", None, ("Riverside Hospital", "Alderport"))
    known = replace(found(decided), gp=NEAR, referrer=sent_by, language="fr")
    for kind, name, line in (
        ("referral", "Dr Rowan Tate", "8 Market Row"),
        ("result-and-plan", "Dr Imogen Farrow", "Riverside Hospital"),
    ):
        offer = next(one for one in offers(known, TODAY) if one.kind == kind)
        made = draw_with_besides(offer, known, decided.parts.user, TODAY, decided.protocol)
        assert isinstance(made, Composed)
        [copy] = made.besides
        assert f"Copies to: {name}" in made.drawn.text
        assert copy.recipient["name"] == name
        assert copy.recipient["language"] == "en", "a doctor is written to in the doctors' language"
        assert line in copy.drawn.text
        assert "Copy for information" in copy.drawn.text


def test_a_letter_to_a_doctor_names_who_decided(decided: Clinic) -> None:
    made = replace(found(decided), gp=NEAR)
    assert made.explain is not None
    by = made.explain.decided_by
    assert by
    words = said(decided, "result-and-plan", made)
    assert f"decided by {by}." in words
    assert "reviewed by the signatory" not in words
    unsigned = replace(made, explain=replace(made.explain, decision_to_sign=True))
    assert "A clinician has yet to sign this decision." in said(decided, "result-and-plan", unsigned)
    assert "has yet to sign this decision" not in words


def test_haemoglobin_and_stores_stand_before_the_rest(decided: Clinic) -> None:
    order = list(
        dict.fromkeys(row.analyte for row in facts(decided, "patient-results", found(decided)).results)
    )
    known = list(decided.protocol.analytes.by_name)
    assert order == sorted(order, key=known.index)
    assert order[0] == "haemoglobin"


def test_a_day_that_is_over_is_asked_for_as_soon_as_possible(decided: Clinic) -> None:
    """A letter written late, or read after the post took its days, names no day that cannot be kept."""
    made = replace(found(decided), gp=NEAR)
    late = max(step.due for step in made.decided) + timedelta(days=3)
    steps = tuple(replace(step, action="repeat-labs") for step in made.decided[:1])
    words = said(decided, "patient-results", replace(made, decided=steps), late)
    assert "Have another blood test as soon as you can." in words
    words = said(decided, "result-and-plan", replace(made, decided=steps), late)
    assert "Repeat the blood tests as soon as possible" in words


def test_an_infusion_day_that_is_over_is_not_named(decided: Clinic) -> None:
    made = replace(found(decided), gp=NEAR)
    steps = tuple(replace(step, action="repeat-infusion") for step in made.decided[:1])
    gone, coming = TODAY - timedelta(days=2), TODAY + timedelta(days=5)
    known = replace(made, decided=steps, planned=((gone, Decimal(1000)), (coming, Decimal(500))))
    [step] = facts(decided, "patient-results", known).steps
    assert (step.due, step.detail["dose_mg"]) == (coming, Decimal(500))
    over = replace(known, planned=((gone, Decimal(1000)),))
    [step] = facts(decided, "patient-results", over).steps
    assert "booked" not in step.detail


def test_an_appointment_after_its_window_asks_for_the_next_days(one_clinic: Clinic) -> None:
    made = found(one_clinic)
    assert made.lab_closes is not None
    words = said(one_clinic, "patient-appointment", made, made.lab_closes + timedelta(days=3))
    assert "Have your blood test in the next seven days." in words


def test_every_indication_that_is_offered_has_its_words_on_paper() -> None:
    wording = load_wording("en", "referral")
    assert [code for code, _name in indications() if not wording.has(f"indication.{code}")] == []


@pytest.mark.parametrize("kind", ["patient-results", "patient-appointment", "reminder-1", "not-reached"])
def test_a_clinic_without_a_telephone_asks_nobody_to_phone_it(decided: Clinic, kind: str) -> None:
    made = found(decided)
    booked = replace(made, lab_booked_for=TODAY, lab_opens=TODAY, lab_closes=TODAY - timedelta(days=1))
    words = said(decided, kind, booked)
    assert "phone us on" not in words.lower()
    assert "Questions Yours" not in words, "no heading stands alone"
