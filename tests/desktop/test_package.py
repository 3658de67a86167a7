"""What the packaged program is made from: what stays out, the tables of ICU, and how a desktop learns of it."""

from __future__ import annotations

import configparser
import re
import tomllib
from pathlib import Path
from xml.etree import ElementTree

import pytest

from desktop import licences, package_icu, package_parts

ROOT = Path(__file__).parents[2]
PACKAGES = ROOT / "resources" / "packages"
NAME = "org.replete.Replete"


def test_what_nothing_reaches_stays_out_and_what_is_shown_stays() -> None:
    places = {
        "PySide6/Qt/plugins/platforms/libqxcb.so": True,
        "PySide6/Qt/plugins/platforms/libqwayland.so": True,
        "PySide6/Qt/plugins/platforms/libqoffscreen.so": True,
        "PySide6\\plugins\\platforms\\qwindows.dll": True,
        "PySide6/Qt/plugins/platforms/libqvnc.so": False,
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so": False,
        "PySide6/Qt/plugins/printsupport/libcupsprintersupport.so": True,
        "PySide6/Qt/plugins/imageformats/libqsvg.so": True,
        "PySide6/Qt/plugins/imageformats/libqtiff.so": False,
        "PySide6/Qt/translations/qtbase_fr.qm": True,
        "PySide6/Qt/translations/qtbase_ru.qm": False,
        "resources/languages/fr.mo": True,
        "resources/languages/fr.po": False,
        "PIL/_imaging.cpython-311-x86_64-linux-gnu.so": True,
        "PIL/_webp.cpython-311-x86_64-linux-gnu.so": False,
    }
    kept = package_parts.wanted((place, "/somewhere", "DATA") for place in places)
    assert {place for place, _, _ in kept} == {place for place, stays in places.items() if stays}


def test_a_library_comes_along_only_where_something_that_stays_asks_for_it() -> None:
    asked = {
        "/q/plugin.so": ["libQt6Gui.so.6"],
        "/q/gui.so": ["libfree.so.1", "libc.so.6"],
        "/q/free.so": [],
        "/q/gtk.so": ["libcairo.so.2"],
        "/q/python.so": [],
    }
    entries = [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", "/q/plugin.so", "BINARY"),
        ("PySide6/Qt/lib/libQt6Gui.so.6", "/q/gui.so", "BINARY"),
        ("libfree.so.1", "/q/free.so", "BINARY"),
        ("libgtk-3.so.0", "/q/gtk.so", "BINARY"),
        ("libcairo.so.2", "/q/cairo.so", "BINARY"),
        ("libpython3.11.so.1.0", "/q/python.so", "BINARY"),
    ]
    kept = {place for place, _, _ in package_parts.reached(entries, lambda path: asked[path])}
    assert kept == {
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/lib/libQt6Gui.so.6",
        "libfree.so.1",
        "libpython3.11.so.1.0",
    }


def test_the_list_of_components_names_only_what_goes_along(tmp_path: Path) -> None:
    folder, _name = licences.for_the_build(tmp_path)
    told = (folder / licences.LIST).read_text(encoding="utf-8").lower()
    assert "reportlab" in told
    assert not {name for name in package_parts.LEFT_OUT_WHOLE if re.search(rf"^{name}\s", told, re.M)}


def test_tables_written_are_the_tables_read() -> None:
    tables = {"coll/root.res": b"order" * 7, "root.res": b"r" * 16, "brkitr/word.brk": b"w"}
    package, again = package_icu.read(b"before" * 3 + package_icu.write("icudt73l", tables))
    assert package == "icudt73l"
    assert {name: table.rstrip(b"\0") for name, table in again.items()} == tables
    assert list(again) == sorted(tables)


def test_a_library_without_tables_is_told() -> None:
    with pytest.raises(ValueError, match="no tables"):
        package_icu.read(b"\x7fELF and nothing else")


def test_the_desktop_file_and_the_metadata_name_each_other_and_this_version() -> None:
    entry = configparser.ConfigParser(interpolation=None)
    entry.optionxform = str  # type: ignore[assignment,method-assign]
    entry.read(PACKAGES / f"{NAME}.desktop", encoding="utf-8")
    desktop = entry["Desktop Entry"]
    assert desktop["Type"] == "Application"
    assert desktop["Icon"] == NAME
    assert desktop["Categories"].endswith(";")
    metainfo = ElementTree.parse(PACKAGES / f"{NAME}.metainfo.xml").getroot()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert metainfo.findtext("id") == NAME
    assert metainfo.findtext("launchable") == f"{NAME}.desktop"
    assert metainfo.findtext("project_license") == project["license"]
    assert metainfo.findtext("provides/binary") == desktop["Exec"] == project["name"]
    versions = [release.get("version") for release in metainfo.iterfind("releases/release")]
    assert versions[0] == project["version"]
    assert len(metainfo.findtext("summary") or "") < 80


@pytest.mark.parametrize("name", ["linux", "windows", "macos"])
def test_a_workflow_runs_the_self_test_and_says_that_it_was_not_run_yet(name: str) -> None:
    text = (ROOT / ".github" / "workflows" / f"{name}.yml").read_text(encoding="utf-8")
    assert text.startswith("# NOT YET RUN")
    assert "self-test" in text or ".ci/run" in text


def test_the_installer_takes_the_folder_the_package_is_made_in() -> None:
    text = (PACKAGES / "replete.iss").read_text(encoding="utf-8")
    assert "It has not been run yet" in text
    for file in re.findall(r"resources\\[\w\\.]+\.(?:ico|iss)", text):
        assert (ROOT / file.replace("\\", "/")).is_file(), file
    assert r'Source: "dist\replete\*"' in text
    for name in ("ico", "icns", "png", "svg"):
        assert (ROOT / "resources" / "icons" / f"replete.{name}").stat().st_size > 100
