"""Infusions: whose turn it is, whether anything is in the way, and what was really given."""

from __future__ import annotations

from datetime import date

from db.queries.patients import VisitRow
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from db.changes import Changes
from db.errors import KnownError
from db.operations.infusions import record_infusion
from db.operations.visits import cancel_visit
from desktop import theme
from desktop.commands import Command
from desktop.infusions.form import InfusionForm
from desktop.infusions.loading import Chair, load_chair, load_visits
from desktop.parts import Parts
from desktop.widgets.action_bar import ActionBar
from desktop.widgets.banner import PatientBanner
from desktop.widgets.banner_facts import banner_facts
from desktop.widgets.buttons import KeyButton
from desktop.widgets.empty_page import EmptyPage
from desktop.widgets.gate_list import GateList
from desktop.widgets.labels import Label, block_heading, heading
from desktop.widgets.marks import Status
from desktop.widgets.panes import ListDetail
from desktop.widgets.row_list import ListRow, RowGroup, RowList
from desktop.widgets.surface import Scroll, Surface
from desktop.wording import age_years, due_words, error_words, long_date, milligrams, product_name, sex_letter
from desktop.wording.plain import tr

KINDS = frozenset({"courses", "infusions", "patients", "results", "assessments"})


class InfusionsPage(QWidget):
    """Planned visits on the left, the chair on the right. Ctrl+Return records what was given."""

    def __init__(self, parts: Parts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._visits: dict[int, VisitRow] = {}
        self._chair: Chair | None = None
        self._wanted: int | None = None
        self.list = RowList(tr("Planned infusions"))
        self.banner = PatientBanner()
        self.plan_line = Label("", role="title", wrap=True)
        self.form = InfusionForm(lambda: parts.clock().today)
        self.gates = GateList()
        self.bar = ActionBar()
        self.empty = EmptyPage(
            "infusions",
            tr("No infusion is planned"),
            tr(
                "Visits appear here as soon as a course is planned. Plan one from Today, or begin with a referral."
            ),
        )
        self._day = Label("", role="small", tone="text2")
        self._stack = QStackedWidget()
        self._add_commands()
        self._lay_out()
        self.list.current_changed.connect(self._show)
        parts.tasks.changed.connect(self._changed)

    def _add_commands(self) -> None:
        commands = self._parts.commands
        record = Command(
            "infusions.record", tr("Record infusion"), self.record, "Ctrl+Return", also=("Ctrl+S",)
        )
        missed = Command("infusions.missed", tr("Did not come"), self.missed, "Ctrl+M")
        person = Command("infusions.patient", tr("Open this patient's page"), self.open_patient, "Ctrl+O")
        self._buttons = [
            KeyButton.for_action(commands.add(record, self), "primary", height=34),
            KeyButton.for_action(commands.add(missed, self), "soft", height=34),
            KeyButton.for_action(commands.add(person, self), "quiet", height=34),
        ]

    def _lay_out(self) -> None:
        side = Surface("list")
        left = QVBoxLayout(side)
        left.setContentsMargins(0, theme.px(14), 0, 0)
        left.setSpacing(theme.px(10))
        head = QHBoxLayout()
        head.setContentsMargins(theme.px(22), 0, theme.px(20), 0)
        head.setSpacing(theme.px(8))
        head.addWidget(heading(tr("Infusions")))
        head.addWidget(self._day, 1)
        left.addLayout(head)
        left.addWidget(self.list, 1)
        detail = QWidget()
        right = QVBoxLayout(detail)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(0)
        scroll = Scroll()
        scroll.content.addWidget(self.plan_line)
        scroll.content.addWidget(block_heading(tr("Before it starts")))
        scroll.content.addWidget(self.gates)
        scroll.content.addWidget(block_heading(tr("What was really given")))
        scroll.content.addWidget(self.form)
        scroll.content.addStretch(1)
        self._scroll = scroll
        for place, button in enumerate(self._buttons):
            self.bar.add(button, right=place == len(self._buttons) - 1)
        right.addWidget(self.banner)
        right.addWidget(scroll, 1)
        right.addWidget(self.bar)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(detail)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(ListDetail(side, self._stack))

    def first_focus(self) -> QWidget:
        """The list, or the form when a visit was asked for."""
        return self.list

    def refresh(self) -> None:
        """Ask for the visits again."""
        today = self._parts.clock().today
        self._parts.tasks.read(load_visits, today, then=self._take, owner=self, key="visits")

    def open_visit(self, visit_id: int) -> None:
        """Show one visit and begin with its form."""
        self._wanted = visit_id
        self.refresh()

    def _changed(self, changes: Changes) -> None:
        if changes.kinds & KINDS and self.isVisible():
            self.refresh()

    def _take(self, visits: tuple[VisitRow, ...]) -> None:
        today = self._parts.clock().today
        self._visits = {visit.visit_id: visit for visit in visits}
        self._day.setText(long_date(today))
        self.list.set_groups(_groups(visits, today))
        self._stack.setCurrentIndex(1 if visits else 0)
        if self._wanted in self._visits:
            self.list.select(self._wanted)
            self.form.batch.setFocus()
        self._wanted = None
        self._show(self.list.current_id())

    def _show(self, visit_id: object) -> None:
        """Ask for the chair of the visit that is current; until it is there nothing can be recorded."""
        visit = self._visits.get(visit_id) if isinstance(visit_id, int) else None
        self._chair = None
        self._enable()
        if visit is not None:
            today = self._parts.clock().today
            self._parts.tasks.read(
                load_chair, visit, today, self._parts.protocol, then=self._take_chair, owner=self, key="chair"
            )

    def _take_chair(self, chair: Chair) -> None:
        self._chair = chair
        visit, today = chair.visit, self._parts.clock().today
        self.banner.set(banner_facts(chair.banner, today))
        words = tr("{product} {dose}, visit {number} of {all}, planned for {day}")
        product = product_name(visit.product) if visit.product else tr("Iron")
        self.plan_line.setText(
            words.format(
                product=product,
                dose=milligrams(visit.dose_mg),
                number=visit.ordinal,
                all=visit.of,
                day=long_date(visit.on),
            )
        )
        self.gates.show_gates(chair.gates)
        self.form.set_visit(visit)
        self._enable()

    def _enable(self) -> None:
        """Recording stays open when a gate blocks, since the nurse records what was done; it is said in red."""
        chair = self._chair
        for name in ("infusions.record", "infusions.missed", "infusions.patient"):
            self._parts.commands.set_enabled(name, chair is not None)
        blocked = self.gates.blocked() if chair is not None else 0
        self.bar.set_reason(
            tr("{count} in the way: ask a clinician").format(count=blocked) if blocked else ""
        )

    def record(self) -> None:
        """Record what was typed; the repeat blood tests are booked with it."""
        chair = self._chair
        if chair is None:
            return
        if not self.form.check():
            wrong = self.form.first_wrong()
            if wrong is not None:
                wrong.setFocus()
                self._scroll.ensureWidgetVisible(wrong)
            return
        self._parts.tasks.write(
            record_infusion, self.form.infusion(chair.visit), self._parts.clock(), self._parts.protocol,
            then=self._recorded, failed=self._failed, owner=self,
        )  # fmt: skip

    def _recorded(self, changes: Changes) -> None:
        self.form.forget()
        self._parts.navigation.say.emit(tr("Infusion recorded, repeat blood tests booked."), None)
        if changes.patient_id is not None:
            self._parts.navigation.open_patient.emit(changes.patient_id)
        self.refresh()

    def missed(self) -> None:
        """The patient did not come; the visit is closed and the course's next step says so."""
        chair = self._chair
        if chair is None:
            return
        visit = chair.visit
        self._parts.tasks.write(
            cancel_visit, visit.visit_id, "did not come", visit.version, self._parts.clock(), self._parts.protocol,
            did_not_attend=True, then=self._missed, failed=self._failed, owner=self,
        )  # fmt: skip

    def _missed(self, _changes: Changes) -> None:
        self.form.forget()
        self._parts.navigation.say.emit(tr("Noted that the patient did not come."), None)
        self.refresh()

    def open_patient(self) -> None:
        """Go to the patient's page."""
        if self._chair is not None:
            self._parts.navigation.open_patient.emit(self._chair.visit.patient_id)

    def _failed(self, error: KnownError) -> None:
        """Say why it was not saved; everything that was typed stays."""
        self.bar.set_reason(error_words(error))


def _groups(visits: tuple[VisitRow, ...], today: date) -> list[RowGroup]:
    """Visits nobody recorded, those of today, and those to come."""
    late = [visit for visit in visits if visit.on < today]
    now = [visit for visit in visits if visit.on == today]
    ahead = [visit for visit in visits if visit.on > today]
    named = ((tr("Not recorded yet"), late), (tr("Today"), now), (tr("To come"), ahead))
    return [RowGroup(title, tuple(_row(visit, today) for visit in group)) for title, group in named if group]


def _row(visit: VisitRow, today: date) -> ListRow:
    late = visit.on < today
    age = str(age_years(visit.birth_date, today)) if visit.birth_date is not None else ""
    return ListRow(
        id=visit.visit_id,
        status=Status.OVERDUE if late else Status.DUE if visit.on == today else Status.PLANNED,
        name=f"{visit.surname}, {visit.given}",
        age_sex=f"{age} {sex_letter(visit.sex)}".strip(),
        due=due_words(visit.on, today),
        late=late,
        step=milligrams(visit.dose_mg),
        why=product_name(visit.product) if visit.product else "",
        owner=f"{visit.ordinal}/{visit.of}",
    )
