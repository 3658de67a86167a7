"""The walk finds what is planted: an exception in a key, one in a click, and something typed that is let go of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fuzz_places import PLACES
from journey import Journey
from monkey import Monkey
from monkey_places import PlaceMonkey

from desktop.clinicians.dialog import ClinicianDialog
from desktop.overdue.page import OverduePage
from desktop.plan.page import PlanPage

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_an_exception_on_a_page_is_found(
    monkey: Callable[[str, int], Monkey], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: OverduePage, *_given: object) -> None:
        raise ValueError("planted")

    walk = monkey("mina", 4)
    monkeypatch.setattr(OverduePage, "refresh", broken)
    with pytest.raises(ValueError, match="planted"):
        walk.run("overdue", 60)


def test_a_fault_of_a_job_is_found_with_what_was_done_before(monkey: Callable[[str, int], Monkey]) -> None:
    walk = monkey("mina", 5)

    def broken(_session: object) -> None:
        raise ZeroDivisionError("planted")

    tasks = walk.journey.program.tasks
    assert tasks is not None
    walk.run("today", 3)
    tasks.read(broken)
    walk.run("today", 30)
    assert "ZeroDivisionError: planted" in walk.fault
    assert walk.left == 0


def test_a_referral_that_is_let_go_of_is_found(
    monkey: Callable[[str, int], Monkey], monkeypatch: pytest.MonkeyPatch
) -> None:
    walk = monkey("mina", 6)
    plan = walk.journey.window.page("plan")
    assert isinstance(plan, PlanPage)
    plan.new_referral()
    walk.journey.window.show_page("plan")
    walk.journey.settle()
    plan.blocks.person.surname.setText("Marsh")
    # a page that forgets what is typed as soon as another one is shown
    walk.journey.window.page_changed.connect(lambda _page: plan._start_anew())
    walk.run("today", 12)
    assert any("referral" in lost for lost in walk.losses), walk.losses


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_what_a_dialog_lets_go_of_is_found(
    demo_journey: Callable[[str], Journey], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = ClinicianDialog.__init__

    def forgetful(self: ClinicianDialog, *given: Any) -> None:
        made(self, *given)
        self.address.textEdited.connect(self.name.clear)
        self.name.textEdited.connect(self.organisation.clear)

    # a dialog in which typing in one field empties another
    monkeypatch.setattr(ClinicianDialog, "__init__", forgetful)
    walk = PlaceMonkey(demo_journey("mina"), 8, tmp_path, password="sample-mina")
    place = next(one for one in PLACES if one.name == "clinician")
    walk.run_place(place, 300)
    assert walk.losses
    assert "went from" in walk.losses[0]
