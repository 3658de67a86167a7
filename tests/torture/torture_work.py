"""The work that is cut, killed or made to fail: the operations of a clinic's day, as steps of one write each."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from running_clinic import PROTOCOL, day, panel, result, stamp
from seen_now import with_seen
from torture_clinic import KEY, Site, Step

from db import operations as ops
from db import queries, sqlite_errors
from db.errors import Refused, StaleScreen
from db.opening import verified_copy
from db.replace_file import replace_file
from db.vault import vault_path

CLINICIAN: Final = 2


class NothingToDoError(Exception):
    """There is nothing this step could be done to; the next one comes."""


def attempt(site: Site, step: Step) -> bool:
    """Do one step. False when the clinic has no such thing now, or refuses: then nothing was written."""
    try:
        step(site)
    except (NothingToDoError, Refused, StaleScreen):
        return False
    return True


def only(found: Any) -> Any:
    """The row found; there is nothing to do without one."""
    if found is None:
        raise NothingToDoError
    return found


def write(site: Site, operation: Any, *given: Any, **more: Any) -> Any:
    """One operation in a transaction of its own, by a clinician."""
    with site.database.write() as session:
        more = with_seen(session, operation, given, more)
        return operation(session, *given, stamp=stamp(site.today, CLINICIAN), **more)


def type_results(site: Site) -> None:
    """A panel is typed for one of the patients under follow-up."""
    site.today += 1
    (patient_id,) = site.chance.choice(site.rows("SELECT id FROM patient WHERE status = 'active'"))
    hb = str(site.chance.randint(85, 130))
    values = panel(site.today - 1, hb, ferritin=str(site.chance.randint(10, 300)))
    write(site, ops.store_results, patient_id, values, protocol=PROTOCOL)


def correct_result(site: Site) -> None:
    """The newest haemoglobin gets another value."""
    site.today += 1
    found = only(
        site.first(
            "SELECT id, collected_on, canonical_value FROM lab_result WHERE analyte = 'haemoglobin'"
            " AND superseded_by_id IS NULL AND status <> 'entered-in-error' ORDER BY id DESC LIMIT 1"
        )
    )
    collected = next(number for number in range(-400, 4000) if str(day(number)) == str(found[1]))
    value = str(Decimal(str(found[2])) + 1)
    write(
        site,
        ops.correct_result,
        found[0],
        result(collected, "haemoglobin", value, "g/L"),
        "slip",
        protocol=PROTOCOL,
    )


def withdraw_result(site: Site) -> None:
    """The newest ferritin was somebody else's."""
    site.today += 1
    found = only(
        site.first(
            "SELECT id FROM lab_result WHERE analyte = 'ferritin' AND superseded_by_id IS NULL"
            " AND status <> 'entered-in-error' ORDER BY id DESC LIMIT 1"
        )
    )
    write(site, ops.withdraw_result, found[0], "other patient", protocol=PROTOCOL)


def give(site: Site) -> None:
    """An infusion is recorded; the repeat tests move with it."""
    site.today += 1
    found = site.first(
        "SELECT v.id, v.course_id FROM visit v JOIN course c ON c.id = v.course_id"
        " WHERE v.state = 'planned' AND c.status <> 'ended' ORDER BY v.id LIMIT 1"
    )
    if found is None:
        course = site.first("SELECT id FROM course WHERE status <> 'ended' AND product IS NOT NULL LIMIT 1")
        found = (None, only(course)[0])
    new = ops.NewInfusion(found[1], day(site.today), Decimal(300), found[0], batch="B7")
    write(site, ops.record_infusion, new, protocol=PROTOCOL)


def correct_infusion(site: Site) -> None:
    """The last infusion was given the day before."""
    found = only(
        site.first(
            "SELECT id, course_id, version FROM infusion WHERE state = 'given' ORDER BY id DESC LIMIT 1"
        )
    )
    new = ops.NewInfusion(found[1], day(site.today - 1), Decimal(300 + site.chance.randint(1, 99)))
    write(site, ops.correct_infusion, found[0], new, "slip", found[2], protocol=PROTOCOL)


def cancel_infusion(site: Site) -> None:
    """The last infusion was another patient's."""
    found = only(
        site.first("SELECT id, version FROM infusion WHERE state = 'given' ORDER BY id DESC LIMIT 1")
    )
    write(site, ops.cancel_infusion, found[0], "other patient", found[1], protocol=PROTOCOL)


def plan(site: Site) -> None:
    """A course that waits for its plan is planned, or one is planned anew."""
    site.today += 1
    found = site.first(
        "SELECT id, version FROM course WHERE status IN ('referred', 'planned') ORDER BY id DESC LIMIT 1"
    ) or site.first("SELECT id, version FROM course WHERE status <> 'ended' ORDER BY id DESC LIMIT 1")
    visits = ((day(site.today + 3), Decimal(500)), (day(site.today + 10), Decimal(500)))
    made = ops.CoursePlan("ferric-carboxymaltose", "eu", "ganzoni", Decimal(1500), Decimal(1000), visits)
    write(site, ops.plan_course, found[0], made, found[1], protocol=PROTOCOL)


def move_visit(site: Site) -> None:
    """A visit is put off."""
    found = only(site.first("SELECT id, version FROM visit WHERE state = 'planned' ORDER BY id DESC LIMIT 1"))
    write(site, ops.move_visit, found[0], day(site.today + 12), "ill", found[1], protocol=PROTOCOL)


