"""Putting a stored result right: another value, entered in error, or the wrong patient's. Nothing is overwritten."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from clinical.quantities import Level, units
from db.changes import Changes
from db.operations.results import NewResult, correct_result, withdraw_result
from db.queries.patient_rows import Banner, PatientHit, ResultRow
from db.queries.search import search
from desktop.commands import Command
from desktop.parts import Parts
from desktop.widgets.ask_panel import AskPanel, Question
from desktop.widgets.asking import Asking
from desktop.widgets.buttons import LINE_HEIGHT, KeyButton
from desktop.widgets.changed_meanwhile import Difference
from desktop.widgets.choices import ComboBox
from desktop.widgets.date_edit import DateEdit
from desktop.widgets.fields import FormField, TextEdit
from desktop.widgets.quantity_edit import QuantityEdit
from desktop.widgets.result_checks import check, plain, question
from desktop.wording import analyte_name, plain_date, quantity, unit_text
from desktop.wording.plain import tr

KEYS = {"correct": "E", "error": "X", "another": "Y"}
GONE = frozenset({"cancelled", "entered-in-error"})
PAUSE_MS = 200
HITS = 8


def stands(row: ResultRow) -> bool:
    """Whether a result still counts: neither corrected nor withdrawn."""
    return not row.superseded and row.status not in GONE


class ResultActs(QObject):
    """Commands of the results table; they mean its current row. `row` gives it, `person` whose record it is."""

    def __init__(
        self,
        parts: Parts,
        scope: QWidget,
        panel: AskPanel,
        row: Callable[[], ResultRow | None],
        person: Callable[[], Banner | None],
    ) -> None:
        super().__init__(scope)
        self._parts, self._panel, self._row, self._person = parts, panel, row, person
        self._asking = Asking(parts, panel)
        texts = {
            "correct": (tr("Correct this result"), self.correct),
            "error": (tr("Result entered in error"), self.error),
            "another": (tr("Result belongs to another patient"), self.another),
        }
        for verb, (text, run) in texts.items():
            parts.commands.add(Command(f"patient.result-{verb}", text, run, KEYS[verb]), scope)

    def buttons(self) -> list[KeyButton]:
        """A button for each, to stand under the table."""
        short = {
            "correct": tr("Correct"), "error": tr("Entered in error"), "another": tr("Another patient's"),
        }  # fmt: skip
        commands = self._parts.commands
        return [
            KeyButton.for_action(
                commands.action(f"patient.result-{verb}"), "soft" if verb == "correct" else "quiet", words, LINE_HEIGHT
            )
            for verb, words in short.items()
        ]  # fmt: skip

    def _chosen(self) -> ResultRow | None:
        """The current row, if it can still be put right; why not is said in the foot."""
        row = self._row()
        if row is None:
            self._parts.navigation.say.emit(
                tr("Choose a result first. Computed values follow by themselves."), None
            )
            return None
        if not stands(row):
            self._parts.navigation.say.emit(tr("This was corrected or withdrawn already."), None)
            return None
        return row

    # -- another value

    def correct(self) -> None:
        """Ask for the right value; the wrong one stays, struck out, with the reason."""
        row = self._chosen()
        if row is not None:
            self._panel.open(self._correction(row))

    def _correction(self, row: ResultRow) -> Question:
        offered = [(unit, unit_text(unit)) for unit in units(row.analyte, self._parts.protocol)]
        value = QuantityEdit(offered, row.unit, 96)
        value.set_value(plain(row.value), row.unit)
        day = DateEdit(row.collected, today=lambda: self._parts.clock().today, past=True)
        laboratory = TextEdit(row.laboratory or "", width=180)
        why = TextEdit("", tr("such as: misread, decimal point"), 280)
        fields = {
            "value": FormField(analyte_name(row.analyte), value), "collected": FormField(tr("Collected on"), day),
            "laboratory": FormField(tr("Laboratory"), laboratory), "reason": FormField(tr("Why"), why),
        }  # fmt: skip

        def problems() -> dict[str, str]:
            found = self._value_problem(row, value)
            if day.day() is None:
                found["collected"] = day.problem() or tr("Type the day the blood was taken.")
            return found | _reason(why)

        def save(version: int) -> None:
            typed, on = value.typed(), day.day()
            if typed is None or on is None:
                return
            new = NewResult(
                on, row.analyte, typed.value, typed.unit, typed.comparator,
                laboratory=laboratory.text().strip() or None, confirmed=value.is_confirmed(),
            )  # fmt: skip
            said = tr("Corrected: {test} {value}").format(
                test=analyte_name(row.analyte), value=quantity(typed.value, typed.unit, typed.comparator)
            )
            self._asking.write(
                row.result_id, correct_result, row.result_id, new, why.text().strip(), self._parts.clock(),
                self._parts.protocol, said=said, seen_version=version,
            )  # fmt: skip

        return Question(
            row.result_id, tr("Correct {what}").format(what=_named(row)), fields, tr("Save correction"), save,
            row.version,
            (tr("The old value stays, struck out, with the reason. What rested on it is looked at again."),),
            problems, differs=partial(_differs, row),
        )  # fmt: skip

    def _value_problem(self, row: ResultRow, value: QuantityEdit) -> dict[str, str]:
        """Impossible values are refused, unusual ones asked about once beside the field."""
        typed = value.typed()
        if typed is None:
            return {"value": value.problem() or tr("Type the value.")}
        verdict = check(row.analyte, typed, self._parts.protocol)
        if verdict.level is Level.OK or (verdict.level is Level.CONFIRM and value.is_confirmed()):
            return {}
        meant = verdict.suggestion
        value.ask(
            question(verdict, typed), None if meant is None else plain(meant.value),
            None if meant is None else meant.unit, may_keep=verdict.level is Level.CONFIRM,
        )  # fmt: skip
        return {"value": tr("Answer the question beside the value.")}

    # -- taken back

    def error(self) -> None:
        """Ask before a value is marked as entered in error."""
        row, person = self._chosen(), self._person()
        if row is None or person is None:
            return
        why = TextEdit("", tr("such as: typed twice"), 320)
        said = tr("Entered in error: {what}").format(what=_named(row))
        save = partial(self._withdraw, row, why, said, None)
        self._panel.open(self._withdrawal(row, person, said, why, {}, tr("Mark as entered in error"), save))

    def another(self) -> None:
        """Ask whose it is; it is taken back here, and typed anew on the page of whoever it belongs to."""
        row, person = self._chosen(), self._person()
        if row is None or person is None:
            return
        why = TextEdit(tr("another patient's"), width=200)
        whose = _Whose(self._parts, person.patient_id)
        title = tr("Not {name}'s: {what}").format(name=f"{person.given} {person.surname}", what=_named(row))
        said = tr("Taken back. Type it for the right patient: {what}").format(what=_named(row))
        save = partial(self._withdraw, row, why, said, whose)
        asked = self._withdrawal(row, person, title, why, whose.fields, tr("Take it back"), save)
        self._panel.open(asked)

    def _withdrawal(
        self,
        row: ResultRow,
        person: Banner,
        title: str,
        why: TextEdit,
        others: Mapping[str, FormField],
        words: str,
        save: Callable[[int], object],
    ) -> Question:
        lines = [
            tr("It stays in the record, struck out, with the reason. What rested on it is looked at again.")
        ]
        if others:
            lines.append(
                tr("Then the page to type it for the right patient opens; nothing is filed by itself.")
            )
        return Question(
            row.result_id, title, {**others, "reason": FormField(tr("Why"), why)}, words, save, row.version,
            tuple(lines), lambda: _reason(why), (person.birth_date, person.number), partial(_differs, row),
        )  # fmt: skip

    def _withdraw(self, row: ResultRow, why: TextEdit, said: str, whose: _Whose | None, version: int) -> None:
        right = whose.chosen() if whose is not None else None

        def go_on(_changes: Changes) -> None:
            if right is not None:
                self._parts.navigation.open_results.emit(right)

        self._asking.write(
            row.result_id, withdraw_result, row.result_id, why.text().strip(), self._parts.clock(),
            self._parts.protocol, said=said, then=go_on, seen_version=version,
        )  # fmt: skip


class _Whose(QObject):
    """Two fields that find the right patient: something typed, and who it may be, each with birth date and number."""

    def __init__(self, parts: Parts, not_this: int) -> None:
        self.typed = TextEdit("", tr("name or number, if known"), 200)
        super().__init__(self.typed)
        self._parts, self._not_this = parts, not_this
        self.box = ComboBox([(None, tr("not known yet"))])
        self.box.setMinimumWidth(220)
        self.fields = {
            "whose": FormField(tr("Belongs to"), self.typed),
            "who": FormField(tr("Who"), self.box),
        }
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self.typed.textEdited.connect(lambda _text: self._pause.start())

    def _ask(self) -> None:
        text = self.typed.text().strip()
        if len(text) > 1:
            self._parts.tasks.read(search, text, HITS, then=self._show, owner=self, key="whose")
        else:
            self._show(())

    def _show(self, hits: Sequence[PatientHit]) -> None:
        others = [(hit.patient_id, _hit(hit)) for hit in hits if hit.patient_id != self._not_this]
        self.box.set_choices([(None, tr("not known yet")), *others])
        self.box.setMinimumWidth(self.box.sizeHint().width())
        self.fields["who"].set_hint(
            tr("{count} found").format(count=len(others)) if self.typed.text() else ""
        )

    def chosen(self) -> int | None:
        """Who was chosen by hand; nobody is chosen by the program."""
        found = self.box.value()
        return found if isinstance(found, int) else None


def _hit(hit: PatientHit) -> str:
    born = plain_date(hit.birth_date) if hit.birth_date else tr("born unknown")
    return f"{hit.surname.upper()}, {hit.given} · {born} · {hit.number}"


def _named(row: ResultRow) -> str:
    """`Haemoglobin 8.8 g/dL, 18 Dec 2025`."""
    value = quantity(row.value, row.unit, row.comparator)
    return f"{analyte_name(row.analyte)} {value}, {plain_date(row.collected)}"


def _reason(why: TextEdit) -> dict[str, str]:
    return {} if why.text().strip() else {"reason": tr("Say why, in a few words.")}


def _differs(row: ResultRow, current: Mapping[str, object]) -> Sequence[Difference]:
    value, unit = current.get("value"), str(current.get("unit") or "")
    now = f"{value} {unit_text(unit)}" if value is not None else None
    return (Difference(analyte_name(row.analyte), now, quantity(row.value, row.unit, row.comparator)),)
