"""Who a row belongs to: as sent, under its own PID, and held when anything is wanting."""

from __future__ import annotations

import pytest
from import_messages import HB, MSH, OBR, PID, codes, message, obx, one, read

from db.imports.records import Identifier, State


def test_rows_stay_with_the_patient_above_them() -> None:
    second = PID.replace("4711", "4712").replace("Sample", "Other")
    found = read(f"{MSH}\r{PID}\r{OBR}\r{HB}\r{second}\r{OBR}\r{obx('12')}\r").observations
    assert [row.patient.ids[0] for row in found if row.patient] == ["4711", "4712"]


def test_a_pid_that_says_nothing_takes_the_rows_from_the_patient_before() -> None:
    found = read(f"{MSH}\r{PID}\r{OBR}\r{HB}\rPID|2\r{OBR}\r{obx('12')}\r").observations
    assert found[1].state is State.HELD
    assert found[1].patient is not None
    assert found[1].patient.ids == ()


@pytest.mark.parametrize(
    ("pid", "reasons"),
    [
        (None, {"no-patient"}),
        ("PID|1", {"no-patient-number", "no-patient-name", "no-birth-date"}),
        ("PID|1||||Sample^Anna||19600201|F", {"no-patient-number"}),
        ('PID|1||""||Sample^Anna||19600201|F', {"no-patient-number"}),
        ("PID|1||4711||||19600201|F", {"no-patient-name"}),
        ("PID|1||4711||^^||19600201|F", {"no-patient-name"}),
        ("PID|1||4711||Sample^Anna|||F", {"no-birth-date"}),
        ("PID|1||4711||Sample^Anna||01/10/1948^53 Y|F", {"no-birth-date"}),
        ("PID|1||4711||Sample^Anna||196002011|F", {"no-birth-date"}),
        ("PID|1||4711||Sample^Anna||1960|F", {"no-birth-date"}),
        ("PID|1||4711||Sample^Anna||19600231|F", {"no-birth-date"}),
        ("PID|1||4711||Sample^Anna||00000000|F", {"no-birth-date"}),
    ],
)
def test_what_is_wanting_holds_the_row(pid: str | None, reasons: set[str]) -> None:
    row = one(message(pid=pid))
    assert row.state is State.HELD
    assert codes(row.reasons) == reasons
    assert row.analyte == "haemoglobin"  # what it is stays readable for the person who decides


@pytest.mark.parametrize(
    "born", ["19600201", "19600201000000", "196002010930", "1960-02-01", "19600201+0500"]
)
def test_a_certain_birth_date(born: str) -> None:
    row = one(message(pid=f"PID|1||4711||Sample^Anna||{born}|F"))
    assert row.patient is not None
    assert str(row.patient.birth_date) == "1960-02-01"
    assert row.state is State.PARSED


@pytest.mark.parametrize(
    "pid",
    ["PID|1|4711|||Sample^Anna||19600201|F", "PID|1|||4711|Sample^Anna||19600201|F"],
    ids=["PID-2", "PID-4"],
)
def test_a_number_in_an_old_place_is_found(pid: str) -> None:
    row = one(message(pid=pid))
    assert row.patient is not None
    assert row.patient.ids == ("4711",)
    assert row.state is State.PARSED


def test_all_numbers_are_kept_with_assigner_and_kind() -> None:
    row = one(
        message(pid="PID|1|A1|4711^^^NORTHLAB^MR~99^^^NHS&2.16&ISO^NI|B2^^^OLD^PI|Sample^Anna||19600201|F")
    )
    assert row.patient is not None
    assert row.patient.identifiers == (
        Identifier("4711", "NORTHLAB", "MR"),
        Identifier("99", "NHS", "NI"),
        Identifier("A1"),
        Identifier("B2", "OLD", "PI"),
    )


def test_names_are_kept_as_sent() -> None:
    row = one(message(pid=r"PID|1||4711||O'Brien-Smith^Zoë^Jane^^^^L~Smith^Zoe^^^^^M||19600201|F"))
    assert row.patient is not None
    assert [(n.family, n.given, n.middle, n.kind) for n in row.patient.names] == [
        ("O'Brien-Smith", "Zoë", "Jane", "L"),
        ("Smith", "Zoe", "", "M"),
    ]


SEXES = {"F": "female", "M": "male", "O": "other", "U": "unknown", "": None, "X9": None}


@pytest.mark.parametrize(("sent", "read_as"), SEXES.items())
def test_sex(sent: str, read_as: str | None) -> None:
    row = one(message(pid=f"PID|1||4711||Sample^Anna||19600201|{sent}"))
    assert row.patient is not None
    assert row.patient.sex == read_as


def test_orders_notes_and_restarting_numbers_stay_apart() -> None:
    text = message(
        HB, "NTE|1||about haemoglobin", "OBR|2|PL-2|FI-2|CRP^CRP^L|||20260210", "NTE|1||about the order",
        "OBX|1|NM|1988-5^CRP^LN||3|mg/L||N|||F", "OBX|1|NM|2276-4^Ferritin^LN||9|ug/L||L|||F", "NTE|1||about ferritin",
    )  # fmt: skip
    found = read(text).observations
    assert [(row.analyte, row.order_number, str(row.collected_on)) for row in found] == [
        ("haemoglobin", "FI-1", "2026-02-09"),
        ("crp", "FI-2", "2026-02-10"),
        ("ferritin", "FI-2", "2026-02-10"),
    ]
    assert [row.notes for row in found] == [
        ("about haemoglobin",), ("about the order",), ("about ferritin", "about the order"),
    ]  # fmt: skip


def test_a_result_before_any_order_holds_the_message() -> None:
    found = read(message(HB, OBR, obx("9"), obr=None)).observations
    assert [codes(row.reasons) for row in found] == [{"result-before-order"}] * 2


def test_the_laboratory_is_named() -> None:
    assert one(message()).laboratory == "NORTHLAB"
    assert one(message(msh=MSH.replace("NORTHLAB", ""))).laboratory == "LABSYS"
