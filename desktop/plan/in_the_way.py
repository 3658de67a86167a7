"""What keeps a plan from being booked, as one line for the action bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from clinical.gates import Gate
from desktop.plan.outline import Outline
from desktop.wording.gates import gate_name, is_missing
from desktop.wording.plain import tr


@dataclass(frozen=True, slots=True)
class InTheWay:
    """The sentence, and whether it closes the button: what is only not typed yet is marked when it is pressed."""

    words: str = ""
    closed: bool = False


def in_the_way(
    outline: Outline,
    open_gates: Sequence[Gate],
    missing: Sequence[str],
    *,
    unreadable: bool,
    earlier: bool = False,
) -> InTheWay:
    """The first thing that is in the way. `missing` names fields of the form that are still empty.

    `earlier` says that iron given before is typed: it is saved without a visit too, and no gate stands before it.
    """
    if earlier and not outline.visits:
        fields = ", ".join(missing).lower()
        return InTheWay(tr("Still missing: {fields}").format(fields=fields) if missing else "")
    settle = [gate for gate in open_gates if not is_missing(gate)]
    if settle:
        return InTheWay(_settle_words(settle), closed=True)
    absent = [*missing, *(gate_name(gate) for gate in open_gates if is_missing(gate))]
    if "haemoglobin-unknown" in outline.needs.not_computable.values() and not outline.visits:
        absent.append(tr("Haemoglobin"))
    absent = list(dict.fromkeys(absent))
    if absent:
        words = tr("Still missing: {fields}").format(fields=", ".join(absent).lower())
        return InTheWay(words, closed=not outline.visits)
    if not outline.visits:
        return InTheWay(tr("There is no visit to book"), closed=True)
    if unreadable or outline.wrong_visits():
        place = next(iter(outline.wrong_visits()), 0) + 1
        return InTheWay(tr("Visit {number} cannot be booked like this").format(number=place), closed=True)
    return InTheWay()


def _settle_words(gates: Sequence[Gate]) -> str:
    name = gate_name(gates[0])
    if len(gates) == 1:
        return tr("Settle 1 gate first: {gate}").format(gate=name)
    return tr("Settle {count} gates first: {gate} …").format(count=len(gates), gate=name)
