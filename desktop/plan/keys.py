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


def add_commands(page: PlanPage, commands: Commands) -> None:
    """Register them in the scope of the page."""

    def add(name: str, text: str, run: Callable[[], object], keys: str, *, palette: bool = True) -> None:
        commands.add(Command(f"plan.{name}", text, run, keys, palette=palette), page)

    add("book", tr("Save and book"), page.save_and_book, "Ctrl+S")
    add("draft", tr("Save without a plan"), page.save_draft, "Ctrl+D")
    add("leave", tr("Leave"), page.leave, "Esc", palette=False)
    add("discard", tr("Throw away"), page.discard, "Ctrl+Shift+Del", palette=False)
    add("split", tr("Other split of the dose"), page.next_split, "Alt+S")
    add("visits", tr("Go to the visits"), page.go_to_visits, "Alt+D")
    add("add-visit", tr("Add a visit"), page.add_visit, "Alt+V")
    add("earlier", tr("Iron was given before"), page.add_earlier, "Alt+I")
    add("gates", tr("Go to the safety gates"), page.go_to_gates, "Alt+W")
    add("units", tr("Other units of the blood tests"), lambda: page.blocks.baseline.choose_units(), "Alt+G")
    add("alike", tr("Open the look-alike"), lambda: page.blocks.person.alike.open_first(), "Alt+L")
    for place in range(1, MOST_METHODS + 1):
        words = tr("Method {number}").format(number=place)
        choose = partial(page.choose_method, place)
        add(f"method{place}", words, choose, f"Alt+{place}", palette=False)
