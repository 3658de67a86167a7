"""Every query gives the same answer in a clinic file and in the same clinic on a server."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import tomllib
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from running_clinic import stamp
from server_cluster import Cluster
from sqlalchemy import select

from clinical.protocol import load_protocol
from db import invariants, move, opening, queries
from db import models as m
from db.engine import Database
from db.errors import KnownError
from db.operations import access
from db.queries.audit import AuditFilter
from db.sample import Names, fill
from db.sample.stories import STORIES

TODAY = date(2026, 2, 12)
ROOT = Path(__file__).resolve().parents[3]
PASSWORD = "correct horse"
TEXTS = ("a", "ma", "12", "3/2/1980", "o'", "077")
NOT_QUESTIONS = {"visit_rows", "letter_select", "later_ids", "verdicts"}
"""Functions that take a piece of a query, or a row, of another module."""


@pytest.fixture(scope="module")
def both(
    tmp_path_factory: pytest.TempPathFactory, find_cluster: Callable[[], Cluster]
) -> Iterator[tuple[Database, Database]]:
    """The invented clinic with every story, in a file, and the same moved to a server."""
    names = Names(**tomllib.loads((ROOT / "resources" / "demo" / "names.toml").read_text(encoding="utf-8")))
    path = tmp_path_factory.mktemp("both") / "clinic.replete"
    in_file, _recovery = opening.create_clinic_file(path, "ann", PASSWORD)
    with in_file.write() as session:
        fill(session, names, len(STORIES), 1, TODAY, load_protocol())
    with in_file.read() as session:
        boss = session.scalars(select(m.User.id).where(m.User.role == "administrator")).first()
    cluster = find_cluster()
    address = cluster.address(cluster.make())
    move.move(in_file, address, stamp(38, boss or 0))
    on_server = Database.open(address, in_file.key or b"")
    yield in_file, on_server
    in_file.close()
    on_server.close()
    cluster.drop(address.name)


def questions() -> dict[str, Callable[..., Any]]:
    """Every public query: a function whose first argument is a session."""
    found: dict[str, Callable[..., Any]] = {}
    for module in pkgutil.iter_modules(queries.__path__):
        for name, function in vars(importlib.import_module(f"db.queries.{module.name}")).items():
            if inspect.isfunction(function) and not name.startswith("_") and name not in NOT_QUESTIONS:
                takes = list(inspect.signature(function).parameters)
                if takes[:1] == ["session"] and function.__module__.startswith("db.queries"):
                    found[name] = function
    return found


def given(name: str, annotation: str, ids: tuple[int, ...]) -> list[Any]:
    """Values worth asking with for an argument."""
    if name == "first" and "int" in annotation:
        return [1, 3, 500]
    if name == "first":
        return [TODAY - timedelta(days=400)]
    if "Protocol" in annotation:
        return [load_protocol()]
    if "AuditFilter" in annotation:
        return [AuditFilter(), AuditFilter(first=TODAY - timedelta(days=90), last=TODAY)]
    if "date" in annotation:
        return [TODAY, TODAY + timedelta(days=45)]
    if "[str" in annotation:
        return [("en", "es"), TEXTS]
    if "tuple[int" in annotation or "Sequence" in annotation or "Iterable" in annotation:
        return [ids]
    if "int" in annotation:
        return list(ids)
    if "str" in annotation:
        return list(TEXTS)
    raise AssertionError(f"no value for an argument {name}: {annotation}")


def askings(function: Callable[..., Any], ids: tuple[int, ...]) -> Iterator[tuple[Any, ...]]:
    """The same question with several arguments, the first varied against the first of the others."""
    wanted = [
        given(one.name, str(one.annotation), ids)
        for one in list(inspect.signature(function).parameters.values())[1:]
        if one.default is one.empty and one.kind is not one.KEYWORD_ONLY
    ]
    for number in range(max((len(values) for values in wanted), default=1)):
        yield tuple(values[min(number, len(values) - 1)] for values in wanted)


def answer(database: Database, function: Callable[..., Any], asked: tuple[Any, ...]) -> str:
    """What is answered, or the error a user would see."""
    try:
        with database.read() as session:
            return repr(function(session, *asked))
    except KnownError as error:
        return f"{error.code} {dict(error.values)}"


@pytest.mark.parametrize("name", sorted(questions()))
def test_a_file_and_a_server_answer_alike(both: tuple[Database, Database], name: str) -> None:
    function = questions()[name]
    for asked in askings(function, (1, 2, 3, 7, 12, 20, 999)):
        in_file, on_server = (answer(one, function, asked) for one in both)
        assert in_file == on_server, asked


def test_promises_and_lists_hold_on_both(both: tuple[Database, Database]) -> None:
    found = []
    for one in both:
        with one.read() as session:
            found.append(invariants.check(session, TODAY))
    assert found[0] == found[1]
    assert all(one.ok for one in found[0])
    for one in both:
        with one.write() as session:
            access.record_view(session, "patient", "patient", 1, 1, stamp(38))
