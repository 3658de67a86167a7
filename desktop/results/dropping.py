"""Files of a laboratory dropped anywhere on the window, and a folder they are taken from by themselves."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QFileSystemWatcher, QObject, QTimer
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from db.backup import folder_of
from db.engine import Database
from desktop.commands import Command
from desktop.parts import Parts
from desktop.wording.plain import tr

if TYPE_CHECKING:
    # what reads files apart is loaded when the first one comes in, not with the window
    from db.imports.storing import StoredFile
    from desktop.results.intake import Intake

IMPORT: Final = "results.import"
SETTING: Final = "imports/folder"
DONE, HELD, FAILED = "done", "held", "failed"
SETTLE_MS: Final = 2000
"""A file is taken once it has not grown for this long: whoever writes it has finished."""
OURS: Final = frozenset({".replete", ".replete-wal", ".replete-shm", ".vault", ".head", ".backup"})
"""Endings of the program's own files."""
LOOK_MS: Final = 60_000
"""Folders on some drives do not tell of new files; they are looked at once a minute."""


class FilesDropped(QObject):
    """Takes files that are dropped on a window."""

    def __init__(self, window: QWidget, take: Callable[[Sequence[Path]], object]) -> None:
        super().__init__(window)
        self._take = take
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Files are taken; anything else that is dragged is left alone."""
        if isinstance(event, QDragEnterEvent | QDragMoveEvent | QDropEvent) and _files(event):
            event.acceptProposedAction()
            if event.type() == QEvent.Type.Drop:
                self._take(_files(event))
            return True
        return super().eventFilter(watched, event)


class DropFolder(QObject):
    """A folder a laboratory's program writes into. What was taken in is moved to done, held or failed; never deleted.

    A file whose values all went into records or were known goes to `done`, one of which something is held, or a table
    whose columns have to be named first, to `held`,
    one that is no result file, or could not be stored, to `failed`.
    """

    def __init__(self, parts: Parts, intake: Callable[[], Intake], parent: QObject) -> None:
        """`intake` gives what takes files in; it is asked for once, when the first file lies there."""
        super().__init__(parent)
        self._parts, self._ask_intake = parts, intake
        self._intake: Intake | None = None
        self._folder: Path | None = None
        self._sizes: dict[Path, int] = {}
        self._under_way: set[Path] = set()
        self._settle = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settle.timeout.connect(self.look)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(lambda _path: self._settle.start())
        self._minute = QTimer(self, interval=LOOK_MS)
        self._minute.timeout.connect(self.look)
        kept = parts.settings.text(SETTING)
        if kept:
            self.watch(Path(kept))

    @property
    def folder(self) -> Path | None:
        """The folder that is watched, or None."""
        return self._folder

    def watch(self, folder: Path | None) -> None:
        """Watch another folder, or none; never one the clinic's own files lie in, for what is read is moved."""
        if self._watcher.directories():
            self._watcher.removePaths(self._watcher.directories())
        fit = folder is not None and folder.is_dir() and not self.is_ours(folder)
        self._folder = folder if fit else None
        self._sizes = {}
        if self._folder is None:
            self._minute.stop()
            return
        self._watcher.addPath(str(self._folder))
        self._minute.start()
        self._settle.start()

    def is_ours(self, folder: Path) -> bool:
        """Whether the clinic's file or its backups lie in a folder."""
        database = self._parts.tasks.sessions
        if not isinstance(database, Database) or database.is_server:
            return False
        clinic = database.path.resolve()
        return folder.resolve() in (clinic.parent, folder_of(clinic))

    def look(self) -> None:
        """Take in what lies in the folder and has stopped growing."""
        if self._folder is None or self._parts.tasks.is_closed():
            return
        sizes = {path: _size(path) for path in _waiting(self._folder) if path not in self._under_way}
        ready = [path for path, size in sizes.items() if self._sizes.get(path) == size]
        self._sizes = sizes
        if ready:
            self._under_way.update(ready)
            self._taking().start(sorted(ready))
        if len(ready) < len(sizes):
            self._settle.start()

    def _taking(self) -> Intake:
        """What takes the files in, and tells when they are in."""
        if self._intake is None:
            self._intake = self._ask_intake()
            self._intake.finished.connect(self._put_away)
        return self._intake

    def ask(self, parent: QWidget) -> None:
        """Ask which folder is watched, and keep the answer on this computer."""
        chosen = QFileDialog.getExistingDirectory(parent, tr("Folder a laboratory's files arrive in"))
        if not chosen:
            return
        if self.is_ours(Path(chosen)):
            self._parts.navigation.say.emit(
                tr("The clinic's own file lies in this folder. Choose one for the laboratory's files alone."),
                None,
            )
            return
        self._parts.settings.set_text(SETTING, chosen)
        self.watch(Path(chosen))
        self._parts.navigation.say.emit(tr("Files in {folder} are taken in by themselves.").format(
            folder=Path(chosen).name), self.forget)  # fmt: skip

    def forget(self) -> None:
        """Watch no folder any more."""
        self._parts.settings.set_text(SETTING, "")
        self.watch(None)
        self._parts.navigation.say.emit(tr("No folder is watched."), None)

    def _put_away(self, files: list[StoredFile]) -> None:
        """Move what came from the folder to where its outcome belongs."""
        from desktop.results.intake import wants_columns

        for one in files:
            path = Path(one.read.path)
            waited = (
                self._folder is not None and path.parent == self._folder / HELD and not wants_columns(one)
            )
            if self._folder is not None and (path in self._under_way or waited):
                self._under_way.discard(path)
                if one.why is None or one.why.code != "import-cancelled":
                    self._taking().moved.emit(path, _move(path, self._folder / outcome_of(one)))


