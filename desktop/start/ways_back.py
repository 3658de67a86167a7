"""What is shown when the clinic's file is damaged or gone: every way back, tried on a copy, and what each would give.

Nothing is done before it is chosen, and nothing is removed: the damaged file is kept under a dated name.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from db import backup, recovery
from db.backup import FoundKey, Restored
from db.errors import KnownError
from db.recovery import Rung
from desktop import theme
from desktop.start.page import StartPage, row
from desktop.tasks import DatabaseTasks, Progress
from desktop.widgets.buttons import KeyButton
from desktop.widgets.labels import Label
from desktop.wording import error_words
from desktop.wording.backups import rung_name, rung_words
from desktop.wording.plain import tr


class WaysBackPage(StartPage):
    """Tries every way back on a copy, shows what each gives, and takes the one that is chosen."""

    restored = Signal()
    """The chosen copy is in place; the log-in opens it."""
    back = Signal()

    def __init__(
        self,
        path: Path,
        user: str,
        password: str,
        tasks: DatabaseTasks,
        now: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(tr("This clinic's file cannot be opened as it is"), _begin_words(path), parent)
        self._path, self._login, self._tasks, self._now = path, user, tasks, now
        self._found: FoundKey | None = None
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Trying every way back on a copy"))
        self.column.addWidget(self.bar)
        self.ways = QVBoxLayout()
        self.ways.setSpacing(theme.px(16))
        self.column.addLayout(self.ways)
        self.take_buttons: dict[str, KeyButton] = {}
        self.go_back = KeyButton(tr("Back to log in"), "quiet", tr("Esc"))
        self.go_back.setShortcut("Esc")
        self.go_back.clicked.connect(self._leave)
        self.finish(row(self.go_back))
        self._job = tasks.run(
            _tried,
            path,
            user,
            password,
            now(),
            then=self._show_ways,
            failed=self._failed,
            owner=self,
            progress=self._count,
        )

    def _count(self, done: int, of: int, _what: str) -> None:
        self.bar.setMaximum(of)
        self.bar.setValue(done)

    def _show_ways(self, tried: tuple[FoundKey, Sequence[Rung]]) -> None:
        """Every way with what it would give; the best one first under the hand."""
        self._found, rungs = tried
        self.bar.hide()
        best = recovery.best(rungs)
        self.words.setText(
            tr("Nothing was changed. Each way back was tried on a copy; choose one.")
            if best is not None
            else tr("Nothing was changed. No way back was found here; bring a backup from another disk.")
        )
        # the proposed one stands on top, then what else is possible, then what is not
        for rung in sorted(rungs, key=lambda one: (one is not best, not one.usable)):
            self.ways.addWidget(self._way(rung, proposed=rung is best))
        if best is not None:
            self.take_buttons[best.kind].setFocus()

    def _way(self, rung: Rung, *, proposed: bool) -> QWidget:
        holder = QWidget()
        lines = QVBoxLayout(holder)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(theme.px(4))
        lines.addWidget(Label(rung_name(rung), weight=600, wrap=True))
        words = rung_words(rung)
        lines.addWidget(Label(words[:1].upper() + words[1:], tone="text2", wrap=True))
        if rung.usable:
            text = tr("Continue with this") if proposed else tr("Take this one")
            button = KeyButton(text, "primary" if proposed else "soft")
            button.setAccessibleName(f"{text}: {rung_name(rung)}, {rung_words(rung)}")
            button.clicked.connect(lambda _checked=False: self._take(rung))
            self.take_buttons[rung.kind] = button
            lines.addWidget(row(button))
        return holder

    def _take(self, rung: Rung) -> None:
        """Put the chosen copy in place."""
        if self._found is None:
            return
        for button in (*self.take_buttons.values(), self.go_back):
            button.setEnabled(False)
        self.say_problem("")
        self._tasks.run(
            _taken,
            rung,
            self._path,
            self._found.key,
            self._now(),
            self._login,
            then=self._done,
            failed=self._failed,
            owner=self,
        )

    def _done(self, done: Restored) -> None:
        """Say what is there now and where the damaged file is."""
        while (item := self.ways.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self.take_buttons.clear()
        self.heading.setText(tr("The clinic is back"))
        kept = next((path.name for path in done.kept), "")
        self.words.setText(
            tr("It was checked and holds {rows} entries. The damaged file is kept as {name}.").format(
                rows=done.proof.rows, name=kept
            )
            if kept
            else tr("It was checked and holds {rows} entries.").format(rows=done.proof.rows)
        )
        self.go_back.setEnabled(True)
        self.go_back.setFocus()
        self.restored.emit()

    def _failed(self, error: KnownError) -> None:
        self.bar.hide()
        for button in (*self.take_buttons.values(), self.go_back):
            button.setEnabled(True)
        self.say_problem(error_words(error))

    def _leave(self) -> None:
        """Stop trying, take the copies away, and go back."""
        self._job.cancel()
        self._tasks.run(recovery.forget, self._path)
        self.back.emit()


def _begin_words(path: Path) -> str:
    return tr("{name} is damaged or missing. Every way back is being tried on a copy.").format(name=path.name)


def _tried(
    path: Path, user: str, password: str, at: datetime, progress: Progress
) -> tuple[FoundKey, tuple[Rung, ...]]:
    """On the worker: the key, from whichever vault can be read, and what every way would give."""
    backups = [one.path for one in backup.listed(backup.folder_of(path), path.stem)]
    found = backup.find_key((path, *backups), user, password)
    return found, recovery.climb(path, found.key, at, progress=lambda done, of: progress(done, of, ""))


def _taken(rung: Rung, path: Path, key: bytes, at: datetime, login: str) -> Restored:
    return recovery.take(rung, path, key, at, login=login)
