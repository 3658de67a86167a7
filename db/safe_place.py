"""Whether a place is safe for a live clinic file: not in a folder that is synchronised, not on a network drive.

A program that synchronises copies the file while it is being written, and its log at another moment; a network drive
does not keep the locks the file relies on. Both destroy a clinic sooner or later. `unsafe` is a pure function over
what a computer says of itself; `look` asks this one.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath
from typing import Any, Final

SYNCED: Final = "synced-folder"
NETWORK: Final = "network-drive"

_NAMES: Final[Mapping[str, str]] = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "mobile documents": "iCloud",
    "icloud drive": "iCloud",
    "iclouddrive": "iCloud",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "syncthing": "Syncthing",
    "pcloud drive": "pCloud",
    "box sync": "Box",
    "seafile": "Seafile",
    "mega": "MEGA",
    "megasync": "MEGA",
}
"""Folder names, folded, that the programs give their own folders."""

_STARTS: Final[Mapping[str, str]] = {
    "onedrive - ": "OneDrive",
    "onedrive-": "OneDrive",
    "dropbox (": "Dropbox",
    "googledrive-": "Google Drive",
    "dropbox-": "Dropbox",
}
"""How the folders of organisations begin: "OneDrive - Northgate Hospital"."""

_MARKERS: Final[Mapping[str, str]] = {
    ".dropbox": "Dropbox",
    ".dropbox.cache": "Dropbox",
    ".stfolder": "Syncthing",
    ".stversions": "Syncthing",
    ".nextcloudsync.log": "Nextcloud",
    ".owncloudsync.log": "ownCloud",
    ".tmp.drivedownload": "Google Drive",
    ".tmp.driveupload": "Google Drive",
    ".849c9593-d756-4e56-8d6e-42412f2a707b": "OneDrive",
    ".seafile-data": "Seafile",
}
"""Entries such programs leave in the folder they synchronise, whatever it is called."""

_NETWORK_SYSTEMS: Final = frozenset(
    {
        "nfs", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "afpfs", "webdav", "davfs", "davfs2", "ncpfs",
        "afs", "glusterfs", "ceph", "lustre", "fuse.sshfs", "fuse.glusterfs", "fuse.rclone",
        "fuse.davfs2", "fuse.gvfsd-fuse", "fuse.s3fs", "fuse.smbnetfs", "fuse.ceph-fuse", "macfuse.sshfs",
    }
)  # fmt: skip
_SYNCED_SYSTEMS: Final[Mapping[str, str]] = {
    "fuse.google-drive-ocamlfuse": "Google Drive",
    "fuse.drivefs": "Google Drive",
    "dfsfuse_dfs": "Google Drive",
    "fuse.onedriver": "OneDrive",
    "fuse.pcloud": "pCloud",
}
DRIVE_REMOTE: Final = 4
"""What Windows says of a mapped network drive."""


@dataclass(frozen=True, slots=True)
class Mount:
    """Where a file system begins, and of which kind it is ("ext4", "cifs", "remote")."""

    point: str
    system: str


@dataclass(frozen=True, slots=True)
class UnsafePlace:
    """Why a place is not safe: `kind` is synced-folder or network-drive, `what` names the program or system."""

    kind: str
    what: str
    folder: str


def unsafe(
    path: PurePath, mounts: Iterable[Mount] = (), entries: Mapping[str, Iterable[str]] | None = None
) -> UnsafePlace | None:
    """Why `path` (absolute, links resolved) is no place for a live clinic file; None when nothing speaks against it.

    `mounts` are the file systems of the computer, `entries` the names found in the folders above the file.
    """
    if isinstance(path, PureWindowsPath) and path.drive.startswith("\\\\"):
        device = path.drive.startswith(("\\\\?\\", "\\\\.\\")) and not path.drive.upper().startswith(
            "\\\\?\\UNC"
        )
        if not device:
            return UnsafePlace(NETWORK, "UNC", path.drive)
    return _mounted(path, mounts) or _named(path) or _marked(path, entries or {})


def look(path: Path) -> UnsafePlace | None:
    """Why a place on this computer is no place for a live clinic file."""
    whole = Path(os.path.realpath(path))
    return unsafe(whole, _mounts(whole), _entries(whole))


def _mounted(path: PurePath, mounts: Iterable[Mount]) -> UnsafePlace | None:
    """The file system the path lies on: the one whose beginning is nearest to it, the last of several there."""
    nearest: tuple[int, Mount] | None = None
    kind = type(path)
    for mount in mounts:
        point = kind(mount.point)
        if path.is_relative_to(point) and (nearest is None or len(point.parts) >= nearest[0]):
            nearest = (len(point.parts), mount)
    if nearest is None:
        return None
    system = nearest[1].system.casefold()
    if system in _SYNCED_SYSTEMS:
        return UnsafePlace(SYNCED, _SYNCED_SYSTEMS[system], nearest[1].point)
    if system in _NETWORK_SYSTEMS or system == "remote":
        return UnsafePlace(NETWORK, nearest[1].system, nearest[1].point)
    return None


def _named(path: PurePath) -> UnsafePlace | None:
    """A folder above the file that carries the name of such a program."""
    for folder in path.parents:
        name = folder.name.casefold()
        program = _NAMES.get(name) or next((p for s, p in _STARTS.items() if name.startswith(s)), None)
        if program is None and name == "cloudstorage" and folder.parent.name.casefold() == "library":
            program = "CloudStorage"
        if program is not None:
            return UnsafePlace(SYNCED, program, str(folder))
    return None


def _marked(path: PurePath, entries: Mapping[str, Iterable[str]]) -> UnsafePlace | None:
    """A folder above the file in which such a program left its mark."""
    for folder in path.parents:
        for entry in entries.get(str(folder), ()):
            name = entry.casefold()
            program = _MARKERS.get(name)
            if program is None and name.startswith("._sync_") and name.endswith(".db"):
                program = "Nextcloud"
            if program is None and name.startswith(".sync_") and name.endswith(".db"):
                program = "Nextcloud"
            # the home folder holds programs' own settings, which mark nothing: ".dropbox" lies there as a folder
            if program is not None and str(folder) != os.path.expanduser("~"):  # noqa: PTH111  (pure paths)
                return UnsafePlace(SYNCED, program, str(folder))
    return None


def read_mounts(text: str) -> tuple[Mount, ...]:
    """The file systems in the words of Linux's `mountinfo`; spaces in names are written as `\\040`."""
    found = []
    for line in text.splitlines():
        before, _, after = line.partition(" - ")
        fields, rest = before.split(), after.split()
        if len(fields) >= 5 and rest:
            found.append(Mount(_unescaped(fields[4]), rest[0]))
    return tuple(found)


