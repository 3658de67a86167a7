"""When the window locks itself on this computer."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop.lock import FEWEST_MINUTES, MOST_MINUTES, minutes
from desktop.settings_page.section import Section, form
from desktop.settings_page.tools import Tools
from desktop.widgets.choices import ComboBox
from desktop.widgets.fields import FormField
from desktop.wording.plain import tr


class LockTimeSection(Section):
    """The number of idle minutes, from one to thirty."""

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        words = tr(
            "When nobody touches keyboard or mouse, the window goes blank and asks for the password. "
            "What is half typed stays. Ctrl L locks at once."
        )
        super().__init__(tools, tr("Lock"), words, parent)
        numbers = range(FEWEST_MINUTES, MOST_MINUTES + 1)
        self.minutes = ComboBox([(n, tr("{count} min").format(count=n)) for n in numbers])
        self.minutes.set_value(minutes(self.parts))
        hint = tr("For this computer.")
        self.column.addWidget(form(FormField(tr("Lock after"), self.minutes, hint)))
        self.finish()
        self.minutes.activated.connect(lambda _place: self._set())

    def first_focus(self) -> QWidget:
        """The choice."""
        return self.minutes

    def _set(self) -> None:
        number = self.minutes.value()
        if isinstance(number, int):
            self.tools.lock.set_minutes(number)
            self.say(tr("The window locks after {count} min.").format(count=number))
