"""What can stop a page from being made: each error says in plain words what is wrong and where.

The words are English, for the command line and a log. `code` and `values` say the same to whoever puts it into words of
another language.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

GLYPHS: Final[Mapping[str, str]] = {
    "turns-direction": "it is a hidden mark that turns the direction of the text",
    "control": "it is a control character",
    "right-to-left": "text that runs from right to left is not offered on paper",
    "no-font": "no bundled font has it",
    "mixed-scripts": "the word “{word}” mixes scripts that no one font has",
}
"""Why a character cannot be printed."""

FAULTS: Final[Mapping[str, str]] = {
    "unknown-name": "unknown placeholder {{{name}}}",
    "single-mark": "a single “{mark}” (write it twice to print it)",
    "bold-open": "** is opened and not closed",
    "value-unknown": "the value {name} is not known",
    "missing": "this text is missing",
    "unreadable": "it cannot be read ({why})",
    "no-version": "it is missing",
    "not-offered": "this letter is not offered in this language",
    "not-a-text": "only texts and lists of texts are allowed",
    "no-such-sentence": "there is no such sentence",
    "empty": "it is empty",
    "one-sentence": "it is one sentence and cannot be several lines",
    "too-long": "it is longer than {most} characters",
}
"""What can be wrong with the wording of a letter."""


class PaperError(Exception):
    """A letter or list cannot be made from what was given. `str()` is an English sentence for the person who asked."""

    def __init__(self, sentence: str, code: str = "", **values: object) -> None:
        self.code = code
        self.values = values
        super().__init__(sentence)

    def __reduce__(self) -> tuple[Any, ...]:
        """It goes from the process that draws to the window whole, whatever its class is made from."""
        return _again, (type(self), self.args, self.__dict__)


def _again(kind: type[PaperError], args: tuple[object, ...], state: Mapping[str, object]) -> PaperError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class GlyphError(PaperError):
    """A character that no bundled font draws, or that cannot be set rightly: never printed as a box."""

    def __init__(self, character: str, field: str, reason: str, **values: object) -> None:
        self.character = character
        self.field = field
        why, shown = GLYPHS[reason].format(**values), _shown(character)
        super().__init__(
            f"{field}: the character {shown} cannot be printed ({why}).",
            f"glyph-{reason}", field=field, character=shown, **values,
        )  # fmt: skip


class AddressError(PaperError):
    """The address does not fit the window of the envelope, at any readable size."""


class WordingError(PaperError):
    """The wording of a letter has a fault: names the file, the key and the fault (a code of `FAULTS`)."""

    def __init__(self, source: str, key: str, fault: str, **values: object) -> None:
        self.source = source
        self.key = key
        super().__init__(
            f"{source}, {key}: {FAULTS[fault].format(**values)}.",
            f"wording-{fault}", source=source, key=key, **values,
        )  # fmt: skip


class FactsMissingError(PaperError):
    """The letter asked for needs a fact that was not given (`fact` is its name)."""

    def __init__(self, kind: str, fact: str) -> None:
        self.kind = kind
        self.fact = fact
        super().__init__(
            f"The letter “{kind}” cannot be made: {fact} is not known.", "fact-missing", kind=kind, fact=fact
        )


def _shown(character: str) -> str:
    """The character with its code point, or the code point alone where it has no visible form."""
    code = f"U+{ord(character):04X}"
    return f"“{character}” ({code})" if character.isprintable() else code
