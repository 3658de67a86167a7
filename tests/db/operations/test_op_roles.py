# ruff: noqa: PT012  (what is expected to be taken back happens inside a write)
"""Every cell of the role table, really called; and nothing that is not in it."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from role_calls import Call, calls
from role_stage import TODAY, Stage, build
from running_clinic import ADMINISTRATOR, CLINICIAN, COORDINATOR, MANAGER, NURSE, RunningClinic, stamp
from sqlalchemy import func, select

from db import models as m
from db import operations as ops
from db.engine import Database
from db.errors import Refused
from db.operations.role_table import CLINICAL, ROLES, TABLE, Leave
from db.stamp import Stamp

KEY = bytes(range(32))
USER = dict(zip(ROLES, (COORDINATOR, NURSE, CLINICIAN, MANAGER, ADMINISTRATOR), strict=True))
CELLS = [(key, role) for key in TABLE for role in ROLES]

PARTS = {
    ("held", "origin_of"), ("work_ups", "settle"),
    ("courses", "check_course_seen"), ("courses", "repeat"), ("courses", "settle_baseline"),
    ("infusions", "fit_values"), ("letters", "check_unchanged"),
    ("infusions", "cancel_visit"), ("infusions", "move_visit"), ("results", "file_held"),
    ("results", "insert_new"), ("roles", "signs"), ("roles", "to_be_signed"), ("users", "insert_user"),
    ("users", "open_work"),
}  # fmt: skip
"""Functions of public modules that are parts of operations, not operations: they run under another's guard."""


SETTLE_SIGNATURES = {"sign_plan", "sign_decision"}
"""Operations that leave less to sign than before. The plan of an infusion given through a gate stands there already."""


class Undone(Exception):  # noqa: N818
    """Takes a write back after it was looked at."""


