"""What the codes of an exported course say."""

from __future__ import annotations

from collections.abc import Mapping

from desktop.wording.clinical import (
    action_words,
    cause_name,
    outcome_name,
    product_name,
    response_name,
    speciality_name,
)
from desktop.wording.indications import indication_name


def exported_words(kind: str, code: str, detail: Mapping[str, object]) -> str:
    """The words of a code; of one without a name of its own, the code with blanks."""
    if kind == "action":
        return action_words(code, detail)
    named = {
        "cause": cause_name,
        "indication": indication_name,
        "outcome": outcome_name,
        "product": product_name,
        "response": response_name,
        "speciality": speciality_name,
    }.get(kind)
    words = named(code) if named is not None else ""
    return words or code.replace("-", " ")
