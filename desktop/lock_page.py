"""What a locked window shows: whose session it is, a password field, and the way out for somebody else."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from db.errors import KnownError
from desktop import theme
from desktop.start.page import StartPage, row
from desktop.widgets.buttons import KeyButton
from desktop.widgets.countdown import Countdown
from desktop.widgets.fields import FormField, TextEdit
from desktop.widgets.labels import Label
from desktop.wording import role_name
from desktop.wording.plain import tr


class LockPage(StartPage):
    """Asks for the password of the user who locked the window. Nothing on it is about a patient."""

    wanted = Signal(str)
    """a password to try"""
    other_user = Signal()
    end_confirmed = Signal()

    def __init__(self, name: str, role: str, hint: str = "", parent: QWidget | None = None) -> None:
        words = tr("{name}, {role}. What you were typing is still there.")
        super().__init__(tr("Locked"), words.format(name=name, role=role_name(role)), parent)
        self._name = name
        self.password = TextEdit()
        self.password.setEchoMode(QLineEdit.EchoMode.Password)
        self.column.addWidget(FormField(tr("Password"), self.password, hint))
        self.button = KeyButton(tr("Unlock"), "primary", tr("Enter"))
        self.other = KeyButton(tr("Another user"), "quiet")
        self.finish(row(self.button, self.other))
        self._countdown = Countdown(self.button, self._say, self)
        self._lost = Label("", tone="text", wrap=True)
        self.stay = KeyButton(tr("Keep it locked"), "soft", "Esc")
        self.stay.setShortcut("Esc")
        self.end = KeyButton(tr("End the session and lose it"), "danger")
        self._question = row(self.stay, self.end)
        self._question.hide()
        self._lost.hide()
        self.column.addSpacing(theme.px(8))
        self.column.addWidget(self._lost)
        self.column.addWidget(self._question)
        self.password.returnPressed.connect(self.submit)
        self.button.clicked.connect(self.submit)
        self.other.clicked.connect(self.other_user)
        self.stay.clicked.connect(self._stay)
        self.end.clicked.connect(self.end_confirmed)

    def submit(self) -> None:
        """Have the password tried, unless the next try is not open yet."""
        if not self.button.isEnabled() or not self.password.text():
            return
        self.button.setEnabled(False)
        self.say_problem("")
        self.wanted.emit(self.password.text())

    def failed(self, error: KnownError) -> None:
        """Say what is wrong; after several wrong passwords the next try has to wait."""
        wrong = tr("This is not the password of {name}.").format(name=self._name)
        self._countdown.failed(error, wrong if error.code == "wrong-key" else "")
        self.password.selectAll()
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def try_again(self, text: str) -> None:
        """The password could not be tried at all: say so, and let it be tried again."""
        self.button.setEnabled(True)
        self._say(text, True)
        self.password.selectAll()
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_to_end(self, lost: str) -> None:
        """Say what would be lost if the session ended, and ask."""
        self._lost.setText(lost)
        self._lost.show()
        self._question.show()
        self.stay.setFocus(Qt.FocusReason.OtherFocusReason)

    def asks(self) -> str:
        """What it says would be lost, while it asks."""
        return self._lost.text() if self._question.isVisible() else ""

    def _stay(self) -> None:
        self._lost.hide()
        self._question.hide()
        self.password.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, text: str, first: bool) -> None:
        if first:
            self.say_problem(text)
        else:
            self.problem.setText(text)
