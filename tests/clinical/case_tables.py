"""Case tables a clinician can read: days counted from the last infusion, values with their units.

A table has a `[base]` and a list of `[[case]]`; a case says only what differs. `labs` are lines by day
("haemoglobin 88 g/L; ferritin 6 ug/L"); a case's line replaces single values of the base's line of that
day, and `ferritin -` takes one away, and "unknown" takes away what the base says of patient or course.
`given` is a list of [day, mg] or [day, mg, reaction grade]. Day 0 is 2 March 2026.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from clinical.cases import facts_from_json
from clinical.facts import Facts

FOLDER = Path(__file__).parent / "cases"
DAY_0 = date(2026, 3, 2)


@dataclass(frozen=True)
class Case:
    """One row of a table: facts and what the assessment must contain."""

    name: str
    facts: Facts
    expect: dict[str, Any]


def on(day: int) -> str:
    """The calendar day of a day counted from the last infusion."""
    return (DAY_0 + timedelta(days=day)).isoformat()


def read_tables() -> list[Case]:
    """Every row of every table."""
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        table = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
        found += [read_case(table["base"], row, path.stem) for row in table["case"]]
    return found


def read_case(base: dict[str, Any], row: dict[str, Any], table: str) -> Case:
    """One row laid over the base of its table."""
    known = {"name", "patient", "course", "previous", "transfusions", "oral", "labs", "as_of", "expect"}
    assert set(row) <= known, f"{table}: {row.get('name')}: {set(row) - known}"
    merged: dict[str, Any] = {**base, **row}
    for key in ("patient", "course"):
        merged[key] = {**base.get(key, {}), **row.get(key, {})}
    merged["labs"] = _labs(base.get("labs", {}), row.get("labs", {}))
    return Case(f"{table}: {row['name']}", _facts(merged), row["expect"])


def _labs(base: dict[str, str], row: dict[str, str]) -> dict[str, dict[str, list[str]]]:
    days: dict[str, dict[str, list[str]]] = {day: _line(line) for day, line in base.items()}
    for day, line in row.items():
        values = {**days.get(day, {}), **_line(line)}
        days[day] = {analyte: items for analyte, items in values.items() if items != ["-"]}
    return days


def _line(line: str) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for item in line.split(";"):
        analyte, _, value = item.strip().partition(" ")
        if analyte:
            values.setdefault(analyte, []).append(value.strip())
    return values


def _facts(row: dict[str, Any]) -> Facts:
    patient = {key: v for key, v in row["patient"].items() if v != "unknown" or key == "sex"}
    if "pregnancy" in patient:
        pregnancy = dict(patient["pregnancy"])
        patient["pregnancy"] = {
            **{k: v for k, v in pregnancy.items() if k != "day"},
            "on": on(pregnancy["day"]),
        }
    course = {key: v for key, v in row["course"].items() if v != "unknown"}
    given = course.pop("given", [])
    case = {
        "as_of": on(row["as_of"]),
        "patient": patient,
        "course": {**course, "infusions": [_infusion(item) for item in given]} if course else None,
        "previous_courses": [
            {"product": p["product"], "infusions": [_infusion(item) for item in p["given"]]}
            for p in row.get("previous", [])
        ],
        "transfusions": [{"date": on(day), "units": units} for day, units in row.get("transfusions", [])],
        "oral_iron": [{"from": on(first), "to": on(last)} for first, last in row.get("oral", [])],
        "results": [
            _result(int(day), analyte, value)
            for day, values in row["labs"].items()
            for analyte, items in values.items()
            for value in items
        ],
    }
    return facts_from_json(_exact(case))


def _infusion(item: list[int]) -> dict[str, Any]:
    found: dict[str, Any] = {"date": on(item[0]), "dose_mg": item[1]}
    return found if len(item) == 2 else {**found, "reaction_grade": item[2]}


def _result(day: int, analyte: str, text: str) -> dict[str, Any]:
    value, _, unit = text.partition(" ")
    comparator = value[0] if value[0] in "<>" else None
    found: dict[str, Any] = {
        "collected": on(day),
        "analyte": analyte,
        "value": Decimal(value.lstrip("<>")),
        "unit": unit,
    }
    return found if comparator is None else {**found, "comparator": comparator}


def _exact(value: Any) -> Any:
    """TOML whole numbers as `Decimal`, as the case reader gets them from JSON."""
    if isinstance(value, dict):
        return {key: _exact(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_exact(item) for item in value]
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
