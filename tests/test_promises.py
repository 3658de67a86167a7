"""Every promise of the record names tests that are there, counts that are high enough, and how it was shown to fail."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROW = re.compile(r"^\| (.+) \| (.+) \| (.+) \| (.+) \|$")
PROMISES = [
    found.groups()
    for line in (ROOT / "docs" / "promises.md").read_text().splitlines()
    if (found := ROW.match(line)) and not found[1].startswith(("promise", "---"))
]
NAMED = re.compile(r"`([\w/]+\.py)::(\w+)`")


@cache
def tree(file: str) -> ast.Module:
    """A file of tests, read and not run."""
    return ast.parse((ROOT / file).read_text())


@cache
def named_in(file: str) -> frozenset[str]:
    """The names of the tests a file holds."""
    return frozenset(node.name for node in ast.walk(tree(file)) if isinstance(node, ast.FunctionDef))


@cache
def counts_of(file: str) -> dict[str, int]:
    """The constants of a file that are numbers, or how many there are in those that are tuples."""
    found: dict[str, int] = {}
    for node in tree(file).body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                found |= _assigned(target, node.value)
    return found


def _assigned(target: ast.expr, value: ast.expr) -> dict[str, int]:
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        pairs = zip(target.elts, value.elts, strict=True)
        return {name: count for one in pairs for name, count in _assigned(*one).items()}
    if not isinstance(target, ast.Name):
        return {}
    if isinstance(value, ast.Tuple):
        return {target.id: len(value.elts)}
    numbers = [
        int(str(one.value).replace("_", ""))
        for one in ast.walk(value)
        if isinstance(one, ast.Constant) and re.fullmatch(r"[\d_]+", str(one.value))
    ]
    return {target.id: numbers[0]} if len(numbers) == 1 else {}


def test_the_table_is_whole() -> None:
    assert len(PROMISES) >= 17
    assert len({promise for promise, *_rest in PROMISES}) == len(PROMISES)


@pytest.mark.parametrize("row", PROMISES, ids=[promise for promise, *_rest in PROMISES])
def test_a_promise_is_tried_often_enough_and_can_be_broken(row: tuple[str, str, str, str]) -> None:
    _promise, tried, often, fails = row
    for part in (tried, fails):
        named = NAMED.findall(part)
        assert named, part
        for file, test in named:
            assert test.startswith("test_"), test
            assert test in named_in(file), f"{file}::{test}"
    for file, name in NAMED.findall(often):
        if name.startswith("test_"):
            assert name in named_in(file), f"{file}::{name}"
            continue
        said = re.findall(r"\d+", often.partition(": `")[0])
        assert counts_of(file)[name] >= int(said[-1] if name == "WRONG_KEYS" else said[0]), name
