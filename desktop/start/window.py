"""The window before the clinic is open: one page after the other, then it gives the opened clinic away."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from clinical.protocol import Protocol
from db.errors import KnownError
from db.place import Place
from desktop import theme
from desktop.start.log_in import LogInPage
from desktop.start.opened import OpenedClinic, put_aside
from desktop.tasks import DatabaseTasks, Job, Progress
from desktop.widgets.surface import Surface
from desktop.wording import error_words, plain_date
from desktop.wording.plain import tr

if TYPE_CHECKING:
    # hardly any start shows more than the log-in: each of these is loaded when it is shown
    from desktop.start.first_run import FirstRunPage, MadeClinic
    from desktop.start.problem import ProblemPage
    from desktop.start.progress import ProgressPage
    from desktop.start.recovery import RecoverPage
    from desktop.start.ways_back import WaysBackPage

WIDTH, HEIGHT = 640, 780


class NoClinic:
    """Stands where a database will: before one is open there is nothing to read or write."""

    def read(self) -> AbstractContextManager[Any]:
        """Never called by the start pages."""
        raise RuntimeError("no clinic is open yet")

    write = read


class StartWindow(Surface):
    """Log in, first run, or the demo being made. `opened` carries the clinic once, then the window closes."""

    opened = Signal(object)
    closed = Signal()
    demo_wanted = Signal()
    """Somebody who was to set up a clinic wants to look at the demo clinic first."""

    def __init__(self, now: Callable[[], datetime] | None = None, parent: QWidget | None = None) -> None:
        super().__init__("page", parent=parent)
        self._now = now or (lambda: datetime.now(UTC))
        self.setWindowTitle(tr("Replete"))
        self.setWindowIcon(theme.window_icon())
        room = self.screen().availableSize()
        self.resize(min(theme.px(WIDTH), room.width()), min(theme.px(HEIGHT), room.height()))
        self.tasks = DatabaseTasks(NoClinic(), self)
        self.tasks.bug.connect(lambda _error: self._may_try_again())
        self._pages = QStackedLayout(self)
        self._job: Job | None = None

    def show_log_in(self, path: Place, names: tuple[str, ...], protocol: Protocol) -> LogInPage:
        """Ask who opens the clinic at `path`."""
        page = LogInPage(path, names, self.tasks, self._now)
        page.opened.connect(self._give)
        page.unfinished.connect(lambda: self._set_up_again(path, protocol))
        page.damaged.connect(lambda name, password: self.show_ways_back(path, name, password, page))
        page.recovery_wanted.connect(lambda: self.show_recover(path, page))
        self._show(page)
        return page

    def show_recover(self, place: Place, log_in: LogInPage) -> RecoverPage:
        """Ask for the recovery key of the clinic at `place`; Back goes to the log-in."""
        from desktop.start.recovery import RecoverPage

        page = RecoverPage(place, self.tasks, self._now)
        page.opened.connect(self._give)
        page.back.connect(lambda: self._go_back(log_in, page))
        self._show(page)
        return page

    def show_ways_back(
        self, place: Place, name: str, password: str, log_in: LogInPage
    ) -> WaysBackPage | None:
        """Show every way back to a damaged or missing file; the damaged file is kept whatever is chosen."""
        if not isinstance(place, Path):
            return None
        from desktop.start.ways_back import WaysBackPage

        page = WaysBackPage(place, name, password, self.tasks, self._now)
        page.back.connect(lambda: self._go_back(log_in, page))
        self._show(page)
        return page

    def _go_back(self, log_in: LogInPage, page: QWidget) -> None:
        self._pages.setCurrentWidget(log_in)
        self._pages.removeWidget(page)
        page.deleteLater()

    def show_problem(self, sentence: str) -> ProblemPage:
        """Say why the clinic cannot be opened; what is tried again is up to the caller."""
        from desktop.start.problem import ProblemPage

        page = ProblemPage(sentence)
        page.quit.connect(self.close)
        self._show(page)
        return page

    def show_first_run(self, path: Place, protocol: Protocol) -> FirstRunPage:
        """Set up a clinic at `path`."""
        from desktop.start.first_run import FirstRunPage

        page = FirstRunPage(path, protocol, self.tasks, self._now)
        page.made.connect(self._show_key)
        page.demo_wanted.connect(self.demo_wanted.emit)
        self._show(page)
        return page

    def _set_up_again(self, path: Place, protocol: Protocol) -> None:
        put_aside(path)
        page = self.show_first_run(path, protocol)
        page.say_problem(
            tr("The first set-up was cut short. Nothing was on record yet; please set it up again.")
        )

    def show_demo(self, make: Callable[[Progress], OpenedClinic], today: date) -> ProgressPage:
        """Make the demo clinic with progress, and open it."""
        from desktop.start.progress import ProgressPage

        title = tr("Making the demo clinic")
        page = ProgressPage(
            title, tr("About 60 invented patients, as of {day}.").format(day=plain_date(today))
        )
        page.cancelled.connect(self.close)
        self._show(page)
        self._job = self.tasks.run(
            make,
            then=self._give,
            failed=lambda error: self._say(page, error),
            owner=self,
            progress=page.show_progress,
        )
        return page

    def _say(self, page: ProgressPage, error: KnownError) -> None:
        page.say_problem(error_words(error))

    def _show_key(self, made: MadeClinic) -> None:
        from desktop.start.recovery import RecoveryKeyPage

        page = RecoveryKeyPage(made.recovery_key, made.clinic.details, self._now().astimezone().date())
        page.kept.connect(lambda: self._give(replace(made.clinic, fresh=True)))
        self._show(page)

    def _may_try_again(self) -> None:
        """What was tried ended in a bug, which is told elsewhere: what is typed stays, and the button works again."""
        from desktop.start.first_run import FirstRunPage
        from desktop.start.recovery import RecoverPage
        from desktop.start.ways_back import WaysBackPage

        page = self._pages.currentWidget()
        if isinstance(page, LogInPage | FirstRunPage | RecoverPage):
            page.button.setEnabled(True)
        elif isinstance(page, WaysBackPage):
            page.go_back.setEnabled(True)

    def _show(self, page: QWidget) -> None:
        self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)

    def _give(self, clinic: OpenedClinic) -> None:
        self._job = None
        self.opened.emit(clinic)
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Stop what is under way and end the worker."""
        if self._job is not None:
            self._job.cancel()
        self.tasks.close()
        super().closeEvent(event)
        self.closed.emit()
