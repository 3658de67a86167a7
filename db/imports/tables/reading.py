"""The rows of a mapped table as values: a message a row, whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from db.imports.hl7.patient import wanting
from db.imports.limits import FIELD_CHARACTERS
from db.imports.meaning import Meaning
from db.imports.numbers import read_number
from db.imports.records import (
    FileRead,
    Format,
    Identifier,
    Message,
    Observation,
    PatientAsSent,
    Reason,
    SentName,
    SentTime,
    State,
)
from db.imports.tables.cells import Cells, TableError
from db.imports.tables.dates import table_time
from db.imports.tables.guessing import TableLook, cells_of, look_at
from db.imports.tables.mapping import WIDE, Column, ColumnMapping, MappingError

NOTHING: Final = frozenset(
    (
        "na", "n/a", "n.a.", "#n/a", "nan", "null", "none", "nil", "-", "--", "---", ".", "?", "nd", "n.d.", "k.a.",
        "not done", "not measured", "missing", "pending", "nv", "n.v.", "entfällt", "unknown", "#value!", "#ref!",
        "#div/0!", "#name?",
    )
)  # fmt: skip
"""What stands for no value; never taken for 0."""

_SEXES: Final = {
    "f": "female", "female": "female", "w": "female", "weiblich": "female", "woman": "female", "femme": "female",
    "vrouw": "female", "mujer": "female", "mulher": "female", "femmina": "female", "femenino": "female",
    "feminino": "female", "kvinna": "female", "kvinde": "female", "kvinne": "female", "féminin": "female",
    "hombre": "male", "homem": "male", "maschio": "male", "masculino": "male", "masculin": "male",
    "mann": "male", "mand": "male",
    "m": "male", "male": "male", "männlich": "male", "man": "male", "homme": "male",
    "o": "other", "other": "other", "d": "other", "divers": "other", "u": "unknown", "unknown": "unknown",
}  # fmt: skip
_STATUS: Final = {
    "f": "final", "final": "final", "c": "corrected", "corrected": "corrected", "amended": "corrected",
    "p": "preliminary", "preliminary": "preliminary", "x": "cancelled", "cancelled": "cancelled",
    "canceled": "cancelled", "w": "entered-in-error", "entered in error": "entered-in-error",
    "entered-in-error": "entered-in-error",
}  # fmt: skip
_GROUPED: Final = re.compile(r"[<>]?\s*-?[1-9]\d{0,2}(?:\.\d{3})+")
"""`1.234` from a source with decimal commas: thousands, or a point after all; nobody knows."""
_GONE: Final = frozenset(("cancelled", "entered-in-error"))


def read(data: bytes, path: str, kind: Format, meaning: Meaning) -> FileRead:
    """Read a table by the mapping of its source, or by a guess that a person has yet to confirm."""
    try:
        cells = cells_of(data, kind)
        mapping, doubts, faults = _mapping(cells, meaning)
    except TableError as error:
        return FileRead(path, None if error.reason.code == "not-results" else kind, reasons=(error.reason,))
    except MappingError as error:
        where = (("where", error.where),) if error.where else ()
        return FileRead(path, kind, reasons=(Reason("mapping-unusable", (("why", error.code), *where)),))
    if not mapping.wide and mapping.at("value") is None:
        return FileRead(path, kind, reasons=(Reason("mapping-needed"), *doubts), encoding=cells.encoding)
    if not cells.body:
        return FileRead(path, kind, reasons=(Reason("no-rows"),), encoding=cells.encoding)
    reader = _Reader(cells, mapping, faults, meaning)
    messages = tuple(reader.message(row, number) for number, row in enumerate(cells.body, 1))
    return FileRead(path, kind, messages, (), doubts, cells.encoding)


def _mapping(cells: Cells, meaning: Meaning) -> tuple[ColumnMapping, tuple[Reason, ...], tuple[Reason, ...]]:
    """(mapping, what is said of the file, faults of every row)."""
    given = meaning.given
    chosen = given.mapping or next((one for one in given.mappings if one.header == cells.header), None)
    if chosen is not None:
        chosen.check()
        if chosen.header != cells.header:
            raise MappingError("other-columns", ", ".join(set(cells.header) ^ set(chosen.header))[:100])
        return chosen, (), ()
    seen: TableLook = look_at(cells, meaning.protocol)
    sure = given.accept_guess and not seen.doubts
    told = (Reason("mapping-guessed"), *seen.doubts)
    return seen.guess, told, () if sure else (Reason("mapping-not-confirmed"),)


class _Reader:
    """One table under one mapping."""

    def __init__(
        self, cells: Cells, mapping: ColumnMapping, faults: tuple[Reason, ...], meaning: Meaning
    ) -> None:
        self._cells = cells
        self._mapping = mapping
        self._faults = faults + ((Reason("characters-unclear"),) if cells.unclear else ())
        self._meaning = meaning
        self._at = {role: mapping.at(role) for role in {column.role for column in mapping.columns}}
        self._numbers = [n for n, column in enumerate(mapping.columns) if column.role == "number"]

    def message(self, row: int, ordinal: int) -> Message:
        """One row with all its values."""
        cells = self._cells.rows[row]
        raw = f"{self._cells.raw[self._cells.heading]}\n{self._cells.raw[row]}\n".encode()
        patient = self._patient(cells)
        faults = (*self._faults, *wanting(patient))
        if len(cells) > len(self._cells.header) or (
            len(cells) < len(self._cells.header) and self._cells.separator
        ):
            faults += (
                Reason(
                    "row-unclear", (("cells", str(len(cells))), ("columns", str(len(self._cells.header))))
                ),
            )
        head = self._head(cells, patient, faults, f"row {ordinal}")
        values = self._wide(cells, head) if self._mapping.wide else self._long(cells, head)
        rows = tuple(self._meaning.settle_new(one) for one in values)
        state = State.PARSED if rows else State.IGNORED
        reasons = () if rows else (Reason("no-value"),)
        return Message(ordinal, state, raw, f"row {ordinal}", "", None, head.laboratory, rows, reasons)

    def _cell(self, cells: tuple[str, ...], role: str) -> str:
        place = self._at.get(role)
        return cells[place] if place is not None and place < len(cells) else ""

    def _patient(self, cells: tuple[str, ...]) -> PatientAsSent:
        numbers = [(cells[n], self._mapping.columns[n].heading) for n in self._numbers if n < len(cells)]
        family, given = self._cell(cells, "family"), self._cell(cells, "given")
        if not family and not given:
            family, given = _parted(self._cell(cells, "full-name"))
        born = self._cell(cells, "birth-date")
        sex = self._cell(cells, "sex")
        found = table_time(born, self._mapping.date_order, "birth-date")
        return PatientAsSent(
            identifiers=tuple(
                Identifier(value[:FIELD_CHARACTERS], "", heading)
                for value, heading in numbers
                if value and value.casefold() not in NOTHING
            ),
            names=(SentName(family[:FIELD_CHARACTERS], given[:FIELD_CHARACTERS]),) if family or given else (),
            birth_date=found.day if found else None,
            birth_date_text=born[:FIELD_CHARACTERS],
            sex=_SEXES.get(sex.casefold()),
            sex_text=sex[:FIELD_CHARACTERS],
        )

    def _head(
        self, cells: tuple[str, ...], patient: PatientAsSent, faults: tuple[Reason, ...], name: str
    ) -> Observation:
        """What all values of a row share."""
        status_sent = self._cell(cells, "status")
        status = _STATUS.get(status_sent.casefold()) if status_sent else "final"
        collected = self._collected(cells)
        warnings = []
        if collected is None or collected.day is None:
            warnings.append(Reason("no-collection-time"))
        if status is None:
            warnings.append(Reason("status-unknown", (("sent", status_sent[:20]),)))
        comment = self._cell(cells, "comment")
        return Observation(
            ordinal=1,
            state=State.PARSED,
            message_id=name,
            warnings=tuple(warnings),
            faults=faults,
            patient=patient,
            collected=collected,
            status=status,
            status_sent=status_sent,
            flag=self._cell(cells, "flag") or None,
            reference_range=self._cell(cells, "range")[:FIELD_CHARACTERS],
            order_number=self._cell(cells, "order")[:FIELD_CHARACTERS],
            specimen=self._cell(cells, "specimen")[:FIELD_CHARACTERS],
            laboratory=(self._cell(cells, "laboratory") or self._mapping.source)[:FIELD_CHARACTERS],
            notes=(comment,) if comment else (),
        )

    def _collected(self, cells: tuple[str, ...]) -> SentTime | None:
        clock = self._cell(cells, "collected-time")
        return table_time(self._cell(cells, "collected"), self._mapping.date_order, "collected", clock)

    def _long(self, cells: tuple[str, ...], head: Observation) -> Iterator[Observation]:
        """The one value of a row."""
        code, test = self._cell(cells, "code"), self._cell(cells, "test")
        sign = self._cell(cells, "comparator")
        if not code and not test and not self._cell(cells, "value"):
            return
        system = "LN" if code and _is_loinc(code) else ""
        said = _value(sign + self._cell(cells, "value"), self._mapping, head.status)
        yield _made(head, 1, code, system, test, self._cell(cells, "unit"), said)

    def _wide(self, cells: tuple[str, ...], head: Observation) -> Iterator[Observation]:
        """A value for each filled column of an analyte."""
        number = 0
        for place, column in enumerate(self._mapping.columns):
            if column.role == WIDE and place < len(cells) and cells[place]:
                number += 1
                said = _value(cells[place], self._mapping, head.status)
                yield _made(head, number, "", "", _test(column), column.unit, said)


def _test(column: Column) -> str:
    """The name an analyte is known by: what the person mapped the column to."""
    return column.analyte


@dataclass(frozen=True, slots=True)
class _Said:
    """What a cell says."""

    value: Decimal | None = None
    comparator: str | None = None
    text: str | None = None
    warnings: tuple[Reason, ...] = ()


def _value(text: str, mapping: ColumnMapping, status: str | None) -> _Said:
    """The number, comparator and text of a cell; NA is no value."""
    if text.casefold().strip() in NOTHING or not text:
        return _Said()
    if mapping.decimal_comma and _GROUPED.fullmatch(text):
        return _Said(text=text)
    bare = text.replace(".", "").replace(",", ".") if mapping.decimal_comma and "," in text else text
    number = read_number(bare)
    if number is None or status in _GONE:
        return _Said(text=text)
    comma = number.comma or bare != text
    return _Said(number.value, number.comparator, text, (Reason("decimal-comma"),) if comma else ())


def _made(
    head: Observation, ordinal: int, code: str, system: str, test: str, unit: str, said: _Said
) -> Observation:
    return replace(
        head,
        ordinal=ordinal,
        code=code[:FIELD_CHARACTERS],
        code_system=system,
        text=test[:FIELD_CHARACTERS],
        unit=unit[:FIELD_CHARACTERS],
        value=said.value,
        comparator=said.comparator,
        value_text=said.text,
        value_type="number" if said.value is not None else "text",
        warnings=(*head.warnings, *said.warnings),
    )


def _is_loinc(code: str) -> bool:
    number, _, check = code.partition("-")
    return number.isdigit() and len(check) == 1 and check.isdigit()


def _parted(name: str) -> tuple[str, str]:
    """`Family, Given` has a comma; without one nobody can tell which is which, and it is all family name."""
    family, comma, given = name.partition(",")
    return (family.strip(), given.strip()) if comma else (name.strip(), "")
