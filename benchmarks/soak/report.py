"""The figures of a simulated year, as they are printed and as they stand in `docs/soak.md`."""

from __future__ import annotations

import os
import statistics
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from benchmarks.soak.alerts import OPENINGS_FOR_ONE
from benchmarks.soak.office import STAFF
from benchmarks.soak.year import Year

PAGE: Final = 4096
HEAD: Final = """# A simulated year

Written by `python -m benchmarks.soak --write`. An invented clinic is lived through day by day, by the public operations
alone: referrals, plans, infusions, people who do not come, results late, in two parts and corrected, slips of the
keyboard, contacts, letters in batches, decisions and signatures, work-ups, staff on leave with a deputy, people who
decline, move, die and come back. The program dies once a month between two writes and is opened again from what lies
on the disk. After every day the quick promises are asked and that everybody under follow-up has one step that
somebody works; after the last day every promise from the first row on, and of everybody who had iron whether they
were tested, called or ended.

"""
BUDGET: Final = """
## Alerts

An interruption is whatever must be answered before somebody can go on, or dealt with the same day: a typed value that
is questioned, a safety gate in the way of a dose, a save that meets a newer record, a possible duplicate, an emergency.
An opening is one user working on one patient on one day. The budget is one interruption in {0} openings, in the year
and in each month; `tests/torture/test_year.py` holds it. Whoever stands at the chair meets the gates, and so more of
them than the others.

"""


@dataclass(frozen=True, slots=True)
class Month:
    """What the clinic was like at the end of a month: MB of file and of memory, and writes since it began."""

    month: str
    patients: int
    writes: int
    file_mb: float
    memory_mb: float


def month_of(year: Year) -> Month:
    """The figures of this moment."""
    office = year.office
    return Month(f"{office.today:%Y-%m}", len(year.people), office.writes, office.megabytes(), memory_mb())


def memory_mb() -> float:
    """The memory this process has now, in MB; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError):
        return 0.0
    return pages * PAGE / 1_000_000


def document(year: Year, months: list[Month], seconds: float) -> str:
    """The whole page."""
    return HEAD + _summary(year, seconds) + _months(months) + BUDGET.format(OPENINGS_FOR_ONE) + _alerts(year)


def _summary(year: Year, seconds: float) -> str:
    office = year.office
    return (
        f"{len(year.people)} patients, {year.days} days, seed {year.seed}, {office.writes} writes, {office.crashes} "
        f"crashes, {seconds:.0f} s of processor time on one core of {os.cpu_count()}: "
        "every promise held on every day.\n\n"
    )


def _months(months: list[Month]) -> str:
    lines = [
        "| month | patients | writes | file, MB | KB a write | memory, MB |",
        "| --- | --: | --: | --: | --: | --: |",
    ]
    lines += [
        f"| {one.month} | {one.patients} | {one.writes} | {one.file_mb:.1f} | {1000 * one.file_mb / one.writes:.1f} "
        f"| {one.memory_mb:.0f} |"
        for one in months
    ]
    return "\n".join(lines) + "\n"


def _alerts(year: Year) -> str:
    alerts = year.office.alerts
    openings, kinds = len(alerts.openings), alerts.kinds()
    stopped = sum(kinds.values())
    share = f"one in {openings / stopped:.0f}" if stopped else "none"
    told = [f"- {stopped} interruptions in {openings} openings: {share}."]
    told += [f"- {name}: {many}" for name, many in kinds.most_common()]
    told.append(f"- Right values questioned: {alerts.questioned} of {alerts.values}.")
    prompts = sorted(alerts.prompts.values())
    if prompts:
        told.append(
            f"- Answers put in front of somebody, for a patient: {statistics.median(prompts)} (at most {prompts[-1]})."
        )
    return "\n".join(told) + "\n\n" + _users(year)


def _users(year: Year) -> str:
    """For each user: openings and interruptions on a day they worked, and lines due on their list."""
    alerts = year.office.alerts
    opened, stopped = (
        Counter(one[1] for one in alerts.openings),
        Counter(one[1] for one in alerts.interruptions),
    )
    days: dict[int, set[date]] = {}
    for day, user, _patient in alerts.openings:
        days.setdefault(user, set()).add(day)
    due: dict[int, list[int]] = {}
    for _day, user, many in alerts.lines:
        due.setdefault(user, []).append(many)
    lines = ["| user | openings a day | interruptions a day | lines due a day |", "| --- | --: | --: | --: |"]
    for user, worked in sorted(days.items()):
        role = STAFF[user - 1][2]
        middle = statistics.median(due[user]) if user in due else 0
        each = len(worked)
        lines.append(
            f"| {role} {user} | {opened[user] / each:.1f} | {stopped[user] / each:.2f} | {middle:.0f} |"
        )
    return "\n".join(lines) + "\n"
