"""Random walks over the operations: whatever people do, no follow-up is lost and the window follows the iron."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from kinds import FILE, Templates
from running_clinic import PROTOCOL, RunningClinic, day, panel, set_up, stamp, who
from seen_now import with_seen

from db import invariants, queries
from db import models as m
from db import operations as ops
from db.changes import Changes
from db.errors import Refused, StaleScreen
from db.operations.steps import DONE_BY_HAND

ACTIONS = (
    "repeat-labs",
    "follow-up",
    "measure-phosphate",
    "work-up",
    "same-day-review",
    "repeat-infusion",
    "refer",
)


class Walk(RuleBasedStateMachine):
    """Two patients, any order of events; refusals are fine, broken promises are not."""

    templates: Templates
    kept_in: str

    def __init__(self) -> None:
        """Copy the clinic that was set up."""
        super().__init__()
        self.database = self.templates.copy(self.kept_in, "set-up", set_up)
        self.work = RunningClinic(self.database)
        self.today = 0
        self.people: list[int] = []

    def teardown(self) -> None:
        """Close and remove the clinic."""
        self.templates.remove(self.database)

    @initialize()
    def two_people(self) -> None:
        """Both have a plan; the first was given half of it."""
        for surname in ("Marsh", "Fen"):
            made = self.work.register(surname=surname)
            self.people.append(made.patient_id or 0)
            self.work.plan(made.course_id or 0, 0, (7, 500), (14, 500))
        self.today = 7
        self.work.give(1, 7)

    def attempt(
        self, operation: object, *given: object, user: int | None = None, **more: object
    ) -> Changes | None:
        """Do it, one audit row; or be refused, none."""
        before = self.work.audit_rows()
        try:
            with self.database.write() as session:
                by = stamp(self.today, user or who(operation))  # type: ignore[arg-type]
                more = with_seen(session, operation, given, more)  # type: ignore[arg-type]
                changes: Changes = operation(session, *given, stamp=by, **more)  # type: ignore[operator]
        except (Refused, StaleScreen):
            assert self.work.audit_rows() == before
            return None
        assert self.work.audit_rows() - before == (1 if changes.kinds else 0)
        return changes

    def course(self, who: int) -> int:
        """The newest course of a patient."""
        return self.work.all(m.Course, m.Course.patient_id == self.people[who])[-1].id

    @rule(days=st.sampled_from((1, 3, 7, 29, 60)))
    def time_passes(self, days: int) -> None:
        """Days go by."""
        self.today += days

    @rule(
        who=st.integers(0, 1),
        mg=st.sampled_from((200, 500, 1000)),
        back=st.integers(0, 5),
        planned=st.booleans(),
    )
    def infusion_given(self, who: int, mg: int, back: int, planned: bool) -> None:
        """An infusion is recorded, perhaps some days late."""
        course_id = self.course(who)
        visits = self.work.all(m.Visit, m.Visit.course_id == course_id, m.Visit.state == "planned")
        visit_id = visits[0].id if planned and visits else None
        new = ops.NewInfusion(course_id, day(self.today - back), Decimal(mg), visit_id)
        if self.attempt(ops.record_infusion, new, protocol=PROTOCOL):
            self.window_follows(course_id)

    @rule(pick=st.integers(0, 9), cancel=st.booleans(), back=st.integers(0, 9))
    def infusion_changed(self, pick: int, cancel: bool, back: int) -> None:
        """An infusion is cancelled, or its day corrected."""
        given = self.work.all(m.Infusion, m.Infusion.state == "given")
        if not given:
            return
        one = given[pick % len(given)]
        if cancel:
            done = self.attempt(ops.cancel_infusion, one.id, "slip", one.version, protocol=PROTOCOL)
        else:
            new = ops.NewInfusion(one.course_id, day(self.today - back), one.dose_mg)
            done = self.attempt(ops.correct_infusion, one.id, new, "slip", one.version, protocol=PROTOCOL)
        if done:
            self.window_follows(one.course_id)

    @rule(
        who=st.integers(0, 1),
        hb=st.integers(65, 140),
        ferritin=st.integers(5, 400),
        crp=st.sampled_from((2, 30)),
    )
    def results_arrive(self, who: int, hb: int, ferritin: int, crp: int) -> None:
        """A panel is typed in."""
        values = panel(self.today, str(hb), ferritin=str(ferritin), crp=str(crp))
        self.attempt(ops.store_results, self.people[who], values, protocol=PROTOCOL)

    @rule(pick=st.integers(0, 30), hb=st.integers(70, 140), withdraw=st.booleans())
    def result_changed(self, pick: int, hb: int, withdraw: bool) -> None:
        """A haemoglobin is corrected or withdrawn."""
        rows = self.work.all(m.LabResult, m.LabResult.analyte == "haemoglobin")
        one = rows[pick % len(rows)]
        if withdraw:
            self.attempt(ops.withdraw_result, one.id, "slip", protocol=PROTOCOL)
        else:
            new = ops.NewResult(one.collected_on, "haemoglobin", Decimal(hb), "g/L")
            self.attempt(ops.correct_result, one.id, new, "slip", protocol=PROTOCOL)

    @rule(who=st.integers(0, 1), kind=st.sampled_from(("accept", "choose-another", "defer", "not-appropriate")),
          actions=st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=3, unique=True))  # fmt: skip
    def decided(self, who: int, kind: str, actions: list[str]) -> None:
        """A clinician decides on what is there."""
        view = self.work.ask(queries.explain, self.course(who))
        if view is None:
            return
        detail = {"work-up": {"causes": ["base"]}, "refer": {"to": "haematology"}}
        steps = tuple(ops.DecidedStep(one, day(self.today + 5), None, detail.get(one, {})) for one in actions)
        later = day(self.today + 9) if kind == "defer" else None
        decision = ops.NewDecision(kind, steps if kind == "choose-another" else (), "because", later)
        self.attempt(ops.record_decision, view.assessment_id, view.version, decision, protocol=PROTOCOL)

    @rule(who=st.integers(0, 1), move=st.booleans())
    def planned_by_mistake(self, who: int, move: bool) -> None:
        """The last plan of a course, or the last move of a visit, is taken back."""
        moved = self.work.all(m.Visit, m.Visit.moved_from.is_not(None))
        if move and moved:
            self.attempt(ops.take_back_move, moved[-1].id, moved[-1].version, protocol=PROTOCOL)
        course = self.work.all(m.Course, m.Course.id == self.course(who))[0]
        self.attempt(ops.withdraw_plan, course.id, course.version, protocol=PROTOCOL)

    @rule()
    def decided_by_mistake(self) -> None:
        """The last decision is taken back."""
        decisions = self.work.all(m.Decision)
        if decisions:
            last = decisions[-1]
            seen = self.work.all(m.AssessmentRow, m.AssessmentRow.id == last.assessment_id)[0].version
            self.attempt(ops.withdraw_decision, last.id, seen)

    @rule(who=st.integers(0, 1), ahead=st.integers(0, 20), mg=st.sampled_from((500, 1000)))
    def planned(self, who: int, ahead: int, mg: int) -> None:
        """A course is planned, or planned anew."""
        course = self.work.all(m.Course, m.Course.id == self.course(who))[0]
        visits = ((day(self.today + ahead), Decimal(mg)),)
        plan = ops.CoursePlan("ferric-carboxymaltose", "eu", "ganzoni", None, Decimal(mg), visits)
        self.attempt(ops.plan_course, course.id, plan, course.version, protocol=PROTOCOL)

    @rule(pick=st.integers(0, 9), cancel=st.booleans(), missed=st.booleans())
    def visit_changed(self, pick: int, cancel: bool, missed: bool) -> None:
        """A visit is moved, cancelled or missed."""
        rows = self.work.all(m.Visit)
        one = rows[pick % len(rows)]
        if cancel:
            self.attempt(
                ops.cancel_visit, one.id, "ill", one.version, protocol=PROTOCOL, did_not_attend=missed
            )
        else:
            self.attempt(ops.move_visit, one.id, day(self.today + 4), "ill", one.version, protocol=PROTOCOL)

    @rule(
        who=st.integers(0, 1),
        outcome=st.sampled_from(("no-answer", "agreed", "call-back", "letter-sent", "declined")),
    )
    def contacted(self, who: int, outcome: str) -> None:
        """Somebody calls."""
        on = day(self.today + 3) if outcome in ("agreed", "call-back") else None
        contact = ops.NewContact(outcome, call_back_on=on)
        self.attempt(ops.record_contact, self.course(who), contact, protocol=PROTOCOL)

    @rule(pick=st.integers(0, 9))
    def not_called(self, pick: int) -> None:
        """A call was logged by mistake."""
        calls = self.work.all(m.ContactAttempt)
        if calls:
            call = calls[pick % len(calls)]
            assert call.course_id is not None
            self.attempt(ops.withdraw_contact, call.course_id, call.id)

    @rule(who=st.integers(0, 1), reason=st.sampled_from(("deceased", "transferred", "did-not-attend")))
    def left(self, who: int, reason: str) -> None:
        """Somebody leaves."""
        self.attempt(ops.end_follow_up, self.people[who], reason, day(self.today), None)

    @rule(who=st.integers(0, 1), rungs=st.integers(2, 4))
    def not_reached(self, who: int, rungs: int) -> None:
        """Nobody answers: tries, a letter, the referrer, and a clinician gives up, which wants every rung."""
        ladder = (
            ("no-answer", "phone"),
            ("no-answer", "phone"),
            ("letter-sent", "letter"),
            ("letter-sent", "referrer"),
        )
        course_id = self.course(who)
        for outcome, channel in ladder[:rungs]:
            self.attempt(ops.record_contact, course_id, ops.NewContact(outcome, channel), protocol=PROTOCOL)
        gone = (self.people[who], "did-not-attend", day(self.today), None)
        self.attempt(ops.end_follow_up, *gone, user=2)

    @rule(who=st.integers(0, 1))
    def came_back(self, who: int) -> None:
        """It was a mistake, or they changed their mind."""
        if self.work.all(m.Patient, m.Patient.id == self.people[who])[0].status == "active":
            return
        self.attempt(ops.resume_follow_up, self.people[who], "back", protocol=PROTOCOL)

    @rule(pick=st.integers(0, 40), state=st.sampled_from(("ordered", "resulted", "not-appropriate")))
    def checked_off(self, pick: int, state: str) -> None:
        """An item of a checklist moves on."""
        items = self.work.all(m.WorkUpItem)
        if items:
            one = items[pick % len(items)]
            given = (one.id, state, "seen", day(self.today + 5), 3, one.version)
            self.attempt(ops.update_item, *given, protocol=PROTOCOL)

    @rule(who=st.integers(0, 1))
    def done(self, who: int) -> None:
        """The open step is said to be done."""
        step = self.work.page(self.people[who], self.today).open_step
        if step is not None and step.action in DONE_BY_HAND:
            self.attempt(ops.complete, step.step_id, None, step.version, protocol=PROTOCOL)

    @precondition(lambda self: bool(self.people))
    @invariant()
    def every_promise_holds(self) -> None:
        """One open step for each course under follow-up, and every other promise the record can show."""
        with self.database.read() as session:
            broken = [one for one in invariants.check(session, day(self.today)) if not one.ok]
            steps = queries.open_steps(session, day(self.today))
        assert not broken, broken
        under = [course.id for course in self.work.all(m.Course) if course.status != "ended"]
        assert sorted(step.course_id for step in steps) == under
        active = [one.id for one in self.work.all(m.Patient) if one.status == "active"]
        assert {step.patient_id for step in steps} <= set(active)

    def window_follows(self, course_id: int) -> None:
        """The open repeat tests belong to the last infusion given, inside the window, on an open weekday."""
        given = self.work.all(m.Infusion, m.Infusion.course_id == course_id, m.Infusion.state == "given")
        orders = self.work.all(
            m.LabOrder,
            m.LabOrder.course_id == course_id,
            m.LabOrder.kind == "repeat-labs",
            m.LabOrder.state == "open",
        )
        last: date | None = max((one.given_on for one in given), default=None)
        for order in orders:
            assert last is not None
            if order.opens_on == last + timedelta(days=28):
                assert order.closes_on == last + timedelta(days=42)
                assert order.opens_on <= order.booked_for <= order.closes_on
                assert order.booked_for.weekday() < 5
            assert order.anchor_on == last


def test_no_follow_up_is_lost(templates: Templates, kept_in: str) -> None:
    """Thirty walks of twenty-five events in a file, and five on a server, where each takes longer."""
    Walk.templates, Walk.kept_in = templates, kept_in
    examples = 30 if kept_in == FILE else 5
    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            derandomize=True,
        ),
    )
