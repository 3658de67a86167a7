"""The tables of ICU, cut to the languages of the window: 30 MB of the packaged program on Linux, 2 MB afterwards.

Qt brings one library of all tables for every language and old character set. The program needs those by which names
are put in order and words are parted in its own languages. The library is written anew with the tables kept, by the
assembler and linker that the packager needs anyhow. Used by `build.spec` alone.
"""

from __future__ import annotations

import shutil
import struct
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

LANGUAGES: Final = ("en", "es", "fr")
_MAGIC: Final = b"CmnD"
_MAGIC_AT: Final = 12
_ALIGNED: Final = 16
_GENERAL: Final = (
    "root.res", "pool.res", "res_index.res", "keyTypeData.res", "likelySubtags.res", "metaZones.res", "plurals.res",
    "numberingSystems.res", "supplementalData.res", "timezoneTypes.res", "windowsZones.res", "zoneinfo64.res",
    "metadata.res", "icuver.res", "icustd.res", "dayPeriods.res", "cnvalias.icu", "ulayout.icu", "uemoji.icu",
    "nfkc.nrm", "nfkc_cf.nrm", "uts46.nrm",
    "coll/root.res", "coll/res_index.res", "coll/ucadata.icu",
    "brkitr/root.res", "brkitr/res_index.res", "brkitr/char.brk", "brkitr/word.brk", "brkitr/sent.brk",
    "brkitr/line.brk", "brkitr/line_normal.brk",
)  # fmt: skip
_ASSEMBLY: Final = """\
.section .note.GNU-stack,"",@progbits
.section .rodata
.balign 16
.globl {symbol}
.type {symbol}, @object
.size {symbol}, {size}
{symbol}:
.incbin "{file}"
"""


def smaller(library: Path, folder: Path) -> Path:
    """A library of the same name in `folder` that holds only what is needed; the same one where it cannot be made.

    Raises `ValueError` when the library holds no tables in the shape that is known.
    """
    if shutil.which("as") is None or shutil.which("ld") is None:
        return library
    package, tables = read(library.read_bytes())
    keep = {name: table for name, table in tables.items() if _needed(name)}
    folder.mkdir(parents=True, exist_ok=True)
    content = write(package, keep)
    (folder / "tables.dat").write_bytes(content)
    source, made = folder / "tables.s", folder / library.name
    symbol = package.rstrip("lb") + "_dat"
    source.write_text(_ASSEMBLY.format(symbol=symbol, size=len(content), file=folder / "tables.dat"))
    _run("as", "-o", str(source.with_suffix(".o")), str(source))
    _run("ld", "-shared", "-soname", library.name, "-o", str(made), str(source.with_suffix(".o")))
    return made


def read(content: bytes) -> tuple[str, dict[str, bytes]]:
    """The name of the package ("icudt73l") and its tables by name, from a library or a file of tables."""
    start = content.find(_MAGIC) - _MAGIC_AT
    if start < 0:
        raise ValueError("no tables of ICU")
    base = start + struct.unpack_from("<H", content, start)[0]
    count = struct.unpack_from("<I", content, base)[0]
    places = [struct.unpack_from("<II", content, base + 4 + 8 * at) for at in range(count)]
    names = [content[base + at : content.index(b"\0", base + at)].decode("ascii") for at, _ in places]
    ends = [at for _, at in places[1:]] + [len(content) - base]
    package = names[0].partition("/")[0]
    if not package.startswith("icudt"):
        raise ValueError(f"tables of another shape: {names[0]}")
    return package, {
        name.partition("/")[2]: content[base + at : base + end]
        for name, (_, at), end in zip(names, places, ends, strict=True)
    }


def write(package: str, tables: Mapping[str, bytes]) -> bytes:
    """A file of tables: a head, the places in the order of the names, the names, the tables each on 16 bytes."""
    names = sorted(tables)
    told = [f"{package}/{name}".encode("ascii") + b"\0" for name in names]
    name_at = 4 + 8 * len(names)
    table_at = _up(name_at + sum(map(len, told)))
    contents = [table + bytes(_up(len(table)) - len(table)) for table in (tables[name] for name in names)]
    places = struct.pack("<I", len(names))
    for name, content in zip(told, contents, strict=True):
        places += struct.pack("<II", name_at, table_at)
        name_at += len(name)
        table_at += len(content)
    head = struct.pack("<HBBHHBBBB4s4B4B", 32, 0xDA, 0x27, 20, 0, 0, 0, 2, 0, _MAGIC, 1, 0, 0, 0, 3, 0, 0, 0)
    before = places + b"".join(told)
    return head.ljust(32, b"\0") + before + bytes(_up(len(before)) - len(before)) + b"".join(contents)


def _up(size: int) -> int:
    return -(-size // _ALIGNED) * _ALIGNED


def _needed(name: str) -> bool:
    folder, _, last = name.rpartition("/")
    language = last.partition(".")[0].partition("_")[0]
    mine = folder in ("", "coll", "brkitr", "zone", "curr", "lang", "region") and language in LANGUAGES
    return name in _GENERAL or (folder in ("zone", "curr", "lang", "region") and last in _SHARED) or mine


_SHARED: Final = ("root.res", "pool.res", "res_index.res")


def _run(*command: str) -> None:
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)  # noqa: S603  (programs named here, our own files)
