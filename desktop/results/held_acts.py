"""What is done about a held result or an import: filed, rejected, registered, undone, taken back. Asked in the page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.imports.comparing import BORN, NUMBER, Agreement
from db.imports.matching import Card
from db.models import vocabulary as v
from db.operations.held import Filing, file_held_results, take_back_results
from db.operations.imports import undo_import
from db.operations.patients import ClinicalPicture, NewReferral, PatientDetails, register_referral
from db.operations.results import reject_held_result
from db.queries.imports import HeldItem, ImportedResult, ImportRow, MatchCard, card_with, filed_from
from db.queries.patients import PatientHit, search
from desktop import theme
from desktop.commands import Command
from desktop.parts import Parts
from desktop.results.code_act import CodeAct
from desktop.results.match_view import MatchView
from desktop.widgets.ask_panel import AskPanel, Question
from desktop.widgets.asking import Asking
from desktop.widgets.buttons import KeyButton
from desktop.widgets.choices import CheckBox, ComboBox
from desktop.widgets.date_edit import DateEdit
from desktop.widgets.fields import FormField, TextEdit
from desktop.widgets.marks import Status
from desktop.widgets.row_list import ListRow, RowGroup, RowList
from desktop.wording import analyte_name, plain_date, sex_name
from desktop.wording.plain import tr

TO_CONFIRM = frozenset({"unusual-value", "differs-from-record", "correction-of-which"})


class HeldActs:
    """The commands of the inbox, for the row that is shown."""

    def __init__(self, parts: Parts, scope: QWidget, panel: AskPanel, match: MatchView) -> None:
        self._parts, self._scope, self._panel, self._match = parts, scope, panel, match
        self._asking = Asking(parts, panel)
        self._item: HeldItem | None = None
        self._run: ImportRow | None = None
        self._card: MatchCard | None = None
        self._found: list[Card] = []
        self._results: tuple[ImportedResult, ...] = ()
        self._current: Callable[[], int | None] = lambda: None
        self._actions = {
            name: parts.commands.add(Command(f"imports.{name}", words, run, key), scope)
            for name, words, run, key in (
                ("file", tr("File for this patient"), self._file, "F"),
                ("another", tr("Look for somebody else"), self._look, "A"),
                ("register", tr("New patient from this message"), self._register, "N"),
                ("reject", tr("Reject"), self._reject, "R"),
                ("undo", tr("Undo this import"), self._undo, "U"),
                ("take-back", tr("Take back this patient's"), self._take_back, "B"),
            )
        }
        self.codes = CodeAct(parts, scope, panel)
        self.search = _Search(parts, self._compare)
        match.chosen.connect(lambda _card: self._enable())
        self._enable()

    def buttons(self) -> list[KeyButton]:
        """A button for each command; those that make no sense for the row are hidden."""
        kinds = {"file": "primary", "undo": "danger"}
        self._buttons = {
            name: KeyButton.for_action(action, kinds.get(name, "soft"))  # type: ignore[arg-type]
            for name, action in self._actions.items()
        }
        return [*self._buttons.values(), self.codes.button()]

    def show(self, item: HeldItem | None, run: ImportRow | None) -> None:
        """Another row is shown; what was asked about the one before goes."""
        same = (item and item.held_id) == (self._item and self._item.held_id)
        if not same or (run and run.import_id) != (self._run and self._run.import_id):
            self._panel.close_panel()
            self.search.hide()
            self._card, self._found, self._results = None, [], ()
        self._item, self._run = item, run
        self.codes.show(item)
        self._enable()

    def set_card(self, card: MatchCard) -> None:
        """The records near to the held result have been read."""
        self._card = card
        self._match.show_card(card, self._found)
        self._enable()

    def set_results(self, results: Sequence[ImportedResult], current: Callable[[], int | None]) -> None:
        """What the import brought has been read; `current` tells the row the keyboard is on."""
        self._results, self._current = tuple(results), current
        self._enable()

    def _enable(self) -> None:
        held = self._item is not None and not self._item.typed
        run = self._run if self._run is not None and self._run.undone_at is None else None
        person = self._match.person() if held and self._card is not None else None
        standing = any(not one.superseded and one.status != "entered-in-error" for one in self._results)
        able = {
            "file": held and person is not None and person.status == "active",
            "another": held and self._card is not None,
            "register": held and self._card is not None and bool(self._card.family),
            "reject": self._item is not None,
            "undo": run is not None,
            "take-back": run is not None and standing,
        }
        shown = {"undo": self._run is not None, "take-back": self._run is not None}
        for name, action in self._actions.items():
            action.setEnabled(able[name])
            if hasattr(self, "_buttons"):
                self._buttons[name].setVisible(shown.get(name, self._item is not None))

    def _file(self) -> None:
        item, card, person = self._item, self._card, self._match.person()
        if item is None or card is None or person is None:
            return
        fields, more, filing = _filing_fields(item, card, person, self._parts)
        key = ("file", item.held_id)
        name = f"{person.surname}, {person.given}"
        count = len(card.siblings)
        said = tr("{count} filed for {name}.").format(count=count, name=name)

        def save(_version: int) -> None:
            held = [(one[0], one[1]) for one in card.siblings]
            self._asking.write(
                key, file_held_results, held, filing(), self._parts.clock(), self._parts.protocol, said=said,
                undo=lambda _changes: self._unfile([one for one, _ in held]),
            )  # fmt: skip

        what = (
            tr("{count} results of this message go into the record of {name}, {number}.").format(
                count=count, name=name, number=person.number
            ),
        )
        question = Question(
            key, tr("File for {name}").format(name=name), fields, tr("File"), save, item.version, what,
            lambda: _problems(fields), (_born(person), person.number), more=more,
        )  # fmt: skip
        self._panel.open(question)

    def _unfile(self, held_ids: Sequence[int]) -> None:
        """Undo a filing by hand: what was filed from these held results is held again."""

        def back(rows: tuple[tuple[int, int], ...]) -> None:
            self._asking.back(
                take_back_results, rows, tr("filed by mistake"), self._parts.clock(), self._parts.protocol,
                said=tr("Held again."),
            )  # fmt: skip

        self._parts.tasks.read(filed_from, tuple(held_ids), then=back, owner=self._scope)

    def _reject(self) -> None:
        item = self._item
        if item is None:
            return
        why = TextEdit("", tr("such as: not our patient"), 320)
        key = ("reject", item.held_id)

        def save(version: int) -> None:
            self._asking.write(
                key, reject_held_result, item.held_id, why.text().strip(), version, self._parts.clock(),
                said=tr("Rejected. It stays readable with its message."),
            )  # fmt: skip

        self._panel.open(
            Question(
                key, tr("Reject this result"), {"reason": FormField(tr("Why"), why)}, tr("Reject"), save,
                item.version, (tr("It goes into nobody's record."),),
                lambda: {} if why.text().strip() else {"reason": tr("Say why, in a few words.")},
            )
        )  # fmt: skip

    def _register(self) -> None:
        """Register the person the message names, with what it says filled in; the results are filed after that."""
        item, card = self._item, self._card
        if item is None or card is None:
            return
        surname, given = TextEdit(card.family, "", 200), TextEdit(card.given, "", 200)
        number = TextEdit(card.numbers[0] if card.numbers else "", "", 160)
        born = DateEdit(card.birth_date, today=lambda: self._parts.clock().today, birth=True)
        sex = ComboBox([(code, sex_name(code)) for code in v.SEXES])
        sex.set_value(card.sex if card.sex in v.SEXES else "unknown")
        fields = {
            "surname": FormField(tr("Family name"), surname),
            "given": FormField(tr("Given name"), given),
            "birth_date": FormField(tr("Date of birth"), born),
            "sex": FormField(tr("Sex"), sex),
            "number": FormField(tr("Number"), number),
        }
        key = ("register", item.held_id)

        def save(_version: int) -> None:
            told = number.text().strip()
            details = PatientDetails(
                surname.text(), given.text(), born.day(), str(sex.value()),
                (("hospital-number", told),) if told else (),
            )  # fmt: skip
            stamp = self._parts.clock()
            referral = NewReferral(details, ClinicalPicture(), stamp.today, self._parts.user.id)
            self._asking.write(
                key, register_referral, referral, stamp, self._parts.protocol,
                said=tr("{surname} is registered. File the results for them now.").format(surname=surname.text()),
            )  # fmt: skip

        what = (tr("Check it against the paper. Look-alikes on record are listed below."),)
        self._panel.open(
            Question(
                key, tr("New patient from this message"), fields, tr("Register"), save, item.version, what,
                lambda: {} if surname.text().strip() else {"surname": tr("A family name is needed.")},
            )
        )  # fmt: skip

    def _undo(self) -> None:
        run = self._run
        if run is None:
            return
        why = TextEdit("", tr("such as: the file of another clinic"), 320)
        key = ("undo", run.import_id)

        def save(_version: int) -> None:
            self._asking.write(
                key, undo_import, run.import_id, why.text().strip(), self._parts.clock(), self._parts.protocol,
                said=tr("The import of {name} is undone. The file can be imported again.").format(
                    name=run.file_name
                ),
            )  # fmt: skip

        what = (
            tr("All it brought is taken out of the records again, and what it replaced stands again."),
            tr("This is possible while nobody has decided on any of it."),
        )
        self._panel.open(
            Question(
                key, tr("Undo this import"), {"reason": FormField(tr("Why"), why)}, tr("Undo it"), save, 0, what,
                lambda: {} if why.text().strip() else {"reason": tr("Say why, in a few words.")},
            )
        )  # fmt: skip

    def _take_back(self) -> None:
        """Take back what the message brought to the patient of the row: all of it, since the person was wrong."""
        by_id = {one.result_id: one for one in self._results}
        chosen = by_id.get(self._current() or 0) or next(iter(self._results), None)
        if chosen is None:
            return
        mine = [
            one for one in self._results
            if (one.patient_id, one.raw_message_id) == (chosen.patient_id, chosen.raw_message_id)
            and not one.superseded and one.status != "entered-in-error"
        ]  # fmt: skip
        why = TextEdit("", tr("such as: another patient of the same name"), 320)
        key = ("take-back", chosen.result_id)
        name = f"{chosen.surname}, {chosen.given}"

        def save(_version: int) -> None:
            rows = [(one.result_id, one.version) for one in mine]
            self._asking.write(
                key, take_back_results, rows, why.text().strip(), self._parts.clock(), self._parts.protocol,
                said=tr("Taken back from {name}, and held again.").format(name=name),
            )  # fmt: skip

        what = (
            tr("{count} results leave the record of {name}, {number}, and are held again.").format(
                count=len(mine), name=name, number=chosen.number
            ),
        )
        self._panel.open(
            Question(
                key, tr("Take back from {name}").format(name=name), {"reason": FormField(tr("Why"), why)},
                tr("Take back"), save, 0, what,
                lambda: {} if why.text().strip() else {"reason": tr("Say why, in a few words.")},
            )
        )  # fmt: skip

    def _look(self) -> None:
        self.search.show()
        self.search.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _compare(self, patient_id: int) -> None:
        """Put somebody who was looked for beside the message."""
        item = self._item
        if item is not None:
            self._parts.tasks.read(
                card_with, item.held_id, patient_id, then=partial(self._add, item.held_id), owner=self._scope
            )

    def _add(self, held_id: int, card: Card) -> None:
        if self._item is None or self._item.held_id != held_id or self._card is None:
            return
        self._found = [card, *(one for one in self._found if one.patient_id != card.patient_id)]
        self.search.hide()
        self._match.show_card(self._card, self._found)
        self._match.records.choose(str(card.patient_id))
        self._enable()
        self._match.table.setFocus(Qt.FocusReason.OtherFocusReason)


class _Search(QWidget):
    """A field and the people found; Enter or a double click takes one."""

    def __init__(self, parts: Parts, chosen: Callable[[int], object]) -> None:
        super().__init__()
        self._parts = parts
        self.field = TextEdit("", tr("Name, number, date of birth or phone"), 420)
        self.field.setAccessibleName(tr("Look for the patient this result is of"))
        self.list = RowList(tr("Patients found"))
        self.list.setFixedHeight(theme.px(220))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.field)
        column.addWidget(self.list)
        self.field.textEdited.connect(lambda _text: self._ask())
        self.field.returnPressed.connect(self._take)
        self._chosen = chosen
        self.list.opened.connect(chosen)
        self.hide()

    def _ask(self) -> None:
        self._parts.tasks.read(search, self.field.text(), 20, then=self._show, owner=self, key="search")

    def _show(self, hits: tuple[PatientHit, ...]) -> None:
        rows = [
            ListRow(
                one.patient_id, Status.PLANNED, f"{one.surname}, {one.given}", "",
                plain_date(one.birth_date) if one.birth_date is not None else "", False, one.number,
            )
            for one in hits
        ]  # fmt: skip
        self.list.set_groups([RowGroup(tr("Found"), tuple(rows))])

    def _take(self) -> None:
        current = self.list.current_id()
        if current is not None:
            self._chosen(current)


def _filing_fields(
    item: HeldItem, card: MatchCard, person: Card, parts: Parts
) -> tuple[dict[str, FormField], tuple[QWidget, ...], Callable[[], Filing]]:
    """Fields for what the message leaves out, and what they come to. The panel itself asks the year of birth."""
    fields: dict[str, FormField] = {}
    more: list[QWidget] = []
    born = _born(person)
    first = card.days[0][1] if card.days else None
    day = DateEdit(first, today=lambda: parts.clock().today, past=True)
    test = ComboBox([(code, analyte_name(code)) for code in sorted(v.ANALYTES)])
    unit = TextEdit("", "g/L", 100)
    if card.day is None:
        fields["collected"] = FormField(tr("Taken on"), day)
    if card.analyte is None:
        fields["analyte"] = FormField(tr("Test"), test)
    if card.has_value and not card.unit:
        fields["unit"] = FormField(tr("Unit"), unit)
    confirm = CheckBox(tr("I have looked at the value, and it is right"))
    if item.reason in TO_CONFIRM:
        more.append(confirm)
    keep = CheckBox(tr("Remember the sender's number {number} for this patient").format(number=card.numbers[0])
                    if card.numbers else "")  # fmt: skip
    unknown = {one.name: one.state for one in person.fields}.get(NUMBER) is not Agreement.AGREE
    if card.numbers and unknown:
        more.append(keep)

    def filing() -> Filing:
        return Filing(
            person.patient_id,
            born.year if born is not None else None,  # the panel lets nobody through with another
            day.day() if card.day is None else None,
            str(test.value()) if card.analyte is None else None,
            unit.text().strip() if "unit" in fields else None,
            confirm.isChecked(),
            keep.isChecked(),
        )

    return fields, tuple(more), filing


def _problems(fields: dict[str, FormField]) -> dict[str, str]:
    found: dict[str, str] = {}
    day, unit = (fields[name].field if name in fields else None for name in ("collected", "unit"))
    if isinstance(day, DateEdit) and day.day() is None:
        found["collected"] = tr("Say on which day the blood was taken.")
    if isinstance(unit, TextEdit) and not unit.text().strip():
        found["unit"] = tr("Say which unit it is in.")
    return found


def _born(person: Card) -> date | None:
    ours = next((field.ours for field in person.fields if field.name == BORN), "")
    return date.fromisoformat(ours) if ours else None