def add_import(parts: Parts, choose: Callable[[], object]) -> None:
    """The command that takes files of a laboratory in; `choose` asks which."""
    words = tr("laboratory file hl7 fhir csv")
    parts.commands.add(Command(IMPORT, tr("Import results"), choose, "Ctrl+I", words=words))


def add_commands(parts: Parts, folder: DropFolder, window: QWidget) -> None:
    """What can be done about the folder, from the palette."""
    add = parts.commands.add
    add(Command("imports.folder", tr("Watch a folder for results"), lambda: folder.ask(window),
                words=tr("drop folder laboratory automatic")))  # fmt: skip
    add(Command("imports.no-folder", tr("Watch no folder for results"), folder.forget))


def outcome_of(done: StoredFile) -> str:
    """Which folder a file belongs into after it was taken in."""
    from desktop.results.intake import wants_columns

    if wants_columns(done):
        return HELD
    if done.why is not None or not done.outcomes or done.counts["rejected"]:
        return FAILED
    return HELD if done.counts["held"] else DONE


def _waiting(folder: Path) -> list[Path]:
    """Files that lie in the folder itself.

    What is hidden or still being written under a makeshift name is left, and so are clinics, their keys and backups.
    """
    try:
        found = sorted(folder.iterdir())
    except OSError:
        return []
    passing = (".tmp", ".part", ".partial", ".crdownload", ".filepart")
    return [
        path for path in found
        if path.is_file() and not path.is_symlink() and not path.name.startswith((".", "~"))
        and path.suffix.lower() not in passing and not any(one in OURS for one in path.suffixes)
    ]  # fmt: skip


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return -1


def _move(path: Path, into: Path) -> Path:
    """Move a file, under a name of its own where one lies there already; what cannot be moved stays and is known.

    Where it is now.
    """
    if path.parent == into:
        return path
    try:
        into.mkdir(exist_ok=True)
        target, number = into / path.name, 1
        while target.exists():
            number += 1
            target = into / f"{path.stem} ({number}){path.suffix}"
        shutil.move(path, target)
    except OSError:
        return path
    return target


def _files(event: QDropEvent) -> list[Path]:
    """The local files of a drag."""
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
