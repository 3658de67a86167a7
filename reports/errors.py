"""What can stop a page from being made: each error says in plain words what is wrong and where."""

from __future__ import annotations


class PaperError(Exception):
    """A letter or list cannot be made from what was given. `str()` is a sentence for the person who asked."""


class GlyphError(PaperError):
    """A character that no bundled font draws, or that cannot be set rightly: never printed as a box."""

    def __init__(self, character: str, field: str, reason: str) -> None:
        self.character = character
        self.field = field
        super().__init__(f"{field}: the character {_shown(character)} cannot be printed ({reason}).")


class AddressError(PaperError):
    """The address does not fit the window of the envelope, at any readable size."""


class WordingError(PaperError):
    """The wording of a letter has a fault: names the file, the key and the fault."""

    def __init__(self, source: str, key: str, fault: str) -> None:
        self.source = source
        self.key = key
        super().__init__(f"{source}, {key}: {fault}.")


class FactsMissingError(PaperError):
    """The letter asked for needs a fact that was not given (`fact` is its name)."""

    def __init__(self, kind: str, fact: str) -> None:
        self.kind = kind
        self.fact = fact
        super().__init__(f"The letter “{kind}” cannot be made: {fact} is not known.")


def _shown(character: str) -> str:
    """The character with its code point, or the code point alone where it has no visible form."""
    code = f"U+{ord(character):04X}"
    return f"“{character}” ({code})" if character.isprintable() else code
