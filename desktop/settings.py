"""What the window remembers between two starts: size, columns, theme. Typed, because the store is not.

Nothing that changes an answer or a letter is kept here; that is in the clinic's own record.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import cast

from PySide6.QtCore import QByteArray, QSettings

from desktop.theme import Scheme


class Settings:
    """Typed access to one settings file. A value of another type than asked for counts as not there."""

    def __init__(self, file: Path | None = None) -> None:
        if file is None:
            self._store = QSettings(
                QSettings.Format.IniFormat, QSettings.Scope.UserScope, "Replete", "Replete"
            )
        else:
            self._store = QSettings(str(file), QSettings.Format.IniFormat)

    def text(self, name: str, default: str = "") -> str:
        """A text."""
        value = self._store.value(name)
        return value if isinstance(value, str) else default

    def set_text(self, name: str, value: str) -> None:
        """Keep a text."""
        self._store.setValue(name, value)

    def flag(self, name: str, default: bool = False) -> bool:
        """A yes or no; the store itself only knows the word "true"."""
        word = str(self._store.value(name, "")).casefold()
        return {"true": True, "false": False}.get(word, default)

    def set_flag(self, name: str, value: bool) -> None:
        """Keep a yes or no."""
        self._store.setValue(name, "true" if value else "false")

    def number(self, name: str, default: int = 0) -> int:
        """A whole number."""
        try:
            return int(str(self._store.value(name, "")))
        except ValueError:
            return default

    def set_number(self, name: str, value: int) -> None:
        """Keep a whole number."""
        self._store.setValue(name, str(value))

    def table(self, name: str) -> Mapping[str, object]:
        """A small table, such as the columns of a list; empty when it cannot be read."""
        try:
            value = json.loads(self.text(name) or "{}")
        except json.JSONDecodeError:
            return {}
        return value if isinstance(value, dict) else {}

    def set_table(self, name: str, value: Mapping[str, object]) -> None:
        """Keep a small table."""
        self.set_text(name, json.dumps(value, sort_keys=True))

    def geometry(self) -> QByteArray:
        """Place and size of the window; empty at the first start."""
        return QByteArray.fromBase64(self.text("window/geometry").encode())

    def set_geometry(self, value: QByteArray) -> None:
        """Keep place and size of the window."""
        self.set_text("window/geometry", bytes(value.toBase64().data()).decode())

    def scheme(self) -> Scheme:
        """light, dark, or with the system."""
        word = self.text("theme", "system")
        return cast(Scheme, word) if word in {"light", "dark", "system"} else "system"

    def set_scheme(self, scheme: Scheme) -> None:
        """Keep the choice of theme."""
        self.set_text("theme", scheme)

    def language(self) -> str:
        """The language of the window by its code, or "system"."""
        return self.text("language", "system")

    def set_language(self, code: str) -> None:
        """Keep the choice of language."""
        self.set_text("language", code)

    def sync(self) -> None:
        """Write now."""
        self._store.sync()
