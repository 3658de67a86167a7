"""The power cuts find a program that is careless: without its syncs it loses what it said was saved."""

from __future__ import annotations

from pathlib import Path

import pytest
from torture_power import cut, record

pytestmark = pytest.mark.usefixtures("watched")


def test_without_synchronous_writes_something_is_lost(prepared: Path, place: Path) -> None:
    recording = record(prepared, place, "results", "synchronous-off")
    (place / "after").mkdir()
    verdict = cut(recording, place / "after", 200)
    assert len(verdict.lost) > verdict.states // 3


def test_without_any_sync_vault_and_copy_are_lost_too(prepared: Path, place: Path) -> None:
    recording = record(prepared, place, "files")
    (place / "after").mkdir()
    verdict = cut(recording, place / "after", 200, syncing=False)
    assert any("clinic.db.vault" in one for one in verdict.lost)
    assert any("copy.backup" in one for one in verdict.lost)
