"""`tr` for code that is no widget: one context for sentences that stand in one place only."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def tr(text: str) -> str:
    """The text in the user's language. Values are put in after it: `tr("Day {count}").format(count=3)`."""
    return QCoreApplication.translate("Replete", text)
