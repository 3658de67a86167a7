"""What the program is made of and under which licences: the list, the texts, and a bill of materials (CycloneDX).

Made from the metadata of what is installed, when the program is built, and shipped with it in the folder LICENSES.
A licence that the program may not be shipped under ends the build, so that none comes in unseen with an update.
"""

from __future__ import annotations

import json
import re
import sys
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Final

from desktop.package_parts import LEFT_OUT_WHOLE

PROGRAM: Final = "replete"
FOLDER: Final = "LICENSES"
BILL: Final = "sbom.cdx.json"
LIST: Final = "LICENCES.txt"
SPECIFICATION: Final = "1.6"

MAY_SHIP: Final = frozenset(
    {
        "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "HPND", "ISC", "LGPL-3.0-only", "MIT", "MIT-0",
        "MIT-CMU", "MPL-2.0", "OFL-1.1", "PSF-2.0", "Python-2.0", "Unlicense", "Zlib",
        "GPL-2.0-or-later WITH Bootloader-exception",
    }
)  # fmt: skip
"""Licences that let an Apache-2.0 program be shipped together with what bears them."""

_FROM_WORDS: Final[Mapping[str, str]] = {
    "MIT License": "MIT",
    "MIT": "MIT",
    "BSD License": "BSD-3-Clause",
    "BSD 2-Clause License": "BSD-2-Clause",
    "Apache Software License": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "GNU General Public License v2 (GPLv2)": "GPL-2.0-only",
    "GNU General Public License v3 (GPLv3)": "GPL-3.0-only",
}
_FROM_TEXT: Final = (
    ("This software is provided 'as-is', without any express or implied warranty", "Zlib"),
    ("Permission is hereby granted, free of charge, to any person obtaining a copy", "MIT"),
    ("Apache License", "Apache-2.0"),
)
_NAME: Final = re.compile(r"^\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[([^]]*)\])?")
_ONLY_FOR: Final = re.compile(r"extra\s*==\s*['\"]([^'\"]+)['\"]")
_NOT_IN_NAMES: Final = re.compile(r"[-_.]+")


Wanted = tuple[str, frozenset[str]]
"""A name as packages are compared by, and the extras asked of it."""


@dataclass(frozen=True, slots=True)
class Component:
    """One thing the program ships: name, version, licence as an SPDX expression, the texts that came with it.

    `needs` names the components it uses. `kind` is library, platform, data or application, as CycloneDX has it.
    """

    name: str
    version: str
    licence: str
    texts: tuple[tuple[str, str], ...] = ()
    needs: tuple[str, ...] = ()
    kind: str = "library"

    @property
    def ref(self) -> str:
        """How the bill of materials points to it."""
        return (
            f"pkg:pypi/{_key(self.name)}@{self.version}"
            if self.kind == "library"
            else f"{self.name}@{self.version}"
        )


def components(program: str = PROGRAM, fonts: Path | None = None) -> tuple[Component, ...]:
    """All that a built program holds: the libraries it needs, Python, the fonts, and the starter of the package."""
    found: dict[str, Component] = {}
    done: set[Wanted] = set()
    waiting = list(_needs(metadata.distribution(program), frozenset()))
    while waiting:
        wanted = waiting.pop()
        if wanted in done:
            continue
        done.add(wanted)
        try:
            held = metadata.distribution(wanted[0])
        except metadata.PackageNotFoundError:
            continue  # wanted on another system only
        found.setdefault(wanted[0], _component(held))
        waiting += _needs(held, wanted[1])
    python = Component("python", ".".join(map(str, sys.version_info[:3])), "PSF-2.0", kind="platform")
    return (*sorted([*found.values(), *_starter()], key=lambda one: _key(one.name)), python, *_fonts(fonts))


def may_not_ship(found: Iterable[Component]) -> tuple[Component, ...]:
    """Components under no licence that may be shipped, or none that is known."""
    return tuple(one for one in found if not _ships(one.licence))


