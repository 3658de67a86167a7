"""The balance sheet: every observation once, in the words of the report, and an error when it does not add up."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from import_messages import HB, MSH, message, obx, read

from db.imports.records import Reason
from db.imports.report import DoesNotAddUpError, FileBalance, Row, as_json, of_reading
from desktop.cli.importing import written

FILE = message(HB, obx("12"), obx("140", test="2951-2^Sodium^LN", unit="mmol/L"), obx("x")) + message(
    obx("7"), pid=None
)


def say(reason: Reason) -> str:
    return reason.code.upper()


def test_a_dry_run_counts_parsed_for_stored() -> None:
    balance = of_reading(read(FILE))
    assert balance.counts == {"read": 5, "stored": 3, "held": 1, "duplicate": 0, "rejected": 0, "ignored": 1}
    assert balance.wants_a_look


def test_the_report_has_the_agreed_keys() -> None:
    report = as_json([of_reading(read(FILE))], say)["files"][0]
    assert (report["path"], report["format"], report["messages"]) == ("results.hl7", "hl7v2", 2)
    first = report["results"][0]
    assert json.loads(written(first)) | {"value_text": None, "value_type": None, "notes": None} == {
        "state": "parsed",
        "reason": None,
        "reason_codes": [],
        "message_id": "M-1",
        "patient": {
            "ids": ["4711"],
            "family": "Sample",
            "given": "Anna",
            "birth_date": "1960-02-01",
            "sex": "female",
        },
        "code": "718-7",
        "code_system": "LN",
        "text": "Haemoglobin",
        "analyte": "haemoglobin",
        "comparator": None,
        "value": 8.4,
        "value_text": None,
        "value_type": None,
        "unit": "g/dL",
        "canonical": {"value": 84.0, "unit": "g/L"},
        "flag": "L",
        "reference_range": "12.0-15.5",
        "collected": "2026-02-09T08:15:00+11:00",
        "status": "final",
        "notes": None,
        "warnings": [],
    }
    assert report["results"][4]["reason"] == "NO-PATIENT"
    assert report["results"][4]["patient"] is None


@pytest.mark.parametrize("sent", ["1.00", "12", "0.5", "8.40"])
def test_numbers_are_written_with_the_digits_sent(sent: str) -> None:
    text = written(as_json([of_reading(read(message(obx(sent))))], say))
    assert f'"value": {sent}, ' in text
    json.loads(text)


def test_what_was_refused_stands_in_the_report() -> None:
    report = as_json(
        [of_reading(read(message(msh=MSH.replace("ORU^R01", "ADT^A01")))), of_reading(read(b"%PDF-1"))], say
    )
    assert [one["counts"]["read"] for one in report["files"]] == [0, 0]
    assert [one["problems"][0]["code"] for one in report["files"]] == ["not-a-result", "not-results"]


def test_a_balance_that_does_not_add_up_is_an_error() -> None:
    balance = of_reading(read(FILE))
    with pytest.raises(DoesNotAddUpError):
        _ = replace(balance, rows=balance.rows[:-1]).counts
    with pytest.raises(DoesNotAddUpError):
        _ = FileBalance("x", None, 1, 1, (Row(balance.rows[0].observation, "lost"),)).counts
