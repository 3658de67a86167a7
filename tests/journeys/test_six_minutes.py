"""The promise to a coordinator who has never seen it: from the referral to both letters in six minutes, keys only.

Two hundred and twenty key strokes at a beginner's pace of two a second are two minutes; the rest is for reading.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from journey import SAMPLE_DAY, Journey
from manner import BOTH, called

from db.queries.letters import archived
from db.queries.patients import search

MOST_KEYS = 220


@pytest.mark.parametrize("manner", BOTH, ids=called)
def test_both_letters_in_fewer_than_220_keys(journey: Callable[..., Journey], sample_copy: Path) -> None:
    j = journey("six", SAMPLE_DAY)
    j.open(sample_copy, "mina", "sample-mina")
    j.keys = 0
    spent: dict[str, int] = {}

    j.press("Ctrl+N")
    j.fill(Surname="Ash", Given_name="Eve", Date_of_birth="4.6.81")
    j.choose("Sex", "female")
    j.fill(Weight="65", Address="1 Elm St, Hove")
    j.go("General practitioner")
    j.press("Down")
    j.fill(Collected="-1", Haemoglobin="88", Ferritin="6")
    j.press("Ctrl+S")
    spent["referral"] = j.keys
    assert j.window.current_page() == "patient", j.seen()
    (hit,) = j.read(search, "Ash, Eve")
    who = hit.patient_id
    visits = [visit.on for visit in j.patient(who).visits]
    assert len(visits) == 2
    j.step("booked")

    for number, day in enumerate(visits, start=1):
        j.day(day)
        j.press("Ctrl+3")
        j.until("Down", lambda: "ASH, Eve" in j.seen())
        j.fill(Dose_really_given="250", Batch="B1")
        j.press("Alt+N", "Ctrl+Return")
        assert len(j.patient(who).courses[0].infusions) == number, j.seen()
    spent["infusions"] = j.keys
    j.step("given")

    j.day(visits[-1] + timedelta(35))
    j.find("ash")
    j.press("N")
    j.fill(Collected_on="+0", Haemoglobin="101", Ferritin="16", TSAT="11", CRP="2", Phosphate="1")
    j.press("Ctrl+Return")
    spent["results"] = j.keys
    assert j.sees("Dose too small"), j.seen()
    j.step("results")

    j.press("W")
    j.step("why")
    j.press("Ctrl+Return", "Ctrl+P")
    spent["decision"] = j.keys
    j.press("Ctrl+S", "Home")
    j.until("Down", lambda: j.sees("Result and plan, GP"))
    j.press("Ctrl+S")
    letters = j.patient(who).letters
    assert {letter.kind for letter in letters} == {"patient-results", "result-and-plan"}
    for letter in letters:
        assert (j.folder / f"{letter.reference}.pdf").read_bytes() == j.read(archived, letter.letter_id).pdf
    spent["letters"] = j.keys
    j.step("letters")
    assert j.keys < MOST_KEYS, spent
    print(spent)
