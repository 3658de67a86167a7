"""`replete` without a command: the window, on the clinic or on the demo clinic."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.cli.assess import protocol_from
from desktop.cli.opening import data_folder, database_place, known_errors
from desktop.cli.place_guard import guard_place
from desktop.cli.screen import has_screen
from desktop.cli.status import Status, Stop
from desktop.errors import keep_log
from desktop.wording.plain import tr

if TYPE_CHECKING:
    from clinical.protocol import Protocol
    from db.place import Place
    from desktop.app import Program
    from desktop.start.opened import OpenedClinic
    from desktop.tasks import Progress

DEMO_PATIENTS = 60
DEMO_SEED = 7
DEMO_USER = "mina"

NO_SCREEN = """There is no screen here, so the window cannot open.
To go on without one:
  replete worklist today --user NAME     prints a list
  replete assess CASE.json               assesses a written case
  QT_QPA_PLATFORM=offscreen replete …    runs the window unseen, as the tests do
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """What can be said when the window is opened."""
    parser.add_argument(
        "--demo",
        action="store_true",
        help="open a demo clinic of invented patients, kept apart from real data",
    )


def run(options: argparse.Namespace) -> Status:
    """Open the window and run it until it is closed. What keeps it from opening is said in a window too."""
    refuse_without_screen()
    while True:
        try:
            return open_and_run(options)
        except DemoWantedError:
            options.demo = True
        except Stop as stop:
            if not wants_again(stop.message):
                raise


class DemoWantedError(Exception):
    """Instead of setting up a clinic somebody wants to look at the demo clinic, with a file and settings of its own."""


def wants_again(sentence: str, *, unseen: bool = False) -> bool:
    """Say in a window why the clinic cannot be opened; whether somebody wants to try again.

    On a platform nobody sees there is nobody to ask, unless a test is (`unseen`).
    """
    from PySide6.QtCore import QEventLoop
    from PySide6.QtWidgets import QApplication

    from desktop.app import start_qt
    from desktop.start.window import StartWindow

    start_qt(sys.argv[:1])
    if QApplication.platformName() in ("offscreen", "minimal") and not unseen:
        return False
    window = StartWindow()
    page = window.show_problem(sentence)
    again: list[bool] = []
    # a loop of its own: telling the application to end would end the next window as well
    loop = QEventLoop()
    page.again.connect(lambda: again.append(True))
    page.again.connect(window.close)
    window.closed.connect(loop.quit)
    window.show()
    loop.exec()
    window.deleteLater()
    return bool(again)


def open_and_run(options: argparse.Namespace) -> Status:
    """Open the clinic's window and run it until it is closed.

    Raises Stop with what is in the way, and DemoWantedError.
    """
    with contextlib.suppress(OSError):
        # a program that cannot write its log still works
        keep_log(data_folder() / "logs")
    leave_no_dump()
    protocol = protocol_from(options.protocol)
    place: Place = demo_path(today()) if options.demo else database_place(options)
    if isinstance(place, Path) and not options.demo and options.database and not place.parent.is_dir():
        raise Stop(f"There is no folder {place.parent}.", Status.MISSING_FOLDER)
    unsafe = None if options.demo else guard_place(place, options)
    from desktop.app import Program, start_qt
    from desktop.settings import Settings

    application = start_qt(sys.argv[:1])
    with alone(place):
        # what is remembered in the demo clinic, laboratories among it, stays out of the real one
        remembered = Settings(
            place.parent / "window.ini" if options.demo and isinstance(place, Path) else None
        )
        program = Program(application, protocol, remembered)
        program.unsafe_place = unsafe
        program.bugs.install()
        begin(program, place, protocol, demo=options.demo)
        program.session_ended.connect(lambda: log_in_again(program, place, protocol))
        demo: list[bool] = []
        program.start_window.demo_wanted.connect(lambda: demo.append(True))
        program.start_window.demo_wanted.connect(program.start_window.close)
        application.exec()
        program.close()
        program.deleteLater()
    if demo:
        raise DemoWantedError
    return Status.DONE


