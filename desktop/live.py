"""What keeps the frame up to date: the rail's counts, the foot, the search box. Counts are asked, never kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, QTimer

from db import queries
from db.queries.imports import LastImport, last_import
from db.queries.patients import PatientHit
from db.queries.worklist_rows import Counts
from desktop.main_window import MainWindow
from desktop.parts import Parts
from desktop.signing import may_sign
from desktop.widgets.choice_list import Choice
from desktop.wording import action_name, clock_time, plain_date
from desktop.wording.plain import tr

MINUTE_MS = 60_000
HITS = 12


class Live(QObject):
    """Joins the frame to the database: asks again after every change and every minute."""

    def __init__(
        self,
        window: MainWindow,
        parts: Parts,
        backups: Callable[[datetime], tuple[str, str]] | None = None,
        *,
        on_a_server: bool = False,
    ) -> None:
        """`backups` gives a warning about the backups (or an empty text) and how they stand at an instant.

        `on_a_server` says that the clinic is in no file of ours: whether its disk is encrypted is not ours to say.
        """
        super().__init__(window)
        self._window, self._parts = window, parts
        self._backups, self._warned, self._on_a_server = backups, "", on_a_server
        self._last_import = ""
        parts.tasks.changed.connect(lambda changes: self.ask() if changes.kinds else None)
        window.search.asked.connect(self._search)
        window.search.chosen.connect(parts.navigation.open_patient.emit)
        self._minute = QTimer(self, interval=MINUTE_MS)
        self._minute.timeout.connect(self.ask)
        self._minute.start()
        self.ask()

    def ask(self) -> None:
        """Ask for the counts of today; the minute may strike while the program ends, and then nobody asks."""
        if self._parts.tasks.is_closed():
            self._minute.stop()
            return
        today, signing = self._parts.clock().today, may_sign(self._parts.user.role)
        read = self._parts.tasks.read
        read(queries.counts, today, signing, then=self._show, owner=self, key="counts", aside=True)
        read(last_import, then=self._imported, owner=self, key="last-import", aside=True)

    def _imported(self, last: LastImport | None) -> None:
        """When results were last taken in, and what of them is still held, for the foot."""
        words = (
            tr("last import {time}, {held} held")
            if last is not None and last.held
            else tr("last import {time}")
        )
        if last is not None:
            at, now = last.at.astimezone(), self._parts.clock().at.astimezone()
            when = clock_time(at) if at.date() == now.date() else plain_date(at.date())
            self._last_import = words.format(time=when, held=last.held)
            self.show_foot()

    def _show(self, counts: Counts) -> None:
        # what waits to be matched stands on the page where results come in
        count = {"results" if name == "results-in" else name: number for name, number in counts.count.items()}
        worst = {"results" if name == "results-in" else name: state for name, state in counts.worst.items()}
        self._window.set_counts(count, worst)
        self.show_foot()

    def show_foot(self) -> None:
        """Say as of when, how the backups stand, and that the file is encrypted, or on a server."""
        now = self._parts.clock().at
        warning, fact = self._backups(now) if self._backups is not None else ("", "")
        at = tr("As at {time}").format(time=clock_time(now.astimezone()))
        kept = tr("on a server") if self._on_a_server else tr("encrypted")
        # in a narrow window the middle gives way: a warning must not
        first = (at, self._last_import) if self._last_import else (at,)
        self._window.set_foot((warning, at, kept) if warning else (*first, fact, kept))
        if warning and warning != self._warned:
            self._window.foot.say(warning, problem=True)
        self._warned = warning

    def _search(self, text: str) -> None:
        """Those who begin so are shown at once, then the others too."""

        def first(hits: tuple[PatientHit, ...]) -> None:
            if hits:
                self._offer(text, hits)
            if len(hits) < HITS:
                ask(queries.search, text, HITS, then=partial(whole, hits), owner=self, key="search")

        def whole(shown: tuple[PatientHit, ...], hits: tuple[PatientHit, ...]) -> None:
            if not shown or hits != shown:
                self._offer(text, hits)

        ask = self._parts.tasks.read
        ask(partial(queries.search, parts=False), text, HITS, then=first, owner=self, key="search")

    def _offer(self, text: str, hits: tuple[PatientHit, ...]) -> None:
        self._window.search.show_hits(text, [_choice(hit) for hit in hits])


def _choice(hit: PatientHit) -> Choice:
    """A patient in the list below the search box: identity first, then what is next."""
    born = plain_date(hit.birth_date) if hit.birth_date is not None else tr("born unknown")
    next_step = action_name(hit.next_action) if hit.next_action else ""
    detail = " · ".join(part for part in (born, hit.number, next_step) if part)
    return Choice(hit.patient_id, f"{hit.surname}, {hit.given}", detail)