@pytest.fixture(scope="module")
def stage(set_up_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One clinic for all cells: each write is taken back."""
    path = Path(shutil.copy(set_up_file, tmp_path_factory.mktemp("roles") / "roles.db"))
    database = Database.open(path, KEY)
    yield build(RunningClinic(database))
    database.close()


@pytest.fixture(scope="module")
def how(stage: Stage) -> dict[str, Call]:
    """The call of each line."""
    return dict(calls(stage))


def rows(database: Database) -> dict[str, int]:
    """How many rows each table has."""
    with database.read() as session:
        return {
            table.name: session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in m.Base.metadata.sorted_tables
        }


def test_every_line_of_the_table_is_called(how: dict[str, Call]) -> None:
    assert set(how) == set(TABLE)


@pytest.mark.parametrize(("key", "role"), CELLS)
def test_cell(stage: Stage, how: dict[str, Call], key: str, role: str) -> None:
    """What the table allows changes the record and is audited once; what it does not is refused and changes nothing."""
    database, by = stage.work.database, stamp(TODAY, USER[role])
    leave = TABLE[key].cells.get(role)
    before, before_to_sign = stage.work.audit_rows(), _to_sign_before(stage)
    if leave is None:
        with pytest.raises(Refused) as caught, database.write() as session:
            driver: Any = session.connection().connection.dbapi_connection
            written = driver.total_changes
            try:
                how[key](session, by)
            finally:
                assert driver.total_changes == written
        assert caught.value.code == "not-your-role"
        assert caught.value.values["role"] == role
        assert caught.value.values["operation"] == key
        assert set(caught.value.values["may"]) == set(TABLE[key].cells)  # type: ignore[call-overload]
    else:
        with pytest.raises(Undone), database.write() as session:
            how[key](session, by)
            session.flush()
            audited = list(session.scalars(select(m.AuditRow).where(m.AuditRow.id > before)))
            assert [row.user_id for row in audited] == [by.user_id]
            more = leave is Leave.WITH_SIGN_OFF and key != "record_infusion:gate-overridden"
            if key not in SETTLE_SIGNATURES:
                assert _to_sign(session) == before_to_sign + more
            raise Undone
    assert stage.work.audit_rows() == before


def _to_sign(session: Any) -> int:
    waiting = 0
    for table in (m.Course, m.Decision):
        waiting += session.scalars(
            select(func.count()).select_from(table).where(table.to_sign.is_(True), table.signed_at.is_(None))
        ).one()
    return waiting


def _to_sign_before(stage: Stage) -> int:
    with stage.work.database.read() as session:
        return _to_sign(session)


@pytest.mark.parametrize("key", [line.operation for line in CLINICAL if line.emergency])
@pytest.mark.parametrize("role", ROLES)
def test_emergency_opens_every_clinical_line(stage: Stage, how: dict[str, Call], key: str, role: str) -> None:
    by = stamp(TODAY, USER[role])
    urgent = Stamp(by.user_id, by.at, by.today, "nobody else in the house")
    used = TABLE[key].cells.get(role) is None
    with pytest.raises(Undone), stage.work.database.write() as session:
        known = session.scalars(select(func.count()).select_from(m.EmergencyAccess)).one()
        how[key](session, urgent)
        last = session.scalars(select(m.AuditRow).order_by(m.AuditRow.id.desc()).limit(1)).one()
        assert last.detail["emergency"] == "nobody else in the house"
        noted = session.scalars(select(m.EmergencyAccess).order_by(m.EmergencyAccess.id)).all()
        assert len(noted) == known + used
        if used:
            assert (noted[-1].operation, noted[-1].user_id) == (key, by.user_id)
        raise Undone


def test_emergency_opens_nothing_in_the_office(stage: Stage, how: dict[str, Call]) -> None:
    urgent = Stamp(NURSE, stamp(TODAY).at, stamp(TODAY).today, "the administrator is away")
    for key, line in TABLE.items():
        if not line.emergency and "nurse" not in line.cells:
            with pytest.raises(Refused) as caught, stage.work.database.write() as session:
                how[key](session, urgent)
            assert caught.value.code == "not-your-role", key


@pytest.mark.parametrize(
    ("user", "code"), [(99, "user-unknown"), (0, "user-unknown"), (None, "user-not-active")]
)
def test_nobody_acts_who_does_not_work_here(
    stage: Stage, how: dict[str, Call], user: int | None, code: str
) -> None:
    by = stamp(TODAY, stage.ids["gone"] if user is None else user)
    for key, call in how.items():
        if key == "set_leave:own":
            continue
        with pytest.raises(Refused) as caught, stage.work.database.write() as session:
            call(session, by)
        assert caught.value.code == code, key


def _public() -> Iterator[tuple[str, str, Any]]:
    """Every function of the public modules of `db.operations` that works on a session."""
    for found in pkgutil.iter_modules(ops.__path__):
        if found.name.startswith("_"):
            continue
        module = importlib.import_module(f"db.operations.{found.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if name.startswith("_") or function.__module__ != module.__name__:
                continue
            if "session" in inspect.signature(function).parameters:
                yield found.name, name, function


def test_every_public_operation_carries_the_guard() -> None:
    bare = {
        (module, name) for module, name, function in _public()
        if not hasattr(function, "operation") and (module, name) not in PARTS
    }  # fmt: skip
    assert bare == set(), "operations without @guarded"


def test_the_table_of_contents_holds_guarded_operations_alone() -> None:
    for name in ops.__all__:
        found = getattr(ops, name)
        assert inspect.isclass(found) or hasattr(found, "operation"), name


def test_every_line_belongs_to_an_operation_and_every_operation_to_a_line() -> None:
    known = {name for _, name, function in _public() if hasattr(function, "operation")}
    lined = {key.partition(":")[0] for key in TABLE}
    assert known - {"set_up_clinic"} == lined


def test_whoever_is_not_in_the_table_is_refused(
    stage: Stage, how: dict[str, Call], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Deny by default: a line that is missing allows nobody."""
    from db.operations import roles

    less = {key: line for key, line in TABLE.items() if key != "record_contact"}
    call = how["record_contact"]
    monkeypatch.setattr(roles, "TABLE", less)
    with pytest.raises(Refused, match="not-your-role"), stage.work.database.write() as session:
        call(session, stamp(TODAY))


def test_a_clinic_is_set_up_once_only(stage: Stage) -> None:
    from running_clinic import PROTOCOL

    with pytest.raises(Refused, match="already-set-up"), stage.work.database.write() as session:
        ops.set_up_clinic(
            session,
            ops.ClinicSettings("A"),
            ops.NewUser("B", "b", "administrator"),
            stamp(TODAY, 0),
            PROTOCOL,
        )


def test_a_hole_in_the_guard_is_found(
    stage: Stage, how: dict[str, Call], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The cells fail when the operations follow another table: one that allows more, or less."""
    from db.operations import roles

    allowed = TABLE["record_contact"].cells
    less = replace(TABLE["record_contact"], cells={})
    monkeypatch.setattr(roles, "TABLE", {**TABLE, "record_contact": less})
    with pytest.raises(Refused, match="not-your-role"):
        test_cell(stage, how, "record_contact", next(iter(allowed)))
    more = replace(
        TABLE["close_days"], cells=dict.fromkeys(ROLES, next(iter(TABLE["close_days"].cells.values())))
    )
    monkeypatch.setattr(roles, "TABLE", {**TABLE, "close_days": more})
    with pytest.raises(AssertionError):
        test_cell(stage, how, "close_days", "nurse")
