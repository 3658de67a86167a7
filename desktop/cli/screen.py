"""Whether there is a screen, asked before Qt is, because Qt ends the program when there is none."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QLibraryInfo

X_SOCKETS = Path("/tmp/.X11-unix")  # noqa: S108  (where every X server listens)
X_PORT = 6000
SECONDS = 1.0


def has_screen(environment: Mapping[str, str]) -> bool:
    """Whether a window can be opened on Linux with this environment: a display that answers, or one chosen."""
    chosen = environment.get("QT_QPA_PLATFORM", "").split(";")[0].split(":")[0]
    if chosen and chosen not in ("xcb", "wayland"):
        return chosen in _platforms()
    return _wayland(environment) or _x(environment.get("DISPLAY", ""))


def _platforms() -> frozenset[str]:
    """The platforms Qt was installed with."""
    folder = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "platforms"
    names = {path.stem.removeprefix("libq") for path in folder.glob("libq*.so")}
    return frozenset(name.removesuffix("-egl").removesuffix("-generic") for name in names)


def _wayland(environment: Mapping[str, str]) -> bool:
    name = environment.get("WAYLAND_DISPLAY", "")
    folder = environment.get("XDG_RUNTIME_DIR", "")
    return bool(name) and _answers(socket.AF_UNIX, str(Path(folder) / name))


def _x(display: str) -> bool:
    """Whether the X server named as `host:number.screen` answers."""
    host, _, number = display.rpartition(":")
    number = number.split(".")[0]
    if not number.isdigit():
        return False
    if host in ("", "unix"):
        path = str(X_SOCKETS / f"X{number}")
        return _answers(socket.AF_UNIX, path) or _answers(socket.AF_UNIX, "\0" + path)
    return _answers(socket.AF_INET, (host, X_PORT + int(number)))


def _answers(family: int, address: str | tuple[str, int]) -> bool:
    try:
        with socket.socket(family, socket.SOCK_STREAM) as asked:
            asked.settimeout(SECONDS)
            asked.connect(address)
    except (OSError, OverflowError, ValueError):
        return False
    return True
