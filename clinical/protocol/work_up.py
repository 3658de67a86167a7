"""Work-up lists by suspected cause."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from clinical.outcome import Urgency
from clinical.protocol.tables import Table

KINDS = frozenset({"test", "referral", "question"})

DESTINATIONS = frozenset(
    {
        "haematology",
        "gastroenterology",
        "gynaecology",
        "nephrology",
        "urology",
        "ent",
        "endocrinology",
        "obstetrics",
        "urgent-suspected-cancer",
    }
)
"""Where a referral may go."""


@dataclass(frozen=True, slots=True)
class WorkUpItem:
    """One thing to do: a test, a referral or a question, with how soon."""

    code: str
    kind: str
    refer_to: str | None
    urgency: Urgency


@dataclass(frozen=True, slots=True)
class WorkUpList:
    """What a checklist for one suspected cause starts with."""

    items: tuple[WorkUpItem, ...]
    source: str
    valid_from: date


def parse_work_up(table: Table) -> dict[str, WorkUpList]:
    """Lists by cause; `ProtocolError` for an unknown kind, urgency or destination."""
    found = {}
    for cause, child in table.children():
        items = tuple(_item(item) for item in child.tables("items"))
        found[cause] = WorkUpList(items, child.text("source"), child.day("valid_from"))
        child.done()
    return found


def _item(table: Table) -> WorkUpItem:
    kind = table.text("kind")
    if kind not in KINDS:
        raise table.error("kind", f"must be one of {' '.join(sorted(KINDS))}")
    refer_to = table.text("refer_to") if "refer_to" in table else None
    if (kind == "referral") != (refer_to is not None):
        raise table.error("refer_to", "stands with a referral, and only there")
    if refer_to is not None and refer_to not in DESTINATIONS:
        raise table.error("refer_to", f"must be one of {' '.join(sorted(DESTINATIONS))}")
    urgency = table.text("urgency")
    if urgency not in {u.value for u in Urgency}:
        raise table.error("urgency", f"must be one of {' '.join(Urgency)}")
    item = WorkUpItem(table.text("code"), kind, refer_to, Urgency(urgency))
    table.done()
    return item
