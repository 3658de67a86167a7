"""What a laboratory means by a code of its own: asked once, beside a result that waits for it, and remembered."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from db.operations.codes import explain_code
from db.queries.imports import HeldItem
from db.queries.passed_over import PassedOver
from desktop.commands import Command
from desktop.parts import Parts
from desktop.widgets.ask_panel import AskPanel, Question
from desktop.widgets.asking import Asking
from desktop.widgets.buttons import KeyButton
from desktop.widgets.code_meaning import CodeMeaning
from desktop.wording.held import sent_words
from desktop.wording.plain import tr

WAITS_FOR_CODE = frozenset({"code-not-mapped", "code-not-known", "code-and-name-disagree", "names-disagree"})
"""Reasons for holding that a word about the laboratory's code settles."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """The code that is asked about: of a held result, or of what an import passed over."""

    laboratory: str
    code_system: str
    code: str
    text: str
    key: tuple[object, ...]
    version: int = 0
    near: str | None = None
    held: bool = False


def _of_held(item: HeldItem) -> _Asked:
    near = item.values.get("near") or item.values.get("name")
    key = ("explain", item.held_id)
    return _Asked(
        item.laboratory, item.code_system, item.code, sent_words(item), key, item.version, near, held=True
    )


class CodeAct:
    """The command `imports.explain` for the held result, or the code an import passed over, that is shown."""

    def __init__(self, parts: Parts, scope: QWidget, panel: AskPanel) -> None:
        self._parts = parts
        self._panel, self._asking = panel, Asking(parts, panel)
        self._asked: _Asked | None = None
        words = tr("laboratory code local mapping meaning")
        self._action = parts.commands.add(
            Command("imports.explain", tr("Say what this code means"), self._ask, "E", words=words), scope
        )
        self._button: KeyButton | None = None
        self.show(None)

    def button(self) -> KeyButton:
        """The button of it; hidden where a code is not what the result waits for."""
        self._button = KeyButton.for_action(self._action, "soft")
        return self._button

    def show(self, item: HeldItem | None) -> None:
        """Another row is shown."""
        self._asked = _of_held(item) if item is not None else None
        waits = item is not None and not item.typed and item.reason in WAITS_FOR_CODE
        able = waits and item is not None and bool(item.code) and bool(item.laboratory)
        why = tr("The message does not say which laboratory it is from, or which code it means.")
        self._parts.commands.set_enabled("imports.explain", able, why if waits else "")
        if self._button is not None:
            self._button.setVisible(waits)

    def show_passed(self, code: PassedOver | None) -> None:
        """Another code of what an import passed over is the current one."""
        self._asked = _Asked(*code.key, code.text, ("explain", *code.key)) if code is not None else None
        self._parts.commands.set_enabled("imports.explain", code is not None, "")
        if self._button is not None:
            self._button.setVisible(code is not None)

    def _ask(self) -> None:
        item, protocol = self._asked, self._parts.protocol
        if item is None:
            return
        says = CodeMeaning(protocol, item.near)
        key = item.key
        then = (
            tr("It is asked once, and what is held because of this code is filed now.")
            if item.held
            else tr("It was passed over until now. Import the file again, and its values are filed.")
        )

        def save(_version: int) -> None:
            self._asking.write(
                key, explain_code, item.laboratory, item.code_system, item.code, *says.meaning(),
                self._parts.clock(), protocol,
                said=tr("What {code} of {laboratory} means is remembered.").format(
                    code=item.code, laboratory=item.laboratory
                ),
            )  # fmt: skip

        self._panel.open(
            Question(
                key, tr("What does {code} of {laboratory} mean?").format(code=item.code, laboratory=item.laboratory),
                says.fields, tr("Remember it"), save, item.version,
                (
                    tr("It was sent as: {text}").format(text=item.text),
                    then,
                ),
                says.problems,
            )
        )  # fmt: skip
