"""What an answer puts off until it is read is, for whoever reads it, a field like any other."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace

import pytest
from case_tables import read_tables

from clinical.assessment import assess
from clinical.cases import assessment_to_json, dumps
from clinical.outcome import Because, Finding
from clinical.protocol import load_protocol

PROTOCOL = load_protocol()
CASES = [case.facts for case in read_tables()][::7]
FERRITIN = (Because("ferritin", "<5"),)


def put_off(asked: list[str]) -> Finding:
    """A finding that notes when its figures are worked out."""

    def work() -> tuple[Because, ...]:
        asked.append("because")
        return FERRITIN

    return Finding("code", None).put_off(because=work)


def test_a_field_is_worked_out_when_it_is_read_and_once() -> None:
    asked: list[str] = []
    one = put_off(asked)
    assert (one.code, asked) == ("code", [])
    assert (one.because, one.because) == (FERRITIN, FERRITIN)
    assert asked == ["because"]


def test_it_is_compared_hashed_copied_replaced_and_shown_like_any_other() -> None:
    plain = Finding("code", None, FERRITIN)
    assert put_off([]) == plain
    assert hash(put_off([])) == hash(plain)
    assert repr(put_off([])) == repr(plain)
    assert copy.copy(put_off([])) == copy.deepcopy(put_off([])) == plain
    assert pickle.dumps(put_off([])) == pickle.dumps(plain)
    assert replace(put_off([]), code="other") == Finding("other", None, FERRITIN)


@pytest.mark.parametrize("one", [Finding("code", None), put_off([])])
def test_what_is_no_field_is_not_found(one: Finding) -> None:
    with pytest.raises(AttributeError, match="Finding has no colour"):
        _ = one.colour  # type: ignore[attr-defined]
    assert not hasattr(one, "colour")


def test_a_whole_answer_is_the_same_however_it_is_read() -> None:
    for facts in CASES:
        first, second = assess(facts, PROTOCOL), assess(facts, PROTOCOL)
        kept = pickle.loads(pickle.dumps(first))
        assert dumps(assessment_to_json(second)) == dumps(assessment_to_json(kept))
        assert first == second == kept == copy.copy(second)
