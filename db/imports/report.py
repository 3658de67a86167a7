"""The balance sheet of an import: every observation once, with what became of it and why.

Read is always stored, held, duplicate, rejected and ignored together; a file that does not add up is an error.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from db.imports.records import FileRead, Observation, PatientAsSent, Reason, State

STATES: Final = ("stored", "held", "duplicate", "rejected", "ignored")
_DRY: Final = "parsed"

Say = Callable[[Reason], str]
"""Turns a reason into the reader's language."""


class DoesNotAddUpError(RuntimeError):
    """A balance sheet whose rows are not the observations that were read: a fault of the program."""


@dataclass(frozen=True, slots=True)
class Row:
    """One observation and what became of it: `parsed` in a dry run, else one of `STATES`."""

    observation: Observation
    state: str
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class FileBalance:
    """The balance of one file. `problems` are of the file or of whole messages, with the message they are of."""

    path: str
    format: str | None
    messages: int
    read: int
    rows: tuple[Row, ...]
    problems: tuple[tuple[str, Reason], ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """Rows by state, and `read`; raises `DoesNotAddUpError` when they are not what was read."""
        found = Counter("stored" if row.state == _DRY else row.state for row in self.rows)
        counts = {state: found.pop(state, 0) for state in STATES}
        if found or sum(counts.values()) != self.read:
            raise DoesNotAddUpError(f"{self.read} read, {sum(counts.values())} accounted for")
        return {"read": self.read, **counts}

    @property
    def wants_a_look(self) -> bool:
        """Whether a person must look at something of it."""
        return bool(self.problems) or any(row.state in ("held", "rejected") for row in self.rows)


def of_reading(read: FileRead) -> FileBalance:
    """The balance of a dry run: what was read, before any patient is looked for."""
    rows = tuple(Row(one, one.state.value, one.reasons) for one in read.observations)
    return FileBalance(
        read.path,
        read.format.value if read.format else None,
        len(read.messages),
        len(rows),
        rows,
        problems(read),
    )


def problems(read: FileRead) -> tuple[tuple[str, Reason], ...]:
    """What is said of the file and of messages as a whole: (message number and id, reason)."""
    found = [("", reason) for reason in (*read.reasons, *read.warnings)]
    for message in read.messages:
        if message.reasons and message.state is not State.PARSED:
            name = f"{message.ordinal}" + (f" ({message.control_id})" if message.control_id else "")
            found += [(name, reason) for reason in message.reasons]
    return tuple(found)


def as_json(files: Iterable[FileBalance], say: Say) -> dict[str, Any]:
    """The import report; numbers stay `Decimal` so that 1.00 is written as 1.00."""
    return {"files": [_file(one, say) for one in files]}


def _file(balance: FileBalance, say: Say) -> dict[str, Any]:
    return {
        "path": balance.path,
        "format": balance.format,
        "messages": balance.messages,
        "counts": _counts(balance),
        "problems": [
            {"message": message or None, "reason": say(reason), "code": reason.code}
            for message, reason in balance.problems
        ],
        "results": [_row(row, say) for row in balance.rows],
    }


def _counts(balance: FileBalance) -> dict[str, int]:
    counts = balance.counts
    if any(row.state == _DRY for row in balance.rows):
        counts[_DRY] = counts["stored"]
    return counts


def _row(row: Row, say: Say) -> dict[str, Any]:
    seen = row.observation
    reasons = row.reasons
    return {
        "state": row.state,
        "reason": "; ".join(say(reason) for reason in reasons) or None,
        "reason_codes": [reason.code for reason in reasons],
        "message_id": seen.message_id or None,
        "patient": _patient(seen.patient),
        "code": seen.code or None,
        "code_system": seen.code_system or None,
        "text": seen.text or None,
        "analyte": seen.analyte,
        "comparator": seen.comparator,
        "value": seen.value,
        "value_text": seen.value_text,
        "value_type": seen.value_type or None,
        "unit": seen.unit or None,
        "canonical": _canonical(seen),
        "flag": seen.flag,
        "reference_range": seen.reference_range or None,
        "collected": seen.collected.iso if seen.collected else None,
        "status": seen.status,
        "notes": list(seen.notes),
        "warnings": [reason.code for reason in seen.warnings],
    }


def _canonical(seen: Observation) -> dict[str, Decimal | str] | None:
    if seen.canonical is None:
        return None
    return {"value": seen.canonical.value, "unit": seen.canonical.unit}


def _patient(patient: PatientAsSent | None) -> dict[str, Any] | None:
    if patient is None:
        return None
    return {
        "ids": list(patient.ids),
        "family": patient.family or None,
        "given": patient.given or None,
        "birth_date": patient.birth_date.isoformat() if patient.birth_date else None,
        "sex": patient.sex,
    }
