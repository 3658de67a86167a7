"""The palette and the one style sheet, both generated from the tokens.

The sheet covers only what Qt draws itself: text fields, scroll bars, menus, tool tips, table heads, labels by
tone. Everything else is painted by its widget. Type sizes never stand here; fonts are set on the widgets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette

TONES: tuple[str, ...] = (
    "text", "text2", "text3", "accent", "on_accent", "due_word", "overdue_word", "urgent_word", "done_word",
    "bulk_text",
)  # fmt: skip
"""The token names a label may be written in."""


def palette(tokens: Mapping[str, str]) -> QPalette:
    """The application palette made of the tokens, with its disabled group."""
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    made = QPalette()
    pairs = {
        role.Window: "page",
        role.WindowText: "text",
        role.Base: "field",
        role.AlternateBase: "panel",
        role.Text: "text",
        role.PlaceholderText: "text3",
        role.Button: "hover",
        role.ButtonText: "text",
        role.BrightText: "on_accent",
        role.ToolTipBase: "panel",
        role.ToolTipText: "text",
        role.Highlight: "accent",
        role.HighlightedText: "on_accent",
        role.Link: "accent",
        role.LinkVisited: "accent",
        role.Light: "panel",
        role.Midlight: "hover",
        role.Mid: "line",
        role.Dark: "edge",
        role.Shadow: "edge",
        role.Accent: "accent",
    }
    for place, name in pairs.items():
        made.setColor(place, QColor(tokens[name]))
    for place in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(group.Disabled, place, QColor(tokens["text3"]))
    made.setColor(group.Disabled, role.Base, QColor(tokens["panel"]))
    return made


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Tokens and lengths for the parts of the sheet."""

    tokens: Mapping[str, str]
    scale: float

    def px(self, length: float) -> str:
        """A length at the scale, never nothing."""
        return f"{max(1, round(length * self.scale))}px"

    def inner(self, padding: float, line: int) -> str:
        """A padding less the line drawn outside it, so that a thicker line moves nothing."""
        return f"{max(0, round(padding * self.scale) - line)}px"


def _fields(of: _Sheet) -> str:
    return f"""
QLabel {{ background: transparent; }}
QLineEdit, QPlainTextEdit, QTextEdit {{
    background: {of.tokens["field"]}; color: {of.tokens["text"]};
    border: 1px solid {of.tokens["edge"]}; border-radius: {of.px(6)};
    padding: {of.inner(4, 1)} {of.inner(10, 1)}; min-height: {of.inner(22, 0)};
    selection-background-color: {of.tokens["accent"]}; selection-color: {of.tokens["on_accent"]};
    placeholder-text-color: {of.tokens["text3"]};
}}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus {{
    border: 2px solid {of.tokens["accent"]}; padding: {of.inner(4, 2)} {of.inner(10, 2)};
}}
QLineEdit[invalid="true"], QPlainTextEdit[invalid="true"] {{
    border: 2px solid {of.tokens["overdue_outline"]}; padding: {of.inner(4, 2)} {of.inner(10, 2)};
}}
QLineEdit:disabled, QPlainTextEdit:disabled, QLineEdit:read-only {{
    background: {of.tokens["panel"]}; color: {of.tokens["text3"]}; border: 1px solid {of.tokens["line"]};
}}
QLineEdit[bare="true"], QLineEdit[bare="true"]:focus {{
    background: transparent; border: none; padding: 0; min-height: 0;
}}
"""


def _views(of: _Sheet) -> str:
    return f"""
QAbstractItemView {{ background: transparent; border: none; outline: none; color: {of.tokens["text"]}; }}
QComboBox QAbstractItemView {{
    background: {of.tokens["field"]}; border: 1px solid {of.tokens["edge"]}; padding: {of.px(4)};
    selection-background-color: {of.tokens["tint"]}; selection-color: {of.tokens["text"]};
}}
QComboBox QAbstractItemView::item {{ min-height: {of.px(28)}; padding: 0 {of.px(8)}; }}
QScrollArea {{ background: transparent; border: none; }}
QScrollArea > QWidget > QWidget[clear="true"] {{ background: transparent; }}
QAbstractScrollArea::corner {{ background: transparent; }}
QHeaderView {{ background: transparent; border: none; }}
QHeaderView::section {{
    background: transparent; color: {of.tokens["text3"]}; border: none;
    border-bottom: 1px solid {of.tokens["line"]}; padding: 0 {of.px(8)};
}}
"""


def _scroll_bars(of: _Sheet) -> str:
    return f"""
QScrollBar:vertical {{ background: transparent; width: {of.px(8)}; margin: 0; border: none; }}
QScrollBar:horizontal {{ background: transparent; height: {of.px(8)}; margin: 0; border: none; }}
QScrollBar::handle {{ background: {of.tokens["scroll"]}; border-radius: {of.px(3)}; margin: {of.px(1)}; }}
QScrollBar::handle:vertical {{ min-height: {of.px(28)}; }}
QScrollBar::handle:horizontal {{ min-width: {of.px(28)}; }}
QScrollBar::handle:hover {{ background: {of.tokens["edge"]}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; border: none; background: none; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: none; }}
"""


def _menus(of: _Sheet) -> str:
    return f"""
QMenu {{
    background: {of.tokens["page"]}; color: {of.tokens["text"]}; border: 1px solid {of.tokens["edge"]};
    border-radius: {of.px(8)}; padding: {of.px(4)};
}}
QMenu::item {{ padding: {of.px(6)} {of.px(24)} {of.px(6)} {of.px(12)}; border-radius: {of.px(6)}; }}
QMenu::item:selected {{ background: {of.tokens["tint"]}; }}
QMenu::item:disabled {{ color: {of.tokens["text3"]}; }}
QMenu::separator {{ height: 1px; background: {of.tokens["line"]}; margin: {of.px(4)} {of.px(8)}; }}
QToolTip {{
    background: {of.tokens["bulk"]}; color: {of.tokens["bulk_text"]}; border: 1px solid {of.tokens["bulk"]};
    padding: {of.px(4)} {of.px(8)};
}}
QProgressBar {{ background: {of.tokens["hover"]}; border: none; border-radius: {of.px(3)}; height: {of.px(6)}; }}
QProgressBar::chunk {{ background: {of.tokens["accent"]}; border-radius: {of.px(3)}; }}
QDialog, QMainWindow {{ background: {of.tokens["page"]}; }}
"""


def sheet(tokens: Mapping[str, str], scale: float) -> str:
    """The style sheet for these tokens; `scale` multiplies its few lengths, in pixels at 100 %."""
    of = _Sheet(tokens, scale)
    tones = "\n".join(f'QLabel[tone="{name}"] {{ color: {tokens[name]}; }}' for name in TONES)
    return tones + _fields(of) + _views(of) + _scroll_bars(of) + _menus(of)
