"""Taking a letter back: which one, and why. Used wherever letters of a patient are listed."""

from __future__ import annotations

from collections.abc import Sequence

from db.operations.letters import void
from db.queries.patient_rows import LetterRow
from desktop.widgets.ask_panel import Question
from desktop.widgets.asking import Asking
from desktop.widgets.choices import ComboBox
from desktop.widgets.fields import FormField, TextEdit
from desktop.wording import letter_kind_name, letter_state_name, plain_date
from desktop.wording.plain import tr


def may_be_voided(letter: LetterRow) -> bool:
    """Whether there is something to take back."""
    return letter.state != "void"


def void_question(asking: Asking, letters: Sequence[LetterRow], chosen: int | None = None) -> Question | None:
    """Ask why a letter is void; with several, which. None where there is none that could be.

    `asking` is that of the panel it is opened in; `chosen` the letter the page stands on.
    """
    found = [letter for letter in letters if may_be_voided(letter)]
    if not found:
        return None
    by_id = {letter.letter_id: letter for letter in found}
    box = ComboBox([(letter.letter_id, letter_words(letter)) for letter in found])
    box.set_value(chosen if chosen in by_id else found[0].letter_id)
    box.setMinimumWidth(box.sizeHint().width())
    why = TextEdit("", tr("such as: wrong address"), 320)
    fields = {"letter": FormField(tr("Letter"), box), "reason": FormField(tr("Why"), why)}
    key = ("void", found[0].letter_id)

    asked: list[int] = []

    def save(version: int) -> None:
        letter = by_id[int(str(box.value()))]
        seen = version if version and asked == [letter.letter_id] else letter.version
        asked[:] = [letter.letter_id]  # another version is of this letter alone, once its conflict was shown
        said = tr("Void: {letter}. Make a new one where it is still wanted.").format(
            letter=letter_words(letter)
        )
        asking.write(
            key, void, letter.letter_id, why.text().strip(), asking.parts.clock(), said=said,
            seen_version=seen,
        )  # fmt: skip

    return Question(
        key, tr("Take a letter back"), fields, tr("Make it void"), save, 0,
        (tr("Its pages stay in the archive, marked void; it cannot be printed or posted any more."),),
        lambda: {} if why.text().strip() else {"reason": tr("Say why, in a few words.")},
    )  # fmt: skip


def letter_words(letter: LetterRow) -> str:
    """`Result letter to the patient · 12 Feb 2026 · printed`."""
    state = letter_state_name(letter.state)
    return f"{letter_kind_name(letter.kind)} · {plain_date(letter.made_on)} · {state}"
