"""What the staff do in a day: they work the lists of the program, and never anything that is on none of them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import select

from benchmarks.soak.office import CLINICIAN, NURSE, OTHER_CLINICIAN, Office
from benchmarks.soak.people import Person
from clinical.facts import Label, Product
from clinical.gates import QUESTIONS, Gate, GateState, blocking, product_gates
from db import models as m
from db import operations as ops
from db import queries
from db.errors import Refused
from db.queries.patient_rows import VisitRow
from db.queries.worklist_rows import LettersDueRow, StepRow
from desktop.visit_gates import visit_gates

FCM, FDI = "ferric-carboxymaltose", "ferric-derisomaltose"
CALLED_AFTER: Final = 8
"""Days after the day of the tests on which somebody calls."""
LADDER: Final = (
    ("no-answer", "phone"),
    ("no-answer", "phone"),
    ("letter-sent", "letter"),
    ("letter-sent", "referrer"),
)
"""What is tried with somebody who never answers."""


class Desk:
    """Works the lists of one office for people whose truth only `people` knows."""

    def __init__(self, office: Office, people: dict[int, Person]) -> None:
        """`people` by patient id; it grows as they are registered."""
        self.office, self.people = office, people
        self.rungs: dict[int, int] = {}
        """By course, how often somebody was tried."""
        self.waits: set[int] = set()
        """Courses whose dose a gate stopped: the next plan is a clinician's."""

    def steps(self) -> None:
        """Everything that is due today, of everybody."""
        office = self.office
        acts = {
            "plan-course": self._plan,
            "repeat-infusion": self._plan,
            "review-results": self._decide,
            "give-infusion": lambda _row: None,  # the list of the day's chairs
            "work-up": self._checklist,
            "refer": self._checklist,
        }
        acts |= dict.fromkeys(
            ("repeat-labs", "follow-up", "measure-phosphate", "wait-and-repeat-labs", "chase-labs"),
            self._blood,
        )
        due = [row for row in office.ask(queries.open_steps, office.today) if row.due <= office.today]
        for user in {row.deputy_id or row.owner_id for row in due}:
            many = sum((row.deputy_id or row.owner_id) == user for row in due)
            office.alerts.lines.append((office.today, user, many))
        for row in due:
            acts.get(row.action, self._done)(row)

    def visits(self) -> None:
        """The day's chairs, and whoever did not come to an earlier one."""
        office = self.office
        for visit in office.ask(queries.visits, office.today - timedelta(days=20), office.today):
            if visit.state == "planned" and visit.patient_id in self.people:
                self._visit(visit, self.people[visit.patient_id])

    def _visit(self, visit: VisitRow, person: Person) -> None:
        office, lot = self.office, person.chance.random()
        given = (visit.visit_id,)
        if lot < 0.04:
            more = {"did_not_attend": True}
            office.for_patient(
                NURSE, visit.patient_id, ops.cancel_visit, *given, "did not come", visit.version, **more
            )
            return
        if lot < 0.07:
            later = office.today + timedelta(days=7)
            office.for_patient(NURSE, visit.patient_id, ops.move_visit, *given, later, "ill", visit.version)
            return
        facts = office.ask(queries.for_course, visit.course_id, office.today)
        gates = visit_gates(facts, visit, office.today, office.protocol)
        if blocking(gates):
            office.alerts.interrupted(office.today, NURSE, visit.patient_id, "gate")
            self.waits.add(visit.course_id)
            office.for_patient(
                NURSE, visit.patient_id, ops.cancel_visit, *given, "a gate stands in the way", visit.version
            )
            return
        new = ops.NewInfusion(
            visit.course_id, office.today, visit.dose_mg, visit.visit_id, batch=f"B{office.today:%m%d}",
            started="10:00", ended="10:30", reaction_grade=1 if lot > 0.99 else 0, gate_answers=_answers(gates),
        )  # fmt: skip
        if office.for_patient(NURSE, visit.patient_id, ops.record_infusion, new, seen_version=visit.version):
            person.last_iron, person.blood_on = office.today, None

    def _plan(self, row: StepRow) -> None:
        """Two visits a week apart, or the one small dose that will turn out to be too little."""
        office, person = self.office, self.people[row.patient_id]
        if person.transfused and person.arriving:
            return  # still in hospital
        user = office.on_duty(row.owner_id)
        facts = office.ask(queries.for_course, row.course_id, office.today)
        product = FCM
        if row.course_id in self.waits or self._blocked(facts, FCM):
            office.alerts.interrupted(office.today, user, row.patient_id, "gate")
            user, product = office.on_duty(CLINICIAN), FDI
            self.waits.discard(row.course_id)
            if self._blocked(facts, FDI):
                later = office.today + timedelta(days=28)
                office.alerts.opened(office.today, user, row.patient_id)
                office.do(user, ops.change_due, row.step_id, later, "a gate stands in the way", row.version)
                return
        start = 3 + person.chance.randrange(6)
        doses = (500,) if person.story == "too-little" and not person.last_iron else (1000, 500)
        visits = tuple((self._weekday(start + 7 * n), Decimal(mg)) for n, mg in enumerate(doses))
        plan = ops.CoursePlan(
            product, "eu", "ganzoni", Decimal(1500), Decimal(sum(doses)), visits, {"infection": "no"}
        )
        ((version,),) = office.rows(select(m.Course.version).where(m.Course.id == row.course_id))
        office.for_patient(user, row.patient_id, ops.plan_course, row.course_id, plan, version)

    def to_hospital(self, person: Person) -> None:
        """An emergency goes to hospital the same day, is given blood there, and is tested before coming home."""
        if person.transfused or person.gone:
            return
        person.transfused, person.blood_on = True, None
        home = self.office.today + timedelta(days=2)
        person.arriving = [(home, person.blood(home, 0))]

    def _blocked(self, facts: Any, product: str) -> bool:
        label, on = Label("eu"), self.office.today + timedelta(days=5)
        phosphates = [one for one in facts.results if one.analyte == "phosphate"]
        newest = max(phosphates, key=lambda one: one.collected, default=None)
        return bool(
            blocking(
                product_gates(facts, Product(product), label, on, self.office.protocol, phosphate=newest)
            )
        )

    def _weekday(self, ahead: int) -> Any:
        day = self.office.today + timedelta(days=ahead)
        return day + timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)

    def _decide(self, row: StepRow) -> None:
        """The answer is accepted, mostly; a coordinator's decision waits for a signature."""
        office, person = self.office, self.people[row.patient_id]
        view = office.ask(queries.explain, row.course_id)
        lot = person.chance.random()
        user = office.on_duty(row.owner_id) if lot > 0.6 else office.on_duty(self._clinician(person))
        steps = tuple(
            ops.DecidedStep(one.action, max(one.due, office.today), None, _with_cause(one.action, one.detail))
            for one in view.proposed
        )
        decision = ops.NewDecision("accept", steps)
        if lot < 0.03 and view.assessment.urgency.value in ("routine", "soon"):
            later = office.today + timedelta(days=10)
            decision = ops.NewDecision("defer", (), "wants to talk it over", later)
        elif lot < 0.06:
            other = ops.DecidedStep("work-up", office.today + timedelta(days=14), None, {"causes": ["base"]})
            decision = ops.NewDecision("choose-another", (other,), "to look for the cause first")
        elif lot < 0.08:
            decision = ops.NewDecision("not-appropriate", (), "known and treated elsewhere")
        given = (view.assessment_id, view.version, decision)
        if office.for_patient(user, row.patient_id, ops.record_decision, *given) is None:
            other_user = office.on_duty(CLINICIAN)
            office.for_patient(other_user, row.patient_id, ops.record_decision, *given)

    def _clinician(self, person: Person) -> int:
        return OTHER_CLINICIAN if person.number % 2 else CLINICIAN

    def _blood(self, row: StepRow) -> None:
        """Tests that are due: most people go, some after a call, some never."""
        office, person = self.office, self.people[row.patient_id]
        if person.blood_on is not None or person.arriving:
            return
        if row.action != "chase-labs" and row.days_late < CALLED_AFTER:
            if person.habit == "in-time":
                person.blood_on = office.today + timedelta(days=person.chance.randrange(3))
            return
        user, tried = office.on_duty(row.owner_id), self.rungs.get(row.course_id, 0)
        seen = (row.step_id, row.version)
        if person.habit != "never" and (tried or person.chance.random() < 0.5):
            day = office.today + timedelta(days=4)
            contact = ops.NewContact("agreed", call_back_on=day)
            person.blood_on = day
            self.rungs[row.course_id] = 0
        elif tried < len(LADDER):
            contact = ops.NewContact(*LADDER[tried])
            self.rungs[row.course_id] = tried + 1
        else:
            self.leave(person, "did-not-attend")
            return
        office.for_patient(user, row.patient_id, ops.record_contact, row.course_id, contact, seen_step=seen)

    def leave(self, person: Person, reason: str) -> None:
        """A clinician ends somebody's follow-up."""
        office, user = self.office, self.office.on_duty(CLINICIAN)
        ((version,),) = office.rows(select(m.Patient.version).where(m.Patient.id == person.patient_id))
        office.alerts.opened(office.today, user, person.patient_id)
        given = (person.patient_id, reason, office.today, None)
        if office.do(user, ops.end_follow_up, *given, seen_version=version):
            person.gone = True

    def _checklist(self, row: StepRow) -> None:
        """A work-up with nothing open on its list is said to be done; the others go on by their items."""
        items = self.office.ask(queries.open_work_ups, self.office.today)
        if not any(item.course_id == row.course_id for item in items):
            self._done(row)

    def _done(self, row: StepRow) -> None:
        """What only a person can say is done: called, spoken to, corrected."""
        user = self.office.on_duty(row.owner_id)
        self.office.for_patient(user, row.patient_id, ops.complete, row.step_id, "done", row.version)

    def items(self) -> None:
        """Items of work-ups that are due: ordered, and some days later resulted."""
        office = self.office
        for item in office.ask(queries.open_work_ups, office.today):
            if item.due > office.today:
                continue
            state = "ordered" if item.state == "todo" else "resulted"
            user, due = office.on_duty(item.owner_id), office.today + timedelta(days=10)
            given = (item.item_id, state, "seen", due, item.owner_id, item.version)
            office.for_patient(user, item.patient_id, ops.update_item, *given)

    def signatures(self) -> None:
        """A clinician signs what coordinators began."""
        office, user = self.office, self.office.on_duty(CLINICIAN)
        for one in office.ask(queries.to_sign, office.today):
            sign = ops.sign_plan if one.kind == "plan" else ops.sign_decision
            office.alerts.opened(office.today, user, one.patient_id)
            office.do(user, sign, one.id, one.version)

    def held(self) -> None:
        """Results of people who are no longer followed up go into no record, and somebody says so."""
        office = self.office
        for one in office.ask(queries.held_results):
            if one.received_on <= office.today - timedelta(days=2):
                office.do(
                    office.on_duty(CLINICIAN),
                    ops.reject_held_result,
                    one.held_id,
                    "no longer here",
                    one.version,
                )

    def letters(self, *, crash: bool) -> None:
        """All letters of the day in one batch; the program may die between filing and printing."""
        office = self.office
        due: list[LettersDueRow] = [
            row
            for row in office.ask(queries.letters_due, office.today)
            if row.blocked is None and row.due <= office.today
        ]
        if not due:
            if crash:
                office.crash()
            return
        ((last,),) = office.rows(select(m.Letter.id).order_by(m.Letter.id.desc()).limit(1)) or [(0,)]
        letters = tuple(_letter(row, last + n) for n, row in enumerate(due, start=1))
        made = office.do(NURSE, ops.open_batch, ops.NewBatch(letters, "printer"))
        if crash:
            office.crash()
        if made is not None:
            came_out = dict.fromkeys(range(1, len(letters) + 1), "printed")
            office.do(NURSE, ops.settle_batch, made.created_id, came_out, len(letters))

    def typed(self, person: Person, values: tuple[ops.NewResult, ...]) -> None:
        """Results are typed, now and then with a slip; a question is answered by looking at the paper again."""
        office = self.office
        user = office.on_duty(self._owner(person))
        office.alerts.opened(office.today, user, person.patient_id)
        wrong = tuple(_slip(one) for one in values) if person.chance.random() < 0.005 else values
        office.alerts.values += len(values)
        given = {"protocol": office.protocol}
        for attempt in (wrong, values, tuple(replace(one, confirmed=True) for one in values)):
            try:
                office.insist(user, ops.store_results, person.patient_id, attempt, **given)
                return
            except Refused as error:
                office.refused[f"store_results {error.code}"] += 1
                office.alerts.interrupted(office.today, user, person.patient_id, "value-questioned")
                office.alerts.questioned += attempt is not wrong or wrong is values

    def _owner(self, person: Person) -> int:
        return 4 + person.number % 2


def _answers(gates: tuple[Gate, ...]) -> dict[str, str]:
    return {gate.code: "no" for gate in gates if gate.state is GateState.ASK and gate.code in QUESTIONS}


def _with_cause(action: str, detail: Any) -> dict[str, object]:
    return {**detail, **({"cause": "known"} if action == "discharge" else {})}


def _slip(result: ops.NewResult) -> ops.NewResult:
    """A haemoglobin typed without its decimal point."""
    return replace(result, value=result.value * 10) if result.analyte == "haemoglobin" else result


def _letter(row: LettersDueRow, number: int) -> ops.NewLetter:
    """A letter of some kilobytes; how letters are laid out is measured elsewhere."""
    pdf = f"%PDF-1.7 {number} ".encode() + hashlib.shake_128(str(number).encode()).digest(8_000)
    recipient = {"name": "As addressed"} | ({} if row.refer_to is None else {"refer_to": row.refer_to})
    return ops.NewLetter(
        row.kind, row.course_id, row.patient_id, recipient, row.assessment_id, pdf, hashlib.sha256(pdf).hexdigest(),
        1, "1", "As composed", f"L-{number:06d}",
    )  # fmt: skip
