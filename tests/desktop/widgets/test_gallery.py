"""The gallery: every control in every state on one page, light, dark and at 200 %."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gallery import gallery
from larger_parts import explain_part, list_part, plan_part
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from desktop import theme
from desktop.widgets.buttons import KeyButton
from desktop.widgets.chips import Chip, FilterChip
from desktop.widgets.choices import CheckBox, RadioButton

Grab = Callable[[QWidget, str], Path]


def _ink(file: Path) -> set[str]:
    image = QImage(str(file))
    return {
        image.pixelColor(x, y).name().upper()
        for y in range(0, image.height(), 2)
        for x in range(0, image.width(), 2)
    }


def test_the_gallery_shows_every_status_colour_in_light(qtbot: object, grab: Grab) -> None:
    page = gallery()
    page.resize(theme.px(1100), theme.px(400))
    seen = _ink(grab(page, "gallery-light"))
    assert {"#0F5C63", "#0072B2", "#E69F00", "#7F0000", "#FBEED3", "#F7E3E1", "#E0EEF7"} <= seen


def test_the_gallery_shows_every_status_colour_in_dark(dark: object, grab: Grab) -> None:
    page = gallery()
    page.resize(theme.px(1100), theme.px(400))
    seen = _ink(grab(page, "gallery-dark"))
    assert {"#6CC5C9", "#56B4E9", "#E69F00", "#7F0000", "#3D2E0E", "#4A1916", "#153447"} <= seen
    assert "#FFFFFF" not in seen


def test_at_twice_the_size_nothing_is_narrower_than_its_words(doubled: object, grab: Grab) -> None:
    page = gallery()
    page.resize(page.sizeHint())
    grab(page, "gallery-200")
    for widget in page.findChildren(QWidget):
        if isinstance(widget, KeyButton | FilterChip | Chip | CheckBox | RadioButton):
            assert widget.width() >= widget.sizeHint().width(), widget.accessibleName()


def test_pictures_of_the_larger_parts(qapp: QApplication, qtbot: object, grab: Grab) -> None:
    for scheme in ("light", "dark"):
        theme.apply(qapp, scheme)
        for name, part, size in (
            ("list", list_part(), (438, 520)),
            ("explain", explain_part(), (830, 700)),
            ("plan", plan_part(), (860, 820)),
        ):
            frame = QWidget()
            row = QHBoxLayout(frame)
            row.setContentsMargins(0, 0, 0, 0)
            row.addWidget(part)
            frame.resize(max(size[0], 438), size[1])
            frame.setMinimumWidth(0)
            picture = QImage(str(grab(frame, f"{name}-{scheme}")))
            assert picture.width() == frame.width()
    theme.apply(qapp, "light")


def test_pictures_of_the_larger_parts_at_200(doubled: object, qtbot: object, grab: Grab) -> None:
    for name, part, size in (
        ("list", list_part(), (488, 820)),
        ("explain", explain_part(), (860, 1200)),
        ("plan", plan_part(), (1240, 1700)),
    ):
        part.resize(*size)
        grab(part, f"{name}-200")
        assert part.minimumSizeHint().width() <= size[0], name
