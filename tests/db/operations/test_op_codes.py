"""A laboratory's own code, explained once: what waits for it is filed, put away, or stays held for another reason."""

from __future__ import annotations

from decimal import Decimal

from laboratory_message import Report
from running_clinic import COORDINATOR, PROTOCOL, RunningClinic, stamp

from db import models as m
from db.imports.given import Given
from db.imports.hl7 import read
from db.imports.meaning import Meaning
from db.imports.records import FileRead
from db.imports.storing import StoredFile, store_file
from db.imports.told import known_codes
from db.operations.codes import explain_code, forget_code, forget_columns, keep_columns
from db.queries.laboratories import codes_of, laboratories

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


def test_a_meaning_taken_back_is_asked_again_and_what_was_stored_stays(work: RunningClinic) -> None:
    made = work.treated(300)
    store(work, local(work, made.patient_id))
    work.do(explain_code, "NORTHGATE", "L", "FERR2", "ferritin", None, on=51, protocol=PROTOCOL)
    [source] = work.ask(laboratories)
    assert (source.name, source.codes, source.ignored, source.columns) == ("NORTHGATE", 1, 0, None)
    stored = work.all(m.LabResult, m.LabResult.laboratory_id == source.id)
    assert (source.results, source.last) == (len(stored), stored[-1].recorded_at)
    [code] = work.ask(codes_of, source.id)
    assert (code.code, code.analyte, code.unit, code.said_by) == ("FERR2", "ferritin", None, "Bo Ray")
    assert code.said_at == stamp(51).at
    # said anew by somebody else: it is theirs, and a screen that is behind changes nothing
    work.do(explain_code, "NORTHGATE", "L", "FERR2", None, None, on=52, user=COORDINATOR, protocol=PROTOCOL)
    [code] = work.ask(codes_of, source.id)
    assert (code.analyte, code.said_by, work.ask(laboratories)[0].ignored) == (None, "Cy Fox", 1)
    behind = ("ferritin", None)
    assert work.refused(forget_code, code.id, behind, on=52).code == "changed-meanwhile"
    late = {"protocol": PROTOCOL, "seen_meaning": behind}
    again = work.refused(explain_code, "NORTHGATE", "L", "FERR2", "crp", None, on=52, **late)
    assert again.code == "changed-meanwhile"
    work.do(forget_code, code.id, (None, None), on=52)
    assert work.ask(codes_of, source.id) == ()
    assert work.all(m.AuditRow)[-1].detail["code"] == "FERR2"
    assert [one.value for one in work.all(m.LabResult, m.LabResult.laboratory_id == source.id)] == [
        one.value for one in stored
    ]
    done = store(work, local(work, made.patient_id, "22", order="A200"))
    assert [one.reason.code for one in done.outcomes if one.reason] == ["code-not-mapped"]
    assert work.refused(forget_code, code.id, (None, None), on=52).code == "changed-meanwhile"


def test_columns_taken_back_stay_in_the_audit(work: RunningClinic) -> None:
    mapping = {"columns": [{"heading": "MRN", "role": "number"}], "date_order": "dmy"}
    kept = work.do(keep_columns, "Northgate", mapping, on=1).created_id
    [source] = work.ask(laboratories)
    assert (source.id, source.columns, source.results, source.last) == (kept, mapping, 0, None)
    other = {"mapping": {"columns": []}, "row_version": source.version - 1}
    assert work.refused(keep_columns, "Northgate", on=2, **other).code == "changed-meanwhile"
    assert work.refused(forget_columns, kept, source.version - 1, on=2).code == "changed-meanwhile"
    work.do(forget_columns, kept, source.version, on=2)
    assert work.ask(laboratories)[0].columns is None
    assert work.all(m.AuditRow)[-1].detail["columns"] == mapping
    version = work.ask(laboratories)[0].version
    assert work.refused(forget_columns, kept, version, on=2).code == "nothing-changed"
