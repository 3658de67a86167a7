"""Every number of the protocol as tables: value, unit, source and the day it is valid from."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

CARRIED = frozenset(
    {
        "value",
        "values",
        "unit",
        "source",
        "valid_from",
        "codes",
        "code",
        "above_mg",
        "more_than",
        "from",
        "hard",
        "soft",
    }
)
"""Keys that are parts of one entry and not entries of their own."""


def written_numbers(text: str) -> str:
    """The section of all numbers, from the text of the protocol; comments explain the tables they stand over."""
    tables = tomllib.loads(text, parse_float=Decimal)
    comments = _comments(text)
    for name in list(comments):
        if "." in name and comments[name] == comments.get(name.split(".")[0]):
            del comments[name]
    lines = ["## 3. The numbers", ""]
    for name in (*(key for key in tables if key not in LAST), *LAST):
        if name in HEADLESS:
            continue
        lines += [f"### {_words(name)}", "", *_explained(comments.get(name))]
        lines += _tables(name, tables[name], comments)
    return "\n".join([*lines, ""])


HEADLESS = ("protocol", "choices")
LAST = ("profiles", "products", "dose_tables", "work_up", "panel", "analytes")
"""Long tables stand after the short ones."""


def _comments(text: str) -> dict[str, str]:
    """Comment lines by the table they stand over; those at the head of a file belong to its first table."""
    found: dict[str, str] = {}
    open_lines: list[str] = []
    for line in text.splitlines():
        if line.startswith("#"):
            open_lines.append(line.lstrip("# ").strip())
        elif line.startswith("["):
            name = line.strip("[] ")
            if open_lines:
                found.setdefault(name, " ".join(open_lines))
                found.setdefault(name.split(".")[0], " ".join(open_lines))
            open_lines = []
        elif line.strip():
            open_lines = []
    return found


def _explained(comment: str | None) -> list[str]:
    return [] if comment is None else [comment, ""]


def _tables(path: str, table: Mapping[str, Any], comments: Mapping[str, str]) -> list[str]:
    """Entries of this table as rows, then the tables inside it under headings of their own."""
    rows, inner, lists = [], [], []
    if path == "panel" or path.startswith("work_up."):
        return _listed(table)
    for key, value in table.items():
        if isinstance(value, Mapping) and _is_entry(value):
            rows.append(_row(key, value))
        elif isinstance(value, Mapping):
            inner.append((key, value))
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            lists.append((key, value))
        elif key not in ("source", "valid_from", "unit"):
            rows.append(
                f"| {_words(key)} | {_plain(value)} | {_plain(table.get('source', ''))} | {_day(table)} |"
            )
    lines = []
    if rows:
        lines = ["| | value | source | valid from |", "| --- | --- | --- | --- |", *rows, ""]
    for key, items in lists:
        lines += _item_table(key, items)
    for key, value in inner:
        name = f"{path}.{key}"
        heading = _words(name.split(".", 1)[1].replace(".", ", "))
        lines += [f"**{heading}**", "", *_explained(comments.get(name))]
        lines += _tables(name, value, comments)
    return lines


def _listed(table: Mapping[str, Any]) -> list[str]:
    """A work-up list or the panel: what is asked for, line by line."""
    lines = []
    for key, value in table.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            lines += [f"- {_words(i['code'])} ({i['kind']}, {i['urgency']})" for i in value]
        elif isinstance(value, list):
            lines.append(f"- {_words(key)}: {', '.join(_words(str(item)) for item in value)}")
    return [*lines, "", f"Source: {table['source']}, valid from {table['valid_from']}.", ""]


def _item_table(key: str, items: list[Mapping[str, Any]]) -> list[str]:
    lines = [f"{_words(key)}:", ""]
    for item in items:
        said = ", ".join(
            f"{_words(name)} {_plain(value)}"
            for name, value in item.items()
            if name not in ("source", "valid_from")
        )
        source = f" ({item['source']})" if "source" in item else ""
        lines.append(f"- {said}{source}")
    return [*lines, ""]


def _is_entry(value: Mapping[str, Any]) -> bool:
    return "source" in value and set(value) <= CARRIED


def _row(key: str, entry: Mapping[str, Any]) -> str:
    return f"| {_words(key)} | {_value(entry)} | {entry['source']} | {_day(entry)} |"


def _day(entry: Mapping[str, Any]) -> str:
    day = entry.get("valid_from")
    return day.isoformat() if isinstance(day, date) else ""


def _value(entry: Mapping[str, Any]) -> str:
    unit = "" if entry.get("unit", "1") == "1" else f" {entry['unit']}"
    if "codes" in entry:
        return ", ".join(_words(code) for code in entry["codes"])
    if "above_mg" in entry:
        more = entry.get("more_than", [False] * len(entry["values"]))
        steps = zip(entry["above_mg"], entry["values"], more, strict=True)
        return "; ".join(
            f"above {_plain(above)} mg: {'more than ' if over else ''}{_plain(value)}{unit}"
            for above, value, over in steps
        )
    if "from" in entry:
        stretches = zip(entry["from"], entry["values"], strict=True)
        return "; ".join(f"from {_plain(start)}: {_plain(value)}{unit}" for start, value in stretches)
    if "hard" in entry:
        return f"believed {_span(entry['hard'])}{unit}, confirmed outside {_span(entry['soft'])}"
    if "values" in entry:
        return ", ".join(_plain(value) for value in entry["values"]) + unit
    if "code" in entry:
        return _words(str(entry["code"]))
    return f"{_plain(entry['value'])}{unit}"


def _span(pair: list[Any]) -> str:
    return f"{_plain(pair[0])} to {_plain(pair[1])}"


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(_plain(item) for item in value)
    if isinstance(value, Mapping):
        return " ".join(_plain(item) for item in value.values())
    return f"{value:f}" if isinstance(value, Decimal) else str(value).replace("|", "/")


def _words(name: str) -> str:
    return name.replace("_", " ").replace("|", "/")
