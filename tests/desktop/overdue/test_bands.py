"""Bands, owners and filters of the overdue list, and the ladder in words: pure values."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from clinical.protocol import load_protocol
from db.queries.patient_rows import ContactRow
from db.queries.worklist_rows import OverdueRow
from desktop.overdue.bands import Choice, band_days, chip_count, counted, matching, owners
from desktop.overdue.rungs import rungs
from desktop.overdue.table import columns, last_contact, table_row
from desktop.widgets.marks import Status

TODAY = date(2026, 2, 12)


def late(days: int, band: str, owner: int = 1, **values: Any) -> OverdueRow:
    """A course so many days after its last infusion."""
    names = {1: "Mina Okafor", 2: "Tomas Nowak"}
    given: dict[str, Any] = {
        "course_id": days, "patient_id": days, "number": f"R-{days}", "surname": "Osei", "given": "Kwame",
        "birth_date": date(1970, 1, 1), "sex": "male", "phone": "07700 900 455",
        "last_infusion": TODAY - timedelta(days=days), "days_since": days, "days_late": days - 42,
        "band": band, "ladder_step": 0, "attempts": 0, "last_contact": None, "action": "chase-labs",
        "due": TODAY, "step_days_late": 0, "owner_id": owner, "owner_name": names[owner], "step_id": days,
        "step_version": 1,
    }  # fmt: skip
    return OverdueRow(**{**given, **values})


ROWS = (
    late(103, "lost", 2), late(88, "lost"), late(79, "late"), late(66, "overdue", 2), late(61, "overdue"),
    late(52, "reminder"),
)  # fmt: skip


def test_the_days_of_the_bands_are_the_protocols() -> None:
    assert list(band_days(load_protocol()).values()) == ["43–56", "57–70", "71–84", "85+"]


def test_cells_and_sums_agree() -> None:
    people, many = owners(ROWS), counted(ROWS)
    assert people[0] == (1, "Mina Okafor")
    for band in ("reminder", "overdue", "late", "lost"):
        assert many[None, band] == sum(many[owner, band] for owner, _ in people)
    assert many[None, None] == len(ROWS)


def test_the_chip_overdue_holds_both_middle_bands() -> None:
    assert [chip_count(ROWS, chip) for chip in ("all", "reminder", "overdue", "lost")] == [6, 1, 3, 2]


def test_a_cell_narrows_the_chip() -> None:
    assert [row.days_since for row in matching(ROWS, Choice("all", 1, "lost"))] == [88]
    assert [row.days_since for row in matching(ROWS, Choice("overdue", 2, None))] == [66]
    assert matching(ROWS, Choice("reminder", 2, None)) == ()


def contact(day: int, outcome: str, channel: str = "phone") -> ContactRow:
    on = date(2026, 2, day)
    return ContactRow(
        day, 79, on, datetime(2026, 2, day, 9, tzinfo=UTC), channel, outcome, None, None, "MO", False
    )


def test_the_ladder_says_what_became_of_each_try() -> None:
    row = late(79, "late", ladder_step=2, due=date(2026, 1, 31), step_days_late=12)
    made = rungs(row, (contact(9, "no-answer"), contact(3, "message-left")), TODAY)
    assert [rung.status for rung in made] == [
        Status.DONE, Status.DONE, Status.OVERDUE, Status.PLANNED, Status.PLANNED,
    ]  # fmt: skip
    assert made[0].note.endswith(", 3 Feb")
    assert made[1].note == "no answer, 9 Feb"
    assert made[2].note == "12 days late"


def test_a_call_before_the_last_infusion_is_not_part_of_the_ladder() -> None:
    row = late(5, "reminder", ladder_step=1)
    made = rungs(row, (contact(3, "agreed"),), TODAY)
    assert made[0].note == ""


def test_a_row_says_days_words_and_what_a_screen_reader_hears() -> None:
    row = table_row(late(79, "late", last_contact=("no-answer", date(2026, 2, 10)), ladder_step=3), TODAY)
    texts = dict(zip([column.id for column in columns()], [cell.text for cell in row.cells], strict=True))
    assert (texts["band"], texts["late"], texts["step"]) == ("late", "37", "3/5")
    assert texts["contact"] == "no answer, 10 Feb"
    assert row.cells[0].spoken == "Osei, Kwame, overdue by 37 days"
    assert last_contact(late(61, "overdue"), TODAY) == "no attempt yet"