def bill(found: Sequence[Component], version: str) -> str:
    """The bill of materials as CycloneDX JSON: the same text for the same components, on any day."""
    program = {"type": "application", "bom-ref": f"{PROGRAM}@{version}", "name": PROGRAM, "version": version}
    refs = {_key(one.name): one.ref for one in found}
    content = {
        "bomFormat": "CycloneDX",
        "specVersion": SPECIFICATION,
        "version": 1,
        "metadata": {"component": {**program, "licenses": [{"expression": "Apache-2.0"}]}},
        "components": [_entry(one) for one in found],
        "dependencies": [
            {"ref": program["bom-ref"], "dependsOn": sorted(refs.values())},
            *({"ref": one.ref, "dependsOn": sorted(_known(one.needs, refs))} for one in found),
        ],
    }
    told = json.dumps(content, sort_keys=True)
    number = uuid.uuid5(uuid.NAMESPACE_OID, told)
    return json.dumps({**content, "serialNumber": f"urn:uuid:{number}"}, indent=1, sort_keys=True) + "\n"


def listing(found: Sequence[Component]) -> str:
    """The list a person reads: name, version, licence, and where its text lies."""
    widths = [max(len(text) for text in column) for column in zip(*map(_line, found), strict=True)]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(_line(one), widths, strict=True)) for one in found
    )
    return "\n".join(line.rstrip() for line in lines) + "\n"


