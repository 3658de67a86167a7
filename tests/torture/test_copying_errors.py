"""A copy that fails is said in words: the driver's own copying raises errors without a code."""

from __future__ import annotations

from pathlib import Path

import pytest
from torture_clinic import bare

from db import sqlite_errors
from db.errors import DiskFull, ReadOnly


def test_a_full_disk_while_copying_is_told(prepared: Path, place: Path) -> None:
    source, copy = bare(prepared, looking_only=True), bare(place / "copy.db")
    copy.execute("PRAGMA max_page_count = 20")
    with pytest.raises(DiskFull), sqlite_errors.known(prepared):
        source.backup(copy)
    copy.close()
    source.close()


def test_a_copy_to_a_file_that_may_not_be_written_is_told(prepared: Path, place: Path) -> None:
    made = bare(place / "copy.db")
    made.execute("CREATE TABLE one (x)")
    made.close()
    source, copy = bare(prepared, looking_only=True), bare(place / "copy.db", looking_only=True)
    with pytest.raises(ReadOnly), sqlite_errors.known(prepared):
        source.backup(copy)
    copy.close()
    source.close()
