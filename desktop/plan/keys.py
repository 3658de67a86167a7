"""What can be done on the page, with its keys."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from desktop.commands import Command, Commands
from desktop.wording.plain import tr

MOST_METHODS = 6

if TYPE_CHECKING:
    from desktop.plan.page import PlanPage


def _nothing_typed(page: PlanPage) -> str:
    """Why a new referral cannot be saved before anything is typed; empty once something is."""
    known = page.is_dirty() or page.blocks.baseline.isHidden()
    return "" if known else tr("Nothing is typed yet.")


def _without_method(page: PlanPage, place: int) -> str:
    """Why the method at this place cannot be taken; empty where there is one."""
    return "" if place <= len(page.blocks.need.cards) else tr("no method stands at this place")


def _not_asked(commands: Commands) -> str:
    """Why nothing can be thrown away: the page has to ask first. It opens the command when it does."""
    return "" if commands.action("plan.discard").isEnabled() else tr("Leave first; then it is asked.")


def add_commands(page: PlanPage, commands: Commands) -> None:
    """Register them in the scope of the page."""

    def add(
        name: str,
        text: str,
        run: Callable[[], object],
        keys: str,
        *,
        not_now: Callable[[], str] | None = None,
    ) -> None:
        commands.add(Command(f"plan.{name}", text, run, keys, not_now=not_now), page)

    def without_visits() -> str:
        return "" if page.blocks.visits.lines else tr("no visit is worked out yet")

    def without_rest() -> str:
        return "" if page.blocks.visits.add.isVisibleTo(page) else tr("nothing of the plan is left over")

    def without_gates() -> str:
        return "" if page.blocks.gates.first_open() is not None else tr("no safety check is open")

    def without_likeness() -> str:
        return "" if page.blocks.person.alike.isVisibleTo(page) else tr("nobody looks alike")

    def planned_already() -> str:
        return tr("this course is planned already") if page.blocks.earlier.isHidden() else ""

    def on_record() -> str:
        return tr("only for a new referral") if page.blocks.baseline.isHidden() else ""

    add("book", tr("Save and book"), page.save_and_book, "Ctrl+S", not_now=partial(_nothing_typed, page))
    add("draft", tr("Save without a plan"), page.save_draft, "Ctrl+D", not_now=on_record)
    add("leave", tr("Leave"), page.leave, "Esc")
    add("discard", tr("Throw away"), page.discard, "Ctrl+Shift+Del", not_now=partial(_not_asked, commands))
    add("split", tr("Other split of the dose"), page.next_split, "Alt+S", not_now=without_visits)
    add("visits", tr("Go to the visits"), page.go_to_visits, "Alt+D", not_now=without_visits)
    add("add-visit", tr("Add a visit"), page.add_visit, "Alt+V", not_now=without_rest)
    add("earlier", tr("Iron was given before"), page.add_earlier, "Alt+I", not_now=planned_already)
    add("gates", tr("Go to the safety gates"), page.go_to_gates, "Alt+W", not_now=without_gates)
    add(
        "units",
        tr("Other units of the blood tests"),
        lambda: page.blocks.baseline.choose_units(),
        "Alt+G",
        not_now=on_record,
    )
    add(
        "alike",
        tr("Open the look-alike"),
        lambda: page.blocks.person.alike.open_first(),
        "Alt+L",
        not_now=without_likeness,
    )
    for place in range(1, MOST_METHODS + 1):
        words = tr("Method {number}").format(number=place)
        choose = partial(page.choose_method, place)
        add(f"method{place}", words, choose, f"Alt+{place}", not_now=partial(_without_method, page, place))
