"""Where the text of a vault is kept: a file beside the clinic's file, or a row of a server database."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from db.errors import Damaged, MissingFile, MissingFolder, ReadOnly
from db.place import ServerAddress
from db.replace_file import replace_file


class Store(Protocol):
    """Where the text of a vault is kept: a file beside the clinic's file, or a row of a server database."""

    @property
    def name(self) -> str:
        """What it is called in messages; never holds a password."""

    def read(self) -> str:
        """The text. MissingFile when there is none."""

    def change(self, change: Callable[[str | None], str]) -> None:
        """Read, change and write the text as one; after a power cut it is the old one or the new one."""


Place = Path | ServerAddress | Store
"""A clinic file's path, whose vault lies beside it; a server's address; or a store of another kind."""


def vault_path(path: Path) -> Path:
    """Where the vault of a clinic file lies."""
    return path.with_name(path.name + ".vault")


class FileStore:
    """The vault file beside a clinic file."""

    def __init__(self, path: Path) -> None:
        """For the clinic file of this path."""
        self._file = vault_path(path)
        self._clinic = path

    @property
    def name(self) -> str:
        """The file's path."""
        return str(self._file)

    def read(self) -> str:
        """The file's text. Raises MissingFolder, MissingFile, ReadOnly, Damaged."""
        if not self._file.parent.is_dir():
            raise MissingFolder(folder=str(self._file.parent))
        try:
            return self._file.read_bytes().decode()
        except FileNotFoundError:
            # a file without its vault is either no clinic at all, or cannot be opened until the vault is back
            code = "missing-vault" if self._clinic.is_file() else "missing-file"
            raise MissingFile(code, path=self.name) from None
        except OSError:
            raise ReadOnly(path=self.name) from None
        except ValueError:
            raise Damaged(path=self.name) from None

    def change(self, change: Callable[[str | None], str]) -> None:
        """Write the file anew as a whole. Raises what reading raises, DiskFull, ReadOnly."""
        before = self.read() if self._file.exists() else None
        replace_file(self._file, change(before).encode())


def store_of(place: Place) -> Store:
    """The store itself, the row of a server, or the file beside a clinic file."""
    if isinstance(place, ServerAddress):
        from db.server_vault import ServerStore  # the server's driver is loaded only where it is needed

        return ServerStore(place)
    return FileStore(place) if isinstance(place, Path) else place
