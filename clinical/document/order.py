"""The rules in words: what each one says of itself, in the order in which they are tried."""

from __future__ import annotations

from types import FunctionType, ModuleType

from clinical import (
    blocks,
    iron_balance,
    long_term,
    next_steps,
    person,
    profile,
    response,
    selection,
    standing_gates,
)
from clinical.gates import dose as dose_gates
from clinical.gates import person as person_gates
from clinical.gates import phosphate as phosphate_gates
from clinical.rules import (
    context,
    courses,
    data_invalid,
    follow_up,
    functional,
    inadequate_dose,
    indeterminate,
    iron_lost,
    kidney,
    ongoing_loss,
    other_cause,
    phosphate,
    responded,
    safety_stop,
    stores_replete,
    urgent,
)

RULES: tuple[tuple[str, ModuleType], ...] = (
    ("Urgent", urgent),
    ("Data invalid", data_invalid),
    ("Safety stop", safety_stop),
    ("No follow-up yet, too early", follow_up),
    ("Other cause", other_cause),
    ("Responded", responded),
    ("Stores replete and still unwell", stores_replete),
    ("Low phosphate", phosphate),
    ("Inadequate dose", inadequate_dose),
    ("Ongoing loss", ongoing_loss),
    ("Ongoing loss: iron that is not found again", iron_lost),
    ("Ongoing loss: repeated courses", courses),
    ("Iron not used", functional),
    ("Kidney anaemia", kidney),
    ("Indeterminate", indeterminate),
    ("What else is written down", context),
)
"""Sections with the module whose functions are its rules."""

RULE_RESULT = "Hits"

BEFORE: tuple[tuple[str, ModuleType], ...] = (
    ("Baseline and follow-up values", selection),
    ("The patient on a day", person),
    ("The profile", profile),
    ("The class of response", response),
    ("The iron balance", iron_balance),
)
"""What is worked out before any rule."""

AFTER: tuple[tuple[str, ModuleType], ...] = (
    ("Whether more iron may be offered", blocks),
    ("Stops of every product", standing_gates),
    ("Gates of a product: the person", person_gates),
    ("Gates of a product: phosphate", phosphate_gates),
    ("Gates of a product: the dose", dose_gates),
    ("Next steps", next_steps),
    ("Long-term follow-up", long_term),
)
"""What is worked out from the verdict."""

ORDER = """## 1. The order of the rules

The first reason that holds is the outcome; every other one that holds is reported beside it and brings its own next
step. The order: a red flag; data that cannot be right; a stop of all iron; no follow-up yet; tested too early; then,
in adults, low cell counts, haemolysis or a high saturation with low haemoglobin; a low phosphate or lasting symptoms
after a response; response; other causes; dose and loss; iron not used; kidney; indeterminate. Loss comes before dose
when courses were repeated, or when the balance has fired at a high rate. A value that is missing is never taken as
normal, and never clears a red flag.
"""


def written_rules() -> str:
    """Every rule with the sentence that says when it fires."""
    lines = [ORDER]
    for heading, modules, only_rules in (
        ("What is worked out first", BEFORE, False),
        ("The reasons", RULES, True),
        ("What follows", AFTER, False),
    ):
        lines += [f"### {heading}", ""]
        for title, module in modules:
            lines += [f"**{title}.** {_sentence(module.__doc__)}", "", *_functions(module, only_rules), ""]
    return "\n".join(lines)


def _functions(module: ModuleType, only_rules: bool) -> list[str]:
    found = []
    for name, value in vars(module).items():
        if not isinstance(value, FunctionType) or value.__module__ != module.__name__ or not value.__doc__:
            continue
        if only_rules and RULE_RESULT not in str(value.__annotations__.get("return")):
            continue
        if only_rules or not name.startswith("_"):
            found.append(f"- *{name.strip('_').replace('_', ' ')}*: {_sentence(value.__doc__)}")
    return found


def _sentence(text: str | None) -> str:
    """A docstring as one paragraph."""
    return " ".join((text or "").split())
