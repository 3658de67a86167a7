"""The question whom the work of marked patients is given to."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from db.queries.people import Owner
from desktop.widgets.ask_panel import AskPanel, Question
from desktop.widgets.choices import ComboBox
from desktop.widgets.fields import FormField
from desktop.wording import role_name
from desktop.wording.plain import tr


def ask_colleague(
    panel: AskPanel, name: str, title: str, people: Sequence[Owner], give: Callable[[int, str], object]
) -> None:
    """Ask in the page for one of `people`; `give` gets their id and name once somebody is chosen and saved.

    `name` is the question's own, as in `Question`.
    """
    box = ComboBox([(one.id, f"{one.name}, {role_name(one.role)}") for one in people])
    box.set_placeholder(tr("choose"))
    box.set_value(None)
    box.setMinimumWidth(box.sizeHint().width())
    names = {one.id: one.name for one in people}

    def save(_version: int) -> None:
        wanted = box.value()
        if isinstance(wanted, int):
            give(wanted, names[wanted])

    def problems() -> dict[str, str]:
        return {} if box.value() is not None else {"owner": tr("Choose a colleague.")}

    fields = {"owner": FormField(tr("Give them to"), box)}
    panel.open(Question(name, title, fields, tr("Give them"), save, 0, problems=problems))
