"""What the program carries beside its code: fonts, icons, wording, translations.

`read` gives the bytes of one resource, `path` a file on disk for libraries that insist on one. Names are
relative with forward slashes, as in ``fonts/Inter-Regular.otf``. Both work from a source tree, an installed
package and a packaged program, because everything goes through `importlib.resources`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from pathlib import Path

__all__ = ["names", "path", "read", "read_text"]


def _find(name: str) -> Traversable:
    """The resource called `name`; names that climb out of this package are refused."""
    parts = name.split("/")
    if not name or any(part in {"", ".", ".."} for part in parts):
        raise ValueError(f"not a resource name: {name!r}")
    return files(__name__).joinpath(*parts)


def read(name: str) -> bytes:
    """The bytes of one resource. Raises FileNotFoundError when the program was shipped without it."""
    return _find(name).read_bytes()


def read_text(name: str) -> str:
    """The text of one resource, which is always UTF-8."""
    return read(name).decode("utf-8")


@contextmanager
def path(name: str) -> Iterator[Path]:
    """A real file holding the resource, there for as long as the `with` block lasts."""
    with as_file(_find(name)) as found:
        if not found.exists():
            raise FileNotFoundError(name)
        yield found


def names(folder: str) -> tuple[str, ...]:
    """Names of the files in one folder of resources, sorted, as `read` takes them."""
    return tuple(sorted(f"{folder}/{item.name}" for item in _find(folder).iterdir() if item.is_file()))
