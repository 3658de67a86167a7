"""Random keys and clicks on every page before a clinic is open: no fault, and nothing typed goes by itself."""

from __future__ import annotations

import os
import shutil
import zlib
from pathlib import Path

import pytest
from journey import SAMPLE_DAY, Journey
from monkey_start import STARTS, Start, StartMonkey
from PySide6.QtWidgets import QApplication

STRIKES = int(os.environ.get("REPLETE_FUZZ", "0"))
FEW = 12
"""How often each page is struck in every run; `REPLETE_FUZZ=2000` strikes each so often."""


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
@pytest.mark.parametrize("name", STARTS)
def test_no_key_and_no_click_breaks_the_start(
    themed: QApplication, demo_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The seed comes from the name of the page."""
    monkeypatch.chdir(tmp_path)
    for file in demo_file.parent.glob(demo_file.name + "*"):
        shutil.copy(file, tmp_path / file.name)
    journey = Journey(themed, "", tmp_path, tmp_path / "shots", SAMPLE_DAY)
    walk = StartMonkey(Start(journey, tmp_path / demo_file.name), STARTS[name], zlib.crc32(name.encode()))
    try:
        before = -1
        while before < walk.struck < (STRIKES or 1):  # those on the way to the page are not counted
            before = walk.struck
            walk.run(name, (STRIKES or FEW) - walk.struck)
            assert not walk.fault, walk.fault
            assert not walk.losses, walk.losses[0]
        assert walk.struck >= (STRIKES or 1)
        print(name, walk.struck, "strikes;", walk.opened, "clinics opened")
    finally:
        journey.close()
