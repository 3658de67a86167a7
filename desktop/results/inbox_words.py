"""What the inbox says of imports in words: the balance sheet, a run, a page with nothing on it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from db.imports.storing import StoredFile
from db.queries.imports import HeldItem, ImportRow
from desktop.wording import clock_time, plain_date
from desktop.wording.imports import reason_text
from desktop.wording.numbers import count
from desktop.wording.plain import tr

ORDER = ("stored", "held", "duplicate", "rejected", "ignored")


def balance_words(counts: Any) -> str:
    """The balance sheet as one line that adds up."""
    return tr(
        "{read} read = {stored} stored + {held} held + {duplicate} known already + {rejected} rejected + "
        "{ignored} not followed here"
    ).format(**{name: count(counts.get(name, 0)) for name in ("read", *ORDER)})


def problem_words(files: Sequence[StoredFile]) -> str:
    """What a person must know about files and messages as a whole, a line each."""
    from db.imports.taking import balance

    lines = []
    for one in files:
        name = Path(one.read.path).name
        for message, reason in balance(one).problems[:5]:
            where = tr("{name}, message {message}").format(name=name, message=message) if message else name
            lines.append(f"{where}: {reason_text(reason)}")
    return "\n".join(lines[:12])


def from_whom(item: HeldItem) -> str:
    """Which laboratory sent it, and who looks after it here."""
    told = [tr("Sent by {laboratory}").format(laboratory=item.laboratory)] if item.laboratory else []
    return " · ".join((*told, tr("Owner: {name}").format(name=item.owner_name)))


def empty_words(*, running: bool) -> tuple[str, str]:
    """What stands where nothing was imported yet, and where the first file is being taken in."""
    if running:
        return (
            tr("Files are being taken in"),
            tr("What they bring, and what of it is held, stands here when they are stored."),
        )
    return (
        tr("Nothing is held, and nothing was imported yet"),
        tr("Drop files of a laboratory on this window, or import them with Ctrl+I."),
    )


def run_words(run: ImportRow, *, now: bool = False) -> str:
    """Who imported a file when, its sheet, and whether it was undone; `now` while it is being taken in."""
    when = tr("{day}, {time}, by {who}").format(
        day=plain_date(run.at.astimezone().date()), time=clock_time(run.at.astimezone()), who=run.by_name
    )
    lines = [when] if run.state == "running" else [when, balance_words(run.counts)]
    if run.undone_at is not None:
        lines.append(tr("Undone {day}").format(day=plain_date(run.undone_at.astimezone().date())))
    if now:
        lines.append(tr("It is being taken in now."))
    elif run.state == "running":
        lines.append(tr("It did not come to its end: import the file again, nothing is stored twice."))
    if run.counts.get("not_stored"):
        lines.append(tr("{count} messages were not reached").format(count=count(run.counts["not_stored"])))
    return "\n".join(lines)
