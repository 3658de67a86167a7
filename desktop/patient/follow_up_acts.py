"""Ending follow-up, each way by its own rule, and taking it up again: asked in the page, with the year of birth."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from db.changes import Changes
from db.operations.patients import end_follow_up, resume_follow_up
from db.queries.banner import banner
from db.queries.patient_rows import Banner
from desktop.commands import Command
from desktop.parts import Parts
from desktop.patient.loading import PatientView
from desktop.widgets.ask_panel import AskPanel, Question
from desktop.widgets.asking import Asking
from desktop.widgets.choices import ComboBox
from desktop.widgets.date_edit import DateEdit
from desktop.widgets.fields import FormField, TextEdit
from desktop.wording import action_words, ending_name, letter_kind_name, plain_date
from desktop.wording.plain import tr

REASONS = ("declined", "did-not-attend", "transferred", "deceased")
PULLED = frozenset({"draft", "approved"})
"""Letters that were not printed yet."""


class FollowUpActs(QObject):
    """`patient.end` (Q) and one command for each way, for the palette; `patient.resume` (U) takes it up again."""

    def __init__(
        self, parts: Parts, scope: QWidget, panel: AskPanel, view: Callable[[], PatientView | None]
    ) -> None:
        super().__init__(scope)
        self._parts, self._panel, self._view = parts, panel, view
        self._asking = Asking(parts, panel)
        add = parts.commands.add
        add(
            Command("patient.end", tr("End follow-up"), partial(self.end, None), "Q", words=tr("stop")), scope
        )
        texts = {
            "declined": tr("Patient declines"), "did-not-attend": tr("Patient did not attend"),
            "transferred": tr("Patient is transferred"), "deceased": tr("Patient has died"),
        }  # fmt: skip
        for reason, text in texts.items():
            words = tr("end follow-up deceased death") if reason == "deceased" else tr("end follow-up")
            add(Command(f"patient.end-{reason}", text, partial(self.end, reason), words=words), scope)
        add(Command("patient.resume", tr("Take follow-up up again"), self.resume, "U"), scope)

    def set_enabled(self, view: PatientView | None) -> None:
        """One half makes sense while somebody is followed up, the other after."""
        active = view is not None and view.page.banner.status == "active"
        commands = self._parts.commands
        for name in ("end", *(f"end-{reason}" for reason in REASONS)):
            commands.set_enabled(f"patient.{name}", active, tr("Follow-up of this patient has ended."))
        ended = view is not None and not active
        commands.set_enabled("patient.resume", ended, tr("This patient is followed up."))

    # -- ending

    def end(self, reason: str | None) -> None:
        """Ask which way, when, and for whom; what will happen is said before."""
        view = self._view()
        if view is None or view.page.banner.status != "active":
            return
        person = view.page.banner
        way = ComboBox([(code, _capital(ending_name(code))) for code in REASONS])
        way.set_placeholder(tr("choose"))
        way.set_value(reason)
        way.setMinimumWidth(way.sizeHint().width())
        on = DateEdit(view.today, today=lambda: self._parts.clock().today, past=True)
        note = TextEdit("", "", 300)
        fields = {
            "reason": FormField(tr("Why it ends"), way), "on": FormField(tr("On"), on),
            "note": FormField(tr("Note"), note),
        }  # fmt: skip

        def word() -> None:
            chosen = str(way.value() or "")
            fields["note"].label.setText(_note_label(chosen))
            note.setAccessibleName(_note_label(chosen))
            fields["on"].label.setText(tr("Died on") if chosen == "deceased" else tr("On"))
            on.setAccessibleName(fields["on"].label.text())
            self._panel.set_what(_what_happens(view, chosen))

        way.currentIndexChanged.connect(lambda _place: word())
        self._panel.open(
            Question(
                "end-follow-up",
                tr("End follow-up of {name}").format(name=_name(person)),
                fields,
                tr("End follow-up"),
                partial(self._save, person, way, on, note),
                person.version,
                problems=lambda: _problems(way, on, note),
                born=(person.birth_date, person.number),
            )
        )
        word()
        if reason is not None:
            self._panel.to_field(note if reason == "transferred" else on)

    def _save(self, person: Banner, way: ComboBox, on: DateEdit, note: TextEdit, version: int) -> None:
        day, reason = on.day(), str(way.value())
        if day is None:
            return
        said = tr("{name}: {reason}, {day}. Nothing more is sent or asked.").format(
            name=_name(person), reason=ending_name(reason), day=plain_date(day)
        )
        self._asking.write(
            "end-follow-up", end_follow_up, person.patient_id, reason, day, note.text().strip() or None,
            self._parts.clock(), said=said, undo=partial(self._undo, person), seen_version=version,
        )  # fmt: skip

    def _undo(self, person: Banner, _changes: Changes) -> None:
        """Take it back from the foot: the record is read first, so that what was seen is what is there."""
        self._parts.tasks.read(
            banner, person.patient_id, then=partial(self._taken_back, tr("taken back by mistake")), owner=self
        )

    def _taken_back(self, reason: str, person: Banner) -> None:
        self._asking.back(
            resume_follow_up, person.patient_id, reason, self._parts.clock(), self._parts.protocol,
            said=tr("{name} is followed up again").format(name=_name(person)), seen_version=person.version,
        )  # fmt: skip

    # -- taking it up again

    def resume(self) -> None:
        """Ask why it is taken up again, and for whom."""
        view = self._view()
        if view is None or view.page.banner.status == "active":
            return
        person = view.page.banner
        why = TextEdit("", tr("such as: recorded by mistake, came back"), 340)
        self._panel.open(
            Question(
                "resume",
                tr("Take follow-up of {name} up again").format(name=_name(person)),
                {"reason": FormField(tr("Why"), why)},
                tr("Take it up again"),
                partial(self._resume, person, why),
                person.version,
                (
                    tr(
                        "The last course opens again with one next step; results that came meanwhile are filed."
                    ),
                    tr(
                        "Visits that were called off and letters that were pulled are made anew where still wanted."
                    ),
                ),
                lambda: {} if why.text().strip() else {"reason": tr("Say why, in a few words.")},
                (person.birth_date, person.number),
            )
        )

    def _resume(self, person: Banner, why: TextEdit, version: int) -> None:
        self._asking.write(
            "resume", resume_follow_up, person.patient_id, why.text().strip(), self._parts.clock(),
            self._parts.protocol, said=tr("{name} is followed up again").format(name=_name(person)),
            seen_version=version,
        )  # fmt: skip


def _what_happens(view: PatientView, reason: str) -> tuple[str, ...]:
    """What ends with it, counted from the record, and the rule of this way out."""
    page = view.page
    lines = []
    if page.open_step is not None:
        said = tr("Closed: {step}.")
        lines.append(said.format(step=action_words(page.open_step.action, page.open_step.detail)))
    visits = sum(visit.state == "planned" for visit in page.visits)
    if visits:
        lines.append(tr("Called off: {count} planned infusions.").format(count=visits))
    letters = [letter_kind_name(one.kind) for one in page.letters if one.state in PULLED]
    if letters:
        lines.append(tr("Pulled: {letters}.").format(letters=", ".join(letters)))
    items = sum(item.state in {"todo", "ordered", "done"} for item in page.work_up)
    if items:
        lines.append(tr("Abandoned: {count} open work-up items.").format(count=items))
    rules = {
        "declined": tr(
            "No letter and no call any more. Results that come in are held for somebody to look at."
        ),
        "did-not-attend": tr(
            "A clinician decides this, after two tries, a letter and word to the referrer. It is refused before."
        ),
        "transferred": tr(
            "No letter and no call any more. Say where to, so that late results can be sent on."
        ),
        "deceased": tr("No letter, label, call or list names this patient any more."),
    }
    if reason in rules:
        lines.append(rules[reason])
    lines.append(tr("It can be taken back in the foot at once, and on this page later."))
    return tuple(lines)


def _problems(way: ComboBox, on: DateEdit, note: TextEdit) -> dict[str, str]:
    found: dict[str, str] = {}
    if way.value() is None:
        found["reason"] = tr("Choose one.")
    if on.day() is None:
        found["on"] = on.problem() or tr("Type the day.")
    if way.value() == "transferred" and not note.text().strip():
        found["note"] = tr("Say to whom.")
    return found


def _note_label(reason: str) -> str:
    labels = {
        "transferred": tr("Transferred to"), "declined": tr("What was said"), "deceased": tr("Told by"),
    }  # fmt: skip
    return labels.get(reason, tr("Note"))


def _name(person: Banner) -> str:
    return f"{person.given} {person.surname}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
