"""What the program is made of is listed with its licences, and nothing comes in unseen."""

from __future__ import annotations

import json
import sys
from importlib import metadata
from pathlib import Path

import pytest

from desktop import licences
from desktop.cli import run
from desktop.licences import Component

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def found() -> tuple[Component, ...]:
    """The components as they are installed."""
    return licences.components()


def names(found: tuple[Component, ...]) -> set[str]:
    """Their names in lower case."""
    return {one.name.lower().replace("_", "-") for one in found}


def test_every_library_the_program_asks_for_is_listed(found: tuple[Component, ...]) -> None:
    wanted = {
        "sqlalchemy",
        "sqlcipher3",
        "cryptography",
        "pyside6-essentials",
        "reportlab",
        "pikepdf",
        "alembic",
    }
    indirect = {"shiboken6", "cffi", "mako"}
    assert wanted | indirect | {"python", "inter", "noto sans"} <= names(found)
    assert not {"pytest", "mypy", "hypothesis", "ruff"} & names(found)


def test_all_of_it_may_be_shipped(found: tuple[Component, ...]) -> None:
    assert licences.may_not_ship(found) == ()
    assert all(one.licence != "unknown" and one.version for one in found)


@pytest.mark.parametrize(
    ("licence", "ships"),
    [
        ("MIT", True),
        ("GPL-3.0-only", False),
        ("AGPL-3.0-or-later", False),
        ("unknown", False),
        ("", False),
        ("GPL-2.0-only OR MIT", True),
        ("MIT AND GPL-3.0-only", False),
        ("(MIT AND BSD-3-Clause)", True),
        ("LGPL-3.0-only OR GPL-3.0-only", True),
        ("GPL-2.0-or-later", False),
    ],
)
def test_a_licence_that_would_bind_the_whole_program_is_reported(licence: str, ships: bool) -> None:
    one = Component("thing", "1", licence)
    assert licences.may_not_ship((one,)) == (() if ships else (one,))


def installed(folder: Path, name: str, told: str, text: str = "", needs: str = "") -> None:
    """A package as an installer leaves it."""
    place = folder / f"{name}-1.0.dist-info"
    (place / "licenses").mkdir(parents=True)
    requires = f"Requires-Dist: {needs}\n" if needs else ""
    (place / "METADATA").write_text(
        f"Metadata-Version: 2.4\nName: {name}\nVersion: 1.0\n{told}\n{requires}\n"
    )
    (place / "licenses" / "LICENSE").write_text(text)
    (place / "RECORD").write_text(f"{place.name}/METADATA,,\n{place.name}/licenses/LICENSE,,\n")


@pytest.mark.parametrize(
    ("told", "text", "licence"),
    [
        ("License-Expression: GPL-3.0-only", "", "GPL-3.0-only"),
        ("License: MIT", "", "MIT"),
        ("Classifier: License :: OSI Approved :: GNU General Public License v3 (GPLv3)", "", "GPL-3.0-only"),
        ("", "Permission is hereby granted, free of\ncharge, to any person obtaining a copy", "MIT"),
        ("License: all rights reserved", "", "all rights reserved"),
        ("", "nothing known", "unknown"),
    ],
)
def test_the_licence_is_read_from_what_a_package_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str, text: str, licence: str
) -> None:
    installed(tmp_path, "inner", told, text)
    installed(tmp_path, "outer", "License: MIT", needs='inner[more] ; extra == "all"')
    installed(tmp_path, "program", "License: MIT", needs="outer[all]>=1")
    monkeypatch.syspath_prepend(str(tmp_path))
    found = {one.name: one for one in licences.components("program")}
    assert found["inner"].licence == licence
    assert found["inner"].texts == (("LICENSE", text),)


def test_the_build_ends_when_something_may_not_be_shipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed(tmp_path, "inner", "License-Expression: AGPL-3.0-only")
    installed(tmp_path, "program", "License: MIT", needs="inner")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(licences.components, "__defaults__", ("program", None))
    with pytest.raises(SystemExit, match=r"inner 1\.0 \(AGPL-3\.0-only\)"):
        licences.for_the_build(tmp_path / "licences")
    assert not (tmp_path / "licences").exists()


def test_the_built_folder_holds_list_bill_and_texts(tmp_path: Path) -> None:
    folder, name = licences.for_the_build(tmp_path / "made")
    assert name == "LICENSES"
    listed = (folder / licences.LIST).read_text().splitlines()
    content = json.loads((folder / licences.BILL).read_text())
    assert (content["bomFormat"], content["specVersion"], content["version"]) == ("CycloneDX", "1.6", 1)
    assert len(listed) == len(content["components"]) > 20
    refs = {one["bom-ref"] for one in content["components"]} | {content["metadata"]["component"]["bom-ref"]}
    assert len(refs) == len(content["components"]) + 1
    assert {one["ref"] for one in content["dependencies"]} == refs
    assert all(set(one["dependsOn"]) <= refs for one in content["dependencies"])
    for one in content["components"]:
        assert one["version"]
        assert one["licenses"][0]["expression"]
        assert one["type"] in {"library", "platform", "data", "application"}
        assert one["type"] != "library" or one["purl"].startswith("pkg:pypi/")
    assert "SIL OPEN FONT LICENSE" in (folder / "inter" / "OFL.txt").read_text().upper()
    texts = [file for file in folder.rglob("*") if file.is_file() and file.parent != folder]
    assert len({file.relative_to(folder).parts[0] for file in texts}) > 15
    assert all(file.read_text(encoding="utf-8").strip() for file in texts)


def test_the_bill_is_the_same_each_time(found: tuple[Component, ...]) -> None:
    assert licences.bill(found, "1") == licences.bill(licences.components(), "1")
    assert licences.bill(found, "1") != licences.bill(found, "2")


def test_the_build_asks_for_it() -> None:
    text = (ROOT / "build.spec").read_text()
    assert "for_the_build(" in text
    assert "datas += [(str(licences), name)]" in text


@pytest.mark.parametrize(("option", "sign"), [((), "SQLAlchemy"), (("--sbom",), '"CycloneDX"')])
def test_the_program_tells_it(capsys: pytest.CaptureFixture[str], option: tuple[str, ...], sign: str) -> None:
    assert run(["licences", *option]) == 0
    assert sign in capsys.readouterr().out


def test_a_packaged_program_tells_what_it_was_built_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    licences.write(tmp_path / licences.FOLDER, (Component("thing", "7.7", "MIT"),), "0")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert run(["licences"]) == 0
    assert capsys.readouterr().out == "thing  7.7  MIT\n"


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "taken").write_text("")
    assert run(["licences", "--folder", str(tmp_path / "taken" / "x")]) == 8
    assert "cannot be written" in capsys.readouterr().err
    assert run(["licences", "--folder", str(tmp_path / "new")]) == 0
    assert metadata.version("replete") in (tmp_path / "new" / licences.BILL).read_text()
