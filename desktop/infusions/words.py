"""Reaction grades and what to do about them, and the chair's own lines, in words.

The advice is the protocol's, for the nurse at the chair.
"""

from __future__ import annotations

from datetime import date

from db.queries.patients import VisitRow
from desktop.infusions.loading import Chair
from desktop.infusions.times import later, minutes_of
from desktop.widgets.kept_filters import KeptFilters
from desktop.wording import days, long_date, milligrams, product_name
from desktop.wording.plain import tr


def held_words(visit: VisitRow, asked: tuple[str, ...], blocked: int, today: date) -> str:
    """What is to be done before it is recorded: asked first, then what is in the way, then the day to come."""
    if asked:
        return tr("Ask first: {questions}").format(questions=", ".join(asked))
    if blocked:
        return tr("{count} to settle first: ask a clinician").format(count=blocked)
    ahead = (visit.on - today).days
    return tr("Planned in {days}").format(days=days(ahead)) if ahead > 0 else ""


def empty_words(filters: KeptFilters) -> tuple[str, str]:
    """Where no visit is shown: title and sentence, that none is planned, or that the filter hides those that are."""
    if filters.hides_every():
        return tr("No infusion here"), filters.nothing_words()
    return (
        tr("No infusion is planned"),
        tr("Visits appear here once a course is planned. Begin with a referral: Ctrl+N."),
    )


def grades() -> list[tuple[object, str]]:
    """The choices of the reaction field."""
    return [
        (0, tr("none, or only nausea, headache, taste")),
        (1, tr("1: flush, warmth, tightness, no more")),
        (2, tr("2: lasting, urticaria, mild wheeze or fall in pressure")),
        (3, tr("3: low pressure, bronchospasm, angioedema")),
        (4, tr("4: cardiac arrest")),
    ]


def advice(grade: int) -> str:
    """What the protocol says for this grade."""
    return {
        0: "",
        1: tr(
            "Stop for at least 15 minutes. It may go on at a quarter to half the rate. No antihistamine by reflex. "
            "The product may be used again, more slowly."
        ),
        2: tr(
            "Stop. Not again on the same day. The next course needs another product, or a specialist's word."
        ),
        3: tr("Stop, treat as anaphylaxis. The product must not be used again; refer."),
        4: tr("Resuscitate. No intravenous iron again without a specialist."),
    }[grade]


def dose_words(visit: VisitRow) -> str:
    """What is planned: "1,000 mg ferric CARBOXYMALTOSE"."""
    product = product_name(visit.product) if visit.product else tr("iron")
    return f"{milligrams(visit.dose_mg)} {product}"


def watch_words(end: str, watch: int, now: str | None) -> str:
    """Until when the patient is watched, `watch` minutes from the end on; the minutes left while they run.

    `now` is the time of day where the infusion was given today, else None.
    """
    until = later(end, watch)
    gone = None if now is None else minutes_of(now) - minutes_of(end)
    if gone is None or gone < 0:
        return tr("Watch until {time}.").format(time=until)
    if gone >= watch:
        return tr("Watched until {time}: the time is over.").format(time=until)
    if watch - gone == 1:
        return tr("Watch until {time}: 1 minute left.").format(time=until)
    return tr("Watch until {time}: {count} minutes left.").format(time=until, count=watch - gone)


def plan_words(chair: Chair) -> str:
    """Where in the course the visit stands, and the label's times."""
    visit = chair.visit
    said = [
        tr("visit {number} of {all}").format(number=visit.ordinal, all=visit.of),
        tr("planned for {day}").format(day=long_date(visit.on)),
    ]
    if chair.min_minutes is not None:
        least = tr("over more than {count} min") if chair.more_than else tr("over at least {count} min")
        said.append(least.format(count=chair.min_minutes))
    if chair.watch_minutes is not None:
        said.append(tr("watch {count} min after it").format(count=chair.watch_minutes))
    return " · ".join(said)
