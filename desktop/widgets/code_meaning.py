"""The two fields that say what a laboratory's own code means: which test, and the unit where none is sent."""

from __future__ import annotations

from typing import Final

from clinical import quantities
from clinical.protocol import Protocol
from db.models import vocabulary as v
from desktop.widgets.choices import ComboBox
from desktop.widgets.fields import FormField, TextEdit
from desktop.wording import analyte_name
from desktop.wording.plain import tr

NOT_FOLLOWED: Final = "not-followed"


class CodeMeaning:
    """`fields` for a form, what is wrong with them, and what they say."""

    def __init__(self, protocol: Protocol, chosen: str | None = None, unit: str = "") -> None:
        """`chosen` is an analyte, or `NOT_FOLLOWED`; None where nobody has said anything yet."""
        self._protocol = protocol
        named = sorted(((name, analyte_name(name)) for name in v.ANALYTES), key=lambda two: two[1].casefold())
        self.test = ComboBox([(NOT_FOLLOWED, tr("Not followed here")), *named])
        self.test.set_placeholder(tr("Which test?"))
        self.test.set_value(chosen)
        self.unit = TextEdit(unit, tr("such as: g/L"), 180)
        self.fields = {
            "analyte": FormField(tr("This code means"), self.test),
            "unit": FormField(tr("Unit, where none is sent"), self.unit),
        }

    def problems(self) -> dict[str, str]:
        """What is wrong, by field."""
        chosen, typed = self.test.value(), self.unit.text().strip()
        if chosen is None:
            return {"analyte": tr("Choose a test, or that it is not followed here.")}
        if typed and chosen != NOT_FOLLOWED and not self._is_known(str(chosen), typed):
            accepted = ", ".join(quantities.units(str(chosen), self._protocol))
            return {"unit": tr("It is measured in: {units}").format(units=accepted)}
        return {}

    def meaning(self) -> tuple[str | None, str | None]:
        """The analyte, None for one that is not followed; and the unit, None where it is always sent."""
        if self.test.value() in (None, NOT_FOLLOWED):
            return None, None
        return str(self.test.value()), self.unit.text().strip() or None

    def _is_known(self, analyte: str, typed: str) -> bool:
        try:
            quantities.unit_name(analyte, typed, self._protocol)
        except quantities.UnknownUnitError:
            return False
        return True
