"""The example cases kept beside the program's own folder give the answers expected there."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from clinical.assessment import assess
from clinical.cases import assessment_to_json, facts_from_json, loads
from clinical.protocol import load_protocol

FOLDER = Path(__file__).parents[3] / "shared" / "cases"

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the shared example cases are not beside this folder"
)


def _cases() -> list[dict[str, Any]]:
    if not FOLDER.is_dir():
        return []
    cases = loads((FOLDER / "cases.json").read_text(encoding="utf-8"))
    assert isinstance(cases, list)
    return cases


def _one_of(wanted: object) -> list[object]:
    return wanted if isinstance(wanted, list) else [wanted]


@pytest.mark.parametrize("case", _cases(), ids=lambda case: case["case"])
def test_shared_case_gives_the_expected_answer(case: dict[str, Any]) -> None:
    expected = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"), parse_float=Decimal)[
        case["case"]
    ]
    found = assessment_to_json(assess(facts_from_json(case), load_protocol()))
    for key in ("outcome", "urgency", "profile", "response"):
        if key in expected:
            assert found[key] in _one_of(expected[key])
    if "contributing_or_outcome" in expected:
        assert expected["contributing_or_outcome"] in [found["outcome"], *found["contributing"]]
    assert set(expected.get("actions", [])) <= {step["action"] for step in found["next_steps"]}
    assert set(expected.get("blocked", [])) <= {block["action"] for block in found["blocked"]}
    assert set(expected.get("missing", [])) <= set(found["missing"])
    for name, day in expected.get("window", {}).items():
        assert found["window"][name] == day
    for method, need in expected.get("need_mg", {}).items():
        assert abs(found["dose"]["methods"][method]["need_mg"] - Decimal(need)) <= 1
