"""The form for the laboratory goes into the envelope of the appointment, in a pile and alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from one_clinic import Clinic, at
from pdf_words import words_of

from db import audit
from db.changes import Changes
from db.lab_forms import ELECTRONIC, keep_lab_forms
from db.stamp import Stamp
from desktop.letters.batch import load_rows, prepare
from desktop.letters.drawing import Composed, draw_with_besides
from desktop.letters.loading import CourseLetters, load_course, load_due

BOOKED = date(2026, 2, 3)
"""A day on which the tests are booked."""
KINDS = ["patient-appointment", "lab-request"]


def test_in_a_pile_it_lies_behind_its_letter(one_clinic: Clinic) -> None:
    rows = [row for row in one_clinic.read(load_due, BOOKED).rows if row.kind == "patient-appointment"]
    loaded = one_clinic.read(load_rows, [replace(row, blocked=None) for row in rows], BOOKED)
    [(row, found)] = loaded.rows
    assert isinstance(found, CourseLetters)
    towns = (("1 High Street", "Zeal"), ("2 Low Street", "Alford"))
    several = tuple((row, replace(found, source=replace(found.source, address_lines=town))) for town in towns)
    pile = replace(loaded, rows=several)
    made = prepare(pile, one_clinic.parts.user, BOOKED, one_clinic.protocol, lambda *_: None)
    assert [one.drawn.kind for one in made.letters] == KINDS * 2
    assert [one.enclosed_in for one in made.letters] == [
        "", made.letters[0].letter_id, "", made.letters[2].letter_id
    ]  # fmt: skip
    assert made.letters[0].recipient["address_lines"] == ["2 Low Street", "Alford"]
    assert made.letters[1].recipient["name"] == "Laboratory"


def test_printed_alone_it_brings_the_form(one_clinic: Clinic) -> None:
    found = one_clinic.read(load_course, one_clinic.course_id, BOOKED)
    offer = next(one for one in found.offers if one.kind == "patient-appointment")
    made = draw_with_besides(offer, found.source, one_clinic.parts.user, BOOKED, one_clinic.protocol)
    assert isinstance(made, Composed)
    assert [one.drawn.kind for one in made.letters] == KINDS
    assert len({one.letter_id for one in made.letters}) == len(KINDS)


def order_electronically(session: Any, stamp: Stamp) -> Changes:
    """As an administrator does in Settings."""
    keep_lab_forms(session, ELECTRONIC, stamp.at, stamp.user_id)
    audit.record(session, stamp, "change-settings", "clinic", 1, None, {"fields": ["lab_forms"]})
    return Changes(frozenset({"settings"}))


def test_where_the_laboratory_is_told_electronically_no_form_goes_out(one_clinic: Clinic) -> None:
    one_clinic.write(order_electronically, at(BOOKED))
    found = one_clinic.read(load_course, one_clinic.course_id, BOOKED)
    offers = {one.kind: one for one in found.offers}
    user, protocol = one_clinic.parts.user, one_clinic.protocol
    made = draw_with_besides(offers["patient-appointment"], found.source, user, BOOKED, protocol)
    assert isinstance(made, Composed)
    assert [one.drawn.kind for one in made.letters] == ["patient-appointment"]
    text = words_of(made.drawn.pdf)
    assert "The laboratory already knows which tests you need." in text
    assert "form" not in text
    assert "No form goes with it" in offers["patient-appointment"].note
    assert offers["lab-request"].note.startswith("Ordered electronically")
    alone = draw_with_besides(offers["lab-request"], found.source, user, BOOKED, protocol)
    assert isinstance(alone, Composed)


def test_no_other_letter_brings_one(decided: Clinic) -> None:
    found = decided.read(load_course, decided.course_id, BOOKED)
    offer = next(one for one in found.offers if one.kind == "patient-results")
    made = draw_with_besides(offer, found.source_of(offer), decided.parts.user, BOOKED, decided.protocol)
    assert isinstance(made, Composed)
    assert all(one.drawn.kind == "patient-results" for one in made.letters)
