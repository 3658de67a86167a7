"""A laboratory's own code, explained once: what waits for it is filed, put away, or stays held for another reason."""

from __future__ import annotations

from decimal import Decimal

from laboratory_message import Report
from running_clinic import PROTOCOL, RunningClinic, stamp

from db import models as m
from db.imports.given import Given
from db.imports.hl7 import read
from db.imports.meaning import Meaning
from db.imports.records import FileRead
from db.imports.storing import StoredFile, store_file
from db.imports.told import known_codes
from db.operations.codes import explain_code

LOCAL = "FERR2^Ferritin monthly^L"


def local(work: RunningClinic, patient_id: int, value: str = "14", code: str = LOCAL, **changed: str) -> str:
    """A report with a code of the laboratory's own in place of ferritin's."""
    [person] = work.all(m.Patient, m.Patient.id == patient_id)
    report = Report(
        50, (("ferritin", value, "F"),), person.number, person.surname, person.given,
        born=f"{person.birth_date:%Y%m%d}",
    )  # fmt: skip
    return report.but(**changed).text().replace("2276-4^Ferritin^LN", code)


def store(work: RunningClinic, text: str) -> StoredFile:
    """Take a file in with what the clinic has told so far."""
    with work.database.read() as session:
        given = Given(known_codes(session))
    made: FileRead = read(text.encode(), "results.hl7", Meaning(PROTOCOL, given))
    return store_file(work.database, made, lambda: stamp(51), PROTOCOL)


def test_what_waits_for_a_code_is_filed_when_it_is_explained(work: RunningClinic) -> None:
    made = work.treated(300)
    done = store(work, local(work, made.patient_id))
    assert [one.reason.code for one in done.outcomes if one.reason] == ["code-not-mapped"]
    work.do(explain_code, "NORTHGATE", "L", "FERR2", "ferritin", None, on=51, protocol=PROTOCOL)
    [held] = work.all(m.HeldResult)
    assert held.state == "filed"
    [stored] = work.all(m.LabResult, m.LabResult.id == held.result_id)
    assert (stored.analyte, stored.value, stored.patient_id) == ("ferritin", Decimal(14), made.patient_id)
    assert work.step(made.patient_id, 51).action == "review-results"
    again = store(work, local(work, made.patient_id, "22", order="A200"))
    assert again.counts["stored"] == 1, "the next message needs no question"


def test_what_is_not_followed_is_put_away(work: RunningClinic) -> None:
    made = work.treated(300)
    store(work, local(work, made.patient_id))
    work.do(explain_code, "NORTHGATE", "L", "FERR2", None, None, on=51, protocol=PROTOCOL)
    [held] = work.all(m.HeldResult)
    assert (held.state, held.closed_reason) == ("rejected", "not-followed")
    assert store(work, local(work, made.patient_id, "22")).counts["ignored"] == 1


def test_what_is_in_doubt_for_another_reason_stays_held(work: RunningClinic) -> None:
    made = work.treated(300)
    store(work, local(work, made.patient_id, born="19610501"))
    store(work, local(work, made.patient_id, "999999"))
    work.do(explain_code, "NORTHGATE", "L", "FERR2", "ferritin", None, on=51, protocol=PROTOCOL)
    assert {(row.state, row.reason) for row in work.all(m.HeldResult)} == {
        ("held", "disagrees"),
        ("held", "implausible"),
    }


def test_another_laboratorys_code_waits_on(work: RunningClinic) -> None:
    made = work.treated(300)
    store(work, local(work, made.patient_id, laboratory="SOUTHGATE"))
    work.do(explain_code, "NORTHGATE", "L", "FERR2", "ferritin", None, on=51, protocol=PROTOCOL)
    [held] = work.all(m.HeldResult)
    assert (held.state, held.reason) == ("held", "code-not-mapped")
