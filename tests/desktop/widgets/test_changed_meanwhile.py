"""A save that came too late: who was first, what is there now, what was typed, and the two ways on."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from db.errors import DiskFull, StaleScreen
from db.operations._meanwhile import TOLD
from desktop.widgets.changed_meanwhile import ChangedMeanwhile
from desktop.wording.on_record import on_record

AT = datetime(2026, 2, 12, 10, 4, tzinfo=UTC)


def overtaken(table: str, **current: object) -> StaleScreen:
    """What an operation raises when somebody else was first."""
    return StaleScreen(
        "changed-meanwhile", seen=1, now=2, table=table, id=7, version=2, current=current, by="Bo Ray", at=AT,
        did="move-visit",
    )  # fmt: skip


@pytest.fixture
def panel(themed: object) -> ChangedMeanwhile:
    """The panel alone."""
    return ChangedMeanwhile()


def test_both_are_shown_side_by_side(panel: ChangedMeanwhile) -> None:
    error = overtaken("visit", state="planned", planned_on=date(2026, 2, 20), dose_mg=Decimal(500))
    panel.ask(error, [("Planned for", date(2026, 2, 27)), ("Why", "asked for it")], lambda: None)
    said = panel.said()
    assert "Changed meanwhile by Bo Ray" in said
    assert "Planned for: 20 Feb 2026 | 27 Feb 2026" in said
    assert "Why: – | asked for it" in said


def test_each_way_is_gone_once(panel: ChangedMeanwhile) -> None:
    gone: list[str] = []
    panel.mine.connect(lambda: gone.append("signal"))
    panel.ask(overtaken("visit"), (), lambda: gone.append("mine"), lambda: gone.append("theirs"))
    panel.mine_button.click()
    panel.mine_button.click()
    assert gone == ["mine", "signal"], "hidden, it stands for whoever listens and for nobody it asked before"
    panel.ask(overtaken("visit"), (), lambda: gone.append("mine"), lambda: gone.append("theirs"))
    panel.theirs_button.click()
    assert gone[2:] == ["theirs"]
    assert panel.said() == ""


def test_what_cannot_be_saved_again_is_not_offered(panel: ChangedMeanwhile) -> None:
    panel.ask(overtaken("emergency_access", review_note="was right"), [("Note", "mine")])
    assert panel.mine_button.isHidden()
    assert not panel.theirs_button.isHidden()
    assert "Note: was right | mine" in panel.said()
    panel.show_conflict(overtaken("visit"), ())
    assert not panel.mine_button.isHidden()


def test_another_error_is_left_to_the_page(panel: ChangedMeanwhile) -> None:
    assert not panel.took(DiskFull(), (), lambda: None)
    assert panel.said() == ""
    assert panel.took(overtaken("visit"), ())


SAMPLE: dict[str, object] = {
    "open_weekdays": (0,), "due": date(2026, 3, 1), "given_on": date(2026, 3, 1), "collected_on": date(2026, 3, 1),
    "value": Decimal("8.8"), "unit": "g/dL", "analyte": "haemoglobin", "action": "repeat-labs", "is_open": False,
    "active": True, "role": "nurse", "product": "ferric-derisomaltose", "dose_mg": Decimal(500), "outcome": "responded",
}  # fmt: skip
STATES = {
    "assessment": "accepted", "course": "planned", "letter": "void", "visit": "given", "lab_result": "corrected",
    "work_up_item": "ordered", "patient": "deceased", "infusion": "given", "held_result": "filed",
}  # fmt: skip


@pytest.mark.parametrize("table", sorted(TOLD))
def test_every_row_that_can_be_overtaken_is_told_in_words(table: str) -> None:
    current = {name: SAMPLE.get(name, "something") for name in TOLD[table]}
    for name in ("state", "status"):
        if name in current:
            current[name] = STATES[table]
    told = on_record(
        overtaken(
            table,
            **{k: v for k, v in current.items() if not k.endswith("_id") and k not in ("urgency", "label")},
        )
    )
    assert told
    for what, words in told:
        assert what
        assert words
        assert "_" not in what + words
        assert not any(code in words for code in ("entered-in-error", "ferric-derisomaltose", "repeat-labs"))
