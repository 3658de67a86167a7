"""The rules carry a number: what they answer to a recorded case may only change together with it.

`REPLETE_WRITE_GOLDEN=1` records new cases, and every case anew once the number was raised.
"""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
from pathlib import Path

from case_tables import read_tables

from clinical.assessment import RULES, assess
from clinical.cases import assessment_to_json, dumps
from clinical.protocol import load_protocol

RECORDED = Path(__file__).parent / "rules_answers.toml"


def answers() -> dict[str, str]:
    """The beginning of a digest of the answer to every case of the tables."""
    protocol = load_protocol()
    found = {}
    for case in read_tables():
        answer = dumps(assessment_to_json(assess(case.facts, protocol)))
        found[case.name] = hashlib.sha256(answer.encode()).hexdigest()[:10]
    return found


def write(rules: int, recorded: dict[str, str]) -> None:
    lines = [f"rules = {rules}", "", "[answers]"]
    lines += [
        f'{json.dumps(name, ensure_ascii=False)} = "{digest}"' for name, digest in sorted(recorded.items())
    ]
    RECORDED.write_text("\n".join(lines) + "\n", "utf-8")


def test_other_answers_have_another_number() -> None:
    now = answers()
    assert len(now) > 300
    known = tomllib.loads(RECORDED.read_text("utf-8")) if RECORDED.exists() else {"rules": 0, "answers": {}}
    if os.environ.get("REPLETE_WRITE_GOLDEN") and known["rules"] <= RULES:
        kept = known["answers"] if known["rules"] == RULES else {}
        known = {"rules": RULES, "answers": now | {name: kept[name] for name in kept if name in now}}
        write(RULES, known["answers"])
    changed = sorted(name for name in now if known["answers"].get(name) != now[name])
    assert known["rules"] == RULES, "the number of the rules was changed: record their answers anew"
    assert not changed, (
        "These cases are new, or the rules answer them otherwise. Raise clinical.assessment.RULES if stored "
        f"assessments can have the old answer, and record the answers: {changed[:5]} and {len(changed)} in all"
    )
