"""The palette and the one style sheet, both generated from the tokens.

The sheet covers only what Qt draws itself: text fields, scroll bars, menus, tool tips, table heads, labels by
tone. Everything else is painted by its widget. Type sizes never stand here; fonts are set on the widgets.
"""

from __future__ import annotations

from collections.abc import Mapping

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


def sheet(tokens: Mapping[str, str], scale: float) -> str:
    """The style sheet for these tokens; `scale` multiplies its few lengths, in pixels at 100 %."""

    def px(length: float) -> str:
        return f"{max(1, round(length * scale))}px"

    def inner(padding: float, line: int) -> str:
        return f"{max(0, round(padding * scale) - line)}px"

    tones = "\n".join(f'QLabel[tone="{name}"] {{ color: {tokens[name]}; }}' for name in TONES)
    return f"""
{tones}
QLabel {{ background: transparent; }}
QLineEdit, QPlainTextEdit, QTextEdit {{
    background: {tokens["field"]}; color: {tokens["text"]};
    border: 1px solid {tokens["edge"]}; border-radius: {px(6)};
    padding: {inner(4, 1)} {inner(10, 1)}; min-height: {inner(22, 0)};
    selection-background-color: {tokens["accent"]}; selection-color: {tokens["on_accent"]};
    placeholder-text-color: {tokens["text3"]};
}}
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus {{
    border: 2px solid {tokens["accent"]}; padding: {inner(4, 2)} {inner(10, 2)};
}}
QLineEdit[invalid="true"], QPlainTextEdit[invalid="true"] {{
    border: 2px solid {tokens["overdue_outline"]}; padding: {inner(4, 2)} {inner(10, 2)};
}}
QLineEdit:disabled, QPlainTextEdit:disabled, QLineEdit:read-only {{
    background: {tokens["panel"]}; color: {tokens["text3"]}; border: 1px solid {tokens["line"]};
}}
QLineEdit[bare="true"], QLineEdit[bare="true"]:focus {{
    background: transparent; border: none; padding: 0; min-height: 0;
}}
QAbstractItemView {{ background: transparent; border: none; outline: none; color: {tokens["text"]}; }}
QComboBox QAbstractItemView {{
    background: {tokens["field"]}; border: 1px solid {tokens["edge"]}; padding: {px(4)};
    selection-background-color: {tokens["tint"]}; selection-color: {tokens["text"]};
}}
QComboBox QAbstractItemView::item {{ min-height: {px(28)}; padding: 0 {px(8)}; }}
QScrollArea {{ background: transparent; border: none; }}
QScrollArea > QWidget > QWidget[clear="true"] {{ background: transparent; }}
QAbstractScrollArea::corner {{ background: transparent; }}
QHeaderView {{ background: transparent; border: none; }}
QHeaderView::section {{
    background: transparent; color: {tokens["text3"]}; border: none;
    border-bottom: 1px solid {tokens["line"]}; padding: 0 {px(11)};
}}
QScrollBar:vertical {{ background: transparent; width: {px(8)}; margin: 0; border: none; }}
QScrollBar:horizontal {{ background: transparent; height: {px(8)}; margin: 0; border: none; }}
QScrollBar::handle {{ background: {tokens["scroll"]}; border-radius: {px(3)}; margin: {px(1)}; }}
QScrollBar::handle:vertical {{ min-height: {px(28)}; }}
QScrollBar::handle:horizontal {{ min-width: {px(28)}; }}
QScrollBar::handle:hover {{ background: {tokens["edge"]}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; border: none; background: none; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: none; }}
QMenu {{
    background: {tokens["page"]}; color: {tokens["text"]}; border: 1px solid {tokens["edge"]};
    border-radius: {px(8)}; padding: {px(4)};
}}
QMenu::item {{ padding: {px(6)} {px(24)} {px(6)} {px(12)}; border-radius: {px(6)}; }}
QMenu::item:selected {{ background: {tokens["tint"]}; }}
QMenu::item:disabled {{ color: {tokens["text3"]}; }}
QMenu::separator {{ height: 1px; background: {tokens["line"]}; margin: {px(4)} {px(8)}; }}
QToolTip {{
    background: {tokens["bulk"]}; color: {tokens["bulk_text"]}; border: 1px solid {tokens["bulk"]};
    padding: {px(4)} {px(8)};
}}
QProgressBar {{ background: {tokens["hover"]}; border: none; border-radius: {px(3)}; height: {px(6)}; }}
QProgressBar::chunk {{ background: {tokens["accent"]}; border-radius: {px(3)}; }}
QDialog, QMainWindow {{ background: {tokens["page"]}; }}
"""
