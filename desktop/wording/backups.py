"""Words for backups, their problems, the promises of the record, and the ways out of a damaged file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP

from desktop.wording.dates import clock_time, plain_date
from desktop.wording.errors import error_words
from desktop.wording.plain import tr

if TYPE_CHECKING:
    from db.recovery import Rung

_INVARIANTS: Mapping[int, object] = {
    1: QT_TRANSLATE_NOOP("Replete", "Every course under follow-up has exactly one open next step."),
    2: QT_TRANSLATE_NOOP("Replete", "Every closed step led to another, or the course ended with a reason."),
    3: QT_TRANSLATE_NOOP("Replete", "Every result is acted on, waiting with an owner and a day, or held."),
    4: QT_TRANSLATE_NOOP("Replete", "A corrected result re-opened the decision that used it."),
    5: QT_TRANSLATE_NOOP("Replete", "Every order has a result, a cancellation, or stands on a list."),
    6: QT_TRANSLATE_NOOP("Replete", "Letters went their way in order: approved, printed, sent."),
    7: QT_TRANSLATE_NOOP("Replete", "Nothing goes out to people who died, declined or moved away."),
    8: QT_TRANSLATE_NOOP("Replete", "Nobody was given up without two tries, a letter and the referrer."),
    9: QT_TRANSLATE_NOOP("Replete", "Every open step belongs to somebody who works here."),
    10: QT_TRANSLATE_NOOP("Replete", "Days do not hang on a clock, a zone or the summer time."),
    11: QT_TRANSLATE_NOOP("Replete", "Every open step stands on a list."),
    12: QT_TRANSLATE_NOOP("Replete", "No two people share a number."),
    13: QT_TRANSLATE_NOOP("Replete", "Every value kept its unit, range and time."),
    14: QT_TRANSLATE_NOOP("Replete", "Every stored assessment comes out the same again."),
    15: QT_TRANSLATE_NOOP("Replete", "Every letter is what was approved."),
    16: QT_TRANSLATE_NOOP("Replete", "Every infusion is followed by blood tests."),
    17: QT_TRANSLATE_NOOP("Replete", "No course ended before its cause was known or looked for."),
    18: QT_TRANSLATE_NOOP(
        "Replete", "Every write is in the audit, and nothing in it was changed or cut off."
    ),
}

_RUNGS: Mapping[str, object] = {
    "as-it-is": QT_TRANSLATE_NOOP("Replete", "The file as it is"),
    "without-log": QT_TRANSLATE_NOOP("Replete", "The file without its log"),
    "reindexed": QT_TRANSLATE_NOOP("Replete", "The file with its indexes made anew"),
    "backup": QT_TRANSLATE_NOOP("Replete", "The newest backup that is whole"),
}

_FAILED: Mapping[str, object] = {
    "no-log": QT_TRANSLATE_NOOP("Replete", "there is no log beside the file, so this changes nothing"),
    "no-backup": QT_TRANSLATE_NOOP("Replete", "there is no backup"),
    "damaged": QT_TRANSLATE_NOOP("Replete", "cannot be opened: part of it cannot be read"),
}


def invariant_words(number: int) -> str:
    """A promise of the record as a sentence."""
    return tr(str(_INVARIANTS.get(number, f"{number}")))


_ROWS: Mapping[str, object] = {
    "course": QT_TRANSLATE_NOOP("Replete", "courses with the inner numbers {numbers}"),
    "held_result": QT_TRANSLATE_NOOP("Replete", "held results with the inner numbers {numbers}"),
    "letter": QT_TRANSLATE_NOOP("Replete", "letters with the inner numbers {numbers}"),
    "next_step": QT_TRANSLATE_NOOP("Replete", "next steps with the inner numbers {numbers}"),
    "audit": QT_TRANSLATE_NOOP("Replete", "lines of the audit with the numbers {numbers}"),
}
_ROW = re.compile(r"([a-z_]+) (\d+)")
_CUT = "audit end missing, known from "
_BETWEEN = re.compile(r", (?!known from )")


def broken_rows(detail: str) -> str:
    """Which rows break a promise, in words: a kind and the numbers the record has for them, never a name."""
    kinds: dict[str, list[str]] = {}
    said = []
    for part in _BETWEEN.split(detail):
        row = _ROW.fullmatch(part)
        if part.startswith(_CUT):
            said.append(tr("known from {where}").format(where=part.removeprefix(_CUT)))
        elif row is None or row[1] not in _ROWS:
            said.append(part)
        elif row[2] == "0":  # a count that does not agree: the full check names the rows
            said.append(tr("courses and open steps are not equally many"))
        else:
            kinds.setdefault(row[1], []).append(row[2])
    return "; ".join(
        [tr(str(_ROWS[kind])).format(numbers=", ".join(found)) for kind, found in kinds.items()] + said
    )


def problem_words(problem: str) -> str:
    """What a look through a file found, from its code."""
    kind, _, value = problem.partition(":")
    if kind == "pages":
        return tr("Pages of the file that were damaged or changed from outside: {count}.").format(count=value)
    if kind == "structure":
        return tr("The order inside the file is broken.")
    if kind == "unreadable":
        return tr("Part of the table {name} cannot be read.").format(name=value)
    if kind == "references":
        return tr("Entries that point to nothing: {count}.").format(count=value)
    if kind == "invariant":
        return tr("Not kept: {promise}").format(promise=invariant_words(int(value)))
    if kind == "audit":
        return tr("The audit cannot be followed.")
    return tr(str(_FAILED.get(problem, problem)))


def rung_name(rung: Rung) -> str:
    """A way back as a heading."""
    return tr(str(_RUNGS[rung.kind]))


def rung_words(rung: Rung) -> str:
    """What a way back would give: how much, until when, and what would be lost."""
    if rung.proof is None:
        return tr(str(_FAILED.get(rung.failed or "", rung.failed or "")))
    parts = []
    if rung.backup is not None:
        parts.append(tr("made {when}").format(when=moment(rung.backup.at)))
    patients = rung.proof.counts.get("patient")
    if patients is not None:
        parts.append(tr("1 patient") if patients == 1 else tr("{count} patients").format(count=patients))
    if rung.proof.last_at is not None:
        parts.append(tr("last entry {when}").format(when=moment(rung.proof.last_at)))
    if not rung.usable:
        parts.append(tr("parts of it cannot be read"))
    else:
        parts.append(lost_words(rung.lost))
        if not rung.whole:
            parts.append(tr("its check found something wrong"))
    return ", ".join(parts)


def lost_words(lost: int | None) -> str:
    """How many entries a way back lacks."""
    if lost is None:
        return tr("what is lost cannot be told")
    if lost == 0:
        return tr("nothing is lost")
    return tr("1 entry is lost") if lost == 1 else tr("{count} entries are lost").format(count=lost)


def moment(at: datetime) -> str:
    """An instant as day and time where this computer stands."""
    local = at.astimezone()
    return f"{plain_date(local.date())}, {clock_time(local)}"


def backup_fact(newest: datetime | None, now: datetime) -> str:
    """The foot's fact: when the last verified backup was made."""
    if newest is None:
        return tr("no backup yet")
    local, today = newest.astimezone(), now.astimezone().date()
    when = clock_time(local) if local.date() == today else moment(newest)
    return tr("Last verified backup {when}").format(when=when)


def backup_warning(
    newest: datetime | None, error: str | None, second_failed: str | None, now: datetime
) -> str:
    """What is wrong with the backups, in words; empty when nothing is."""
    if error is not None:
        return tr("Backup failed: {why}").format(why=code_words(error))
    if newest is not None and (now - newest).total_seconds() > DAY_SECONDS:
        return tr("The last verified backup is more than a day old.")
    if second_failed is not None:
        return tr("The second backup folder could not be written: {why}").format(
            why=code_words(second_failed)
        )
    return ""


DAY_SECONDS = 24 * 60 * 60


def code_words(code: str) -> str:
    """The sentence of an error's code."""
    from db.errors import KnownError

    return error_words(KnownError(code))
