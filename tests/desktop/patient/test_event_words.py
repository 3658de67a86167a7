"""What happened, in words: an infusion by the day it was given, a look told apart from an act."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from db.queries.patient_rows import EventRow
from desktop.patient.event_words import event_when, event_words, is_look

TODAY = date(2026, 3, 20)
ENTERED = datetime(2026, 3, 18, 11, 30, tzinfo=UTC)


def event(kind: str, **values: object) -> EventRow:
    return EventRow(ENTERED, kind, "Mina Okafor", values)


@pytest.mark.parametrize("on", ["2026-03-02", date(2026, 3, 2)])
def test_an_infusion_is_told_by_the_day_it_was_given(on: object) -> None:
    given = event("record-infusion", on=on, dose_mg="1000")
    assert event_words(given) == "Infusion given, 1,000 mg"
    said = event_when(given, TODAY)
    assert said.startswith("2 Mar, entered 18 Mar")
    assert said.endswith("Mina Okafor")


def test_typed_on_its_own_day_the_day_stands_once() -> None:
    said = event_when(event("record-infusion", on="2026-03-18", dose_mg="500"), TODAY)
    assert said.startswith("18 Mar ")
    assert "entered" not in said


def test_the_day_of_another_act_is_the_day_it_was_done() -> None:
    assert "entered" not in event_when(event("end-follow-up", on="2026-03-02", reason="declined"), TODAY)


def test_who_only_looked_is_told_apart() -> None:
    assert is_look(event("view-patient"))
    assert not is_look(event("record-contact", outcome="agreed"))
