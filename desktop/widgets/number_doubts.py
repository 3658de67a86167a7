"""Telephone and national number looked at while they are typed; a doubtful one is asked about once, never refused."""

from __future__ import annotations

from collections.abc import Mapping

from desktop.widgets.fields import FormField, TextEdit
from desktop.wording.contact_numbers import national_doubt, national_hint, phone_doubt
from desktop.wording.plain import tr


class NumberDoubts:
    """Watches the fields it is given, by name. `problems` asks; the same text is not asked about a second time."""

    def __init__(
        self, country: str, phones: Mapping[str, FormField], nationals: Mapping[str, FormField]
    ) -> None:
        self._country, self._phones, self._nationals = country, dict(phones), dict(nationals)
        self._kept: dict[str, str] = {}
        for name, frame in (*self._phones.items(), *self._nationals.items()):
            if isinstance(frame.field, TextEdit):
                frame.field.textChanged.connect(lambda _text, name=name: self._look(name))
                self._look(name)

    def keep(self) -> None:
        """What stands in the fields now is on record: it is not asked about."""
        self._kept = {name: self._text(name) for name in (*self._phones, *self._nationals)}

    def problems(self) -> dict[str, str]:
        """The doubtful fields, once for each text: sent again as it is, it is kept."""
        found: dict[str, str] = {}
        for name in (*self._phones, *self._nationals):
            doubt, text = self._doubt(name), self._text(name)
            if doubt and self._kept.get(name) != text:
                found[name] = tr("{doubt} Save again to keep it.").format(doubt=doubt)
            self._kept[name] = text
        return found

    def _text(self, name: str) -> str:
        field = (self._phones | self._nationals)[name].field
        return field.text().strip() if isinstance(field, TextEdit) else ""

    def _doubt(self, name: str) -> str:
        text = self._text(name)
        return phone_doubt(text) if name in self._phones else national_doubt(self._country, text)

    def _look(self, name: str) -> None:
        """While typing, a quiet remark; a number half typed is not wrong."""
        if name in self._nationals:
            self._nationals[name].set_hint(national_hint(self._country, self._text(name)))
            return
        doubt = phone_doubt(self._text(name))
        self._phones[name].set_hint(doubt.partition(".")[0] + "." if doubt else "")
