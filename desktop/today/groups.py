"""Open steps in groups by when they must be done, and the filters over them. Pure values, no widget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from PySide6.QtCore import QCoreApplication

from db.queries.people import Owner
from db.queries.worklist_rows import StepRow
from desktop.widgets.marks import Status

tr = QCoreApplication.translate


class Group(StrEnum):
    """When a step must be done, most pressing first."""

    URGENT = "urgent"
    OVERDUE = "overdue"
    TODAY = "today"
    WEEK = "week"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Section:
    """A group with its steps, in the order the worklist gave them; `many` counts those still to be read too."""

    group: Group
    steps: tuple[StepRow, ...]
    many: int


NO_HEADS: Mapping[Group, int] = MappingProxyType({})
"""Every step was read."""


def group_of(step: StepRow, today: date) -> Group:
    """The group of a step: an urgent one is urgent however late it is."""
    return group_of_day(step.urgency, step.due, today)


def group_of_day(urgency: str, due: date, today: date) -> Group:
    """The group of every step of an urgency that is due on a day."""
    if urgency in {"emergency", "urgent"}:
        return Group.URGENT
    if due < today:
        return Group.OVERDUE
    if due == today:
        return Group.TODAY
    return Group.WEEK if due <= today + timedelta(days=7) else Group.LATER


def sections(
    steps: Sequence[StepRow], today: date, heads: Mapping[Group, int] = NO_HEADS
) -> tuple[Section, ...]:
    """The groups that have steps, read or (`heads`) still to be read. Inside a group the order of risk stays."""
    by_group: dict[Group, list[StepRow]] = {group: [] for group in Group}
    for step in steps:
        by_group[group_of(step, today)].append(step)
    return tuple(
        Section(group, tuple(found), heads.get(group, len(found)))
        for group, found in by_group.items()
        if found or heads.get(group)
    )


def group_name(group: Group) -> str:
    """The name of a group, as its head shows it."""
    return {
        Group.URGENT: tr("today", "Urgent"),
        Group.OVERDUE: tr("today", "Overdue"),
        Group.TODAY: tr("today", "Due today"),
        Group.WEEK: tr("today", "Next seven days"),
        Group.LATER: tr("today", "Later"),
    }[group]


def status_of(step: StepRow, today: date) -> Status:
    """The mark of a step."""
    return {Group.URGENT: Status.URGENT, Group.OVERDUE: Status.OVERDUE}.get(group_of(step, today), Status.DUE)


ALL, MINE, ROLE = "all", "mine", "role"
"""The filters: everything, the user's own, those of everybody with the user's role."""


def matching(
    steps: Sequence[StepRow], chosen: str, user: Owner, owners: Sequence[Owner]
) -> tuple[StepRow, ...]:
    """The steps that a filter shows."""
    if chosen == MINE:
        return tuple(step for step in steps if user.id in (step.owner_id, step.deputy_id))
    if chosen == ROLE:
        same = {owner.id for owner in owners if owner.role == user.role} | {user.id}
        return tuple(step for step in steps if step.owner_id in same)
    return tuple(steps)
