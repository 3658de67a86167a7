"""Settings: a list of sections at the left, the section chosen at the right."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from db.changes import Changes
from desktop import theme
from desktop.commands import Command
from desktop.settings_page.audit import AuditSection
from desktop.settings_page.backups import BackupsSection
from desktop.settings_page.clinic import ClinicSection
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
from desktop.widgets.surface import Surface
from desktop.wording.plain import tr

LIST = 212
KINDS = frozenset({"users", "settings"})


class SettingsPage(Surface):
    """Everybody sees every section; what the role does not allow is closed and says for whom it is."""

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        super().__init__("page", parent=parent)
        self._parts = tools.parts
        self.sections: dict[str, Section] = {
            "users": UsersSection(tools),
            "password": OwnPasswordSection(tools),
            "clinic": ClinicSection(tools),
            "laboratories": LaboratoriesSection(tools),
            "protocol": ProtocolSection(tools),
            "letters": LetterWordsSection(tools),
            "audit": AuditSection(tools),
            "emergencies": ReviewsSection(tools),
            "backups": BackupsSection(tools),
            "recovery": RecoverySection(tools),
            "language": LanguageSection(tools),
            "lock": LockTimeSection(tools),
        }
        self.current = "users"
        self._stack = Stack()
        self._group = QButtonGroup(self)
        self.buttons: dict[str, KeyButton] = {}
        side = Surface("list")
        side.setFixedWidth(theme.px(LIST))
        column = QVBoxLayout(side)
        column.setContentsMargins(*(theme.px(n) for n in (16, 16, 12, 16)))
        column.setSpacing(theme.px(4))
        column.addWidget(heading(tr("Settings")))
        for name, section in self.sections.items():
            title = section.accessibleName()
            button = KeyButton(title, "quiet")
            button.setCheckable(True)
            choose_by(button, partial(self.show_section, name))
            self._group.addButton(button)
            self.buttons[name] = button
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            self._stack.addWidget(section)
            text = tr("Settings: {section}").format(section=title)
            tools.parts.commands.add(
                Command(f"settings.{name}", text, partial(self._go, name), icon="settings")
            )
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(side)
        row.addWidget(self._stack, 1)
        mark(self.buttons[self.current])
        tools.parts.tasks.changed.connect(self._changed)

    def refresh(self) -> None:
        """Let the section on show ask again."""
        self.sections[self.current].refresh()

    def first_focus(self) -> QWidget:
        """The section's own first field."""
        return self.sections[self.current].first_focus()

    def show_section(self, name: str) -> None:
        """Show a section. KeyError for an unknown name."""
        section = self.sections[name]
        self.current = name
        mark(self.buttons[name])
        self._stack.setCurrentWidget(section)
        section.refresh()
        section.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    def unsaved(self) -> str:
        """What would be lost with the window, in words."""
        clinic, recovery = self.sections["clinic"], self.sections["recovery"]
        sources = self.sections["laboratories"]
        assert isinstance(sources, LaboratoriesSection)
        assert isinstance(clinic, ClinicSection)
        assert isinstance(recovery, RecoverySection)
        if recovery.unsaved():
            return recovery.unsaved()
        if sources.unsaved():
            return sources.unsaved()
        return tr("Changed details of the clinic are not saved.") if clinic.is_dirty() else ""

    def close_workers(self) -> None:
        """End what a section does beside the window, before the clinic is closed."""
        protocol = self.sections["protocol"]
        assert isinstance(protocol, ProtocolSection)
        protocol.close_worker()

    def _go(self, name: str) -> None:
        self._parts.navigation.open_page.emit("settings")
        self.show_section(name)

    def _changed(self, changes: Changes) -> None:
        if changes.kinds & KINDS and self.isVisible():
            self.refresh()
