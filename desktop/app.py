"""Builds the program's parts and passes them in. The order, and why:

1. Qt with theme and typeface, so that even the first error has a window to stand in.
2. The lock file of the clinic, before anything opens it: two programs on one file would each show stale screens.
3. The start window: log in, first run, or the demo being made. It ends with an open database and its user.
4. The worker that owns the database from then on, and with it the main window and its pages.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from clinical.protocol import Protocol
from db.operations.backups import record_unsafe_place
from db.safe_place import UnsafePlace
from db.stamp import Stamp
from desktop import first_check, garbage, language, theme
from desktop.backups import Backups
from desktop.catching_up import CatchingUp
from desktop.commands import Commands
from desktop.doubt import attach_doubt
from desktop.emergency import attach_emergency_door
from desktop.errors import Bugs, log, trace
from desktop.live import Live
from desktop.lock import Lock
from desktop.log_out import add_log_out
from desktop.main_window import MainWindow
from desktop.making_ahead import MakingAhead
from desktop.one_instance import InUseError, lock
from desktop.pages import add_pages, add_settings
from desktop.parts import Navigation, Parts
from desktop.protocol_watch import attach_protocol_watch
from desktop.settings import Settings
from desktop.settings_page.tools import Tools
from desktop.start.opened import OpenedClinic, check_password
from desktop.start.window import StartWindow
from desktop.tasks import DatabaseTasks
from desktop.widgets.dialogs import BugDialog
from desktop.wording import clinic_units
from desktop.wording.plain import tr

__all__ = ["InUseError", "Program", "lock", "stamp_now", "start_qt"]


def start_qt(arguments: Sequence[str]) -> QApplication:
    """The application with its name, typeface and theme; the one that runs already if there is one."""
    running = QApplication.instance()
    application = running if isinstance(running, QApplication) else QApplication(list(arguments))
    application.setApplicationName("Replete")
    application.setApplicationDisplayName("Replete")
    theme.apply(application, "system")
    application.setWindowIcon(theme.window_icon())
    return application


class Program(QObject):
    """The running program: the start window first, then the main window, then an orderly end.

    `clock` gives the stamp of a user id: the computer's own clock unless another day is to be lived through.
    """

    session_ended = Signal()
    """Somebody else wants to log in: the clinic is closed, and the new start window shows nothing yet."""

    def __init__(
        self,
        application: QApplication,
        protocol: Protocol,
        settings: Settings,
        clock: Callable[[int], Stamp] | None = None,
    ) -> None:
        super().__init__(application)
        self._application, self._protocol, self._settings = application, protocol, settings
        self._clock = clock or stamp_now
        theme.apply(application, settings.scheme())
        self.bugs = Bugs(self._show_bug, self)
        self.start_window = self._new_start()
        self.main_window: MainWindow | None = None
        self.lock: Lock | None = None
        self.backups: Backups | None = None
        self.unsafe_place: UnsafePlace | None = None
        """Where the clinic's file lies although it is not safe there; put on record whenever it is opened."""
        self.tasks: DatabaseTasks | None = None
        self._clinic: OpenedClinic | None = None
        self._bug: BugDialog | None = None
        application.aboutToQuit.connect(self.close)
        self._commands: Commands | None = None

    def _new_start(self) -> StartWindow:
        language.speak(self._settings.language())
        window = StartWindow(lambda: self._clock(0).at)
        window.opened.connect(self.open_main)
        window.tasks.bug.connect(self.bugs.take)
        return window

    def open_main(self, clinic: OpenedClinic) -> MainWindow:
        """Build the main window on the clinic that was opened and show it."""
        self._clinic = clinic
        details, user = clinic.details, clinic.owner
        own = clinic.own.protocol if clinic.own is not None else None
        protocol = own or self._protocol
        clinic_units.use(details.hb_unit, details.phosphate_unit, protocol)
        self.tasks = DatabaseTasks(clinic.database, self)
        self.tasks.bug.connect(self.bugs.take)
        self._commands = Commands(parent=self)
        parts = Parts(
            tasks=self.tasks,
            protocol=protocol,
            commands=self._commands,
            user=user,
            clinic=details,
            clock=lambda: self._clock(user.id),
            settings=self._settings,
            navigation=Navigation(self),
        )
        with theme.bare(self._application):
            self.main_window = self._built(clinic, parts)
            theme.wear(self.main_window)
        self.main_window.show()
        # whoever has just set the clinic up adds the people who work here first
        self.main_window.show_page("settings" if clinic.fresh else "today")
        first_check.look(parts, self.main_window)
        MakingAhead(self.main_window, parts.tasks)
        garbage.set_aside()
        return self.main_window

    def _built(self, clinic: OpenedClinic, parts: Parts) -> MainWindow:
        """The main window with its first page and everything that belongs to it, not shown yet."""
        window = MainWindow(parts)
        add_pages(window, parts)
        if self.unsafe_place is not None:
            parts.tasks.write(record_unsafe_place, self.unsafe_place, parts.clock())
        self.backups = self._new_backups(clinic, parts)
        foot = self.backups.foot if self.backups is not None else None
        live = Live(window, parts, foot, on_a_server=clinic.database.is_server)
        if self.backups is not None:
            self.backups.changed.connect(live.show_foot)
        self.lock = Lock(window, parts, partial(self._check_password, clinic), _hint(clinic))
        self.lock.ended.connect(self.end_session, Qt.ConnectionType.QueuedConnection)
        add_log_out(window, parts, lambda: QTimer.singleShot(0, self.end_session))
        attach_emergency_door(window, parts.tasks)
        attach_doubt(window, parts.tasks)
        attach_protocol_watch(window, parts)
        catching_up = CatchingUp(window, parts)
        add_settings(window, Tools(parts, clinic.database, self.lock, self.backups, catching_up))
        return window

    def _new_backups(self, clinic: OpenedClinic, parts: Parts) -> Backups | None:
        """The automatic backups of a clinic file; a demo has none, and a server makes its own."""
        if clinic.details.demo or clinic.database.is_server:
            return None
        backups = Backups(clinic.database, parts.tasks, parts.clock, self)
        backups.bug.connect(self.bugs.take)
        return backups

    def _check_password(self, clinic: OpenedClinic, password: str) -> None:
        """On the worker: whether it is the password of whoever opened the clinic. Raises as logging in does."""
        check_password(clinic, password, self._clock(clinic.user.id).at)

    def end_session(self) -> None:
        """Close the clinic and go back to a start window, for somebody else to log in."""
        window, commands = self.main_window, self._commands
        self.main_window = self.lock = self._commands = None
        theme.take_off(self._application)
        self.start_window = self._new_start()
        self.session_ended.emit()
        if window is not None:
            window.closing.emit()  # a worker of a page ends before the file is closed
            window.hide()
        self.close()
        for left in (window, commands):
            if left is not None:
                left.deleteLater()

    def close(self) -> None:
        """Stop a backup under way, finish what is being written and close the file."""
        if self.backups is not None:
            self.backups.close()
            self.backups = None
        if self.tasks is not None and self._clinic is not None:
            for error in self.tasks.close(self._clinic.database.close):
                log.error("lost at the end\n%s", trace(error))
            self.tasks = None
        theme.take_off(self._application)

    def _show_bug(self, where: str) -> None:
        """Tell the user that something is wrong in the program; nothing that was saved is touched by it."""
        if self._bug is not None and shiboken6.isValid(self._bug):
            return
        self._bug = BugDialog(where, self.main_window or self.start_window)
        self._bug.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._bug.open()


def _hint(clinic: OpenedClinic) -> str:
    """In a demo clinic everybody is invented, and so are the passwords."""
    if not clinic.details.demo:
        return ""
    return tr("In the demo clinic it is sample-{login}.").format(login=clinic.user.login)


def stamp_now(user_id: int) -> Stamp:
    """Who, the instant in UTC, and the calendar day where this computer stands."""
    at = datetime.now(UTC)
    return Stamp(user_id=user_id, at=at, today=at.astimezone().date())