@contextlib.contextmanager
def alone(place: Place) -> Iterator[None]:
    """Keep other programs from the same clinic file; on a server several workstations work side by side."""
    if not isinstance(place, Path):
        yield
        return
    from desktop.app import InUseError, lock

    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        held = lock(place)
    except InUseError as error:
        raise Stop(f"{place.name} is open in another Replete already.", Status.IN_USE) from error
    except OSError as error:
        raise Stop(f"{place.parent} cannot be used: {error.strerror}.", Status.CANNOT_WRITE) from error
    try:
        yield
    finally:
        held.unlock()


def leave_no_dump() -> None:
    """Have the system write no image of the memory when the program dies: patients and the file's key are in it."""
    if sys.platform != "win32":
        import resource

        _soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, hard))


def today() -> date:
    """The calendar day where this computer stands."""
    return datetime.now().astimezone().date()


def refuse_without_screen() -> None:
    """Say that there is no screen, and how to go on, instead of letting Qt abort the program."""
    if sys.platform.startswith("linux") and not has_screen(os.environ):
        raise Stop(NO_SCREEN, Status.NO_SCREEN)


def begin(program: Program, place: Place, protocol: Protocol, *, demo: bool) -> None:
    """Show the first page: the demo being made, the first run, or the log-in."""
    window = program.start_window
    with known_errors():
        if demo and isinstance(place, Path):
            window.show_demo(demo_maker(place, today(), protocol), today())
        elif is_new(place):
            window.show_first_run(place, protocol)
        else:
            window.show_log_in(place, names_at(place), protocol)
    window.show()


def log_in_again(program: Program, place: Place, protocol: Protocol) -> None:
    """After a session was ended for somebody else: ask who opens the clinic now."""
    from db.errors import KnownError
    from desktop.wording import error_words

    window = program.start_window
    try:
        window.show_log_in(place, names_at(place), protocol)
    except KnownError as error:
        window.show_problem(error_words(error)).again.connect(lambda: log_in_again(program, place, protocol))
    window.show()


def is_new(place: Place) -> bool:
    """Whether no clinic has been made there yet."""
    if isinstance(place, Path):
        # a file that is gone while its vault or a backup is there was a clinic, and has a way back
        return not place.exists() and known_by(place) is None
    from db.server_opening import is_empty

    return is_empty(place)


def names_at(place: Place) -> tuple[str, ...]:
    """Who can log in there; of a file whose vault is damaged or gone, who could when it was backed up."""
    from db.vault import user_names

    if not isinstance(place, Path):
        return tuple(user_names(place))
    return tuple(user_names(known_by(place) or place))


def known_by(path: Path) -> Path | None:
    """The file whose vault can be read: the clinic's own, else its newest backup's; None when there is none."""
    from db.recovery import readable_vaults

    return next(readable_vaults(path), None)


def demo_path(on: date) -> Path:
    """Where the demo clinic of a day is, apart from any real one."""
    return data_folder() / "demo" / f"demo-{on.isoformat()}.replete"


def demo_maker(path: Path, on: date, protocol: Protocol) -> Callable[[Progress], OpenedClinic]:
    """Opens the demo clinic of the day, or makes it: what was tried in it stays until the day is over."""
    from db.errors import KnownError
    from db.stamp import Stamp
    from desktop.cli.demo_letters import post
    from desktop.cli.sample import PASSWORD, make
    from desktop.start.opened import open_for

    def open_demo() -> OpenedClinic:
        return open_for(path, DEMO_USER, PASSWORD.format(login=DEMO_USER))

    def run(progress: Progress) -> OpenedClinic:
        try:
            return open_demo()
        except KnownError:
            # not made yet today, cut short, or of another version: everybody in it is invented, so make it anew
            _remove_demos(path.parent)
        make(path, DEMO_PATIENTS, DEMO_SEED, on, protocol, lambda done, of: progress(done, of, tr("events")))
        clinic = open_demo()
        stamp = Stamp(clinic.user.id, datetime.combine(on, time(8), tzinfo=UTC), on)
        post(clinic.database, protocol, stamp, lambda done, of: progress(done, of, tr("letters")))
        return clinic

    return run


def _remove_demos(folder: Path) -> None:
    """Delete the demo clinics of earlier days and what is left of unfinished ones."""
    for old in folder.glob("demo-*"):
        if not old.name.endswith(".lock"):
            with contextlib.suppress(OSError):
                old.unlink()
