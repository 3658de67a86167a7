"""Invented laboratory messages for the readers: a plain one, and a way to change each part of it."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from clinical.protocol import load_protocol
from db.imports.given import NOTHING_GIVEN, Given
from db.imports.reading import read_bytes
from db.imports.records import FileRead, Observation

MSH = r"MSH|^~\&|LABSYS|NORTHLAB|REPLETE|CLINIC|20260209120000+1100||ORU^R01|M-1|P|2.5"
PID = "PID|1||4711^^^NORTHLAB^MR||Sample^Anna^Maria||19600201|F"
OBR = "OBR|1|PL-1|FI-1|IRON^Iron studies^L|||20260209081500+1100"
HB = "OBX|1|NM|718-7^Haemoglobin^LN||8.4|g/dL|12.0-15.5|L|||F"


def message(
    *obx: str,
    msh: str = MSH,
    pid: str | None = PID,
    obr: str | None = OBR,
    end: str = "\r",
) -> str:
    """A message with these OBX lines (haemoglobin alone when none is given)."""
    lines = [msh, *([pid] if pid is not None else []), *([obr] if obr is not None else []), *(obx or (HB,))]
    return end.join(lines) + end


def read(text: str | bytes, name: str = "results.hl7", given: Given = NOTHING_GIVEN) -> FileRead:
    """What the readers make of it."""
    data = text.encode() if isinstance(text, str) else text
    return read_bytes(data, name, load_protocol(), given)


def one(text: str | bytes, name: str = "results.hl7", given: Given = NOTHING_GIVEN) -> Observation:
    """The only observation of a file."""
    found = read(text, name, given).observations
    assert len(found) == 1
    return found[0]


def obx(
    value: str, kind: str = "NM", test: str = "2276-4^Ferritin^LN", unit: str = "ug/L", status: str = "F"
) -> str:
    """An OBX line; ferritin in µg/L when nothing else is said."""
    return f"OBX|1|{kind}|{test}||{value}|{unit}||N|||{status}"


def codes(reasons: Sequence[object]) -> set[str]:
    """The codes of reasons or warnings."""
    return {reason.code for reason in reasons}  # type: ignore[attr-defined]


PATIENT: dict[str, Any] = {
    "resourceType": "Patient",
    "id": "p1",
    "identifier": [
        {"system": "urn:north", "value": "4711", "type": {"coding": [{"code": "MR"}]}},
        {"system": "urn:national", "value": "99"},
    ],
    "name": [
        {"use": "maiden", "family": "Old"},
        {"use": "official", "family": "Sample", "given": ["Anna", "Maria"]},
    ],
    "gender": "female",
    "birthDate": "1960-02-01",
}


def observation(**changes: Any) -> dict[str, Any]:
    """A ferritin of 12 µg/L; a change to None leaves a part out."""
    whole: dict[str, Any] = {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "category": [{"coding": [{"code": "laboratory"}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": "2276-4", "display": "Ferritin"}]},
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": "2026-02-09T08:15:00+11:00",
        "valueQuantity": {"value": 12, "unit": "ug/L"},
    }
    return {key: value for key, value in (whole | changes).items() if value is not None}


def bundle(*resources: dict[str, Any]) -> str:
    entries = [{"fullUrl": f"urn:uuid:{one.get('id')}", "resource": one} for one in resources]
    return json.dumps({"resourceType": "Bundle", "id": "b1", "type": "collection", "entry": entries})


WIDE = """MRN;Surname;Given name;DOB;Sex;Date;Hb (g/dL);Ferritin [µg/L];TSAT %;CRP mg/L
4711;Müller;Anna;01.02.1960;F;13.02.2026;8,4;12;NA;<5
4712;Other;Eve;15.03.1971;F;14.02.2026;;n/a;18,5;
"""
LONG = """MRN,Surname,First name,DOB,Sex,Collected,Test,LOINC,Result,Units
4711,Sample,Anna,1960-02-01,F,2026-02-13 08:15,Ferritin,2276-4,12,ng/mL
4711,Sample,Anna,1960-02-01,F,2026-02-13 08:15,Hb,,8.4,g/dL
4711,Sample,Anna,1960-02-01,F,2026-02-13 08:15,Sodium,,140,mmol/L
4711,Sample,Anna,1960-02-01,F,2026-02-13 08:15,CRP,,NA,mg/L
"""


def workbook(rows: list[list[object]]) -> bytes:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        for n, row in enumerate(rows):
            for m, cell in enumerate(row):
                sheet.write(n, m, cell)
    return data.getvalue()


REFUSED_PATHS = [
    ("../results.hl7", "parent-folder"),
    ("a/../../b.hl7", "parent-folder"),
    ("a\\..\\b.hl7", "parent-folder"),
    ("\\\\server\\share\\a.hl7", "network-share"),
    ("//server/share/a.hl7", "network-share"),
    ("\\\\?\\C:\\a.hl7", "network-share"),
    ("file:///etc/passwd", "address"),
    ("http://a.example/b", "address"),
    ("smb://a/b", "address"),
    ("a\x00b.hl7", "control-character"),
    ("/dev/null", "device"),
    ("a" * 5000, "name"),
]
