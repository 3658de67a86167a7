"""Sentences about the clinic's file, its place and its backups: what happened, what was kept, what to do now."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP

SENTENCES: Mapping[str, object] = {
    "record-in-doubt": QT_TRANSLATE_NOOP(
        "errors", "The check of the record found something wrong, so nothing was written over a good copy."
    ),
    "backup-misnamed": QT_TRANSLATE_NOOP(
        "errors", "This backup holds something else than its name says. Nothing was changed."
    ),
    "backup-damaged": QT_TRANSLATE_NOOP(
        "errors",
        "This backup is damaged. The clinic was not touched; try another backup (`replete restore --list`).",
    ),
    "no-backup": QT_TRANSLATE_NOOP("errors", "There is no backup yet."),
    "rung-not-usable": QT_TRANSLATE_NOOP(
        "errors", "This way back is not open any more. Nothing was changed; look at the ways again."
    ),
    "synced-folder": QT_TRANSLATE_NOOP(
        "errors",
        "The clinic's file lies in a folder that is synchronised with other computers, which destroys it sooner or "
        "later. Move the file and its vault to a folder of this computer alone; backups may be synchronised.",
    ),
    "network-drive": QT_TRANSLATE_NOOP(
        "errors",
        "The clinic's file lies on a network drive, which destroys it sooner or later. Move the file and its vault "
        "to a disk of this computer, or use a database server for several workstations.",
    ),
}
