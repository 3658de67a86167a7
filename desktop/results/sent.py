"""A panel on its way to the record, and what is said once it is there."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from db.changes import Changes
from desktop.results.entry import Draft, EntryForm
from desktop.wording.plain import tr


@dataclass(frozen=True, slots=True)
class Sent:
    """Whose panel it is, how many values, and the form as it stood when it was sent."""

    patient_id: int
    name: str
    count: int
    draft: Draft | None
    laboratory: str
    units: dict[str, str]

    @classmethod
    def of(cls, form: EntryForm, count: int) -> Sent:
        """What is sent from this form now."""
        return cls(form.patient_id, form.name, count, form.draft(), *form.units())


def stored_words(sent: Sent, changes: Changes) -> str:
    """`4 values stored`, or that they were there before."""
    tr = QCoreApplication.translate
    if not changes.kinds:
        return tr("ResultsPage", "These values were stored before; nothing was changed")
    if sent.count == 1:
        return tr("ResultsPage", "1 value stored")
    return tr("ResultsPage", "{count} values stored").format(count=sent.count)


def is_untouched(form: EntryForm | None, count: int) -> bool:
    """Whether nothing is typed yet and nothing is to be settled: no fault, and said calmly."""
    return form is not None and not count and not form.troubles()


def remark(form: EntryForm | None, count: int, *, asking: bool) -> str:
    """What the bar says beside its buttons: a question, what is to be settled, or that nothing is typed yet."""
    if asking:
        return tr("Not saved. Throw away what is typed, or keep typing?")
    troubles = form.troubles() if form is not None else 0
    if troubles:
        return tr("{count} to settle").format(count=troubles)
    return "" if count or form is None else tr("Nothing typed yet")
