"""A letter that was filed a moment ago, taken back from the foot: its pages stay, it is void, and somebody says why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject

from db.changes import Changes
from db.operations.letters import void
from db.queries.letters import archived, letter_of
from db.queries.patient_rows import LetterRow
from db.stamp import Stamp
from desktop.parts import Parts
from desktop.widgets.ask_panel import AskPanel, Question
from desktop.widgets.asking import Asking
from desktop.widgets.fields import FormField, TextEdit
from desktop.widgets.void_letter import letter_words, may_be_voided
from desktop.wording.plain import tr


def load_filed(session: Any, letter_id: int, besides: Sequence[str]) -> tuple[LetterRow, ...]:
    """A letter of the archive and, by their printed ids, those that were filed with it."""
    ids = (letter_id, *(letter_of(session, reference) for reference in besides))
    return tuple(archived(session, one).row for one in ids)


def take_back(
    session: Any, letter_id: int, besides: Sequence[str], reason: str, stamp: Stamp, seen_version: int
) -> Changes:
    """Make a letter void, and with it what went out with it; one of those that is void already stays as it is.

    Raises `Refused`: missing-field, letter-void; `StaleScreen` for the letter itself, the one that was on the screen.
    """
    changes = void(session, letter_id, reason, stamp, seen_version)
    for row in load_filed(session, letter_id, besides)[1:]:
        if may_be_voided(row):
            void(session, row.letter_id, reason, stamp, row.version)
    return changes


class TakingBack(QObject):
    """One for the Letters page. Its `panel` stands above the pages of the letter it is about, and of no other."""

    def __init__(self, parts: Parts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts, self.panel = parts, AskPanel()
        self._asking = Asking(parts, self.panel)
        self._wanted: Question | None = None
        self._about = 0

    def offer(self, letter_id: int, besides: Sequence[str]) -> Callable[[], object]:
        """What the foot's Undo does: show the letter with the question why it is taken back."""
        return lambda: self._parts.tasks.read(
            load_filed, letter_id, besides, then=partial(self._ask, besides), owner=self
        )

    def _ask(self, besides: Sequence[str], rows: tuple[LetterRow, ...]) -> None:
        """Go to the letter; the question is opened once its pages stand there."""
        letter = rows[0]
        self._wanted, self._about = self._question(besides, rows), letter.letter_id
        if letter.course_id is not None:
            self._parts.navigation.open_letters.emit(letter.course_id, f"filed:{letter.letter_id}")

    def turn_to(self, letter_id: int | None) -> None:
        """Another letter is to be shown, or none: what is asked waits with its own."""
        if letter_id != self._about:
            self.panel.put_by(self._about)

    def shown(self, letter_id: int) -> None:
        """The pages of a letter of the archive stand there: ask what is to be asked about it."""
        if letter_id != self._about:
            return
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self.panel.open(wanted)
        else:
            self.panel.bring_back(letter_id)

    def _question(self, besides: Sequence[str], rows: tuple[LetterRow, ...]) -> Question:
        letter, key = rows[0], ("take-back", rows[0].letter_id)
        why = TextEdit("", tr("such as: wrong address"), 320)

        def save(seen_version: int) -> None:
            said = tr("Void: {letter}. Make a new one where it is still wanted.")
            self._asking.write(
                key, take_back, letter.letter_id, besides, why.text().strip(), self._parts.clock(),
                said=said.format(letter=letter_words(letter)), seen_version=seen_version,
            )  # fmt: skip

        return Question(
            key, tr("Take a letter back"), {"reason": FormField(tr("Why"), why)}, tr("Make it void"), save,
            letter.version,
            (
                *(letter_words(row) for row in rows),
                tr("Its pages stay in the archive, marked void; it cannot be printed or posted any more."),
            ),
            lambda: {} if why.text().strip() else {"reason": tr("Say why, in a few words.")},
        )  # fmt: skip
