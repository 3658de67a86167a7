"""A clinic file in a synchronised folder or on a network drive is refused, unless somebody takes it upon them."""

from __future__ import annotations

import argparse
from pathlib import Path

from db.errors import Refused
from db.place import Place
from db.safe_place import UnsafePlace, look
from desktop.cli.status import Status, Stop
from desktop.wording import error_words

OPTION = "--allow-synced-folder"


def guard_place(place: Place, options: argparse.Namespace) -> UnsafePlace | None:
    """Stop with a sentence where a clinic file is not safe. With the option: what is to be put on record instead."""
    if not isinstance(place, Path):
        return None
    found = look(place)
    if found is None or getattr(options, "allow_synced_folder", False):
        return found
    sentence = error_words(Refused(found.kind))
    raise Stop(
        f"{place}: {found.what}. {sentence}\nTo open it there all the same, which is put on record: {OPTION}",
        Status.CANNOT_WRITE,
    )