def write(folder: Path, found: Sequence[Component], version: str) -> None:
    """Fill a folder with the list, the bill of materials and every licence text."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / LIST).write_text(listing(found), encoding="utf-8")
    (folder / BILL).write_text(bill(found, version), encoding="utf-8")
    for one in found:
        for name, text in one.texts:
            place = folder / _key(one.name) / name.replace("/", "-")
            place.parent.mkdir(exist_ok=True)
            place.write_text(text, encoding="utf-8")
    for licence, text in sorted(_shared_texts(found).items()):
        (folder / f"{licence}.txt").write_text(text, encoding="utf-8")


def _shared_texts(found: Sequence[Component]) -> dict[str, str]:
    """The whole text of a licence that some components only name, taken from one that brings it along."""
    silent = {one.licence for one in found if not one.texts}
    given = {one.licence: one.texts[0][1] for one in found if len(one.texts) == 1}
    return {name: given[name] for told in silent for name in told.split(" OR ") if name in given}


def for_the_build(folder: Path) -> tuple[Path, str]:
    """What the packaged program takes along: the filled folder and its name there.

    Ends the build with the names when something may not be shipped. What the package leaves out is not listed.
    """
    found = tuple(one for one in components() if one.name not in LEFT_OUT_WHOLE)
    refused = may_not_ship(found)
    if refused:
        told = ", ".join(f"{one.name} {one.version} ({one.licence})" for one in refused)
        raise SystemExit(f"These may not be shipped with the program: {told}")
    write(folder, found, metadata.version(PROGRAM))
    return folder, FOLDER


def shipped() -> Path | None:
    """The folder that a packaged program brought along; None where it runs from its source."""
    place = Path(getattr(sys, "_MEIPASS", "")) / FOLDER
    return place if getattr(sys, "frozen", False) and place.is_dir() else None


def _component(held: metadata.Distribution) -> Component:
    texts = tuple(_texts(held))
    licence = _licence(held.metadata, [text for _, text in texts])
    needs = tuple(name for name, _ in _needs(held, frozenset()))
    return Component(held.metadata["Name"], held.version, licence, texts, needs)


def _needs(held: metadata.Distribution, extras: frozenset[str]) -> Iterator[Wanted]:
    """What a distribution needs always, and with the extras that were asked for."""
    for line in held.requires or ():
        found = _NAME.match(line)
        only_for = _ONLY_FOR.search(line)
        if found and (only_for is None or only_for[1] in extras):
            asked = frozenset(one.strip() for one in (found[2] or "").split(",") if one.strip())
            yield _key(found[1]), asked


def _licence(told: metadata.PackageMetadata, texts: Sequence[str]) -> str:
    """The licence as an SPDX expression: stated, else in the usual words, else known by its text."""
    stated = _told(told, "License-Expression")
    if stated:
        return stated
    words = [_told(told, "License").strip()]
    words += [
        str(one).rpartition("::")[2].strip()
        for one in told.get_all("Classifier") or ()
        if "License ::" in one
    ]
    if words[0] and _ships(words[0]):
        return words[0]
    known = [_FROM_WORDS[word] for word in words if word in _FROM_WORDS]
    if known:
        return " OR ".join(dict.fromkeys(known))
    by_text = [licence for sign, licence in _FROM_TEXT for text in texts if sign in " ".join(text.split())]
    return by_text[0] if by_text else words[0].splitlines()[0] if words[0] else "unknown"


def _told(told: metadata.PackageMetadata, name: str) -> str:
    """A field of the metadata; empty where the package says nothing."""
    return str(told[name]) if name in told else ""


def _ships(licence: str) -> bool:
    """Whether one of the alternatives, with all its parts, may be shipped."""
    alternatives = licence.strip("()").split(" OR ")
    return any(all(part.strip(" ()") in MAY_SHIP for part in one.split(" AND ")) for one in alternatives)


def _texts(held: metadata.Distribution) -> Iterator[tuple[str, str]]:
    """The licence files of a distribution, by the name under its own folder."""
    for file in held.files or ():
        parts = file.parts
        inside = any(part.endswith(".dist-info") for part in parts)
        wanted = re.match(r"(?i)(licen[cs]e|copying|notice)", parts[-1]) or "licenses" in parts
        if inside and wanted and not parts[-1].endswith((".py", ".pyc")):
            start = next(i for i, part in enumerate(parts) if part.endswith(".dist-info")) + 1
            names = [part for part in parts[start:] if part != "licenses"]
            yield (
                "/".join(names),
                Path(str(held.locate_file(file))).read_text(encoding="utf-8", errors="replace"),
            )


def _starter() -> tuple[Component, ...]:
    """The small program that starts a packaged one; its licence makes an exception for exactly that."""
    try:
        held = metadata.distribution("pyinstaller")
    except metadata.PackageNotFoundError:
        return ()
    licence = "GPL-2.0-or-later WITH Bootloader-exception"
    return (Component("pyinstaller", held.version, licence, tuple(_texts(held))),)


def _fonts(folder: Path | None) -> tuple[Component, ...]:
    """The typefaces that letters and screens are set in."""
    place = folder or Path(__file__).parent.parent / "resources" / "fonts"
    faces = (("Inter", "OFL.txt"), ("Noto Sans", "NotoSans-OFL.txt"))
    return tuple(
        Component(
            name, "bundled", "OFL-1.1", ((file, (place / file).read_text(encoding="utf-8")),), (), "data"
        )
        for name, file in faces
    )


def _entry(one: Component) -> dict[str, object]:
    entry: dict[str, object] = {
        "type": one.kind,
        "bom-ref": one.ref,
        "name": one.name,
        "version": one.version,
    }
    if one.kind == "library":
        entry["purl"] = one.ref
    entry["licenses"] = [
        {"expression": one.licence} if _ships(one.licence) else {"license": {"name": one.licence}}
    ]
    return entry


def _known(names: Iterable[str], refs: Mapping[str, str]) -> set[str]:
    return {refs[_key(name)] for name in names if _key(name) in refs}


def _line(one: Component) -> tuple[str, str, str, str]:
    place = f"{_key(one.name)}/" if one.texts else ""
    return one.name, one.version, one.licence, place


def _key(name: str) -> str:
    """A name as packages are compared by."""
    return _NOT_IN_NAMES.sub("-", name).lower().replace(" ", "-")
