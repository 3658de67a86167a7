"""Every save of the window carries the version it was typed over: read off the sources, call by call."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from db import accounts
from db import operations as ops

DESKTOP = Path(__file__).parents[2] / "desktop"
SEEN = {"seen_version", "seen_step"}
A_VERSION = re.compile(r"(^|[._( ])(seen(_\w+)?|version|step_version|AS_ISSUED|len\(pending\))(\W|$)")
"""How an argument reads that is the version of a row on the screen."""


def wanting() -> frozenset[str]:
    """Names of all functions that write and take what was seen."""
    modules = [
        importlib.import_module(f"db.operations.{one.name}") for one in pkgutil.iter_modules(ops.__path__)
    ]
    return frozenset(
        name
        for module in (*modules, accounts)
        for name, fn in vars(module).items()
        if inspect.isfunction(fn)
        and not name.startswith("_")
        and SEEN & set(inspect.signature(fn).parameters)
    )


def call_sites(tree: ast.AST, names: frozenset[str]) -> Iterator[tuple[str, ast.Call, int]]:
    """Each call of such a function, and each call that is handed one: its name, the call, where arguments begin."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        for place, part in enumerate((node.func, *node.args)):
            name = _name(part)
            if name in names:
                yield name, node, place


def _name(node: ast.AST) -> str:
    if (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id not in ("self",)
    ):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def without_version(source: str, names: frozenset[str]) -> list[str]:
    """The call sites that pass no version, as `name:line`."""
    imported = {
        alias.asname or alias.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith(("db", "desktop.letters.filing"))
        for alias in node.names
    }
    found = []
    for name, call, place in call_sites(ast.parse(source), names):
        part = (call.func, *call.args)[place]
        known_as = (
            part.value.id if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) else name
        )
        if known_as not in imported:
            continue
        given = [ast.unparse(one) for one in call.args[place:]]
        named = [ast.unparse(one.value) for one in call.keywords if one.arg in SEEN]
        if not any(A_VERSION.search(words) for words in named or given):
            found.append(f"{name}:{call.lineno}")
    return found


SOURCES = sorted(DESKTOP.rglob("*.py"))


def test_every_save_of_the_window_carries_the_version_it_was_typed_over() -> None:
    names = wanting() | {"note_output", "check_still_followed"}
    assert {"record_infusion", "disable_user", "mark_printed", "close_days", "record_contact"} <= names
    bare = {
        str(path.relative_to(DESKTOP)): missing
        for path in SOURCES
        if (missing := without_version(path.read_text("utf-8"), names))
    }
    assert bare == {}


@pytest.mark.parametrize(
    "source",
    [
        "from db.operations import void\ntasks.write(void, 3, 'wrong address', clock())",
        "from db.operations import void\ntasks.write(void, 3, 'wrong address', clock(), seen_version=None)",
        "from db.operations import users\nself._write(said, users.rename_user, row.id, name.text())",
        "from db.operations.clinic import close_days\nclose_days(session, {day: ''}, stamp, None)",
    ],
)
def test_a_save_without_it_is_found(source: str) -> None:
    assert without_version(source, wanting())


def test_a_save_with_it_is_not() -> None:
    source = (
        "from db.operations import void\ntasks.write(void, row.id, 'wrong address', clock(), row.version)"
    )
    assert without_version(source, wanting()) == []