def cancel_visit(site: Site) -> None:
    """A visit does not take place."""
    found = only(site.first("SELECT id, version FROM visit WHERE state = 'planned' ORDER BY id LIMIT 1"))
    write(site, ops.cancel_visit, found[0], "ill", found[1], protocol=PROTOCOL)


def _waiting(site: Site) -> Any:
    """An assessment somebody has to decide on, as the screen shows it."""
    found = only(site.first("SELECT course_id FROM assessment WHERE state = 'open' ORDER BY id LIMIT 1"))
    with site.database.read() as session:
        return queries.explain(session, found[0])


def accept(site: Site) -> None:
    """What is proposed is accepted; its work is drafted."""
    view = _waiting(site)
    decision = ops.NewDecision("accept")
    write(site, ops.record_decision, view.assessment_id, view.version, decision, protocol=PROTOCOL)


def choose_another(site: Site) -> None:
    """A work-up is chosen instead; its checklist is drafted."""
    view = _waiting(site)
    steps = (ops.DecidedStep("work-up", day(site.today + 5), None, {"causes": ["base"]}),)
    decision = ops.NewDecision("choose-another", steps, "because")
    write(site, ops.record_decision, view.assessment_id, view.version, decision, protocol=PROTOCOL)


def check_off(site: Site) -> None:
    """An item of a checklist is ordered."""
    found = only(
        site.first("SELECT id, version FROM work_up_item WHERE state <> 'ordered' ORDER BY id LIMIT 1")
    )
    given = (found[0], "ordered", "seen", day(site.today + 5), CLINICIAN, found[1])
    write(site, ops.update_item, *given, protocol=PROTOCOL)


def call(site: Site) -> None:
    """Somebody is called and does not answer."""
    (course_id,) = site.chance.choice(site.rows("SELECT id FROM course WHERE status <> 'ended'"))
    write(site, ops.record_contact, course_id, ops.NewContact("no-answer"), protocol=PROTOCOL)


def letter(site: Site) -> None:
    """A letter of some hundred kilobytes is approved: a write of many pages."""
    course_id, patient_id = site.chance.choice(
        site.rows(
            "SELECT c.id, c.patient_id FROM course c JOIN patient p ON p.id = c.patient_id"
            " WHERE c.status <> 'ended' AND p.status = 'active'"
        )
    )
    found = site.first("SELECT coalesce(max(id), 0) + 1 FROM letter")
    pdf = b"%PDF-1.7 " + site.chance.randbytes(site.chance.randint(20_000, 120_000))
    new = ops.NewLetter(
        kind="patient-appointment",
        course_id=course_id,
        patient_id=patient_id,
        recipient={"name": "Ines Marsh"},
        assessment_id=None,
        pdf=pdf,
        sha256=hashlib.sha256(pdf).hexdigest(),
        pages=1,
        wording_version="1",
        text="Dear Ms Marsh",
        letter_id=f"L-{int(found[0]):06d}",
    )
    write(site, ops.issue, new)


def print_letter(site: Site) -> None:
    """The last letter is printed."""
    found = only(site.first("SELECT id FROM letter WHERE state = 'approved' ORDER BY id DESC LIMIT 1"))
    write(site, ops.mark_printed, found[0], "printed")


def leave_and_return(site: Site) -> None:
    """Somebody declines, or comes back when somebody has gone."""
    gone = site.first("SELECT id FROM patient WHERE status <> 'active' LIMIT 1")
    if gone is not None:
        write(site, ops.resume_follow_up, gone[0], "came back", protocol=PROTOCOL)
        return
    found = only(site.first("SELECT id FROM patient WHERE status = 'active' ORDER BY id LIMIT 1"))
    write(site, ops.end_follow_up, found[0], "declined", day(site.today), None)


def checkpoint(site: Site) -> None:
    """The log is folded into the file."""
    with site.database.read() as session:
        connection = session.connection().connection.dbapi_connection
        assert connection is not None
    with sqlite_errors.known(site.path):
        connection.execute("PRAGMA query_only = OFF")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def reopen(site: Site) -> None:
    """The program is closed; the next step opens it again."""
    site.close()


def copy(site: Site) -> None:
    """A verified copy takes the place of the one before."""
    verified_copy(site.path, KEY, site.path.with_name("copy.backup"))


def vault(site: Site) -> None:
    """The vault gets another user's entry."""
    site.vault = site.chance.randbytes(site.chance.randint(200, 9_000))
    replace_file(vault_path(site.path), site.vault)


WORKLOADS: Final[Mapping[str, tuple[Step, ...]]] = {
    "results": (type_results, type_results, correct_result, type_results, withdraw_result, type_results) * 3,
    "infusions": (give, move_visit, plan, give, correct_infusion, cancel_visit, plan, cancel_infusion) * 2,
    "decisions": (
        accept, letter, print_letter, choose_another, check_off, call, type_results, accept,
        letter, leave_and_return, type_results, choose_another, check_off, leave_and_return,
    ),
    "files": (
        type_results, vault, checkpoint, letter, copy, give, vault, reopen, letter, checkpoint,
        type_results, copy, vault, reopen, type_results,
    ),
    "short": (type_results, vault, checkpoint, letter, copy, reopen, call, plan),
}  # fmt: skip
"""Each by name: the steps in their order."""
