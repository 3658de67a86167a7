"""How the program looks: colours, type, lengths and icons by name, light and dark, at any scale.

`apply` sets the palette, the font and the one style sheet of the application and may be called again at any time; the
main window wears that sheet itself (`wear`). Painting code asks `color`, `font`, `px` and `draw_icon` each time it
paints, so nothing keeps an old theme. A larger system font grows everything: `scale` is the system font's pixels
over 13, never below 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Literal, cast

import shiboken6
from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontInfo, QIcon, QPainter, QPixmap, QStyleHints
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

from desktop.theme import icons, style, tokens, typeface

Scheme = Literal["light", "dark", "system"]

NARROW = 1000
"""Below this window width (logical pixels at 100 %) the layout changes to its narrow form."""

__all__ = [
    "NARROW", "Scheme", "apply", "bare", "color", "draw_icon", "font", "icon", "icon_pixmap", "is_dark", "is_narrow",
    "mix", "notifier", "px", "scale", "shade", "take_off", "wear", "window_icon",
]  # fmt: skip


class Notifier(QObject):
    """Says that the theme was switched, for the few who keep something made of it."""

    changed = Signal()


class _Current:
    """What was applied last."""

    def __init__(self) -> None:
        self.tokens: Mapping[str, str] = tokens.LIGHT
        self.dark = False
        self.scale = 1.0
        self.scheme: Scheme = "system"
        self.notifier: Notifier | None = None
        self.followed = False
        self.hints: QStyleHints | None = None
        self.worn_by: QWidget | None = None


_current = _Current()


def notifier() -> Notifier:
    """The one object whose `changed` signal follows every switch."""
    if _current.notifier is None:
        _current.notifier = Notifier()
    return _current.notifier


def apply(app: QApplication, scheme: Scheme = "system", scale: float | None = None) -> None:
    """Put the theme on the application, or switch it while it runs.

    `scheme` "system" follows the system's light or dark and its high contrast. `scale` is 1.0 at 100 %;
    without it the system's own font size decides. Raises `typeface.MissingFontError` when the typeface is not there.
    """
    typeface.load()
    if not _current.followed:
        _current.followed = True
        _current.scale = max(1.0, QFontInfo(app.font()).pixelSize() / 13)
        app.styleHints().colorSchemeChanged.connect(lambda _scheme: _follow(app))
    _current.scheme = scheme
    if scale is not None:
        _current.scale = scale
    contrast = scheme == "system" and _wants_contrast(app)
    _current.dark = scheme == "dark" or (
        scheme == "system" and app.styleHints().colorScheme() == Qt.ColorScheme.Dark
    )
    # a sheet laid over another makes Qt work through every widget many times over; without one before it, once.
    # Without one the style tells its own name, too, and is not put on again
    wearer = _wearer()
    dressed = wearer or app
    dressed.setStyleSheet("")
    if app.style().objectName() != "fusion":
        app.setStyle(QStyleFactory.create("Fusion"))
    if contrast:
        _current.tokens = tokens.high_contrast(app.palette())
    else:
        _current.tokens = tokens.DARK if _current.dark else tokens.LIGHT
        app.setPalette(style.palette(_current.tokens))
    app.setFont(font("body"))
    dressed.setStyleSheet(style.sheet(_current.tokens, _current.scale))
    for widget in app.allWidgets():
        widget.update()
    notifier().changed.emit()


@contextmanager
def bare(app: QApplication) -> Iterator[None]:
    """Many widgets are built without the style sheet, and get it together when they stand.

    With it Qt works through whatever is put into something else once more each time. Whoever is built in here may
    `wear` the sheet; else the application has it again at the end.
    """
    sheet = app.styleSheet()
    app.setStyleSheet("")
    try:
        yield
    finally:
        if _wearer() is None:
            app.setStyleSheet(sheet)


def wear(window: QWidget) -> None:
    """Put the style sheet on one window and what is opened from it, in place of the whole application.

    It looks the same. But what is built before it is put into that window has no style yet, and is styled once, as it
    is put in: on the application, everything is styled anew each time it is put into something else.
    """
    _current.worn_by = window
    window.setStyleSheet(style.sheet(_current.tokens, _current.scale))


def take_off(app: QApplication) -> None:
    """The window that wore the style sheet is done with: the application has it again."""
    wearer = _wearer()
    _current.worn_by = None
    if wearer is not None:
        wearer.setStyleSheet("")
        app.setStyleSheet(style.sheet(_current.tokens, _current.scale))


def _wearer() -> QWidget | None:
    """The window that wears the sheet, if there is still one."""
    window = _current.worn_by
    return window if window is not None and shiboken6.isValid(window) else None


def _follow(app: QApplication) -> None:
    """The system went light or dark: go with it, unless the user chose one."""
    if _current.scheme == "system":
        apply(app, "system")


def _wants_contrast(app: QApplication) -> bool:
    """Whether the system asks for high contrast."""
    if _current.hints is None:
        # WORKAROUND: in PySide6 6.12 the accessibility hints die with the Python object of the style hints they
        # came from, and asking again then raises; so that object is kept
        _current.hints = app.styleHints()
    return _current.hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast


def color(name: str) -> QColor:
    """The colour a token has now. KeyError for a name that does not exist."""
    return QColor(_current.tokens[name])


def mix(over: str, under: str, part: float) -> QColor:
    """`part` (0–1) of one token laid over another, as an opaque colour."""
    top, low = color(over), color(under)
    return QColor(
        *(
            round(getattr(top, channel)() * part + getattr(low, channel)() * (1 - part))
            for channel in ("red", "green", "blue")
        )
    )


def shade(name: str, part: float = 0.06) -> QColor:
    """A token six per cent nearer to the ink: the pressed state."""
    return mix("text", name, part)


def font(role: str = "body", weight: int | None = None) -> QFont:
    """The font of a role (figure display title h2 h3 body small micro) at the current scale."""
    return typeface.font(role, weight, _current.scale)


def px(length: float) -> int:
    """A length given in pixels at 100 %, at the current scale."""
    return round(length * _current.scale)


def scale() -> float:
    """How much larger than 100 % everything is."""
    return _current.scale


def is_dark() -> bool:
    """Whether the dark tokens are in use."""
    return _current.dark


def is_narrow(widget: QWidget) -> bool:
    """Whether the window of `widget` is so narrow that layouts take their narrow form."""
    return widget.window().width() < px(NARROW)


def draw_icon(painter: QPainter, name: str, tone: str | QColor, box: QRectF) -> None:
    """Draw an icon into `box` (logical pixels) in a token's colour."""
    ink = tone if isinstance(tone, QColor) else color(tone)
    icons.draw(painter, name, ink.name(), box)


def icon_pixmap(name: str, tone: str = "text2", size: float = 16, ratio: float = 1.0) -> QPixmap:
    """An icon as a pixmap of `size` pixels at 100 %, for a screen of this device pixel ratio."""
    made = QPixmap(icons.pixmap(name, color(tone).name(), max(1, round(px(size) * ratio))))
    made.setDevicePixelRatio(ratio)
    return made


def icon(name: str, tone: str = "text2") -> QIcon:
    """An icon for a menu or an action, in a token's colour as it is now."""
    return QIcon(icons.pixmap(name, color(tone).name(), px(32)))


def window_icon() -> QIcon:
    """The program's own icon."""
    return icons.application_icon()


def application() -> QApplication:
    """The running application, for code that switches the theme."""
    return cast(QApplication, QApplication.instance())
