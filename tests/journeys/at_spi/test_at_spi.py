"""The program as a screen reader finds it: over the accessibility bus, in a real X window, in three journeys."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from clinical.protocol import load_protocol
from desktop.cli.sample import make

HERE, ROOT = Path(__file__).parent, Path(__file__).parents[3]
SYSTEM_PYTHON = "/usr/bin/python3"
PATIENTS = 12
SECONDS = 240


def _missing() -> str:
    """What this machine lacks, or an empty text."""
    for program, package in (("Xvfb", "xvfb"), ("dbus-run-session", "dbus")):
        if shutil.which(program) is None:
            return package
    if not Path("/usr/libexec/at-spi-bus-launcher").exists():
        return "at-spi2-core"
    asked = "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi"
    if (
        not Path(SYSTEM_PYTHON).exists()
        or subprocess.run([SYSTEM_PYTHON, "-c", asked], capture_output=True).returncode
    ):
        return "python3-pyatspi"
    return ""


LACKS = _missing()
pytestmark = pytest.mark.skipif(bool(LACKS), reason=f"the Debian package {LACKS} is not installed")


@pytest.fixture
def screen() -> Iterator[str]:
    """A screen of its own; its name."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1440x900x24", "-nolisten", "tcp"],
        pass_fds=(writing,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(writing)
    with os.fdopen(reading) as told:
        number = told.readline().strip()
    assert number, "the screen did not start"
    yield f":{number}"
    server.terminate()
    server.wait(20)


def test_three_journeys_by_ear(screen: str, tmp_path: Path) -> None:
    clinic = tmp_path / "demo.replete"
    made = make(clinic, PATIENTS, 7, date.today(), load_protocol())  # noqa: DTZ011  (the program's own day)
    assert any(login == "mina" for _name, login, _role in made.users)
    surroundings = os.environ | {
        "QT_QPA_PLATFORM": "xcb", "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1", "DISPLAY": screen, "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / "config"), "XDG_DATA_HOME": str(tmp_path / "data"),
    }  # fmt: skip
    surroundings.pop("DBUS_SESSION_BUS_ADDRESS", None)
    done = subprocess.run(
        ["dbus-run-session", "--", sys.executable, str(HERE / "both.py"), str(clinic), "sample-mina"],
        cwd=ROOT, env=surroundings, capture_output=True, text=True, timeout=SECONDS,
    )  # fmt: skip
    told: dict[str, Any] = {}
    for line in done.stdout.splitlines():
        if line.startswith("{"):
            one = json.loads(line)
            assert "fault" not in one, one
            told[one["journey"]] = one["heard"]
    assert list(told) == ["log in", "read a table", "lock and unlock"], (
        done.stdout[-2000:] + done.stderr[-2000:]
    )
    assert told["log in"][0] == "Open next steps"
    assert len([cell for cell in told["read a table"] if not cell.endswith(": ")]) >= 4, told["read a table"]
    assert any(cell.startswith("Patient: ") for cell in told["read a table"]), told["read a table"]
    assert len(told["lock and unlock"]) < 30, "more than the lock page is heard"
