"""What is read before something is signed: the plan in lines, or the assessment a decision rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from clinical.gates import Gate, GateState
from clinical.outcome import Detail
from clinical.protocol import Protocol
from clinical.would_change import would_change
from db.queries.assessments import ExplainView, explain
from db.queries.banner import banner
from db.queries.patient_rows import Banner
from db.queries.sign_offs import ToSign
from desktop.wording import label_name, long_date, method_name, milligrams, product_name
from desktop.wording.gates import gate_name, gate_words
from desktop.wording.plain import tr

STATES = {"no": GateState.PASS, "yes": GateState.BLOCK}
"""How a gate stood, by the answer kept with the plan; any other answer is a question nobody has answered."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What somebody reads before signing `one`; `view` is the assessment a decision rests on, None for a plan."""

    one: ToSign
    today: date
    banner: Banner
    view: ExplainView | None
    changes: tuple[Detail, ...]


def load_reading(session: Any, one: ToSign, today: date, protocol: Protocol) -> Reading:
    """Read it all. Raises `NotFound` for an unknown patient."""
    view = explain(session, one.course_id, one.what["assessment_id"]) if one.kind == "decision" else None
    changes = would_change(view.facts, protocol) if view is not None else ()
    return Reading(one, today, banner(session, one.patient_id), view, changes)


def plan_lines(one: ToSign) -> tuple[tuple[str, str], ...]:
    """A plan as name and value: treatment, dose and method, visits, and how the safety gates were answered."""
    what = one.what
    need = milligrams(what["need_mg"]) if what["need_mg"] is not None else tr("not known")
    method = tr("{need} by {method}").format(need=need, method=method_name(str(what["method"])))
    return (
        (tr("Product"), f"{product_name(str(what['product']))}, {label_name(str(what['label']))}"),
        (tr("Iron needed"), method if what["method"] else need),
        (tr("Iron planned"), milligrams(what["planned_mg"])),
        (tr("Visits"), "\n".join(f"{long_date(day)}, {milligrams(dose)}" for day, dose in what["days"])),
        (tr("Safety gates"), "\n".join(_gate_lines(what["gates"])) or tr("none were answered")),
    )


def _name(gate: Gate) -> str:
    """A gate at the head of its answer: a question loses its mark."""
    return gate_name(gate).rstrip("?")


def _gate_lines(gates: tuple[tuple[str, str, str | None], ...]) -> list[str]:
    """Gates that were passed with a reason or not answered, each on its line; what is clear on one line."""
    lines, clear = [], []
    for code, answer, reason in gates:
        gate = Gate(code, STATES.get(answer, GateState.ASK))
        if reason is not None:
            said = tr("{gate}: passed because “{reason}”")
            lines.append(said.format(gate=_name(gate), reason=reason))
        elif gate.state is GateState.PASS:
            clear.append(gate_words(gate)[0])
        elif gate.state is GateState.BLOCK:
            lines.append(tr("{gate}: stops until it is settled").format(gate=_name(gate)))
        else:
            lines.append(tr("{gate}: take care, or not known").format(gate=_name(gate)))
    return [*lines, *([". ".join(clear) + "."] if clear else [])]


__all__ = ["Reading", "load_reading", "plan_lines"]
