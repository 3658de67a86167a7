"""Reading back what was stored as text: the facts an assessment saw, and its answer."""

from __future__ import annotations

from typing import Any, cast

from clinical.cases import assessment_from_json, facts_from_json, loads
from clinical.facts import Facts
from clinical.outcome import Assessment


def read_assessment(text: str) -> Assessment:
    """The answer of a stored assessment. `CaseError` when the text is none: the file is damaged then."""
    return assessment_from_json(cast("dict[str, Any]", loads(text)))


def read_facts(text: str) -> Facts:
    """The facts a stored assessment saw."""
    return facts_from_json(loads(text))
