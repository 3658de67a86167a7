"""The window: band, rail, search, pages, foot. Navigation only; what a page shows is the page's own.

A page is registered with `add_page`, known by its id and made when it is first wanted. When it is shown, its
`refresh` asks its query again and `first_focus` gets the focus, where it has them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from desktop import theme
from desktop.commands import Command
from desktop.page_stack import Page, PageStack
from desktop.role_notice import RoleNotice
from desktop.widgets.buttons import KeyButton
from desktop.widgets.dialogs import Dialog
from desktop.widgets.frame import DemoBand, ProgramMark, UserMark
from desktop.widgets.marks import Status
from desktop.widgets.palette import Palette
from desktop.widgets.rail import Rail
from desktop.widgets.search_box import SearchBox
from desktop.widgets.status_line import StatusLine
from desktop.widgets.surface import Surface
from desktop.wording import error_words, role_name

if TYPE_CHECKING:
    from db.errors import KnownError
    from desktop.parts import Parts
    from desktop.theme import Scheme

TOP = 52
SEARCH = 240
"""What the search box wants before other things of the top bar have their long words."""


_Place = tuple[str, partial[object] | None]
"""A page, and what shows again whom it was about."""


class MainWindow(QMainWindow):
    """The frame around the pages."""

    page_changed = Signal(str)
    """id of the page that is shown now"""
    page_shown = Signal(str)
    """the same, once that page has asked its query again"""
    narrow_changed = Signal(bool)
    closing = Signal()

    def __init__(self, parts: Parts) -> None:
        super().__init__()
        self._parts = parts
        self._history: list[_Place] = []
        self._ahead: list[_Place] = []
        """Pages gone back from, the next one last."""
        self._subject: partial[object] | None = None
        self._unsaved: list[Callable[[], str]] = []
        self.before_closing: Callable[[], bool] | None = None
        """Asked instead of the question about unsaved work while the window is locked."""
        self._current = ""
        self._narrow = False
        self.setObjectName("main")
        self.setWindowTitle(self._title())
        self.setWindowIcon(theme.window_icon())
        self.setMinimumSize(theme.px(460), theme.px(360))
        parts.commands.set_window(self)
        self.rail = Rail()
        self.search = SearchBox()
        self.foot = StatusLine()
        self._stack = PageStack()
        self.role_notice = RoleNotice(parts.user.role)
        self._build()
        self.palette_box = Palette(parts.commands, self)
        self._add_commands()
        self._listen()
        self.resize(theme.px(1280), theme.px(800))
        self.restoreGeometry(parts.settings.geometry())

    def _title(self) -> str:
        clinic = self._parts.clinic
        demo = self.tr("demo clinic") if clinic.demo else ""
        return " · ".join(part for part in (clinic.name, demo, "Replete") if part)

    def _build(self) -> None:
        """The parts in their places, top to bottom."""
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if self._parts.clinic.demo:
            column.addWidget(DemoBand())
        row = QHBoxLayout()
        row.setSpacing(0)
        left = Surface("rail")
        under_mark = QVBoxLayout(left)
        under_mark.setContentsMargins(0, 0, 0, 0)
        under_mark.setSpacing(0)
        self._mark = ProgramMark()
        under_mark.addWidget(self._mark)
        under_mark.addWidget(self.rail, 1)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._build_top())
        right.addWidget(self.role_notice)
        right.addWidget(self._stack, 1)
        row.addWidget(left)
        row.addLayout(right, 1)
        column.addLayout(row, 1)
        column.addWidget(self.foot)
        self.setCentralWidget(whole)
        self.rail.set_foot(self._parts.clinic.name, self._protocol_words())

    def _protocol_words(self) -> str:
        clinic = self._parts.clinic
        if clinic.protocol_signed:
            return self.tr("Protocol {label}").format(label=clinic.protocol_label)
        return self.tr("Protocol {label}, draft").format(label=clinic.protocol_label)

    def _build_top(self) -> QWidget:
        """Search, all actions, the user, the lock where there is one."""
        top = Surface("rail")
        top.setFixedHeight(theme.px(TOP))
        row = QHBoxLayout(top)
        row.setContentsMargins(0, 0, theme.px(20), 0)
        row.setSpacing(theme.px(8))
        user = self._parts.user
        self._user = UserMark(user.name, user.initials, role_name(user.role))
        self._actions = KeyButton(self.tr("All actions"), "quiet", "Ctrl K")
        self._long_words = self._actions.sizeHint().width() + self._user.sizeHint().width()
        self.search.setMaximumWidth(theme.px(438))
        row.addWidget(self.search, 20)  # its words first, the slack what they leave
        row.addWidget(self._actions)
        row.addStretch(1)
        self._slack = row.count() - 1
        row.addWidget(self._user)
        self._top_row = row
        return top

    def _add_commands(self) -> None:
        """What the frame itself can do."""
        commands = self._parts.commands
        find = Command("window.find", self.tr("Find a patient"), self._focus_search, "Ctrl+F", "search")
        palette = Command(
            "window.palette", self.tr("All actions"), self._open_palette, "Ctrl+K", palette=False
        )
        undo = Command(
            "window.undo", self.tr("Undo"), self.foot.undo, "Ctrl+Z", "undo",
            not_now=lambda: "" if self.foot.can_undo() else self.tr("nothing to undo"),
        )  # fmt: skip
        back = Command(
            "window.back", self.tr("Go back"), self.go_back, "Alt+Left",
            not_now=lambda: "" if self._history else self.tr("no page before this one"),
        )  # fmt: skip
        forward = Command(
            "window.forward", self.tr("Go forward"), self.go_forward, "Alt+Right",
            not_now=lambda: "" if self._ahead else self.tr("no page to go forward to"),
        )  # fmt: skip
        leave = Command("window.quit", self.tr("Quit Replete"), self.close, "Ctrl+Q", words="exit close")
        for command in (find, palette, undo, back, forward, leave):
            commands.add(command)
        schemes: tuple[tuple[Scheme, str], ...] = (
            ("light", self.tr("Use the light theme")),
            ("dark", self.tr("Use the dark theme")),
            ("system", self.tr("Follow the system's light or dark")),
        )
        for scheme, text in schemes:
            commands.add(Command(f"window.theme.{scheme}", text, partial(self._use, scheme)))
        self._actions.clicked.connect(lambda _checked=False: self._open_palette())

    def _listen(self) -> None:
        self.rail.chosen.connect(lambda page_id: self.show_page(page_id))
        navigation = self._parts.navigation
        navigation.open_page.connect(lambda page_id: self.show_page(page_id))
        navigation.back.connect(self.go_back)
        navigation.say.connect(self.say)
        navigation.aside.connect(self.foot.say_aside)
        self._parts.tasks.refused.connect(self._refused)

    def add_lock(self, command: Command, icon: str = "lock") -> None:
        """Put the lock, or the way out, at the right end of the top bar."""
        action = self._parts.commands.add(command)
        button = KeyButton.for_action(action, "quiet", icon=icon)
        if icon != "lock":
            button.set_key("")
        self._top_row.addWidget(button)

    def add_page(self, page: Page) -> None:
        """Register a page. The first one is shown at once. ValueError when the id is taken."""
        self._stack.register(page)
        if page.icon:
            key = page.shortcut.replace("+", " ")
            item = self.rail.add(page.id, page.title, page.icon, key, gap=page.gap)
            if page.count is not None:
                item.set_count(page.count())
            go = self.tr("Go to {page}").format(page=page.title)
            run = Command(f"go.{page.id}", go, lambda: self.show_page(page.id), page.shortcut, page.icon)
            self._parts.commands.add(run)
        if not self._current:
            self.show_page(page.id)

    def page(self, page_id: str) -> QWidget:
        """The widget of a page, made now if it was not wanted before. KeyError for an unknown id."""
        return self._stack.page(page_id)

    def made(self, page_id: str) -> QWidget | None:
        """The widget of a page if it was wanted so far; one that was not has nothing in it yet."""
        return self._stack.made(page_id)

    def not_made(self) -> tuple[str, ...]:
        """ids of the pages that nobody wanted so far."""
        return self._stack.not_made()

    def pages(self) -> tuple[QWidget, ...]:
        """The widgets of all pages made so far, also while the window is locked."""
        return self._stack.all_made()

    def current_page(self) -> str:
        """id of the page that is shown."""
        return self._current

    def show_page(self, page_id: str, subject: partial[object] | None = None) -> None:
        """Show a page, let it ask again, and give it the focus. KeyError for an unknown id.

        `subject` shows again whom or what the page is about: going back and forward leads there too.
        """
        self._stack.known(page_id)
        if page_id != self._current or (subject is not None and not _same(subject, self._subject)):
            if self._current:
                self._history.append((self._current, self._subject))
                del self._history[:-50]
                self._ahead.clear()
            self._subject = subject
        if page_id != self._current:
            self._enter(page_id)
        self._ask(page_id)

    def _ask(self, page_id: str) -> None:
        """Let a page that is shown ask its query, and give it the focus."""
        self.refresh_page()
        self._focus(self.page(page_id))
        self.page_shown.emit(page_id)

    def _enter(self, page_id: str) -> None:
        self._current = page_id
        self._stack.setCurrentWidget(self.page(page_id))
        self.rail.set_current(page_id)
        self.role_notice.show_page(page_id)
        self.page_changed.emit(page_id)

    @staticmethod
    def _focus(widget: QWidget) -> None:
        first = getattr(widget, "first_focus", None)
        target = first() if callable(first) else None
        (target if isinstance(target, QWidget) else widget).setFocus()

    def go_back(self) -> None:
        """Show the page that was shown before, about whom it was; nothing happens when there is none."""
        self._travel(self._history, self._ahead)

    def go_forward(self) -> None:
        """Show the page that was gone back from; nothing happens when there is none."""
        self._travel(self._ahead, self._history)

    def _travel(self, source: list[_Place], other: list[_Place]) -> None:
        if not source:
            return
        other.append((self._current, self._subject))
        page_id, self._subject = source.pop()
        if self._subject is not None:
            self._subject()
        if page_id != self._current:
            self._enter(page_id)
        self._ask(page_id)

    def set_counts(self, count: Mapping[str, int], worst: Mapping[str, str | None] | None = None) -> None:
        """The numbers of the rail by page id, with the worst status inside each."""
        for page_id, number in count.items():
            if self._stack.has_item(page_id):
                status = (worst or {}).get(page_id)
                self.rail.item(page_id).set_count(number, Status(status) if status else None)

    def set_foot(self, facts: Sequence[str]) -> None:
        """The facts of the foot: as at, last import, last verified backup, encrypted."""
        self.foot.set_facts(facts)

    def say(self, text: str, undo: object = None) -> None:
        """Say what was done for ten seconds, with an undo where there is one."""
        self.foot.say(text, undo if callable(undo) else None)

    def _refused(self, error: KnownError) -> None:
        self.foot.say(error_words(error), problem=True)

    def _focus_search(self) -> None:
        self.search.setFocus()
        self.search.selectAll()

    def _open_palette(self) -> None:
        self.palette_box.open()

    def _use(self, scheme: Scheme) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            self._parts.settings.set_scheme(scheme)
            theme.apply(app, scheme)

    def is_narrow(self) -> bool:
        """Whether the frame has its narrow form."""
        return self._narrow

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the narrow or the wide form."""
        super().resizeEvent(event)
        narrow = self.width() < theme.px(theme.NARROW)
        if narrow != self._narrow:
            self._narrow = narrow
            self.rail.set_narrow(narrow)
            self.search.set_narrow(narrow)
            self.search.setMaximumWidth(theme.px(720 if narrow else 438))
            self._top_row.setStretch(self._slack, 0 if narrow else 1)
            self._mark.setVisible(not narrow)
            self.narrow_changed.emit(narrow)
        self._fit_top(narrow)

    def _fit_top(self, narrow: bool) -> None:
        """Short words in the top bar of a narrow window, and where the long ones of a language do not fit."""
        row = self._top_row
        widgets = [one for n in range(row.count()) if (item := row.itemAt(n)) and (one := item.widget())]
        others = [one for one in widgets if one not in (self.search, self._actions, self._user)]
        wanted = theme.px(SEARCH) + self._long_words + sum(one.sizeHint().width() for one in others)
        wanted += row.spacing() * len(widgets) + row.contentsMargins().right()
        short = narrow or wanted > self.width() - self.rail.width()
        self._user.set_narrow(short)
        self._actions.set_text(self.tr("Actions") if short else self.tr("All actions"))

    def ask_before_closing(self, unsaved: Callable[[], str]) -> None:
        """Ask `unsaved` when the window is to close: what would be lost in words, or an empty text."""
        self._unsaved.append(unsaved)

    def unsaved(self) -> list[str]:
        """What would be lost with the window, a sentence each; nothing in them is about a patient."""
        return [words for ask in self._unsaved if (words := ask())]

    def refresh_page(self) -> None:
        """Let the page on show ask again; the keyboard stays where it is."""
        refresh = getattr(self.page(self._current), "refresh", None)
        if callable(refresh):
            refresh()

    def _may_close(self) -> bool:
        """Whether nothing would be lost, or the user says that it may be. Writes under way are waited for."""
        self._parts.tasks.wait_idle()
        if self.before_closing is not None:
            return self.before_closing()
        lost = self.unsaved()
        if not lost:
            return True
        dialog = Dialog(self.tr("Close without saving?"), "\n".join(lost), self)
        dialog.add_buttons(
            KeyButton(self.tr("Keep Replete open"), "soft", "Esc"),
            KeyButton(self.tr("Close and lose it"), "danger", "Ctrl ↵"),
        )
        return bool(dialog.exec())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the window's place; whoever listens to `closing` ends the work."""
        if not self._may_close():
            event.ignore()
            return
        self._parts.settings.set_geometry(self.saveGeometry())
        self.closing.emit()
        super().closeEvent(event)


def _same(one: partial[object], other: partial[object] | None) -> bool:
    """Whether two subjects lead to the same person or course."""
    return other is not None and (one.func, one.args) == (other.func, other.args)
