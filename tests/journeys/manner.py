"""In which language and which light a journey is lived."""

from __future__ import annotations

import os
from typing import NamedTuple

from desktop.theme import Scheme


class Manner(NamedTuple):
    """In which language and which light a journey is lived."""

    language: str
    scheme: Scheme


ENGLISH = Manner("en", "light")

HERE = Manner(
    os.environ.get("REPLETE_LANGUAGE") or "en",
    "dark" if os.environ.get("REPLETE_SCHEME") == "dark" else "light",
)
"""`REPLETE_LANGUAGE=es` and `REPLETE_SCHEME=dark` say how every journey is lived: in English, in the light."""

BOTH = [HERE] if HERE != ENGLISH else [HERE, Manner("es", "dark")]
"""English in the light and Spanish in the dark, for `parametrize("manner", BOTH, ids=called)`."""

SAME_EVERYWHERE = frozenset({"PDF"})
"""Texts a catalogue leaves as they are in English."""


def called(manner: Manner) -> str:
    """The manner in a word, for the name of a test and of its pictures."""
    return "-".join(manner)
