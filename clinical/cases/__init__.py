"""The written case and assessment formats as JSON."""

from clinical.cases.assessment_format import assessment_from_json, assessment_to_json
from clinical.cases.facts_format import facts_from_json, facts_to_json
from clinical.cases.text import CaseError, dumps, loads, plain

__all__ = [
    "CaseError",
    "assessment_from_json",
    "assessment_to_json",
    "dumps",
    "facts_from_json",
    "facts_to_json",
    "loads",
    "plain",
]
