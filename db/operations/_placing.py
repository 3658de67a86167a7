"""Where a received value stands among those on record: the same again, a newer word, an older one, or a question.

The order in which messages arrive does not matter. Two reports are of one measurement when laboratory, order number
and time of collection do not tell them apart; of these the newest word stands: preliminary, then final, then a
correction or cancellation (the later one, by the time the laboratory sent it). What is older is kept behind it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from db import models as m

RANK: Final[Mapping[str, int]] = {
    "preliminary": 0,
    "final": 1,
    "corrected": 2,
    "cancelled": 3,
    "entered-in-error": 3,
}
WITHDRAWN: Final = ("cancelled", "entered-in-error")
LATER_WORD: Final = 2
"""From this rank on the laboratory speaks of a value it has sent before."""

WHY: Final[Mapping[str, str]] = {
    "preliminary": "replaced",
    "final": "final-result",
    "corrected": "corrected-by-laboratory",
    "cancelled": "cancelled-by-laboratory",
    "entered-in-error": "entered-in-error-by-laboratory",
}
"""Why a value gave way, by the status of the one that took its place."""

UNDONE: Final = "import-undone"
"""Why a value of an import that was undone does not stand; it says nothing about the same value imported again."""

_R = m.LabResult
RECORDED: Final = (
    _R.id, _R.analyte, _R.collected_on, _R.collected_at, _R.comparator, _R.value, _R.text_value, _R.unit,
    _R.canonical_value, _R.canonical_unit, _R.status, _R.order_number, _R.laboratory_id, _R.reported_at,
    _R.superseded_by_id, _R.code, _R.source, _R.raw_message_id, _R.change_reason,
)  # fmt: skip
"""What has to be known of a value on record."""

Values = Mapping[str, Any]
"""The columns of a result by their names."""


@dataclass(frozen=True, slots=True)
class Place:
    """What is to be done with a value: `replaces` the results of these ids, or stands behind `behind`.

    `known` is the result that says the same already. `question` is why a person has to decide.
    """

    known: int | None = None
    question: str = ""
    replaces: tuple[int, ...] = ()
    behind: int | None = None


def near(session: Session, patient_id: int, values: Sequence[Values]) -> list[Values]:
    """What is on record of the analytes on the days, or under the order numbers, of some received values."""
    r = m.LabResult
    numbers = sorted({one["order_number"] for one in values if one["order_number"]})
    days = sorted({one["collected_on"] for one in values})
    where: ColumnElement[bool] = r.collected_on.in_(days)
    if numbers:
        where = or_(where, r.order_number.in_(numbers))
    rows = session.execute(
        select(*RECORDED).where(
            r.patient_id == patient_id, r.analyte.in_(sorted({one["analyte"] for one in values})), where
        )
    )
    return [dict(row) for row in rows.mappings() if row["change_reason"] != UNDONE]


def place(new: Values, on_record: Sequence[Values]) -> Place:
    """Where a received value stands among what is on record of the patient."""
    of_analyte = [one for one in on_record if one["analyte"] == new["analyte"]]
    same = [one for one in of_analyte if _one_measurement(new, one)]
    for one in of_analyte:
        told = _says_the_same(new, one) and (one in same or _at_the_same_time(new, one))
        if told and (_standing(one) or RANK[one["status"]] >= RANK[new["status"]]):
            return Place(known=one["id"])
    heads = [one for one in same if one["superseded_by_id"] is None and not _put_right_here(one)]
    if not heads:
        return Place()
    if new["order_number"]:
        named = [one for one in heads if one["order_number"] == new["order_number"]]
        heads = named or heads
    if len(heads) > 1 and RANK[new["status"]] >= LATER_WORD:
        return Place(question="correction-of-which")
    newer = [one for one in heads if _newer(new, one)]
    if newer:
        return Place(replaces=tuple(one["id"] for one in newer))
    older = [one for one in heads if _newer(one, new)]
    if older:
        return Place(behind=older[0]["id"])
    return Place(question="differs-from-record")


def _one_measurement(new: Values, old: Values) -> bool:
    """Whether two reports may be of one measurement: nothing that both of them say tells them apart."""
    labs = (new["laboratory_id"], old["laboratory_id"])
    if None not in labs and labs[0] != labs[1] and "typed" not in (new["source"], old["source"]):
        return False  # whoever types a value may call the laboratory by another name
    numbers = (new["order_number"], old["order_number"])
    if all(numbers):
        return bool(numbers[0] == numbers[1])
    if new["collected_on"] != old["collected_on"]:
        return False
    times = (_instant(new["collected_at"]), _instant(old["collected_at"]))
    return None in times or times[0] == times[1]


def _at_the_same_time(new: Values, old: Values) -> bool:
    """Whether both were collected at one known minute."""
    times = (_instant(new["collected_at"]), _instant(old["collected_at"]))
    return times[0] is not None and times[0] == times[1]


def _says_the_same(new: Values, old: Values) -> bool:
    """Whether the value is the same, whatever it is called and whenever it was sent."""
    if new["status"] in WITHDRAWN:
        return old["status"] in WITHDRAWN
    if new["collected_on"] != old["collected_on"]:
        return False
    return _content(new) == _content(old)


def _content(one: Values) -> tuple[object, ...]:
    if one["canonical_value"] is not None:
        return one["comparator"], one["canonical_value"], one["canonical_unit"]
    return ("text", " ".join((one["text_value"] or "").split()).casefold())


def _standing(old: Values) -> bool:
    """Whether a value stands; one of them being preliminary, a final word still has to be written down."""
    return old["superseded_by_id"] is None and old["status"] not in (*WITHDRAWN, "preliminary")


def _put_right_here(old: Values) -> bool:
    """Whether somebody here marked the value, so that the laboratory's next word stands by itself."""
    return old["status"] == "entered-in-error" and old["change_reason"] not in WHY.values()


def _newer(one: Values, other: Values) -> bool:
    """Whether one report is a newer word than the other."""
    mine, others = RANK[one["status"]], RANK[other["status"]]
    both_later = mine >= LATER_WORD and others >= LATER_WORD
    if both_later or (mine == others and mine == RANK["preliminary"]):
        sent, before = one["reported_at"], other["reported_at"]
        if sent is not None and before is not None and sent != before:
            return bool(sent > before)
        return mine >= others
    return mine > others


def _instant(text: str | None) -> str | None:
    """A time of collection to the minute, as written; None where only the day is known."""
    if not text or len(text) < len("2026-01-01T08:15"):
        return None
    try:
        return datetime.fromisoformat(text).strftime("%Y-%m-%dT%H:%M")
    except ValueError:
        return text[:16]
