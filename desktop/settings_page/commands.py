"""The sections of Settings by name, and the command that leads to each: known before any of them is loaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from desktop.commands import Command
from desktop.parts import Parts
from desktop.wording.plain import tr

if TYPE_CHECKING:
    from desktop.settings_page.page import SettingsPage


def titles() -> Mapping[str, str]:
    """The sections by name, in their order, with what stands above them."""
    return {
        "users": tr("Users"),
        "password": tr("My password"),
        "clinic": tr("Clinic"),
        "laboratories": tr("Laboratories"),
        "protocol": tr("Protocol"),
        "letters": tr("Letter wording"),
        "audit": tr("Audit"),
        "emergencies": tr("Emergencies"),
        "backups": tr("Backups"),
        "recovery": tr("Recovery key"),
        "language": tr("Language"),
        "lock": tr("Lock"),
    }


def add_commands(parts: Parts, page: Callable[[], SettingsPage]) -> None:
    """A command for each section, whether the page was made or not."""

    def go(name: str) -> None:
        parts.navigation.open_page.emit("settings")
        page().show_section(name)

    for name, title in titles().items():
        text = tr("Settings: {section}").format(section=title)
        parts.commands.add(Command(f"settings.{name}", text, partial(go, name), icon="settings"))
