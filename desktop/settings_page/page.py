"""Settings: a list of sections at the left, the section chosen at the right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from db.changes import Changes
from desktop import theme
from desktop.settings_page.audit import AuditSection
from desktop.settings_page.backups import BackupsSection
from desktop.settings_page.clinic import ClinicSection
from desktop.settings_page.commands import titles
from desktop.settings_page.laboratories import LaboratoriesSection
from desktop.settings_page.language import LanguageSection
from desktop.settings_page.letter_words import LetterWordsSection
from desktop.settings_page.lock_time import LockTimeSection
from desktop.settings_page.own_password import OwnPasswordSection
from desktop.settings_page.protocol import ProtocolSection
from desktop.settings_page.recovery import RecoverySection
from desktop.settings_page.reviews import ReviewsSection
from desktop.settings_page.section import Section
from desktop.settings_page.tools import Tools
from desktop.settings_page.users import UsersSection
from desktop.widgets.buttons import KeyButton
from desktop.widgets.choosing import choose_by, mark
from desktop.widgets.labels import heading
from desktop.widgets.stack import Stack
from desktop.widgets.surface import Scroll, Surface
from desktop.wording.plain import tr

LIST = 212
KINDS = frozenset({"users", "settings"})


KINDS_OF_SECTIONS: Final[Mapping[str, Callable[[Tools], Section]]] = {
    "users": UsersSection,
    "password": OwnPasswordSection,
    "clinic": ClinicSection,
    "laboratories": LaboratoriesSection,
    "protocol": ProtocolSection,
    "letters": LetterWordsSection,
    "audit": AuditSection,
    "emergencies": ReviewsSection,
    "backups": BackupsSection,
    "recovery": RecoverySection,
    "language": LanguageSection,
    "lock": LockTimeSection,
}


class Sections(Mapping[str, Section]):
    """The sections by name, each made when it is first asked for; `put_in` is told of it."""

    def __init__(self, tools: Tools, put_in: Callable[[Section], object]) -> None:
        self._tools, self._put_in = tools, put_in
        self._made: dict[str, Section] = {}

    def __getitem__(self, name: str) -> Section:
        if name not in self._made:
            self._made[name] = KINDS_OF_SECTIONS[name](self._tools)
            self._put_in(self._made[name])
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(KINDS_OF_SECTIONS)

    def __len__(self) -> int:
        return len(KINDS_OF_SECTIONS)

    def made(self, name: str) -> Section | None:
        """The section if anybody asked for it so far."""
        return self._made.get(name)


class SettingsPage(Surface):
    """Everybody sees every section; what the role does not allow is closed and says for whom it is."""

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__("page", parent=parent)
        self._parts = tools.parts
        self.sections = Sections(tools, self._put_in)
        self.current = "users"
        self._stack = Stack()
        self._group = QButtonGroup(self)
        self.buttons: dict[str, KeyButton] = {}
        side = Surface("list")
        side.setFixedWidth(theme.px(LIST))
        around = QVBoxLayout(side)
        around.setContentsMargins(0, 0, 0, 0)
        self._inside = Scroll(margins=(16, 16, 12, 16), spacing=4)  # a low window shows some of them
        around.addWidget(self._inside)
        column = self._inside.content
        column.addWidget(heading(tr("Settings")))
        column.addSpacing(theme.px(4))
        for name, title in titles().items():
            button = KeyButton(title, "quiet")
            button.setCheckable(True)
            choose_by(button, partial(self.show_section, name))
            self._group.addButton(button)
            self.buttons[name] = button
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            column.addWidget(button)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(side)
        row.addWidget(self._stack, 1)
        mark(self.buttons[self.current])
        tools.parts.tasks.changed.connect(self._changed)

    def _put_in(self, section: Section) -> None:
        """A section was made."""
        self._stack.addWidget(section)

    def refresh(self) -> None:
        """Let the section on show ask again."""
        self._stack.setCurrentWidget(self.sections[self.current])
        self.sections[self.current].refresh()

    def first_focus(self) -> QWidget:
        """The section's own first field."""
        return self.sections[self.current].first_focus()

    def show_section(self, name: str) -> None:
        """Show a section. KeyError for an unknown name."""
        section = self.sections[name]
        self.current = name
        mark(self.buttons[name])
        self._inside.ensureWidgetVisible(self.buttons[name])
        self._stack.setCurrentWidget(section)
        section.refresh()
        section.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def unsaved(self) -> str:
        """What would be lost with the window, in words."""
        clinic, recovery = self.sections.made("clinic"), self.sections.made("recovery")
        sources = self.sections.made("laboratories")
        if isinstance(recovery, RecoverySection) and recovery.unsaved():
            return recovery.unsaved()
        if isinstance(sources, LaboratoriesSection) and sources.unsaved():
            return sources.unsaved()
        changed = isinstance(clinic, ClinicSection) and clinic.is_dirty()
        return tr("Changed details of the clinic are not saved.") if changed else ""

    def close_workers(self) -> None:
        """End what a section does beside the window, before the clinic is closed."""
        protocol = self.sections.made("protocol")
        if isinstance(protocol, ProtocolSection):
            protocol.close_worker()

    def _changed(self, changes: Changes) -> None:
        if changes.kinds & KINDS and self.isVisible():
            self.refresh()
