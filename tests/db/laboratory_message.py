"""Messages of an invented laboratory, as HL7 text, read by the real reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from running_clinic import PROTOCOL, day

from db.imports.hl7 import read
from db.imports.meaning import Meaning
from db.imports.records import FileRead

TESTS = {
    "hb": ("718-7", "Haemoglobin", "g/L"),
    "ferritin": ("2276-4", "Ferritin", "ug/L"),
    "crp": ("1988-5", "CRP", "mg/L"),
    "phosphate": ("14879-1", "Phosphate", "mmol/L"),
}


@dataclass(frozen=True)
class Report:
    """One ORU message: who, when, what. `values` are (test, value, status)."""

    on: int
    values: Sequence[tuple[str, str, str]] = (("hb", "94", "F"), ("ferritin", "40", "F"))
    number: str = "H 0001"
    family: str = "Marsh"
    given: str = "Ines"
    born: str = "19600501"
    sex: str = "F"
    order: str = "A100"
    control: str = "1"
    sent: str = ""
    clock: str = "0815"
    laboratory: str = "NORTHGATE"

    def text(self) -> str:
        """The message as it is sent, with carriage returns."""
        when = f"{day(self.on):%Y%m%d}{self.clock}"
        sent = self.sent or when
        lines = [
            rf"MSH|^~\&|LIS|{self.laboratory}|REPLETE|CLINIC|{sent}||ORU^R01|{self.control}|P|2.5",
            f"PID|1||{self.number}^^^HOSP^MR||{self.family}^{self.given}||{self.born}|{self.sex}",
            f"OBR|1||{self.order}|PANEL^Iron panel|||{when}",
        ]
        for place, (test, value, status) in enumerate(self.values, 1):
            code, name, unit = TESTS[test]
            kind = "NM" if value.replace(".", "").isdigit() else "ST"
            lines.append(f"OBX|{place}|{kind}|{code}^{name}^LN||{value}|{unit}|||||{status}")
        return "\r".join(lines) + "\r"

    def but(self, **changed: object) -> Report:
        """The same report with something changed."""
        return replace(self, **changed)  # type: ignore[arg-type]


def received(*reports: Report | str, name: str = "results.hl7") -> FileRead:
    """A file of messages as the reader gives it."""
    text = "".join(one if isinstance(one, str) else one.text() for one in reports)
    made = read(text.encode(), name, Meaning(PROTOCOL))
    return replace(made, sha256="0" * 64)
