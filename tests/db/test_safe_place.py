"""Where a live clinic file may lie, on three systems, from what a computer says of itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest

from db import safe_place
from db.safe_place import Mount, UnsafePlace, look, mac_mount, read_mounts, unsafe

POSIX, WINDOWS = PurePosixPath, PureWindowsPath
LINUX = """
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /home/ada/my\\040share rw,relatime - cifs //server/share rw
31 22 0:41 / /mnt/nfs rw - nfs4 server:/x rw
32 22 0:42 / /home/ada/remote rw - fuse.sshfs ada@host: rw
33 22 0:43 / /media/stick rw - vfat /dev/sdb1 rw
34 31 8:2 / /mnt/nfs/local rw - xfs /dev/sdc1 rw
"""


@pytest.mark.parametrize(
    ("path", "what"),
    [
        (POSIX("/home/ada/Dropbox/clinic.replete"), "Dropbox"),
        (POSIX("/home/ada/Dropbox (Northgate)/deep/er/clinic.replete"), "Dropbox"),
        (POSIX("/home/ada/Nextcloud/clinic.replete"), "Nextcloud"),
        (POSIX("/Users/ada/Library/Mobile Documents/com~apple~CloudDocs/clinic.replete"), "iCloud"),
        (POSIX("/Users/ada/Library/CloudStorage/OneDrive-Northgate/clinic.replete"), "OneDrive"),
        (POSIX("/Users/ada/Library/CloudStorage/Unheard-of/clinic.replete"), "CloudStorage"),
        (WINDOWS(r"C:\Users\ada\OneDrive\clinic.replete"), "OneDrive"),
        (WINDOWS(r"C:\Users\ada\OneDrive - Northgate Hospital\Documents\clinic.replete"), "OneDrive"),
        (WINDOWS(r"C:\Users\ada\GOOGLE DRIVE\clinic.replete"), "Google Drive"),
        (WINDOWS(r"G:\My Drive\clinic.replete"), "Google Drive"),
    ],
)
def test_folders_of_programs_that_synchronise_are_known_by_name(path: PurePath, what: str) -> None:
    found = unsafe(path)
    assert found is not None
    assert (found.kind, found.what) == ("synced-folder", what)
    assert str(path).startswith(found.folder)


@pytest.mark.parametrize(
    "path",
    [
        POSIX("/home/ada/.local/share/Replete/clinic.replete"),
        POSIX("/home/ada/dropboxes/clinic.replete"),
        POSIX("/home/ada/Dropbox"),
        POSIX("/home/ada/onedrive.replete"),
        WINDOWS(r"C:\Users\ada\AppData\Local\Replete\clinic.replete"),
        WINDOWS(r"\\?\C:\Users\ada\clinic.replete"),
        POSIX("/Users/ada/Library/Application Support/Replete/clinic.replete"),
    ],
)
def test_ordinary_places_are_not_refused(path: PurePath) -> None:
    assert unsafe(path, [Mount("/", "apfs"), Mount("C:\\", "NTFS")]) is None


@pytest.mark.parametrize(
    ("marker", "what"),
    [
        (".dropbox.cache", "Dropbox"),
        (".stfolder", "Syncthing"),
        (".sync_1a2b3c.db", "Nextcloud"),
        ("._sync_1a2b3c.db", "Nextcloud"),
        (".tmp.drivedownload", "Google Drive"),
    ],
)
def test_renamed_folders_are_known_by_their_marks(marker: str, what: str) -> None:
    path = POSIX("/data/team/records/clinic.replete")
    found = unsafe(path, (), {"/data/team": ("notes", marker), "/data": ()})
    assert found == UnsafePlace("synced-folder", what, "/data/team")
    assert unsafe(path, (), {"/data/other": (marker,)}) is None


def test_settings_of_such_a_program_in_the_home_folder_mean_nothing() -> None:
    home = Path(os.path.expanduser("~"))  # noqa: PTH111
    assert unsafe(home / "clinics" / "clinic.replete", (), {str(home): (".dropbox",)}) is None


@pytest.mark.parametrize(
    ("path", "system"),
    [
        ("/home/ada/my share/clinic.replete", "cifs"),
        ("/mnt/nfs/clinic.replete", "nfs4"),
        ("/home/ada/remote/deep/clinic.replete", "fuse.sshfs"),
        ("/mnt/nfs/local/clinic.replete", None),
        ("/media/stick/clinic.replete", None),
        ("/mnt/nfsother/clinic.replete", None),
        ("/home/ada/clinic.replete", None),
    ],
)
def test_network_drives_of_linux(path: str, system: str | None) -> None:
    found = unsafe(POSIX(path), read_mounts(LINUX))
    assert (found.what if found else None) == system
    assert found is None or found.kind == "network-drive"


def test_a_share_mounted_over_a_folder_counts_as_the_last_one_there() -> None:
    mounts = [Mount("/", "ext4"), Mount("/data", "ext4"), Mount("/data", "nfs")]
    assert unsafe(POSIX("/data/clinic.replete"), mounts) is not None


def test_network_drives_of_windows() -> None:
    for path in (WINDOWS(r"\\server\share\clinic.replete"), WINDOWS(r"\\?\UNC\server\share\clinic.replete")):
        found = unsafe(path)
        assert found is not None
        assert found.kind == "network-drive"
    mapped = unsafe(WINDOWS(r"Z:\clinic.replete"), [Mount("Z:\\", "remote")])
    assert mapped is not None
    assert mapped.kind == "network-drive"
    assert unsafe(WINDOWS(r"C:\clinic.replete"), [Mount("Z:\\", "remote")]) is None


def test_network_drives_of_macos() -> None:
    raw = bytearray(2168)
    raw[72:77] = b"smbfs"
    raw[88:102] = b"/Volumes/share"
    mount = mac_mount(bytes(raw))
    assert mount == Mount("/Volumes/share", "smbfs")
    assert unsafe(POSIX("/Volumes/share/clinic.replete"), [mount]) is not None


def test_this_computer_is_asked(tmp_path: Path) -> None:
    assert look(tmp_path / "clinic.replete") is None
    (tmp_path / "team" / ".stfolder").mkdir(parents=True)
    found = look(tmp_path / "team" / "clinic.replete")
    assert found is not None
    assert found.what == "Syncthing"
    linked = tmp_path / "innocent"
    linked.symlink_to(tmp_path / "team", target_is_directory=True)
    assert look(linked / "clinic.replete") is not None


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="mounts a file system of its own")
def test_a_real_mount_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "replete", str(tmp_path)], check=False)
    if done.returncode:
        pytest.skip("mounting is not allowed here")
    try:
        assert look(tmp_path / "clinic.replete") is None
        monkeypatch.setattr(safe_place, "_NETWORK_SYSTEMS", frozenset({"tmpfs"}))
        found = look(tmp_path / "clinic.replete")
        assert found == UnsafePlace("network-drive", "tmpfs", str(tmp_path))
    finally:
        subprocess.run(["umount", str(tmp_path)], check=True)
