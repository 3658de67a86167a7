"""`replete assess`: cases in, assessments out; whatever is wrong with a case is said with its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from desktop.cli.self_test_case import CASE

Run = Callable[..., tuple[int, str, str]]


def write(folder: Path, content: object, name: str = "case.json") -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def test_one_case_gives_one_object_and_nothing_else(replete: Run, tmp_path: Path) -> None:
    status, out, err = replete("assess", write(tmp_path, CASE), "--json")
    answer = json.loads(out)
    assert (status, err) == (0, "")
    assert answer["outcome"] == "inadequate-dose"
    assert answer["case"] == "self-test"
    assert answer["next_steps"][0]["action"] == "repeat-infusion"


def test_a_list_gives_a_list_also_of_one(replete: Run, tmp_path: Path) -> None:
    _, out, _ = replete("assess", write(tmp_path, [CASE]), "--json")
    assert isinstance(json.loads(out), list)


def test_several_files_give_one_list(replete: Run, tmp_path: Path) -> None:
    one, two = write(tmp_path, CASE, "1.json"), write(tmp_path, [CASE, CASE], "2.json")
    _, out, _ = replete("assess", one, two, "--json")
    assert len(json.loads(out)) == 3


def test_the_same_input_gives_the_same_bytes(replete: Run, tmp_path: Path) -> None:
    path = write(tmp_path, CASE)
    assert replete("assess", path, "--json")[1] == replete("assess", path, "--json")[1]


def test_without_json_it_reads_as_words(replete: Run, tmp_path: Path) -> None:
    status, out, _ = replete("assess", write(tmp_path, CASE))
    assert status == 0
    assert "Only a third of the iron she needed was given." in out
    assert "17 µg/L" in out
    assert "{" not in out


def broken(**changes: object) -> dict[str, Any]:
    case = deepcopy(CASE)
    case.update(changes)
    return case


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (broken(patent={}), "patent"),
        (broken(as_of="2026-02-31"), "as_of"),
        (
            broken(
                results=[{"collected": "2026-02-11", "analyte": "haemoglobin", "value": "8,8", "unit": "g/L"}]
            ),
            "value",
        ),
        (
            broken(
                results=[{"collected": "2026-02-11", "analyte": "hemoglobine", "value": 8, "unit": "g/L"}]
            ),
            "analyte",
        ),
        (broken(results=[{"collected": "2026-02-11", "analyte": "haemoglobin", "value": 8}]), "unit"),
        ("{", "JSON"),
        ("[1, 2]", "case 1"),
        ('{"as_of": NaN}', "NaN"),
        ("", "JSON"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    replete: Run, tmp_path: Path, content: object, named: str
) -> None:
    status, out, err = replete("assess", write(tmp_path, content), "--json")
    assert status == 2
    assert out == ""
    assert named in err
    assert "Traceback" not in err


def test_a_file_that_is_not_there(replete: Run, tmp_path: Path) -> None:
    status, _, err = replete("assess", tmp_path / "none.json")
    assert status == 2
    assert "none.json" in err


def test_a_file_that_is_no_text(replete: Run, tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_bytes(b"\xff\xfe\x00\x81")
    assert replete("assess", path)[0] == 2


def test_another_protocol_that_cannot_be_used_is_named(replete: Run, tmp_path: Path) -> None:
    protocol = write(tmp_path, "id = 'mine'\n", "mine.toml")
    status, _, err = replete("assess", write(tmp_path, CASE), "--protocol", protocol)
    assert status == 2
    assert "protocol" in err.lower()
