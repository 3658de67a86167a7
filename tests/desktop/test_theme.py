"""The tokens keep their promises of contrast; the theme switches while it runs and follows the scale."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFontInfo, QFontMetricsF, QImage, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QLabel

import resources
from desktop import theme
from desktop.settings import Settings
from desktop.theme import icons, style, tokens
from desktop.theme.typeface import ROLES
from desktop.widgets.labels import Label

GROUNDS = ("rail", "list", "page", "panel", "hover", "tint")
WORDS = ("text", "text2", "text3", "accent", "due_word", "overdue_word", "urgent_word", "done_word")


def luminance(colour: QColor) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (colour.redF(), colour.greenF(), colour.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21."""
    light, dark = sorted((luminance(QColor(one)), luminance(QColor(other))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("names", [tokens.LIGHT, tokens.DARK], ids=["light", "dark"])
def test_words_can_be_read_on_every_ground(names: dict[str, str]) -> None:
    for ground in GROUNDS:
        for word in WORDS:
            assert contrast(names[word], names[ground]) >= 4.5, (word, ground)
    for status in ("due", "overdue", "urgent", "done"):
        assert contrast(names[f"{status}_word"], names[f"{status}_ground"]) >= 4.5, status
    assert contrast(names["on_accent"], names["accent"]) >= 4.5
    assert contrast(names["text2"], names["key"]) >= 4.5
    assert contrast(names["bulk_text"], names["bulk"]) >= 4.5


@pytest.mark.parametrize("names", [tokens.LIGHT, tokens.DARK], ids=["light", "dark"])
def test_marks_and_outlines_can_be_seen_on_every_ground(names: dict[str, str]) -> None:
    for ground in GROUNDS:
        for mark in ("due", "overdue", "urgent", "done"):
            seen = max(contrast(names[f"{mark}_{part}"], names[ground]) for part in ("mark", "outline"))
            assert seen >= 3, (mark, ground)
        assert contrast(names["edge"], names[ground]) >= 3, ground


def test_both_themes_name_the_same_things() -> None:
    assert set(tokens.LIGHT) == set(tokens.DARK) == set(tokens.high_contrast(QPalette()))


def test_the_style_sheet_sets_no_size_of_type() -> None:
    for names in (tokens.LIGHT, tokens.DARK):
        assert "font" not in style.sheet(names, 1.0)


def test_lengths_of_the_sheet_grow_with_the_scale() -> None:
    def widths(scale: float) -> list[int]:
        return [
            int(found)
            for found in re.findall(r"QScrollBar:vertical.*?width: (\d+)px", style.sheet(tokens.LIGHT, scale))
        ]

    assert (widths(1.0), widths(2.0)) == ([8], [16])


def test_the_bundled_typeface_is_used_with_tabular_figures(qapp: QApplication) -> None:
    font = theme.font("body")
    assert QFontInfo(font).family() == "Inter"
    metrics = QFontMetricsF(font)
    assert len({metrics.horizontalAdvance(figure * 4) for figure in "0123456789"}) == 1
    assert metrics.horizontalAdvance("1111") == metrics.horizontalAdvance("0000")


def test_nothing_is_smaller_than_micro_and_weights_are_four() -> None:
    assert min(role.size for role in ROLES.values()) == ROLES["micro"].size == 11
    assert {role.weight for role in ROLES.values()} <= {400, 500, 600, 700}


def test_a_larger_scale_grows_type_and_lengths(doubled: Any) -> None:
    assert theme.px(32) == 64
    assert theme.font("display").pixelSize() == 44


def test_a_switch_recolours_what_is_there(qapp: QApplication, qtbot: Any, grab: Any) -> None:
    label = Label("Ferritin", tone="accent")
    qtbot.addWidget(label)
    told: list[int] = []
    theme.notifier().changed.connect(lambda: told.append(1))
    light = QImage(str(grab(label, "label-light")))
    theme.apply(qapp, "dark")
    dark = QImage(str(grab(label, "label-dark")))
    theme.apply(qapp, "light")
    assert told == [1, 1]
    assert _darkest(light) < 120
    assert _darkest(dark) < 80
    assert _brightest(dark) > 150
    assert qapp.palette().color(QPalette.ColorRole.Window).name().upper() == "#FFFFFF"


def _values(image: QImage) -> list[int]:
    return [
        max(image.pixelColor(x, y).getRgb()[:3]) for x in range(image.width()) for y in range(image.height())
    ]


def _darkest(image: QImage) -> int:
    return min(_values(image))


def _brightest(image: QImage) -> int:
    return max(_values(image))


def test_every_icon_is_drawn_in_the_colour_asked_for(qapp: QApplication) -> None:
    names = [Path(name).stem for name in resources.names("icons") if name.endswith(".svg")]
    assert {"today", "search", "lock", "call", "print", "replete"} <= set(names)
    for name in names:
        if name == "replete":
            continue
        image = QImage(32, 32, QImage.Format.Format_ARGB32)
        image.fill("#FFFFFF")
        painter = QPainter(image)
        theme.draw_icon(painter, name, QColor("#FF0000"), QRectF(0, 0, 32, 32))
        painter.end()
        inked = [image.pixelColor(x, y) for x in range(32) for y in range(32)]
        assert any(colour.green() < 60 and colour.red() > 240 for colour in inked), name
    with pytest.raises(FileNotFoundError):
        icons.pixmap("no-such-icon", "#000000", 16)


def test_the_program_has_an_icon_in_every_size() -> None:
    assert {size.width() for size in theme.window_icon().availableSizes()} >= {16, 32, 48, 256}


def test_resources_are_read_by_name_and_never_from_outside() -> None:
    assert resources.read("fonts/Inter-Regular.otf")[:4] == b"OTTO"
    assert "SIL OPEN FONT LICENSE" in resources.read_text("fonts/OFL.txt")
    with resources.path("icons/replete.svg") as file:
        assert file.read_bytes() == resources.read("icons/replete.svg")
    for name in ("../pyproject.toml", "/etc/hosts", "", "fonts//x", "fonts/../__init__.py"):
        with pytest.raises((ValueError, FileNotFoundError)):
            resources.read(name)
    with pytest.raises(FileNotFoundError), resources.path("fonts/none.otf"):
        pass


def test_a_label_shows_markup_as_it_stands(qtbot: Any) -> None:
    label = Label("<b>Smith</b> & Sons")
    qtbot.addWidget(label)
    bold = QLabel("<b>Smith</b> & Sons")
    qtbot.addWidget(bold)
    assert label.sizeHint().width() > bold.sizeHint().width()


def test_settings_come_back_typed_from_another_start(tmp_path: Path) -> None:
    file = tmp_path / "settings.ini"
    first = Settings(file)
    first.set_flag("demo", False)
    first.set_flag("seen", True)
    first.set_number("rows", 12)
    first.set_text("name", "Zoë, false")
    first.set_table("columns", {"hidden": ["days"], "widths": {"name": 120}})
    first.set_scheme("dark")
    first.sync()
    second = Settings(file)
    assert (second.flag("demo", True), second.flag("seen"), second.flag("unknown", True)) == (
        False,
        True,
        True,
    )
    assert (second.number("rows"), second.number("name", 7)) == (12, 7)
    assert second.text("name") == "Zoë, false"
    assert second.table("columns") == {"hidden": ["days"], "widths": {"name": 120}}
    assert second.table("name") == {}
    assert second.scheme() == "dark"
    second.set_text("theme", "purple")
    assert second.scheme() == "system"


def test_following_the_system_again_and_again_is_harmless(themed: QApplication) -> None:
    for _ in range(3):
        theme.apply(themed, "system")
    theme.apply(themed, "light", scale=1.0)
