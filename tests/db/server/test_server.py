"""A clinic on a server: its schema, its rights, its errors without values, its one write lock."""

from __future__ import annotations

import threading
import traceback
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from running_clinic import RunningClinic, panel, set_up, stamp
from server_cluster import SUPERUSER, Cluster
from sqlalchemy import text

from db import audit, errors, migrations, opening, server, server_opening, vault
from db import models as m
from db.engine import SCHEMA_NUMBER, Database, UnauditedWrite
from db.errors import Refused
from db.models import Base
from db.place import ServerAddress

KEY = bytes(range(32))
PASSWORD = "correct horse"


def test_schema_is_the_one_of_the_models(work: RunningClinic) -> None:
    def ours(_object: object, name: str | None, kind: str, *_more: object) -> bool:
        return not (kind == "table" and name == "replete_schema")

    with server.make_engine(work.database.place).connect() as connection:  # type: ignore[arg-type]
        context = MigrationContext.configure(connection, opts={"include_object": ours})
        assert compare_metadata(context, Base.metadata) == []
        guards = migrations.triggers(connection)
        connection.detach()
    removed = {name for name in guards if name.endswith("_never_removed")}
    assert len(removed) == len([name for name in guards if name.endswith("_never_emptied")]) + 1
    assert {"audit_never_changed", "patient_fixed", "decision_signed_once"} <= guards


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit SET action = 'x'", "DELETE FROM audit", "TRUNCATE audit", "TRUNCATE patient CASCADE"],
)
def test_triggers_refuse_even_the_owner(work: RunningClinic, cluster: Cluster, statement: str) -> None:
    work.register()
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match=r"never-(changed|removed)"):
        cluster.execute(statement, work.database.place.name)
    with work.database.read() as session:
        assert audit.verify(session).ok


def test_workstations_may_write_rows_and_nothing_else(cluster: Cluster) -> None:
    for statement in ("CREATE ROLE replete_app NOLOGIN", "CREATE ROLE ward LOGIN IN ROLE replete_app"):
        cluster.execute(statement)
    name = cluster.make()
    try:
        Database.create(cluster.address(name), KEY).close()
        database = Database.open(cluster.address(name, "ward"), KEY)
        set_up(database)
        work = RunningClinic(database)
        patient = work.treated().patient_id
        work.store(patient or 0, 50, *panel(50, "94"))
        for forbidden in (
            "UPDATE audit SET action = 'x'", "DELETE FROM audit", "DELETE FROM patient", "TRUNCATE setting",
            "DROP TABLE setting", "ALTER TABLE audit DISABLE TRIGGER ALL", "CREATE TABLE mine (id int)",
            "UPDATE replete_schema SET number = 9", "DROP TRIGGER audit_never_changed ON audit",
        ):  # fmt: skip
            with pytest.raises(errors.ReadOnly), database.write() as session:
                session.execute(text(forbidden))
        database.close()
    finally:
        cluster.drop(name)
        cluster.execute("DROP ROLE ward")
        cluster.execute("DROP ROLE replete_app")


def test_a_write_without_audit_row_is_undone(work: RunningClinic) -> None:
    with pytest.raises(UnauditedWrite), work.database.write() as session:
        session.execute(text("UPDATE clinic SET name = 'x'"))
    with work.database.write() as session:
        session.execute(text("SELECT 1"))  # looking alone needs none
    assert work.all(m.Clinic)[0].name != "x"


def test_a_reading_session_cannot_write_and_sees_one_state(work: RunningClinic) -> None:
    with pytest.raises(errors.ReadOnly), work.database.read() as session:
        session.execute(text("UPDATE clinic SET name = 'x'"))
    with work.database.read() as session:
        before = session.execute(text("SELECT count(*) FROM patient")).scalar_one()
        work.register()
        assert session.execute(text("SELECT count(*) FROM patient")).scalar_one() == before


def test_error_texts_hold_nothing_of_a_patient(work: RunningClinic) -> None:
    work.register(surname="Quillfeather")
    for statement in (
        "UPDATE patient SET surname = ' '",  # the server says: failing row contains …
        "UPDATE patient SET number = (SELECT surname FROM patient), sex = surname",
        "INSERT INTO patient SELECT * FROM patient",  # … key (id)=(1) already exists
        "SELECT surname::int FROM patient",  # … invalid input syntax: "Quillfeather"
    ):
        with pytest.raises(Exception) as caught, work.database.write() as session:
            session.execute(text(statement))
        said = "".join(traceback.format_exception(caught.value)).replace(statement, "")
        assert "Quillfeather" not in said
        assert "H 0001" not in said


def test_writers_follow_each_other_and_the_chain_holds(work: RunningClinic) -> None:
    second = RunningClinic(Database.open(work.database.place, KEY))
    failed: list[BaseException] = []

    def write(clinic: RunningClinic) -> None:
        try:
            for _ in range(8):
                with clinic.database.write() as session:
                    audit.record(session, stamp(0), "test", "test")
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(one,)) for one in (work, second)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    second.database.close()
    assert not failed
    with work.database.read() as session:
        verdict = audit.verify(session)
    assert verdict.ok
    assert verdict.rows >= 16


def test_a_writer_who_waits_too_long_is_told(work: RunningClinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "LOCK_MS", 300)
    second = Database.open(work.database.place, KEY)
    with work.database.write() as session:
        audit.record(session, stamp(0), "test", "test")
        with pytest.raises(errors.DatabaseBusy), second.write() as other:
            audit.record(other, stamp(0), "test", "test")
    second.close()


