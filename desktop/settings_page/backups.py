"""Backups: how they stand, one now, a second folder, a restore drill, and the list."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QFileDialog, QProgressBar, QWidget

from db import backup
from db.backup import Drill
from db.errors import KnownError
from db.operations import set_second_backup_folder
from db.queries.backups import FolderSetting, LastDrill, folder_setting, last_drill
from desktop import theme
from desktop.settings_page.section import Section, button_row, form, said_line
from desktop.settings_page.tools import Tools, allow
from desktop.widgets.buttons import KeyButton
from desktop.widgets.changed_meanwhile import ChangedMeanwhile
from desktop.widgets.fields import FormField, TextEdit
from desktop.widgets.table import Cell, Column, DataTable, Row
from desktop.wording import clock_time, plain_date
from desktop.wording.plain import tr

KILO = 1024


class BackupsSection(Section):
    """What the automatic backups did, and what can be done by hand. A demo or a server has none here."""

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        words = tr(
            "A verified copy is made at the start, every half hour when something changed, and before every update. "
            "Older ones are thinned."
        )
        super().__init__(tools, tr("Backups"), words, parent)
        self.backups = tools.backups
        self._seen: FolderSetting | None = None
        self.conflict = ChangedMeanwhile()
        self.state, self.drilled = said_line(), said_line()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Backup"))
        self.now = KeyButton(tr("Back up now"), "primary")
        self.stop = KeyButton(tr("Stop this backup"), "quiet")
        self.drill = KeyButton(tr("Try a restore"), "soft")
        self.folder = TextEdit(width=320)
        self.folder_field = FormField(
            tr("Second folder"), self.folder, tr("Another disk, or a folder that is copied elsewhere.")
        )
        self.choose = KeyButton(tr("Choose a folder"), "quiet")
        self.save = KeyButton(tr("Save the folder"), "soft")
        columns = (
            Column("at", tr("Made"), weight=500), Column("head", tr("End of the audit"), tone="text2"),
            Column("size", tr("Size"), align="right"), Column("name", tr("File"), tone="text2", stretch=True),
        )  # fmt: skip
        self.table = DataTable(tr("Backups"), columns)
        self.table.setMinimumHeight(theme.px(26 + 28 * 6))
        if self.backups is None:
            self.state.setText(self._none())
            self.column.addWidget(self.state)
            self.finish()
            return
        for widget in (
            self.state, self.bar, button_row(self.now, self.stop, self.drill), self.drilled,
            form(self.folder_field), self.conflict, button_row(self.save, self.choose), self.table,
        ):  # fmt: skip
            self.column.addWidget(widget)
        self.finish()
        self.backups.changed.connect(self._show)
        self.backups.progressed.connect(self._progress)
        self.stop.clicked.connect(self.backups.stop)
        self.now.clicked.connect(lambda _checked=False: tools.backups.now() if tools.backups else None)
        self.drill.clicked.connect(self._drill)
        self.choose.clicked.connect(self._choose)
        self.save.clicked.connect(self._save)
        allow(self.drill, self.parts, "record_drill")
        for button in (self.choose, self.save):
            allow(button, self.parts, "set_second_backup_folder")

    def _none(self) -> str:
        if self.parts.clinic.demo:
            return tr("The demo clinic is not backed up: everybody in it is invented.")
        return tr("This clinic is on a server, which makes its backups itself.")

    def first_focus(self) -> QWidget:
        """The button that makes one."""
        return self.now if self.backups is not None else self

    def refresh(self) -> None:
        """Ask for the second folder and the last drill."""
        if self.backups is None:
            return
        read = self.parts.tasks.read
        read(folder_setting, then=self._show_folder, failed=self.failed, owner=self, key="folder")
        read(last_drill, then=self._show_last_drill, failed=self.failed, owner=self, key="drill")
        self._show()

    def _show(self) -> None:
        if self.backups is None:
            return
        running = self.backups.state.running
        self.now.setEnabled(not running)
        self.stop.setVisible(running)
        self.bar.hide()  # until it is known how much there is
        words = tr("A backup is being made …") if running else self.backups.fact(self.parts.clock().at)
        self.state.setText(words)
        database = self.tools.database
        self.parts.tasks.run(
            backup.listed, backup.folder_of(database.path), database.path.stem, then=self._show_list,
            failed=self.failed, owner=self, key="list",
        )  # fmt: skip

    def _progress(self, done: int, of: int) -> None:
        """How much is copied; then that the copy is checked, which takes as long again."""
        checking = done >= of
        self.bar.setRange(0, max(of, 1))
        self.bar.setValue(done)
        self.bar.show()
        said = tr("A backup is being made: {share} % copied").format(share=100 * done // max(of, 1))
        self.state.setText(tr("The copy is being checked …") if checking else said)

    def _show_list(self, found: tuple[backup.Backup, ...]) -> None:
        self.table.set_rows([_row(number, one) for number, one in enumerate(found)])

    def _show_folder(self, found: FolderSetting) -> None:
        """Show the folder on record; one that is being typed stays, with the version it was typed over."""
        if self._seen is None or not (self.folder.hasFocus() or self.folder.isModified()):
            self._seen = found
            self.folder.setText(found.folder)

    def _show_last_drill(self, found: LastDrill | None) -> None:
        if found is None:
            self.drilled.setText(tr("Nobody has tried a restore yet."))
            return
        at = found.at.astimezone()
        words = (
            tr("Last restore tried {day}: it worked.")
            if found.ok
            else tr("Last restore tried {day}: it FAILED.")
        )
        self.drilled.setText(words.format(day=plain_date(at.date())))

    def _drill(self) -> None:
        if self.backups is None:
            return
        self.drill.setEnabled(False)
        self.drilled.setText(tr("Restoring the newest backup aside …"))
        self.backups.drill(self._drill_done, failed=self._drill_failed)

    def _drill_failed(self, error: KnownError) -> None:
        self.drill.setEnabled(True)
        self.failed(error)

    def _drill_done(self, found: Drill) -> None:
        self.drill.setEnabled(True)
        if not found.ok:
            self.say_problem(
                tr("The newest backup could not be restored: {why}.").format(why=", ".join(found.problems))
            )
            return
        words = tr("Restored {rows} rows in {seconds} s and checked them; the copy is removed again.")
        self.drilled.setText(words.format(rows=found.rows, seconds=round(found.seconds, 1)))
        self.say(tr("The restore worked."))

    def _choose(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, tr("Second folder for backups"), self.folder.text())
        if chosen:
            self.folder.setText(chosen)
            self.folder.setModified(True)

    def _save(self) -> None:
        if self._seen is not None:
            self._save_over(self._seen.version)

    def _save_over(self, seen: int) -> None:
        """Save what is typed over the setting of this version; who was first is shown beside it."""
        folder = self.folder.text().strip()
        self.conflict.clear()

        def refused(error: KnownError) -> None:
            now = error.values.get("version")
            again = partial(self._save_over, now) if isinstance(now, int) else None
            if not self.conflict.took(error, [(tr("Second folder"), folder)], again, self._take_theirs):
                self.failed(error)

        said = (
            tr("Backups are copied to a second folder.")
            if folder
            else tr("There is no second folder any more.")
        )
        self.parts.tasks.write(
            set_second_backup_folder, folder, self.parts.clock(), seen,
            then=partial(self._saved, said, FolderSetting(folder, seen + 1)), failed=refused, owner=self,
        )  # fmt: skip

    def _take_theirs(self) -> None:
        """Let go of what was typed and show the folder on record."""
        self._seen = None
        self.folder.setModified(False)
        self.refresh()

    def _saved(self, said: str, saved: FolderSetting, _changes: object) -> None:
        self._seen = saved
        self.folder.setModified(False)
        self.say(said)


def _row(number: int, one: backup.Backup) -> Row:
    at = one.at.astimezone()
    size = tr("{count} kB").format(count=one.size // KILO)
    cells = (
        Cell(f"{plain_date(at.date())} {clock_time(at)}"),
        Cell(one.head),
        Cell(size),
        Cell(one.path.name),
    )
    return Row(number, cells)
