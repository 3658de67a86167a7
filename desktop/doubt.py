"""What the window says while a lost server leaves it open whether something was saved.

Whoever was saving waits with everything typed (`desktop.tasks`). The foot says meanwhile that it is not known, and
what became of it once it is; leaving before that asks first.
"""

from __future__ import annotations

from db.errors import KnownError
from desktop.main_window import MainWindow
from desktop.tasks import DatabaseTasks
from desktop.wording import error_words
from desktop.wording.plain import tr


def attach_doubt(window: MainWindow, tasks: DatabaseTasks) -> None:
    """Have the foot of `window` speak of what is in doubt, and the way out ask about it."""

    def in_doubt(error: KnownError) -> None:
        window.foot.say(error_words(error), problem=True)

    def settled(saved: bool) -> None:
        words = (
            tr("The server is back. What was being saved when it went away is on record.")
            if saved
            else tr("The server is back. What was being saved when it went away is not on record.")
        )
        window.foot.say(words, problem=not saved)

    tasks.in_doubt.connect(in_doubt)
    tasks.settled.connect(settled)
    window.ask_before_closing(lambda: still_open(tasks))


def still_open(tasks: DatabaseTasks) -> str:
    """Words for a save of which nobody knows yet whether it was; empty when there is none."""
    if not tasks.has_doubt():
        return ""
    return tr(
        "The server has not said yet whether the last save is on record. Look there before typing it again."
    )
