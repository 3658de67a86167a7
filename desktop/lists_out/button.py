"""The way from a list on the screen to the same list on paper."""

from __future__ import annotations

from functools import partial

from desktop import theme
from desktop.parts import Parts
from desktop.widgets.buttons import LINE_HEIGHT, KeyButton
from desktop.wording.plain import tr


class _IconButton(KeyButton):
    """No wider than its picture needs: titles beside it are long in French at 200 per cent."""

    def _padding(self) -> int:
        return theme.px(4)


def list_button(parts: Parts, name: str) -> KeyButton:
    """A small button with a printer: this worklist, to print or to save. Ctrl+T does the same."""
    made = _IconButton("", "quiet", icon="print", height=LINE_HEIGHT)
    made.setAccessibleName(tr("Print or save a list"))
    made.setToolTip(tr("Print or save a list"))
    made.clicked.connect(partial(_open, parts, name))
    return made


def _open(parts: Parts, name: str) -> None:
    parts.navigation.open_list.emit(name)
