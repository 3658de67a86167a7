"""Which language the window speaks on this computer."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop.language import NAMES
from desktop.settings_page.section import Section, form
from desktop.settings_page.tools import Tools
from desktop.widgets.choices import ComboBox
from desktop.widgets.fields import FormField
from desktop.wording.plain import tr


class LanguageSection(Section):
    """English, Spanish, French, or as the computer is set."""

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        words = tr(
            "The language of the window on this computer. Letters are written in the language of the patient, "
            "whatever is chosen here."
        )
        super().__init__(tools, tr("Language"), words, parent)
        self.language = ComboBox([("system", tr("As this computer is set")), *NAMES.items()])
        self.language.set_value(self.parts.settings.language())
        self.column.addWidget(form(FormField(tr("Language"), self.language, tr("For this computer."))))
        self.finish()
        self.language.activated.connect(lambda _place: self._set())

    def first_focus(self) -> QWidget:
        """The choice."""
        return self.language

    def _set(self) -> None:
        self.parts.settings.set_language(str(self.language.value()))
        self.say(tr("Kept. The window speaks it when somebody logs in next."))
