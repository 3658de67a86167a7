"""What the columns of a source's tables mean, as data that a clinic keeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

PERSON: Final = ("number", "family", "given", "full-name", "birth-date", "sex")
RESULT: Final = ("test", "code", "value", "unit", "flag", "range", "status", "comment", "comparator")
BESIDES: Final = ("collected", "collected-time", "order", "laboratory", "specimen", "ignore")
WIDE: Final = "result"
"""Role of a column that holds the values of one analyte, as a wide table has them."""

ROLES: Final = (*PERSON, *RESULT, *BESIDES, WIDE)
DATE_ORDERS: Final = ("ymd", "dmy", "mdy")


class MappingError(ValueError):
    """A mapping that cannot be used; `code` says why and `where` in which column."""

    def __init__(self, code: str, where: str = "") -> None:
        super().__init__(f"{code} {where}".strip())
        self.code = code
        self.where = where


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading as sent, its role, and for `result` the analyte and unit of its values."""

    heading: str
    role: str
    analyte: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """The columns of a table in their order. `date_order` and `decimal_comma` are the source's habit."""

    columns: tuple[Column, ...]
    date_order: str = "ymd"
    decimal_comma: bool = False
    source: str = ""

    @property
    def wide(self) -> bool:
        """Whether each row holds the values of several analytes."""
        return any(column.role == WIDE for column in self.columns)

    @property
    def header(self) -> tuple[str, ...]:
        """The headings as sent, for knowing the source's next file again."""
        return tuple(column.heading for column in self.columns)

    def at(self, role: str) -> int | None:
        """The place of the first column in this role."""
        return next((n for n, column in enumerate(self.columns) if column.role == role), None)

    def check(self) -> None:
        """Raise `MappingError` when nothing could be read by it."""
        for column in self.columns:
            if column.role not in ROLES:
                raise MappingError("unknown-role", column.heading)
            if column.role == WIDE and not column.analyte:
                raise MappingError("column-without-analyte", column.heading)
        if self.date_order not in DATE_ORDERS:
            raise MappingError("unknown-date-order", self.date_order)
        roles = [column.role for column in self.columns]
        for role in set(roles) - {WIDE, "ignore", "number", "comment"}:
            if roles.count(role) > 1:
                raise MappingError("role-twice", role)
        if not self.wide and ("value" not in roles or not {"test", "code"} & set(roles)):
            raise MappingError("no-value-column")
        if self.wide and "value" in roles:
            raise MappingError("wide-and-long")

    def to_json(self) -> dict[str, Any]:
        """As plain data, for keeping it with the laboratory."""
        return {
            "columns": [
                {"heading": one.heading, "role": one.role, "analyte": one.analyte, "unit": one.unit}
                for one in self.columns
            ],
            "date_order": self.date_order,
            "decimal_comma": self.decimal_comma,
            "source": self.source,
        }

    @classmethod
    def from_json(cls, data: Any) -> ColumnMapping:
        """The mapping of plain data; `MappingError` when it is none."""
        if not isinstance(data, dict) or not isinstance(data.get("columns"), list):
            raise MappingError("not-a-mapping")
        columns = []
        for one in data["columns"]:
            texts = (
                [one.get(key, "") for key in ("heading", "role", "analyte", "unit")]
                if isinstance(one, dict)
                else []
            )
            if len(texts) != 4 or not all(isinstance(text, str) for text in texts):
                raise MappingError("not-a-mapping")
            columns.append(Column(*texts))
        order, source = data.get("date_order", "ymd"), data.get("source", "")
        comma = data.get("decimal_comma", False)
        if not isinstance(order, str) or not isinstance(source, str) or not isinstance(comma, bool):
            raise MappingError("not-a-mapping")
        mapping = cls(tuple(columns), order, comma, source)
        mapping.check()
        return mapping
