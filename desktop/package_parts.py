"""What goes into the packaged program and what stays out: used when it is built, never by the running program.

The makers of the packages collect whatever a library could need anywhere: graphics for boards without a desktop, the
dialogs of another toolkit, readers of pictures nobody shows. What nothing here can reach is left out, and a library of
the system comes along only where something that stayed asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

Entry = tuple[str, str, str]
"""Where a file goes in the folder, where it lies now, and its kind, as the packager has it."""

MODULES: Final = (
    "tkinter", "pytest", "_pytest", "hypothesis", "mypy", "ruff", "IPython", "numpy", "pygments", "setuptools",
    "pkg_resources", "doctest", "pydoc_data", "sqlite3", "lxml", "PIL.ImageQt", "PIL._avif",
    "PIL._imagingcms", "PIL._imagingft", "PIL._imagingmath", "PIL._imagingmorph", "PIL._imagingtk", "PIL._webp",
    "PySide6.QtNetwork", "PySide6.QtQml", "PySide6.QtQuick", "PySide6.QtSql", "PySide6.QtOpenGL",
    "sqlalchemy.dialects.mssql", "sqlalchemy.dialects.mysql", "sqlalchemy.dialects.oracle",
)  # fmt: skip
"""Modules nothing in the program reaches: tools of the workshop, other databases, pictures and web pages."""

LEFT_OUT_WHOLE: Final = frozenset({"lxml"})
"""Distributions that something asks for and that `MODULES` leaves out whole: the list of components leaves them out."""

_PLUGINS: Final = (
    r"iconengines/.*svg|imageformats/.*(svg|gif|ico)|platforminputcontexts/|printsupport/|styles/"
    r"|platforms/.*(xcb|wayland|offscreen|minimal\.|cocoa|windows)|platformthemes/.*portal"
    r"|wayland-(decoration-client|shell-integration/.*xdg)|xcbglintegrations/"
)
_LANGUAGES: Final = ("en", "es", "fr")
_STAYS: Final = re.compile(rf"PySide6/(Qt/)?plugins/(?!{_PLUGINS})")
_TRANSLATION: Final = re.compile(
    r"PySide6/(Qt/)?translations/(?!(qt|qtbase)_(?:" + "|".join(_LANGUAGES) + r")\.qm)"
)
_PICTURES: Final = re.compile(r"PIL/_(?!imaging\.)|resources/languages/.*\.po$")
_LIBRARY: Final = re.compile(r"(PySide6/Qt/lib/|pillow\.libs/)?[^/]+\.so[.\d]*$")
_ALWAYS: Final = re.compile(r"libpython|libQt6(XcbQpa|WaylandClient)")


def wanted(entries: Iterable[Entry]) -> list[Entry]:
    """The files without the plugins, translations and readers of pictures that nothing here asks for."""
    return [entry for entry in entries if not _left_out(entry[0].replace("\\", "/"))]


def _left_out(place: str) -> bool:
    return any(sign.search(place) for sign in (_STAYS, _TRANSLATION, _PICTURES))


def reached(entries: Sequence[Entry], needs: Callable[[str], Iterable[str]]) -> list[Entry]:
    """The files without the libraries that nothing which stays asks for, followed from one to the next.

    `needs` names the libraries that a file asks the loader for, by name or path.
    """
    libraries = {
        Path(place).name: (place, lies, kind) for place, lies, kind in entries if _only_if_asked(place)
    }
    kept = [entry for entry in entries if not _only_if_asked(entry[0])]
    waiting = [lies for _, lies, kind in kept if kind in ("BINARY", "EXTENSION")]
    while waiting:
        for name in needs(waiting.pop()):
            found = libraries.pop(Path(name).name, None)
            if found is not None:
                kept.append(found)
                waiting.append(found[1])
    return kept


def _only_if_asked(place: str) -> bool:
    return _LIBRARY.match(place) is not None and _ALWAYS.search(place) is None and ".cpython-" not in place
