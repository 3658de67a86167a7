"""A simulated year of a clinic of a thousand patients: nobody is lost, every promise holds, and alerts stay rare.

The year is one clinic and one file that goes on from test to test, a month in each: a test that stands still is ended
after a quarter of an hour, and a year takes longer on a slow machine. `REPLETE_YEAR` sets how many patients;
`python -m benchmarks.soak` lives through the same year and tells its figures.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from torture_clinic import SCALE, bare, quick_folder

from benchmarks.soak import proving
from benchmarks.soak.alerts import Alerts
from benchmarks.soak.office import FIRST_DAY, KEY
from benchmarks.soak.report import document, month_of
from benchmarks.soak.year import DAYS, Year
from clinical.protocol import Protocol, load_protocol, protocol_from_text
from db import audit
from db.engine import Database

PATIENTS = int(os.environ.get("REPLETE_YEAR", "1000")) * SCALE
MEGABYTES = 200 + PATIENTS // 2
"""What the file, its log and a copy of both may come to."""
USUAL, NARROW = "hard = [15, 250], soft = [40, 190]", "hard = [15, 250], soft = [90, 190]"
"""Haemoglobin values that are not questioned, in the protocol and in one that questions what is common here."""


def lived(place: Path, protocol: Protocol, patients: int, days: int) -> Year:
    """A clinic that some days have passed in."""
    year = Year.begun(place, protocol, patients, days)
    for _ in year.live():
        pass
    return year


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Year:
    """Three weeks of a small clinic, kept open."""
    return lived(tmp_path_factory.mktemp("few"), load_protocol(), 12, 20)


class Lived:
    """The year as far as it has come."""

    def __init__(self, folder: Path) -> None:
        self.year = Year.begun(folder, load_protocol(), PATIENTS)
        self.days = self.year.live()
        self.past = 0

    def go_on(self, month: int) -> None:
        """The days of a month; on each of them the generator asserts what must hold."""
        assert self.past == DAYS * (month - 1) // 12, "the month before was not lived through"
        while self.past < DAYS * month // 12:
            next(self.days)
            self.past += 1


@pytest.fixture(scope="module")
def whole() -> Iterator[Lived]:
    """The clinic that the months pass in."""
    with quick_folder(megabytes=MEGABYTES) as folder:
        living = Lived(folder)
        yield living
        living.year.office.database.close()


@pytest.mark.parametrize("month", range(1, 13))
def test_a_month_passes_and_every_promise_holds_on_every_day(whole: Lived, month: int) -> None:
    whole.go_on(month)
    assert whole.year.office.today == FIRST_DAY + timedelta(days=DAYS * month // 12 - 1)


def test_in_a_year_nobody_is_lost_and_alerts_stay_rare(whole: Lived) -> None:
    assert list(whole.days) == [], "nothing is left of the year, and what must hold at its end was asked"
    year, office = whole.year, whole.year.office
    assert office.today == FIRST_DAY + timedelta(days=DAYS - 1)
    assert office.alerts.over_budget() == []
    assert len(year.people) == PATIENTS
    assert office.crashes >= 5
    assert office.writes > 5 * PATIENTS
    assert len(office.alerts.openings) > 5 * PATIENTS
    assert office.refused.total() * 20 < office.writes, office.refused
    assert "every promise held on every day" in document(year, [month_of(year)], 1)


def test_a_noisy_question_breaks_the_budget(few: Year, place: Path) -> None:
    protocol = load_protocol()
    assert USUAL in protocol.text
    noisy = protocol_from_text(protocol.text.replace(USUAL, NARROW), "noisy")
    year = lived(place, noisy, 12, 20)
    assert few.office.alerts.kinds()["value-questioned"] == 0
    assert year.office.alerts.kinds()["value-questioned"] > 0
    assert any("right values" in one for one in year.office.alerts.over_budget())
    year.office.database.close()


def test_the_budget_is_held_for_the_year_and_each_month() -> None:
    alerts = Alerts()
    for patient in range(400):
        alerts.opened(date(2026, 1 + patient // 200, 5), 4 + patient % 2, patient)
        alerts.opened(date(2026, 1 + patient // 200, 5), 4 + patient % 2, patient)
    assert len(alerts.openings) == 400
    for patient in range(0, 20, 2):
        alerts.interrupted(date(2026, 1, 5), 4, patient, "gate")
    assert alerts.over_budget() == []
    alerts.interrupted(date(2026, 1, 5), 4, 22, "gate")
    assert alerts.over_budget() == ["month 2026-01: 11 interruptions in 200 patient openings"]
    for patient in range(1, 21, 2):
        alerts.interrupted(date(2026, 2, 5), 5, patient, "emergency")
    assert alerts.over_budget()[0] == "the year: 21 interruptions in 400 patient openings"
    quiet = Alerts(values=200, questioned=2)
    assert quiet.over_budget() == []
    assert Alerts(values=200, questioned=3).over_budget() == ["right values: 3 of 200 questioned"]


def test_whoever_was_not_seen_again_is_missed(few: Year) -> None:
    person = next(iter(few.people.values()))
    assert proving.nobody_lost(few.office, few.people.values()) == []
    kept, person.last_iron = person.last_iron, few.office.today + timedelta(days=1)
    try:
        few.office.today += timedelta(days=100)
        found = proving.nobody_lost(few.office, [person])
    finally:
        person.last_iron = kept
        few.office.today -= timedelta(days=100)
    assert found == [
        f"patient {person.patient_id} was never seen again after {few.office.today + timedelta(days=1)}"
    ]


def test_a_step_nobody_works_and_a_patient_without_one_are_missed(few: Year) -> None:
    assert proving.every_day(few.office) == []
    raw = bare(few.office.path)
    try:
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("BEGIN")
        step, course, due = raw.execute(
            "SELECT id, course_id, due FROM next_step WHERE is_open LIMIT 1"
        ).fetchone()
        raw.execute("UPDATE next_step SET due = '2025-01-01' WHERE id = ?", (step,))
        raw.execute("COMMIT")
        assert [one for one in proving.every_day(few.office) if one.endswith("is forgotten")]
        raw.execute("UPDATE next_step SET due = ? WHERE id = ?", (due, step))
        assert proving.every_day(few.office) == []
    finally:
        raw.close()
    assert course


def test_a_write_that_a_crash_lost_is_missed(place: Path) -> None:
    year = lived(place, load_protocol(), 1, 1)
    office = year.office
    office.crash()
    assert office.crashes == 2
    office._head = audit.Head(9_999, audit.FIRST)
    with pytest.raises(AssertionError, match="said to be saved"):
        office.crash()
    office.database.close()
    assert Database.open(place / "year-3.replete", KEY).close() is None
