"""Who works here: added, renamed, given another role or password, on leave with a deputy, disabled, enabled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtWidgets import QWidget

from db import accounts, queries
from db.errors import KnownError, StaleScreen
from db.models.vocabulary import ROLES
from db.operations import users
from db.operations.users import CARE, NewLeave, NewUser
from db.queries.staff import StaffRow
from desktop import theme
from desktop.settings_page.ask import AskDialog, PasswordFields, Seen, needed
from desktop.settings_page.section import Section, button_row
from desktop.settings_page.tools import Tools, account_change, allow
from desktop.widgets.buttons import KeyButton
from desktop.widgets.choices import ComboBox
from desktop.widgets.date_edit import DateEdit
from desktop.widgets.fields import FormField, TextEdit
from desktop.widgets.table import Cell, Column, DataTable, Row
from desktop.wording import plain_date, role_name
from desktop.wording.plain import tr

Done = Callable[[], None]
Failed = Callable[[KnownError], None]
FEWEST, MOST = 5, 12
"""Rows of the table: as many as there are people, within these."""


class UsersSection(Section):
    """The table of users and what can be done with the one chosen."""

    def __init__(self, tools: Tools, parent: QWidget | None = None) -> None:
        words = tr(
            "Nobody is ever removed: what somebody did keeps their name. Who leaves hands over and is disabled."
        )
        super().__init__(tools, tr("Users"), words, parent)
        self._staff: dict[int, StaffRow] = {}
        columns = (
            Column("name", tr("Name"), weight=600, stretch=True, whole=True),
            Column("login", tr("Logs in as"), leaves=1),
            Column("role", tr("Role"), leaves=3),
            Column("state", tr("Now"), stretch=True),
            Column("work", tr("Open work"), align="right", leaves=2),
        )
        self.table = DataTable(tr("Users"), columns, row_height=34)
        self._as_high_as(FEWEST)
        self.column.addWidget(self.table)
        self.buttons: dict[str, KeyButton] = {}
        deeds: tuple[tuple[str, str, Callable[[], object]], ...] = (
            ("add", tr("Add a user"), self._add),
            ("rename", tr("Rename"), self._rename),
            ("role", tr("Change role"), self._another_role),
            ("password", tr("Reset password"), self._password),
            ("leave", tr("Leave and deputy"), self._leave),
            ("disable", tr("Disable"), self._disable),
            ("enable", tr("Enable again"), self._enable),
        )
        for name, text, run in deeds:
            button = KeyButton(text, "primary" if name == "add" else "soft")
            button.clicked.connect(lambda _checked=False, act=run: act())
            self.buttons[name] = button
        self.column.addWidget(button_row(*self.buttons.values()))
        self.say_for_whom("add_user")
        self.finish()
        self.table.current_changed.connect(lambda _id: self._allow())
        self._allow()

    def refresh(self) -> None:
        """Ask who works here."""
        self.parts.tasks.read(
            queries.staff,
            self.parts.clock().today,
            then=self._show,
            failed=self.failed,
            owner=self,
            key="staff",
        )

    def first_focus(self) -> QWidget:
        """The table."""
        return self.table

    def current(self) -> StaffRow | None:
        """Who is chosen."""
        current = self.table.current_id()
        return self._staff.get(current) if isinstance(current, int) else None

    def choose(self, user_id: int) -> None:
        """Choose somebody."""
        self.table.select(user_id)

    def _show(self, staff: tuple[StaffRow, ...]) -> None:
        self._staff = {row.id: row for row in staff}
        self.table.set_rows([_row(row) for row in staff])
        self._as_high_as(len(staff))
        self._allow()

    def _as_high_as(self, people: int) -> None:
        """Everybody is seen without scrolling, unless they are many."""
        rows = min(max(people, FEWEST), MOST)
        self.table.setMinimumHeight(theme.px(28) + self.table.row_height() * rows)

    def _allow(self) -> None:
        """What can be done now, and why the rest cannot."""
        row, own = self.current(), self.parts.user.id
        nobody = "" if row is not None else tr("Choose a user first.")
        away = "" if row is None or row.active else tr("This user is disabled.")
        here = tr("This user works here already.") if row is not None and row.active else nobody
        yourself = tr("You cannot disable yourself.") if row is not None and row.id == own else ""
        allow(self.buttons["add"], self.parts, "add_user")
        allow(self.buttons["rename"], self.parts, "rename_user", nobody)
        allow(self.buttons["role"], self.parts, "change_role", nobody or away)
        allow(self.buttons["password"], self.parts, "reset_password", nobody or away)
        leave = "set_leave:own" if row is not None and row.id == own else "set_leave:of-another"
        allow(self.buttons["leave"], self.parts, leave, nobody or away)
        allow(self.buttons["disable"], self.parts, "disable_user", nobody or away or yourself)
        allow(self.buttons["enable"], self.parts, "enable_user", here)

    def _done(self, done: Done, said: str) -> Done:
        def run() -> None:
            done()
            self.say(said)
            self.refresh()

        return run

    def _failed(self, failed: Failed) -> Failed:
        """What the dialog says; the list shows what somebody else did meanwhile."""

        def run(error: KnownError) -> None:
            failed(error)
            if isinstance(error, StaleScreen):
                self.refresh()

        return run

    def _write(
        self, said: str, done: Done, failed: Failed, operation: Callable[..., object], *args: object
    ) -> None:
        """One operation on the record alone."""
        after = self._done(done, said)
        self.parts.tasks.write(
            operation,
            *args,
            self.parts.clock(),
            then=lambda _c: after(),
            failed=self._failed(failed),
            owner=self,
        )

    def _account(
        self, said: str, done: Done, failed: Failed, change: Callable[..., object], *args: object
    ) -> None:
        """One change of record and vault together."""
        account_change(
            self.tools, change, *args, self.parts.clock(),  # type: ignore[arg-type]
            then=self._done(done, said), failed=self._failed(failed), owner=self,
        )  # fmt: skip

    def _add(self) -> None:
        name, login = TextEdit(placeholder=tr("Given name and surname")), TextEdit()
        role = ComboBox([(code, role_name(code)) for code in ROLES])
        password = PasswordFields(tr("First password"))
        fields = {
            "name": FormField(tr("Name"), name),
            "login": FormField(tr("Name to log in with"), login),
            "role": FormField(tr("Role"), role),
            **password.fields,
        }

        def send(done: Done, failed: Failed) -> None:
            new = NewUser(name.text().strip(), login.text().strip(), str(role.value()))
            said = tr("{name} can log in now.").format(name=new.name)
            self._account(said, done, failed, accounts.add_user, new, password.password.text())

        AskDialog(
            tr("Add a user"), tr("They can choose another password once they are logged in."), tr("Add user"), fields,
            lambda: needed(("name", name), ("login", login)) | password.problems(), send, self,
        ).exec()  # fmt: skip

    def _rename(self) -> None:
        row = self.current()
        if row is None:
            return
        seen = Seen(row.version)
        name, initials = TextEdit(row.name), TextEdit(row.initials, width=90)

        def send(done: Done, failed: Failed) -> None:
            said = tr("Renamed to {name}.").format(name=name.text().strip())
            short = initials.text().strip() or None
            self._write(said, done, failed, users.rename_user, row.id, name.text(), short, seen.version)

        fields = {"name": FormField(tr("Name"), name), "initials": FormField(tr("Initials"), initials)}
        title = tr("Rename {name}").format(name=row.name)
        AskDialog(
            title, tr("The log-in name stays {login}.").format(login=row.login), tr("Rename"), fields,
            lambda: needed(("name", name)), send, self, seen=seen,
        ).exec()  # fmt: skip

    def _another_role(self) -> None:
        row = self.current()
        if row is None:
            return
        seen = Seen(row.version)
        role = ComboBox([(code, role_name(code)) for code in ROLES])
        role.set_value(row.role)

        def send(done: Done, failed: Failed) -> None:
            said = tr("{name} is {role} now.").format(name=row.name, role=role_name(str(role.value())))
            self._write(said, done, failed, users.change_role, row.id, str(role.value()), seen.version)

        AskDialog(
            tr("Change the role of {name}").format(name=row.name), "", tr("Change role"),
            {"role": FormField(tr("Role"), role)}, dict, send, self, seen=seen,
        ).exec()  # fmt: skip

    def _password(self) -> None:
        row = self.current()
        if row is None:
            return
        seen = Seen(row.version)
        password = PasswordFields(tr("New password"))

        def send(done: Done, failed: Failed) -> None:
            said = tr("{name} has a new password.").format(name=row.name)
            self._account(
                said, done, failed, accounts.reset_password, row.id, password.password.text(), seen.version
            )

        AskDialog(
            tr("Reset the password of {name}").format(name=row.name),
            tr("The old one opens nothing any more. Tell them the new one yourself."), tr("Reset password"),
            password.fields, password.problems, send, self, seen=seen,
        ).exec()  # fmt: skip

    def _leave(self) -> None:
        row = self.current()
        if row is None:
            return
        seen = Seen(row.version)

        def today() -> date:
            return self.parts.clock().today

        first = DateEdit(row.away_from or today(), today=today)
        last = DateEdit(row.away_until, today=today)
        others = [(one.id, one.name) for one in self._staff.values() if one.active and one.id != row.id]
        deputy = ComboBox(others)
        deputy.set_value(row.deputy_id)
        fields = {
            "first": FormField(tr("First day away"), first),
            "last": FormField(tr("Last day away"), last, tr("Empty ends the leave.")),
            "deputy": FormField(tr("Stands in"), deputy),
        }

        def check() -> dict[str, str]:
            named = (("first", first), ("last", last))
            wrong = {name: field.problem() for name, field in named if field.problem()}
            if wrong or (last.day() is None and row.away_until is not None):
                return wrong  # an empty last day ends the leave there is
            missing = {name: tr("Needed.") for name, field in named if field.day() is None}
            return missing if isinstance(deputy.value(), int) else {**missing, "deputy": tr("Needed.")}

        def send(done: Done, failed: Failed) -> None:
            from_, until, stand_in = first.day(), last.day(), deputy.value()
            leave = None
            said = tr("{name} is here again.").format(name=row.name)
            if from_ is not None and until is not None and isinstance(stand_in, int):
                leave = NewLeave(from_, until, stand_in)
                said = tr("{name} is away until {day}.").format(name=row.name, day=plain_date(until))
            self._write(said, done, failed, users.set_leave, row.id, leave, seen.version)

        AskDialog(
            tr("Leave of {name}").format(name=row.name),
            tr("While they are away their open steps show for whoever stands in."), tr("Save the leave"),
            fields, check, send, self, seen=seen,
        ).exec()  # fmt: skip

    def _disable(self) -> None:
        row = self.current()
        if row is None:
            return
        seen = Seen(row.version)
        work = _work(row)
        others = [
            (one.id, one.name)
            for one in self._staff.values()
            if one.active and one.id != row.id and one.role in CARE
        ]
        heir = ComboBox(others)
        fields = {"heir": FormField(tr("Hand over to"), heir)} if work else {}
        what = tr("They can no longer log in. What they did keeps their name.")
        if work:
            what = tr("{count} open pieces of work wait for them and need another owner.").format(count=work)

        def check() -> dict[str, str]:
            return {"heir": tr("Needed.")} if work and not isinstance(heir.value(), int) else {}

        def send(done: Done, failed: Failed) -> None:
            said = tr("{name} can no longer log in.").format(name=row.name)

            def disable() -> None:
                self._account(said, done, failed, accounts.disable_user, row.id, seen.version)

            if not work:
                disable()
                return
            self.parts.tasks.write(
                users.reassign_all, row.id, heir.value(), self.parts.clock(), seen.version,
                then=lambda _c: disable(), failed=self._failed(failed), owner=self,
            )  # fmt: skip

        AskDialog(
            tr("Disable {name}?").format(name=row.name), what,
            tr("Hand over and disable") if work else tr("Disable"), fields, check, send, self, "danger", seen,
        ).exec()  # fmt: skip

    def _enable(self) -> None:
        row = self.current()
        if row is None:
            return
        seen = Seen(row.version)
        password = PasswordFields(tr("New password"))

        def send(done: Done, failed: Failed) -> None:
            said = tr("{name} can log in again.").format(name=row.name)
            self._account(
                said, done, failed, accounts.enable_user, row.id, password.password.text(), seen.version
            )

        AskDialog(
            tr("Let {name} work here again?").format(name=row.name), "", tr("Enable again"),
            password.fields, password.problems, send, self, seen=seen,
        ).exec()  # fmt: skip


def _work(row: StaffRow) -> int:
    """How much still waits for somebody."""
    return row.open_steps + row.open_items + row.open_held


def _row(row: StaffRow) -> Row:
    tone = None if row.active else "text3"
    work = _work(row)
    return Row(
        row.id,
        (
            Cell(row.name, tone=tone),
            Cell(row.login, tone=tone),
            Cell(role_name(row.role), tone=tone),
            Cell(_state(row), tone=tone),
            Cell(str(work) if work else "", spoken=tr("{count} open").format(count=work), sort=work),
        ),
    )


def _state(row: StaffRow) -> str:
    """Here, away with a deputy, or disabled."""
    if not row.active:
        return tr("disabled")
    if row.away_from is None or row.away_until is None:
        return tr("works here")
    words = (
        tr("away until {last}, {deputy} stands in")
        if row.away_today
        else tr("away {first} to {last}, {deputy} stands in")
    )
    return words.format(
        first=plain_date(row.away_from),
        last=plain_date(row.away_until),
        deputy=row.deputy_name or tr("nobody"),
    )
