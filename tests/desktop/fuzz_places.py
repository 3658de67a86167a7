"""Every dialog of the window and every panel that asks something, with the way to it: places for random keys."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from typing import Any

import fuzz_states as states
from journey import SAMPLE_DAY, Journey
from monkey_places import Place
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from db.invariants import InvariantResult
from db.operations.patients import end_follow_up
from db.queries.patients import banner
from db.queries.worklist import open_steps
from desktop.first_check import FirstCheckDialog
from desktop.log_out import LogOutDialog

Open = Callable[[Journey, random.Random], object]


def of(page: str, *names: str) -> Callable[[Journey], QWidget | None]:
    """A part of a page, by the names that lead to it."""

    def shown(journey: Journey) -> QWidget | None:
        found: Any = journey.window.page(page)
        for name in names:
            found = found[name] if isinstance(found, Mapping) else getattr(found, name)
        return found if isinstance(found, QWidget) else None

    return shown


def run(*commands: str) -> Open:
    """One of these commands, as from the palette."""

    def begin(journey: Journey, chance: random.Random) -> None:
        journey.window._parts.commands.run(chance.choice(commands))

    return begin


def modal(_journey: Journey) -> QWidget | None:
    """The dialog on top."""
    top = QApplication.activeModalWidget()
    return top if isinstance(top, QDialog) else None


def asked(command: str, *panel: str, **more: Any) -> Place:
    """What a command of a page asks in one of its panels."""
    page = command.partition(".")[0]
    return Place(command, page, run(command), of(page, *panel), **more)


# -- pages


def marked(command: str) -> Place:
    """A question about the rows that are marked."""
    page = command.partition(".")[0]

    def begin(journey: Journey, chance: random.Random) -> None:
        table: Any = getattr(journey.window.page(page), "table", None)
        table.set_checked(set(chance.sample(table.ids(), min(3, len(table.ids())))))
        run(command)(journey, chance)

    return Place(command, page, begin, of(page, "bulk", "panel"))


def another_day(journey: Journey, chance: random.Random) -> None:
    """A visit is chosen; once it is read, another day is asked for."""
    page: Any = journey.window.page("infusions")
    if page._chair is None:
        page.list.select(chance.choice([*page._visits] or [None]))
    run("infusions.move")(journey, chance)


def section(name: str, button: str) -> Open:
    """A button of a section of the settings; what is listed there is read first."""

    def press(journey: Journey, chance: random.Random) -> None:
        found: Any = journey.window.page("settings")
        if found.current != name:
            found.show_section(name)
        part: Any = found.sections[name]
        if name == "users":
            own = part.parts.user.id
            part.table.select(chance.choice([one for one in part._staff if one != own] or [None]))
        if name == "protocol":
            drafts = [row.id for row in part._rows.values() if row.state == "draft"]
            part.table.select(chance.choice(drafts or [None]))
            if not drafts:
                part.refresh()
        key = part.buttons[button] if hasattr(part, "buttons") else getattr(part, button)
        if key.isEnabled() and key.isVisible():
            key.click()

    return press


def setting(name: str, button: str, login: str = "ines", **more: Any) -> Place:
    """A question of the settings, asked by an administrator."""
    return Place(f"settings.{name} {button}", "settings", section(name, button), modal, login=login, **more)


def shown_section(name: str, **more: Any) -> Place:
    """A whole section of the settings."""

    def begin(journey: Journey, _chance: random.Random) -> None:
        found: Any = journey.window.page("settings")
        found.show_section(name)

    return Place(
        f"settings.{name}", "settings", begin, of("settings", "sections", name), login="ines", **more
    )


# -- dialogs


def barred(journey: Journey, chance: random.Random) -> None:
    """A nurse ends follow-up, which is not hers to do; the foot offers the door for emergencies, and she takes it."""
    parts, foot = journey.window._parts, journey.window.foot
    steps = journey.read(open_steps, SAMPLE_DAY)
    if not steps:
        return
    person = journey.read(banner, chance.choice(steps).patient_id)

    def offered(_barred: object) -> None:
        parts.tasks.barred.disconnect(offered)
        QTimer.singleShot(0, foot.undo_button.click)

    parts.tasks.barred.connect(offered)
    parts.tasks.write(
        end_follow_up, person.patient_id, "declined", SAMPLE_DAY, None, parts.clock(), person.version
    )


def first_check(journey: Journey, _chance: random.Random) -> None:
    """The record is not as it should be."""
    steps = InvariantResult(1, "open step", False, 2, "course 1, course 2")
    broken = [InvariantResult(10, "clock", False, 1, "1"), steps]
    FirstCheckDialog(broken, journey.window).open()


def close_window(journey: Journey, _chance: random.Random) -> None:
    """The window is to be closed while something is not saved."""
    asks, window = journey.window._unsaved, journey.window
    asks.append(lambda: "A referral or plan is not saved")
    try:
        window._may_close()
    finally:
        asks.pop()


def log_out(journey: Journey, _chance: random.Random) -> None:
    """Somebody logs out while something is not saved."""
    LogOutDialog(["A referral or plan is not saved"], journey.window).exec()


def bug(journey: Journey, _chance: random.Random) -> None:
    """Something went wrong."""
    journey.program._show_bug("ValueError in desktop/today/page.py, line 1")


def palette(journey: Journey) -> QWidget:
    """The list of all actions."""
    return journey.window.palette_box


def lock(journey: Journey, _chance: random.Random) -> None:
    """Somebody steps away. Ending the session from the lock ends the walk; it has tests of its own."""
    found = journey.program.lock
    assert found is not None
    found.lock()


def lock_page(journey: Journey) -> QWidget | None:
    """What a locked window shows."""
    found = journey.program.lock
    return found.page() if found is not None and found.is_locked() else None


def no_end(journey: Journey) -> None:
    """The session goes on whatever is pressed on the lock."""
    found = journey.program.lock
    assert found is not None
    found.ended.disconnect(journey.program.end_session)


DIALOGS = (
    Place("lock", "today", lock, lock_page, no_end),
    Place("clinician", "today", run("clinician.add"), modal),
    Place("emergency", "today", barred, modal, login="ana"),
    Place("first check", "today", first_check, modal),
    Place("close without saving", "today", close_window, modal),
    Place("log out", "today", log_out, modal),
    Place("bug", "today", bug, modal),
    Place("palette", "today", run("window.palette"), palette),
    *(setting("users", deed) for deed in ("add", "rename", "role", "password", "leave", "disable")),
    setting("recovery", "make"),
    setting("protocol", "sign_button", "devika", prepare=states.tried_draft),
    setting("protocol", "withdraw_button", prepare=states.drafts, more=states.drafts),
)
PATIENT = (
    *(asked(f"patient.step-{verb}", "acts", "panel") for verb in ("due", "owner", "suspend")),
    asked("patient.step-done", "acts", "panel", prepare=states.steps_by_hand, whom=states.by_hand),
    *(
        asked(f"patient.{name}", "acts", "panel")
        for name in (
            "end", "end-declined", "end-did-not-attend", "end-transferred", "end-deceased",
            "details", "conditions",
        )
    ),
    asked("patient.letter-void", "acts", "panel", prepare=states.letters_filed, more=states.letters_filed,
          whom=states.with_letters),
    asked("patient.resume", "acts", "panel", prepare=states.somebody_left, more=states.somebody_left,
          whom=states.left),
    asked("patient.unmerge", "acts", "panel", prepare=states.joined, more=states.joined,
          whom=states.joined_people, login="devika"),
    *(asked(f"patient.result-{name}", "results", "ask") for name in ("correct", "error", "another")),
    *(asked(f"patient.infusion-{name}", "infusions", "editor") for name in ("correct", "cancel")),
)  # fmt: skip
PANELS = (
    *(asked(f"review.{kind}", "card", "panel", login="devika") for kind in ("another", "defer", "reject")),
    marked("overdue.bulk-owner"),
    Place("infusions.move", "infusions", another_day, of("infusions", "moving")),
    asked("letters.many", "batch"),
    asked("overdue.print", "paper"),
    Place("join two records", "patients", run("patients.duplicates", "duplicates.join"),
          of("patients", "duplicates", "panel"), states.twins, "devika"),
    Place("columns of a table", "results", run("results.inbox", "imports.columns"),
          of("results", "laboratory", "columns"), states.table_came),
    Place("match card", "results", run("results.inbox"), of("results", "laboratory", "inbox", "match"),
          states.file_came),
    Place("held result", "results",
          run("results.inbox", "imports.file", "imports.register", "imports.reject", "imports.explain",
              "imports.undo"),
          of("results", "laboratory", "inbox", "ask"), states.file_came),
)  # fmt: skip
SECTIONS = (
    *(shown_section(name) for name in (
        "users", "password", "clinic", "letters", "audit", "emergencies", "backups", "recovery", "language", "lock",
    )),
    shown_section("laboratories", prepare=states.file_came),
    shown_section("protocol", prepare=states.draft),
)  # fmt: skip
PLACES = (*DIALOGS, *PATIENT, *PANELS, *SECTIONS)
