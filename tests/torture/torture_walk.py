"""A clinic in which anybody may do anything at any time: refusals are fine, broken promises are not.

Every public operation is a rule here, by every role, with the clock going forwards and backwards.
"""

from __future__ import annotations

import hashlib
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule
from running_clinic import PROTOCOL, day, panel, result
from torture_walker import FIRST_DAY, Walker

from db import operations as ops
from db.operations import access

MOST_PATIENTS = 4
ADMINISTRATOR, CLINICIAN, COORDINATOR, NURSE, MANAGER = 1, 2, 3, 4, 5
WHO = st.sampled_from((CLINICIAN, CLINICIAN, CLINICIAN, COORDINATOR, NURSE, MANAGER, ADMINISTRATOR))
FEW = st.integers(0, 5)
MANY = st.integers(0, 40)
ACTIONS = ("repeat-labs", "follow-up", "measure-phosphate", "work-up", "same-day-review", "repeat-infusion", "refer",
           "discharge")  # fmt: skip
DETAIL = {"work-up": {"causes": ["base"]}, "refer": {"to": "haematology"}, "discharge": {"cause": "known"}}


class Walk(Walker):
    """Up to four patients, five users, any order of events."""

    @rule(days=st.sampled_from((1, 1, 3, 7, 29, 60)))
    def time_passes(self, days: int) -> None:
        self.today += days

    @rule(days=st.sampled_from((1, 2, 40)))
    def clock_is_put_back(self, days: int) -> None:
        self.today = max(FIRST_DAY, self.today - days)

    @rule(who=WHO, name=st.sampled_from(("Marsh", "Fen", "Ó Riain")), hb=st.integers(60, 120))
    def referred(self, who: int, name: str, hb: int) -> None:
        many = self.rows("SELECT count(*) FROM patient")[0][0]
        if many >= MOST_PATIENTS:
            return
        details = ops.PatientDetails(
            name, "Ada", date(1960, 5, 1), "female", (("hospital-number", f"W {many}"),)
        )
        picture = ops.ClinicalPicture(Decimal(70), Decimal(165))
        results = (result(self.today, "haemoglobin", str(hb), "g/L"),)
        new = ops.NewReferral(
            details, picture, day(self.today), CLINICIAN, "iron-deficiency-anaemia", results=results
        )
        self.attempt(who, ops.register_referral, new, protocol=PROTOCOL)

    @rule(who=WHO, pick=FEW, phone=st.sampled_from(("020 7946 0018", "020 7946 0019")))
    def details_changed(self, who: int, pick: int, phone: str) -> None:
        patient_id, version, number = self.one("SELECT id, version, number FROM patient", pick)[:3]
        given = (("hospital-number", str(number)),)
        details = ops.PatientDetails("Marsh", "Ines", date(1960, 5, 1), "female", given, phone=phone)
        self.attempt(who, ops.change_details, patient_id, details, version)

    @rule(who=WHO, pick=FEW, kg=st.integers(40, 120), ckd=st.booleans())
    def picture_changed(self, who: int, pick: int, kg: int, ckd: bool) -> None:
        patient_id, version = self.one("SELECT id, version FROM patient", pick)[:2]
        conditions = frozenset({"chronic-kidney-disease"}) if ckd else frozenset()
        picture = ops.ClinicalPicture(Decimal(kg), Decimal(165), conditions)
        self.attempt(who, ops.set_conditions, patient_id, picture, version, protocol=PROTOCOL)

    @rule(who=WHO, pick=FEW, ahead=st.integers(0, 20), mg=st.sampled_from((500, 1000)), gate=st.booleans())
    def planned(self, who: int, pick: int, ahead: int, mg: int, gate: bool) -> None:
        course_id, version = self.one("SELECT id, version FROM course WHERE status <> 'ended'", pick)[:2]
        visits = ((day(self.today + ahead), Decimal(mg)),)
        overrides = {"infection": "mild"} if gate else {}
        plan = ops.CoursePlan(
            "ferric-carboxymaltose",
            "eu",
            "ganzoni",
            None,
            Decimal(mg),
            visits,
            {"infection": "yes"},
            overrides,
        )
        self.attempt(who, ops.plan_course, course_id, plan, version, protocol=PROTOCOL)

    @rule(who=WHO, pick=FEW, mg=st.sampled_from((None, 500)))
    def repeated(self, who: int, pick: int, mg: int | None) -> None:
        (course_id, *_) = self.one("SELECT id FROM course", pick)
        owed = Decimal(mg) if mg else None
        self.attempt(who, ops.start_repeat_course, course_id, owed, protocol=PROTOCOL)

    @rule(who=WHO, pick=FEW, mg=st.sampled_from((200, 500, 1000)), back=st.integers(0, 5), planned=st.booleans(),
          why=st.sampled_from((None, "asked to")))  # fmt: skip
    def given(self, who: int, pick: int, mg: int, back: int, planned: bool, why: str | None) -> None:
        visit = self.one("SELECT id, course_id FROM visit WHERE state = 'planned'", pick)
        course_id = (
            visit[1] if planned else self.one("SELECT id FROM course WHERE status <> 'ended'", pick)[0]
        )
        new = ops.NewInfusion(
            course_id, day(self.today - back), Decimal(mg), visit[0] if planned else None, override_reason=why
        )
        self.attempt(who, ops.record_infusion, new, protocol=PROTOCOL)

    @rule(who=WHO, pick=MANY, cancel=st.booleans(), back=st.integers(0, 9))
    def infusion_changed(self, who: int, pick: int, cancel: bool, back: int) -> None:
        found = self.one("SELECT id, version, course_id, dose_mg FROM infusion WHERE state = 'given'", pick)
        if cancel:
            self.attempt(who, ops.cancel_infusion, found[0], "slip", found[1], protocol=PROTOCOL)
        else:
            new = ops.NewInfusion(found[2], day(self.today - back), Decimal(str(found[3])))
            self.attempt(who, ops.correct_infusion, found[0], new, "slip", found[1], protocol=PROTOCOL)

    @rule(who=WHO, pick=MANY, how=st.sampled_from(("move", "cancel", "missed")))
    def visit_changed(self, who: int, pick: int, how: str) -> None:
        visit_id, version = self.one("SELECT id, version FROM visit", pick)[:2]
        if how == "move":
            self.attempt(
                who, ops.move_visit, visit_id, day(self.today + 4), "ill", version, protocol=PROTOCOL
            )
        else:
            missed = how == "missed"
            more = {"protocol": PROTOCOL, "did_not_attend": missed}
            self.attempt(who, ops.cancel_visit, visit_id, "ill", version, **more)

    @rule(
        who=WHO, pick=FEW, hb=st.integers(65, 140), ferritin=st.integers(5, 400), crp=st.sampled_from((2, 30))
    )
    def results_arrive(self, who: int, pick: int, hb: int, ferritin: int, crp: int) -> None:
        (patient_id, *_) = self.one("SELECT id FROM patient", pick)
        values = panel(self.today, str(hb), ferritin=str(ferritin), crp=str(crp))
        self.attempt(who, ops.store_results, patient_id, values, protocol=PROTOCOL)

    @rule(who=WHO, pick=MANY, hb=st.integers(70, 140), withdraw=st.booleans())
    def result_changed(self, who: int, pick: int, hb: int, withdraw: bool) -> None:
        found = self.one("SELECT id, collected_on FROM lab_result WHERE analyte = 'haemoglobin'", pick)
        if withdraw or found[0] == 999_999:
            self.attempt(who, ops.withdraw_result, found[0], "slip", protocol=PROTOCOL)
        else:
            new = ops.NewResult(date.fromisoformat(found[1]), "haemoglobin", Decimal(hb), "g/L")
            self.attempt(who, ops.correct_result, found[0], new, "slip", protocol=PROTOCOL)

    @rule(who=WHO, pick=FEW, kind=st.sampled_from(("accept", "accept", "choose-another", "defer", "not-appropriate")),
          actions=st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=3, unique=True),
          emergency=st.sampled_from((None, None, "nobody else is here")))  # fmt: skip
    def decided(self, who: int, pick: int, kind: str, actions: list[str], emergency: str | None) -> None:
        found = self.one("SELECT id, version FROM assessment WHERE state IN ('open', 'deferred')", pick)
        steps = tuple(ops.DecidedStep(one, day(self.today + 5), None, DETAIL.get(one, {})) for one in actions)
        later = day(self.today + 9) if kind == "defer" else None
        decision = ops.NewDecision(kind, steps if kind == "choose-another" else (), "because", later)
        given = (found[0], found[1], decision)
        self.attempt(who, ops.record_decision, *given, emergency=emergency, protocol=PROTOCOL)

    @rule(who=WHO, pick=FEW, plan=st.booleans())
    def planned_or_moved_by_mistake(self, who: int, pick: int, plan: bool) -> None:
        """The newest plan, or a move of a visit, is taken back."""
        if plan:
            found = self.one(
                "SELECT id, version, planned_by_id FROM course ORDER BY planned_at DESC LIMIT 2", pick // 3
            )
            by = found[2] if isinstance(found[2], int) and found[2] < 10 else CLINICIAN
            self.attempt(by, ops.withdraw_plan, found[0], found[1], protocol=PROTOCOL)
        else:
            found = self.one(
                "SELECT id, version FROM visit WHERE moved_from IS NOT NULL ORDER BY id DESC", pick
            )
            self.attempt(who, ops.take_back_move, found[0], found[1], protocol=PROTOCOL)

    @rule(pick=FEW)
    def decided_by_mistake(self, pick: int) -> None:
        """One of the newest decisions is taken back by whoever made it."""
        decisions = (
            "SELECT d.id, a.version, d.decided_by_id FROM decision d JOIN assessment a ON a.id = d.assessment_id "
            "ORDER BY d.id DESC LIMIT 3"
        )
        found = self.one(decisions, pick // 2)
        self.attempt(found[2] if found[2] < 10 else CLINICIAN, ops.withdraw_decision, found[0], found[1])

    @rule(who=st.sampled_from((CLINICIAN, CLINICIAN, COORDINATOR)), pick=FEW, plan=st.booleans())
    def signed(self, who: int, pick: int, plan: bool) -> None:
        decisions = "SELECT d.id, a.version FROM decision d JOIN assessment a ON a.id = d.assessment_id WHERE d.to_sign"
        found = self.one("SELECT id, version FROM course WHERE to_sign" if plan else decisions, pick)
        self.attempt(who, ops.sign_plan if plan else ops.sign_decision, found[0], found[1])

    @rule(who=WHO, pick=FEW,
          outcome=st.sampled_from(("no-answer", "agreed", "call-back", "letter-sent", "declined", "died")),
          channel=st.sampled_from(("phone", "referrer")))  # fmt: skip
    def contacted(self, who: int, pick: int, outcome: str, channel: str) -> None:
        (course_id, *_) = self.one("SELECT id FROM course WHERE status <> 'ended'", pick)
        on = day(self.today + 3) if outcome in ("agreed", "call-back") else None
        contact = ops.NewContact(outcome, channel, call_back_on=on)
        self.attempt(who, ops.record_contact, course_id, contact, protocol=PROTOCOL)

    @rule(
        who=WHO, pick=FEW, reason=st.sampled_from(("deceased", "transferred", "did-not-attend", "declined"))
    )
    def left(self, who: int, pick: int, reason: str) -> None:
        (patient_id, *_) = self.one("SELECT id FROM patient", pick)
        self.attempt(who, ops.end_follow_up, patient_id, reason, day(self.today), None)

    @rule(who=WHO, pick=FEW)
    def came_back(self, who: int, pick: int) -> None:
        (patient_id, *_) = self.one("SELECT id FROM patient WHERE status <> 'active'", pick)
        self.attempt(who, ops.resume_follow_up, patient_id, "back", protocol=PROTOCOL)

    @rule(
        who=WHO,
        pick=MANY,
        state=st.sampled_from(("ordered", "resulted", "not-appropriate")),
        owner=st.integers(1, 5),
    )
    def checked_off(self, who: int, pick: int, state: str, owner: int) -> None:
        item_id, version = self.one("SELECT id, version FROM work_up_item", pick)[:2]
        given = (item_id, state, "seen", day(self.today + 5), owner, version)
        self.attempt(who, ops.update_item, *given, protocol=PROTOCOL)

    @rule(who=WHO, pick=FEW)
    def held_turned_away(self, who: int, pick: int) -> None:
        found = self.one("SELECT id, version FROM held_result WHERE state = 'held'", pick)
        self.attempt(who, ops.reject_held_result, found[0], "somebody else's", found[1])

    @rule(who=st.sampled_from((CLINICIAN, CLINICIAN, ADMINISTRATOR, COORDINATOR)), pick=FEW, other=FEW, course=FEW,
          choose=st.sampled_from((True, True, True, False)))  # fmt: skip
    def joined(self, who: int, pick: int, other: int, course: int, choose: bool) -> None:
        kept, seen = self.one("SELECT id, version FROM patient", pick)[:2]
        fitting = (
            f"SELECT o.id, o.version FROM patient o JOIN patient k ON k.id = {kept} AND k.status = o.status "
            f"WHERE o.id <> {kept} AND o.merged_into_id IS NULL"
        )
        merged, seen_merged = self.one(fitting if choose else "SELECT id, version FROM patient", other)[:2]
        pair = f"patient_id IN ({kept}, {merged})"
        going_on = self.one(f"SELECT id FROM course WHERE status <> 'ended' AND {pair}", course)[0]
        numbers = self.rows(f"SELECT min(id) FROM patient_identifier WHERE {pair} GROUP BY kind, assigner")
        chosen = (
            ops.MergeChoices(going_on, frozenset(row[0] for row in numbers)) if choose else ops.MergeChoices()
        )
        self.attempt(
            who, ops.merge_patients, kept, merged, chosen, "twice", seen, seen_merged, protocol=PROTOCOL
        )

    @rule(who=st.sampled_from((CLINICIAN, ADMINISTRATOR)), pick=FEW, along=st.booleans())
    def taken_apart(self, who: int, pick: int, along: bool) -> None:
        found = self.one(
            "SELECT g.id, p.version, g.kept_id FROM patient_merge g JOIN patient p ON p.id = g.kept_id "
            "WHERE g.undone_at IS NULL", pick,
        )  # fmt: skip
        results = self.rows(f"SELECT max(id) FROM lab_result WHERE patient_id = {found[2]}") if along else []
        ids = frozenset(row[0] for row in results if row[0] is not None)
        more = {"protocol": PROTOCOL, "result_ids": ids}
        self.attempt(who, ops.unmerge_patients, found[0], "two people", found[1], **more)

    @rule(who=WHO, pick=FEW, other=FEW, again=st.booleans())
    def told_apart(self, who: int, pick: int, other: int, again: bool) -> None:
        if again:
            (noted, *_) = self.one("SELECT id FROM not_the_same WHERE withdrawn_at IS NULL", pick)
            self.attempt(who, ops.withdraw_not_the_same, noted)
            return
        one_id, other_id = (self.one("SELECT id FROM patient", one)[0] for one in (pick, other))
        self.attempt(who, ops.note_not_the_same, one_id, other_id, "")

    @rule(who=WHO, pick=FEW, how=st.sampled_from(("complete", "later", "reassign", "suspend", "wake")),
          owner=st.integers(1, 5))  # fmt: skip
    def step_moved(self, who: int, pick: int, how: str, owner: int) -> None:
        step_id, version = self.one("SELECT id, version FROM next_step WHERE is_open", pick)[:2]
        if how == "complete":
            self.attempt(who, ops.complete, step_id, None, version, protocol=PROTOCOL)
        elif how == "later":
            self.attempt(who, ops.change_due, step_id, day(self.today + 9), "asked", version)
        elif how == "suspend":
            self.attempt(who, ops.suspend, step_id, day(self.today + 20), "abroad", version)
        elif how == "wake":
            self.attempt(who, ops.wake, step_id, version)
        else:
            self.attempt(who, ops.reassign, step_id, owner, version)

    @rule(who=WHO, pick=FEW, kind=st.sampled_from(("patient-appointment", "not-reached", "reminder-1")))
    def letter_written(self, who: int, pick: int, kind: str) -> None:
        course_id, patient_id = self.one("SELECT id, patient_id FROM course", pick)[:2]
        number = self.rows("SELECT count(*) FROM letter")[0][0] + 1
        pdf = f"%PDF-1.7 {number}".encode()
        new = ops.NewLetter(
            kind, course_id, patient_id, {"name": "Ines Marsh"}, None, pdf, hashlib.sha256(pdf).hexdigest(), 1, "1",
            "Dear Ms Marsh", f"L-{number:06d}",
        )  # fmt: skip
        self.attempt(who, ops.issue, new)

    @rule(who=WHO, pick=MANY, how=st.sampled_from(("printed", "handed", "posted", "returned", "void")))
    def letter_moved(self, who: int, pick: int, how: str) -> None:
        (letter_id, *_) = self.one("SELECT id FROM letter", pick)
        if how == "void":
            self.attempt(who, ops.void, letter_id, "wrong address")
        else:
            self.attempt(who, ops.mark_printed, letter_id, how)

    @rule(who=st.sampled_from((ADMINISTRATOR, ADMINISTRATOR, MANAGER)), pick=FEW, to=st.integers(1, 6),
          how=st.sampled_from(("disable", "enable", "role", "rename", "leave", "back", "hand over", "password", "own")),
          role=st.sampled_from(("coordinator", "nurse", "clinician", "manager", "administrator")))  # fmt: skip
    def staff_changed(self, who: int, pick: int, to: int, how: str, role: str) -> None:
        user_id, version = self.one("SELECT id, version FROM user_account", pick)[:2]
        leave = ops.NewLeave(day(self.today), day(self.today + 10), to)
        acts: dict[str, tuple[Any, ...]] = {
            "disable": (ops.disable_user, user_id, version),
            "enable": (ops.enable_user, user_id, version),
            "role": (ops.change_role, user_id, role, version),
            "rename": (ops.rename_user, user_id, "Flo Ng", None, version),
            "leave": (ops.set_leave, user_id, leave, version),
            "back": (ops.set_leave, user_id, None, version),
            "hand over": (ops.reassign_all, user_id, to),
            "password": (ops.reset_password, user_id),
            "own": (ops.change_own_password,),
        }
        self.attempt(who, *acts[how])

    @rule(
        who=st.sampled_from((ADMINISTRATOR, MANAGER)),
        what=st.sampled_from(("user", "clinician", "closed", "settings")),
    )
    def office_changed(self, who: int, what: str) -> None:
        many = self.rows("SELECT count(*) FROM user_account")[0][0]
        if what == "user" and many < 8:
            self.attempt(who, ops.add_user, ops.NewUser("Gus Hill", f"gus{many}", "nurse"))
        elif what == "clinician":
            new = ops.NewClinician(
                "Dr Iris Kemp", "General practitioner", "Mill Practice", "general-practice"
            )
            self.attempt(who, ops.add_clinician, new)
        elif what == "closed":
            self.attempt(who, ops.close_days, {day(self.today + 35): "training"})
        else:
            version = self.rows("SELECT version FROM clinic")[0][0]
            new_name = ops.ClinicSettings(
                f"Fen Street {self.today}", ("Fen Street", "Ely"), "020 7946 0000", country="GB"
            )
            self.attempt(who, ops.change_settings, new_name, version)

    @rule(who=WHO, pick=FEW, what=st.sampled_from(("view", "print", "export", "review")))
    def looked(self, who: int, pick: int, what: str) -> None:
        (patient_id, *_) = self.one("SELECT id FROM patient", pick)
        if what == "view":
            self.attempt(who, access.record_view, "patient", "patient", patient_id, patient_id)
        elif what == "print":
            self.attempt(who, access.record_print, "list", "list", None, None)
        elif what == "export":
            self.attempt(who, access.record_export, "list", "list", None, None)
        else:
            found = self.one("SELECT id, version FROM emergency_access WHERE reviewed_at IS NULL", pick)
            self.attempt(MANAGER, ops.review_emergency, found[0], "was right", found[1])


__all__ = ["Walk"]
