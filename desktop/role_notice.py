"""What a role may not do is said at the top of a form, before anything is typed into it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QHBoxLayout, QWidget

from db.operations.role_table import TABLE
from desktop import theme
from desktop.widgets.labels import Label
from desktop.widgets.marks import Mark, Status
from desktop.widgets.surface import Surface
from desktop.wording import role_name
from desktop.wording.plain import tr

FORMS: Mapping[str, str] = {
    "today": "record_contact",
    "plan": "register_referral",
    "results": "store_results",
    "infusions": "record_infusion:within-gates",
    "review": "record_decision:accept",
    "why": "record_decision:accept",
    "overdue": "record_contact",
    "work-ups": "update_item",
    "letters": "issue",
}
"""The operation each page is for. A page that is only read has none."""


def who_may(operation: str) -> Sequence[str]:
    """The roles whose line in the table allows an operation, with or without a signature."""
    line = TABLE.get(operation)
    return tuple(line.cells) if line is not None else ()


def notice(page_id: str, role: str) -> str:
    """What this role may not do on a page, and who may; empty where it may."""
    operation = FORMS.get(page_id)
    if operation is None or operation not in TABLE:
        return ""
    cells = TABLE[operation].cells
    if role in cells:
        return ""
    allowed = ", ".join(role_name(one) for one in who_may(operation))
    words = tr("As {role} you can read here. Saving is for: {roles}.")
    said = words.format(role=role_name(role).lower(), roles=allowed)
    return f"{said} {tr('In an emergency saving offers a way.')}" if TABLE[operation].emergency else said


class RoleNotice(Surface):
    """A quiet line above the page; hidden where the role may do what the page is for."""

    def __init__(self, role: str, parent: QWidget | None = None) -> None:
        super().__init__("list", edges="bottom", parent=parent)
        self._whose = role
        self._words = Label("", role="small", tone="text", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.px(28), theme.px(6), theme.px(20), theme.px(6))
        row.setSpacing(theme.px(8))
        row.addWidget(Mark(Status.NOTE))
        row.addWidget(self._words, 1)
        self.hide()

    def words(self) -> str:
        """What it says now."""
        return "" if self.isHidden() else self._words.text()

    def show_page(self, page_id: str) -> None:
        """Say it for a page, or hide."""
        said = notice(page_id, self._whose)
        self._words.setText(said)
        self.setVisible(bool(said))
