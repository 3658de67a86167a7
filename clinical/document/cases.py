"""The case tables as a clinician reads them: what differs from the table's base, and what must come out."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import takewhile
from typing import Any

NAMES = {
    "as_of": "assessed on day",
    "previous": "earlier courses",
    "oral": "oral iron",
    "given": "given [day, mg, reaction]",
    "planned_mg": "planned mg",
    "refer": "referral to",
    "causes": "work-up for",
    "due": "due on day",
}


@dataclass(frozen=True, slots=True)
class CaseTable:
    """One file of cases: what its comment says, the base every row starts from, and the rows."""

    title: str
    base: Mapping[str, Any]
    rows: tuple[Mapping[str, Any], ...]


def read_table(text: str) -> CaseTable:
    """A case table from the text of its file; the comment over it is its title."""
    lines = takewhile(lambda line: line.startswith("#"), text.splitlines())
    comment = [line.lstrip("# ").strip() for line in lines]
    content = tomllib.loads(text, parse_float=Decimal)
    return CaseTable(" ".join(comment), content["base"], tuple(content["case"]))


def written_cases(tables: Sequence[CaseTable]) -> str:
    """The section of all cases."""
    lines = [
        "## 4. The cases",
        "",
        "Days are counted from the last infusion (day 0). Every row is tried whenever the program is changed; a",
        "clinician who disagrees with a row corrects the row, and the rule follows.",
        "",
    ]
    for number, table in enumerate(tables, 1):
        lines += [f"### 4.{number} {table.title}", "", f"Every row starts from: {_said(table.base)}.", ""]
        lines += ["| case | differs by | must give |", "| --- | --- | --- |"]
        lines += [_row(row) for row in table.rows]
        lines.append("")
    return "\n".join(lines)


def _row(row: Mapping[str, Any]) -> str:
    differs = {key: value for key, value in row.items() if key not in ("name", "expect")}
    return f"| {_cell(row['name'])} | {_cell(_said(differs))} | {_cell(_expected(row['expect']))} |"


def _said(values: Mapping[str, Any]) -> str:
    """Facts in words: days before labs, other keys by name."""
    parts = []
    for key, value in values.items():
        if key == "labs":
            parts += [f"day {day}: {line}" for day, line in value.items()]
        elif key in ("patient", "course"):
            parts.append(", ".join(f"{_name(k)} {_value(v)}" for k, v in value.items()))
        else:
            parts.append(f"{_name(key)} {_value(value)}")
    return " · ".join(parts)


def _expected(expect: Mapping[str, Any]) -> str:
    parts = []
    for key, value in expect.items():
        name = f"not {_name(key[3:])}" if key.startswith("no_") else _name(key)
        if value == []:
            parts.append(f"no {name}")
        else:
            parts.append(f"{name}: {_value(value)}")
    return "; ".join(parts)


def _name(key: str) -> str:
    return NAMES.get(key, key.replace("_", " "))


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{_name(key)} {_value(item)}" for key, item in value.items())
    if isinstance(value, list):
        return ", ".join(_bracketed(item) for item in value)
    return str(value)


def _bracketed(item: object) -> str:
    if isinstance(item, list):
        return f"[{', '.join(str(part) for part in item)}]"
    return _value(item)


def _cell(text: str) -> str:
    return text.replace("|", "/")
