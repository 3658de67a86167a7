"""What the user chose on the page for one course, kept while another is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from desktop.plan.earlier import EarlierDraft
from desktop.plan.visit_days import Edit
from desktop.widgets.picture import Draft


@dataclass(frozen=True, slots=True)
class Choices:
    """Product, label, method (None: the one that decides), split, visits set by hand, reasons, answers.

    `picture` is what was typed of the clinical picture; None leaves the form as it is. `earlier` is iron given before,
    as typed.
    """

    product: str
    label: str
    method: str | None = None
    split: int = 0
    edits: tuple[Edit, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    denied: frozenset[str] = frozenset()
    picture: Draft | None = None
    earlier: tuple[EarlierDraft, ...] = ()
