"""What is heavy is loaded when it is first needed, not when the program starts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEAVY = (
    "alembic",
    "calamine",
    "numpy",
    "openpyxl",
    "pikepdf",
    "psycopg",
    "pyqtgraph",
    "python_calamine",
    "reportlab",
    "xlsxwriter",
)
START = """
import sys, tempfile
from pathlib import Path
from clinical.protocol import load_protocol
from desktop.app import Program, start_qt
from desktop.settings import Settings
application = start_qt(["replete"])
with tempfile.TemporaryDirectory() as folder:
    program = Program(application, load_protocol(), Settings(Path(folder) / "settings.ini"))
    program.start_window.show()
    application.processEvents()
    assert program.start_window.isVisible()
    program.start_window.hide()
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""


def test_paper_spreadsheets_charts_and_migrations_are_not_loaded_to_show_the_window() -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", START],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    loaded = set(done.stdout.split())
    assert "desktop" in loaded
    assert loaded.isdisjoint(HEAVY), sorted(loaded & set(HEAVY))
