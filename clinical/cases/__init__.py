"""The written case and assessment formats as JSON."""

from clinical.cases.facts_format import ANALYTES, facts_from_json, facts_to_json
from clinical.cases.text import CaseError, dumps, loads, plain

__all__ = ["ANALYTES", "CaseError", "dumps", "facts_from_json", "facts_to_json", "loads", "plain"]
