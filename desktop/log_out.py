"""Log out, so that somebody else can work: what is typed and not saved is named first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from desktop.commands import Command
from desktop.main_window import MainWindow
from desktop.parts import Parts
from desktop.widgets.buttons import KeyButton
from desktop.widgets.dialogs import Dialog
from desktop.widgets.search_box import SearchBox
from desktop.wording.plain import tr

if TYPE_CHECKING:
    from desktop.patient.infusion_editor import InfusionEditor
    from desktop.widgets.ask_panel import AskPanel
    from desktop.widgets.contact_log import ContactButtons
    from desktop.widgets.explain_card import ExplainCard
    from desktop.widgets.work_up_list import WorkUpSection

ANSWERED = frozenset({"patients", "managers", "plan", "results", "infusions", "settings"})
"""Pages whose lines of text only look for something, or that answer themselves for what is typed in them."""


def waits(window: MainWindow) -> bool:
    """Whether something half typed is kept on any page until its patient is shown again."""
    return any(one.keeps() for page in window.pages() for one in _keepers(page))


def _keepers(
    page: QWidget,
) -> Iterator[AskPanel | ContactButtons | ExplainCard | InfusionEditor | WorkUpSection]:
    """What may put by something half typed; looked for by kind, for a page holds thousands of widgets."""
    # loaded with the pages that hold them, not with the program
    from desktop.patient.infusion_editor import InfusionEditor
    from desktop.widgets.ask_panel import AskPanel
    from desktop.widgets.contact_log import ContactButtons
    from desktop.widgets.explain_card import ExplainCard
    from desktop.widgets.work_up_list import WorkUpSection

    yield from page.findChildren(AskPanel)
    yield from page.findChildren(ContactButtons)
    yield from page.findChildren(ExplainCard)
    yield from page.findChildren(InfusionEditor)
    yield from page.findChildren(WorkUpSection)


def add_log_out(window: MainWindow, parts: Parts, end: Callable[[], object]) -> None:
    """Put "Log out" beside the lock. `end` closes the clinic and shows the log-in."""
    window.ask_before_closing(lambda: half_typed(window))

    def log_out() -> None:
        parts.tasks.wait_idle()
        lost = window.unsaved()
        if not lost or LogOutDialog(lost, window).exec():
            end()

    window.add_lock(
        Command(
            "window.log-out", tr("Log out"), log_out, "Ctrl+Shift+L", words=tr("change another user switch")
        ),
        icon="people",
    )


class LogOutDialog(Dialog):
    """Names what would be lost; staying is the safe way."""

    def __init__(self, lost: list[str], parent: QWidget) -> None:
        super().__init__(tr("Log out without saving?"), "\n".join(lost), parent)
        self.stay = KeyButton(tr("Stay logged in"), "soft", "Esc")
        self.leave = KeyButton(tr("Log out and lose it"), "danger", "Ctrl ↵")
        self.add_buttons(self.stay, self.leave)


def half_typed(window: MainWindow) -> str:
    """Words for a note or a line typed by hand on the page on show, or for what waits half typed for a patient or
    a question not on show, on any page; empty when there is none."""
    if waits(window):
        return tr("Something half typed that is not on show is not saved.")
    name = window.current_page()
    if name in ANSWERED:
        return ""
    page = window.page(name)
    notes = any(_in_use(note, page) and note.document().isModified() and note.toPlainText().strip()
                for note in page.findChildren(QPlainTextEdit))  # fmt: skip
    lines = any(
        _in_use(line, page) and line.isModified() and line.text().strip()
        for line in page.findChildren(QLineEdit)
    )
    return tr("Something typed on this page is not saved.") if notes or lines else ""


def _in_use(field: QWidget, page: QWidget) -> bool:
    """Whether somebody could be typing there: shown, not read-only, and no search box."""
    above: QWidget | None = field
    while above is not None and above is not page:
        if isinstance(above, SearchBox):
            return False
        above = above.parentWidget()
    return field.isVisibleTo(page) and not bool(field.property("readOnly"))
