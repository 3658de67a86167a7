"""What every screen is given: one frozen value, passed in, so that no screen reaches for a global."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from clinical.protocol import Protocol
    from db.queries.people import Clinic, Owner
    from db.stamp import Stamp
    from desktop.commands import Commands
    from desktop.settings import Settings
    from desktop.tasks import DatabaseTasks


class Navigation(QObject):
    """How one screen asks for another without knowing it; the main window listens."""

    open_patient = Signal(int)
    """patient id"""
    open_why = Signal(int)
    """course id: its newest assessment, explained"""
    open_plan = Signal(int)
    """course id"""
    new_referral = Signal()
    open_results = Signal(int)
    """patient id"""
    open_visit = Signal(int)
    """planned visit id: record what was really given"""
    open_letters = Signal(int, str)
    """course id, letter kind or an empty string for the choice"""
    write_letters = Signal(object)
    """ids of courses whose repeat tests did not come: their reminders as one pile"""
    open_list = Signal(str)
    """name of a worklist, to be printed or saved"""
    open_page = Signal(str)
    """id of a rail page"""
    back = Signal()
    say = Signal(str, object)
    """a line for the foot, and a callable that undoes what was done, or None"""
    aside = Signal(str)
    """a line for the foot that can wait: it stands there once nothing else does"""


@dataclass(frozen=True, slots=True)
class Parts:
    """The program's parts as the screens see them. `clock` gives who, when (UTC) and the clinic's day."""

    tasks: DatabaseTasks
    protocol: Protocol
    commands: Commands
    user: Owner
    clinic: Clinic
    clock: Callable[[], Stamp]
    settings: Settings
    navigation: Navigation

    def own(self, name: str) -> str:
        """The name a setting of this user is kept by: two people at one workstation have their own."""
        return f"user-{self.user.id}/{name}"