def _unescaped(text: str) -> str:
    for octal, mark in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        text = text.replace(octal, mark)
    return text


def _mounts(path: Path) -> tuple[Mount, ...]:
    """What this computer says of the drive a file lies on."""
    if sys.platform == "win32":
        return _windows_drive(path)
    if sys.platform == "darwin":
        return _mac_system(path)
    try:
        text = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ()
    return read_mounts(text)


def _windows_drive(path: Path) -> tuple[Mount, ...]:
    """A drive letter that stands for a share of another computer."""
    library: Any = getattr(ctypes, "windll", None)
    if library is None or not path.drive:
        return ()
    root = path.drive + "\\"
    return (Mount(root, "remote"),) if library.kernel32.GetDriveTypeW(root) == DRIVE_REMOTE else ()


def _mac_system(path: Path) -> tuple[Mount, ...]:
    """The file system of the nearest folder that exists, as `statfs` names it."""
    folder = next((parent for parent in path.parents if parent.exists()), Path("/"))
    room = ctypes.create_string_buffer(4096)
    call: Callable[..., int] = ctypes.CDLL(None).statfs
    if call(os.fsencode(folder), room) != 0:
        return ()
    return (mac_mount(room.raw),)


def mac_mount(raw: bytes) -> Mount:
    """Kind and beginning of a file system from the bytes of macOS's 64-bit `struct statfs`."""
    system = raw[72:88].split(b"\0", 1)[0].decode("ascii", "replace")
    point = raw[88 : 88 + 1024].split(b"\0", 1)[0].decode("utf-8", "replace")
    return Mount(str(PurePosixPath(point or "/")), system)


def _entries(path: Path) -> dict[str, tuple[str, ...]]:
    """The marks in every folder above the file that can be looked into."""
    found = {}
    for folder in path.parents:
        try:
            with os.scandir(folder) as names:
                marks = tuple(entry.name for entry in names if entry.name.startswith("."))
        except OSError:
            continue
        found[str(folder)] = marks
    return found
