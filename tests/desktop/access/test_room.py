"""Every word has its room: at 200 % on a laptop's screen, in the languages with the longest words, nothing is cut."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cut_words import cut_words
from journey import SAMPLE_DAY, Days, end
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from clinical.protocol import load_protocol
from db.queries.worklist import open_steps
from desktop import language, theme
from desktop.app import Program
from desktop.log_out import LogOutDialog
from desktop.main_window import MainWindow
from desktop.settings import Settings
from desktop.start.opened import open_for
from desktop.widgets.dialogs import ConfirmDialog
from desktop.widgets.labels import Label
from desktop.wording.plain import tr

QUIET = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
PAGES = (
    "today", "review", "infusions", "results", "overdue", "work-ups", "letters", "patients", "managers", "settings",
)  # fmt: skip
SCALE = 2.0
WIDE, HIGH = 960, 600
"""A laptop's screen at 200 %, in pixels at 100 %."""


class Opened:
    """The demo clinic in its window, as large as it gets at 200 %."""

    def __init__(self, application: QApplication, spoken: str, folder: Path, demo: Path) -> None:
        for file in demo.parent.glob(demo.name + "*"):
            shutil.copy(file, folder / file.name)
        settings = Settings(folder / "settings.ini")
        settings.set_language(spoken)
        settings.set_scheme("light")
        settings.set_text("paper/folder", str(folder))
        self._application = application
        self.program = Program(application, load_protocol(), settings, Days(SAMPLE_DAY))
        theme.apply(application, "light", scale=SCALE)
        self.window: MainWindow = self.program.open_main(
            open_for(folder / demo.name, "devika", "sample-devika")
        )
        self.window.resize(theme.px(WIDE), theme.px(HIGH))
        self.settle()

    def settle(self) -> None:
        """Until nothing is asked and everything stands in its place."""
        tasks = self.program.tasks
        assert tasks is not None
        for _ in range(3):
            assert tasks.wait_idle(60_000)
            until = time.monotonic() + 0.03
            while time.monotonic() < until:
                self._application.processEvents()

    def pages(self) -> Iterator[str]:
        """One page after the other, on show; the patient's, the reasons' and the plan's last."""
        for name in PAGES:
            self.window.show_page(name)
            self.settle()
            yield name
        navigation, tasks = self.window._parts.navigation, self.program.tasks
        assert tasks is not None
        steps: list[object] = []
        tasks.read(open_steps, SAMPLE_DAY, then=lambda found: steps.extend(found), owner=self.window)
        self.settle()
        course = steps[0]
        for name, go in (
            ("patient", lambda: navigation.open_patient.emit(course.patient_id)),  # type: ignore[attr-defined]
            ("why", lambda: navigation.open_why.emit(course.course_id)),  # type: ignore[attr-defined]
            ("plan", navigation.new_referral.emit),
            ("lists_out", lambda: navigation.open_list.emit("overdue")),
        ):
            go()
            self.settle()
            yield name


@pytest.fixture
def opened(themed: QApplication, demo_file: Path, tmp_path: Path) -> Iterator[Callable[[str], Opened]]:
    """`opened("es")` is the window in Spanish; it is closed at the end, and English again."""
    made: list[Opened] = []

    def begin(spoken: str) -> Opened:
        made.append(Opened(themed, spoken, tmp_path, demo_file))
        return made[-1]

    yield begin
    for one in made:
        end(themed, one.program)
    language.speak("en")
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    theme.apply(themed, "light", scale=1.0)


@QUIET
@pytest.mark.parametrize("spoken", ["es", "fr"])
def test_no_word_is_cut_at_200_per_cent(opened: Callable[[str], Opened], spoken: str) -> None:
    clinic = opened(spoken)
    faults = {f"{page}: {fault}" for page in clinic.pages() for fault in cut_words(clinic.window)}
    assert not faults, "\n".join(sorted(faults))


@QUIET
@pytest.mark.parametrize("spoken", ["es", "fr"])
def test_no_button_of_a_question_is_cut(themed: QApplication, spoken: str) -> None:
    """Two answers with longer words than the dialog was made for."""
    theme.apply(themed, "light", scale=SCALE)
    language.speak(spoken)
    window = QWidget()
    try:
        for dialog in (
            LogOutDialog(["…"], window),
            ConfirmDialog("…", "…", tr("Close and lose it"), 1981, tr("Keep Replete open"), window),
        ):
            dialog.show()
            themed.processEvents()
            assert not cut_words(dialog)
            dialog.close()
    finally:
        window.deleteLater()
        language.speak("en")
        QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
        theme.apply(themed, "light", scale=1.0)


def test_a_cut_word_is_found(qtbot: object) -> None:
    plain, told = QLabel("Follow-up of the haemoglobin"), Label("Follow-up of the haemoglobin", elide=True)
    for label in (plain, told):
        label.setParent(box := QLabel())
        box.resize(300, 60)
        label.setGeometry(0, 0, 40, 20)
        box.show()
        assert bool(cut_words(box)) is (label is plain), "what is cut and says the whole is not a fault"
        label.setGeometry(0, 0, 290, 20)
        assert not cut_words(box)
        label.setGeometry(200, 0, 290, 20)
        assert cut_words(box), "outside of what shows it"
        box.close()
