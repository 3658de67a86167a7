"""The words of letters: one sentence at a time, with the letter it stands in beside it, checked before it is kept."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

import reports
from clinical.protocol import Protocol
from db import queries
from db.changes import Changes
from db.errors import KnownError
from db.operations.roles import may
from db.operations.wordings import NewWording, save_wording
from db.queries.people import Clinic
from db.queries.wordings import WordingRow, versions
from desktop import theme
from desktop.settings_page.section import Section, button_row, form
from desktop.settings_page.tools import Tools
from desktop.settings_page.wording_example import example
from desktop.widgets.buttons import KeyButton
from desktop.widgets.choices import ComboBox
from desktop.widgets.fields import FormField, NoteEdit
from desktop.widgets.labels import Label, small
from desktop.widgets.pdf_preview import PdfPreview
from desktop.wording import error_words, letter_kind_name, plain_date
from desktop.wording.paper_errors import paper_words
from desktop.wording.plain import tr
from reports.errors import PaperError
from reports.wording_edit import (
    OFFERED,
    Sentence,
    sentences,
    with_sentence,
    without_sentence,
    wording_of,
)

WAIT = 400
"""Milliseconds after the last key before the letter is drawn again."""
LANGUAGES = {"en": "English", "es": "Español", "fr": "Français"}
Loaded = tuple[Clinic, tuple[WordingRow, ...]]


class LetterWordsSection(Section):
    """Choose a letter, a language and a sentence; change it; look; save."""

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        words = tr(
            "Each clinic may say things its own way. What is in braces, such as {phone}, is filled in. "
            "Words between two stars are printed bold. Letters already made stay as they are."
        )
        super().__init__(tools, tr("Letter wording"), words, parent)
        self._own: str | None = None
        self._seen = 0
        self._clinic: Clinic | None = None
        self._may = may(self.parts.user.role, "save_wording") is not None
        self._sentences: dict[str, Sentence] = {}
        self.kind = ComboBox([(kind, letter_kind_name(kind)) for kind in OFFERED])
        self.language = ComboBox([("en", LANGUAGES["en"])])
        self.sentence = ComboBox([])
        self.text = NoteEdit("", 5)
        self.names, self.versions = small(), small()
        self.preview = PdfPreview(tr("A letter to an invented patient with these words"))
        self.preview.setMinimumHeight(theme.px(420))
        self.save_button = KeyButton(tr("Save these words"), "primary")
        self.back_button = KeyButton(tr("Put back the program's words"), "quiet")
        self._field = FormField(tr("Words, one sentence a line"), self.text)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT)
        self._build()

    def _build(self) -> None:
        self.column.addWidget(
            form(
                FormField(tr("Letter"), self.kind),
                FormField(tr("Language"), self.language),
                FormField(tr("Sentence"), self.sentence),
            )
        )
        for piece in (self._field, self.names, button_row(self.save_button, self.back_button), self.versions):
            self.column.addWidget(piece)
        self.say_for_whom("save_wording")
        self.finish()
        self.column.addWidget(Label(tr("As it will be printed"), role="h2"))
        self.column.addWidget(self.preview)
        self.kind.activated.connect(lambda _place: self._kind_chosen())
        self.language.activated.connect(lambda _place: self.refresh())
        self.sentence.activated.connect(lambda _place: self._show_sentence())
        self.text.textChanged.connect(self._timer.start)
        self._timer.timeout.connect(self._draw)
        self.save_button.clicked.connect(self.save)
        self.back_button.clicked.connect(self.put_back)

    def first_focus(self) -> QWidget:
        """The letter."""
        return self.kind

    def _chosen(self) -> tuple[str, str, str]:
        """Kind, language and sentence."""
        return str(self.kind.value()), str(self.language.value()), str(self.sentence.value() or "")

    def _kind_chosen(self) -> None:
        kind = str(self.kind.value())
        self.language.set_choices([(code, LANGUAGES[code]) for code in OFFERED[kind]])
        self.refresh()

    def refresh(self) -> None:
        """Read the words that hold now."""
        kind, language, _key = self._chosen()
        if not self.sentence.count():
            self.language.set_choices([(code, LANGUAGES[code]) for code in OFFERED[kind]])
        self.parts.tasks.read(_load, kind, language, then=self._loaded, owner=self, key="letter-words")

    def _loaded(self, found: Loaded) -> None:
        self._clinic, rows = found
        kind, language, key = self._chosen()
        self._own, self._seen = (rows[-1].text if rows else None), len(rows)
        self._sentences = sentences(language, kind, self._own)
        self.sentence.set_choices([(name, _title(one)) for name, one in self._sentences.items()], key or None)
        said = [
            tr("version {number}, {day}, {who}").format(number=n, day=plain_date(row.at.date()), who=row.by)
            for n, row in enumerate(rows, start=1)
        ]
        self.versions.setText(" · ".join(said[-5:]) or tr("The program's own words."))
        self._show_sentence()

    def _show_sentence(self) -> None:
        one = self._sentences.get(self._chosen()[2])
        self.text.setPlainText("\n".join(one.texts) if one else "")
        self.back_button.setEnabled(self._may and bool(one and one.changed))
        self.text.setReadOnly(not self._may)
        names = ", ".join(f"{{{name}}}" for name in one.placeholders) if one else ""
        self.names.setText(tr("May be filled in: {names}").format(names=names))
        self._draw()

    def _edited(self) -> str:
        """The clinic's words with what is typed; raises PaperError."""
        kind, language, key = self._chosen()
        return with_sentence(language, kind, self._own, key, self.text.toPlainText().splitlines())

    def _draw(self) -> None:
        """Draw the example letter with what is typed, or say what is wrong with it."""
        kind, language, key = self._chosen()
        if self._clinic is None or not key or self.parts.tasks.is_closed():
            return
        try:
            own = self._edited()
        except PaperError as error:
            self._field.set_problem(paper_words(error))
            self.save_button.setEnabled(False)
            return
        self._field.set_problem("")
        self.save_button.setEnabled(self._may)
        self.parts.tasks.run(
            _render, kind, language, key, own, self._clinic, self.parts.protocol,
            then=self._drawn, owner=self, key="letter-words-preview",
        )  # fmt: skip

    def _drawn(self, made: bytes | str) -> None:
        if isinstance(made, str):
            self._field.set_problem(made)
            return
        self.preview.show_pdf(made)

    def save(self) -> None:
        """Keep what is typed as a new version."""
        try:
            own = self._edited()
        except PaperError as error:
            self._field.set_problem(paper_words(error))
            return
        self._write(own)

    def put_back(self) -> None:
        """Use the program's own sentence again, as a new version."""
        if self._own is not None:
            self._write(without_sentence(self._own, self._chosen()[2]))

    def _write(self, own: str) -> None:
        kind, language, _key = self._chosen()
        self.parts.tasks.write(
            save_wording, NewWording(kind, language, own), self._seen, self.parts.clock(),
            then=self._saved, failed=self._refused, owner=self,
        )  # fmt: skip

    def _saved(self, _changes: Changes) -> None:
        self.say(tr("Saved. Letters made from now on use these words."))
        self.refresh()

    def _refused(self, error: KnownError) -> None:
        self.say_problem(error_words(error))


def _load(session: Any, kind: str, language: str) -> Loaded:
    return queries.clinic(session), versions(session, kind, language)


def _render(kind: str, language: str, key: str, own: str, clinic: Clinic, protocol: Protocol) -> bytes | str:
    """The example letter, or why it cannot be drawn."""
    try:
        facts = example(kind, language, key, clinic, protocol)
        return reports.render(kind, facts, wording_of(language, kind, own)).pdf
    except PaperError as error:
        return paper_words(error)


def _title(one: Sentence) -> str:
    """A sentence in the list: its first words, and whether the clinic changed it."""
    words = one.texts[0].replace("**", "")
    short = words if len(words) <= 60 else f"{words[:59]}…"
    return tr("{words} (changed)").format(words=short) if one.changed else short