def test_two_workstations_cannot_overwrite_each_other(work: RunningClinic) -> None:
    from db import operations as ops

    made = work.register()
    second = RunningClinic(Database.open(work.database.place, KEY))
    seen = work.step(made.patient_id or 0)
    work.do(ops.reassign, seen.step_id, 3, seen.version, on=0)
    refused = second.refused(ops.reassign, seen.step_id, 1, seen.version, on=0)
    second.database.close()
    assert refused.code in ("changed-meanwhile", "stale-screen")
    assert work.step(made.patient_id or 0).owner_id == 3


def test_newer_schema_is_refused_before_anything_is_read(work: RunningClinic, cluster: Cluster) -> None:
    place = work.database.place
    cluster.execute(f"UPDATE replete_schema SET number = {SCHEMA_NUMBER + 1}", place.name)
    with pytest.raises(errors.NewerDatabase):
        Database.open(place, KEY)
    with pytest.raises(errors.NewerDatabase):
        vault.user_names(place)
    cluster.execute("UPDATE replete_schema SET number = 1", place.name)
    with pytest.raises(errors.OlderDatabase, match="server-migration"):
        Database.open(place, KEY)


def test_tables_change_only_while_nobody_has_the_clinic_open(empty: ServerAddress) -> None:
    database = Database.create(empty, KEY)
    with database.read(), pytest.raises(errors.DatabaseBusy, match="server-in-use"):
        server_opening.upgrade(empty)
    database.close()
    assert server_opening.upgrade(empty) == SCHEMA_NUMBER


def test_failed_migration_changes_nothing(empty: ServerAddress, tmp_path: Any) -> None:
    Database.create(empty, KEY).close()
    for file in migrations.VERSIONS.glob("0*.py"):
        (tmp_path / file.name).write_text(file.read_text())
    head = migrations.revisions()[-1]
    (tmp_path / "9999_more.py").write_text(
        f'revision, down_revision = "9999", "{head}"\n'
        "branch_labels = depends_on = None\n"
        "from alembic import op\n"
        "def upgrade():\n"
        '    op.execute("CREATE TABLE more (id integer)")\n'
        '    op.execute("DROP TRIGGER audit_never_changed ON audit")\n'
    )
    with server.maintenance(empty) as connection:
        before = migrations.row_counts(connection)
        connection.rollback()
        with pytest.raises(migrations.BrokenMigration, match="audit_never_changed"):
            migrations.upgrade(connection, tmp_path)
    with server.maintenance(empty) as connection:
        assert migrations.row_counts(connection) == before
    assert server.inspect(empty) == SCHEMA_NUMBER


def test_clinic_is_made_and_opened_by_password(empty: ServerAddress) -> None:
    assert server_opening.is_empty(empty)
    database, recovery = opening.create_clinic_file(empty, "ann", PASSWORD)
    assert not server_opening.is_empty(empty)
    set_up(database)
    database.close()
    with pytest.raises(errors.AlreadyExists):
        opening.create_clinic_file(empty, "eve", PASSWORD)
    opened, user = opening.open_clinic(empty, "Ann", PASSWORD)
    assert user is not None
    assert user.role == "administrator"
    assert opened.key == vault.unlock_with_recovery(empty, recovery)
    with pytest.raises(errors.WrongKey):
        opening.open_clinic(empty, "ann", "wrong")
    assert opened.is_server
    with pytest.raises(Refused, match="only-for-a-file"):
        _ = opened.path
    opened.close()


def test_an_unfinished_set_up_is_taken_away(empty: ServerAddress) -> None:
    opening.create_clinic_file(empty, "ann", PASSWORD)[0].close()
    server_opening.remove_unfinished(empty)
    assert server_opening.is_empty(empty)
    opening.create_clinic_file(empty, "ann", PASSWORD)[0].close()


def test_other_databases_are_not_touched(cluster: Cluster, empty: ServerAddress) -> None:
    cluster.execute("CREATE TABLE theirs (id integer)", empty.name)
    with pytest.raises(errors.NotADatabase):
        Database.create(empty, KEY)
    with pytest.raises(errors.NotADatabase):
        Database.open(empty, KEY)
    cluster.execute("DROP TABLE theirs", empty.name)
    with pytest.raises(errors.ServerRefused):
        server.inspect(cluster.address(empty.name, "nobody"))
    with pytest.raises(errors.ServerRefused):
        server.inspect(cluster.address("no_such_database"))
    with pytest.raises(errors.ServerUnreachable):
        server.inspect(ServerAddress("127.0.0.1", "clinic", SUPERUSER, port=1))


def test_database_with_another_order_of_texts_is_refused(cluster: Cluster) -> None:
    locales = cluster.execute("SELECT collname FROM pg_collation WHERE collprovider = 'i' LIMIT 1")
    options = (
        "LOCALE_PROVIDER icu ICU_LOCALE 'en-GB' LOCALE 'C'" if locales else "ENCODING 'SQL_ASCII' LOCALE 'C'"
    )
    cluster.execute(f"CREATE DATABASE sorted TEMPLATE template0 {options}")
    try:
        with pytest.raises(Refused, match="server-collation"):
            Database.create(cluster.address("sorted"), KEY)
    finally:
        cluster.drop("sorted")
