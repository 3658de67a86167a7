"""The page on the design says what the program does: its sizes of type, its colours, and pictures that are there."""

from __future__ import annotations

import re
from pathlib import Path

from desktop.theme import tokens, typeface

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "design.md").read_text(encoding="utf-8")
LARGEST = 400 * 1024
"""Bytes of a picture."""


def test_every_size_of_type_is_named_as_it_is() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \| (\d+) \|", PAGE, re.MULTILINE)
    assert {name: (int(px), int(weight)) for name, px, weight in rows} == {
        name: (role.size, role.weight) for name, role in typeface.ROLES.items()
    }


def test_every_colour_it_names_is_there() -> None:
    named = set(re.findall(r"`([a-z]+[0-9]?|on_accent)`", PAGE)) - set(typeface.ROLES)
    families = {name.split("_")[0] for name in tokens.LIGHT}
    assert named
    assert named <= set(tokens.LIGHT) | families
    assert {"rail", "list", "page", "panel", "line", "edge", "accent", "tint", "hover", "key"} <= named


def test_its_pictures_are_there_and_small() -> None:
    pictures = re.findall(r"\]\((.+?\.png)\)", PAGE)
    assert len(pictures) == 6
    for name in pictures:
        assert 20_000 < (DOCS / name).stat().st_size < LARGEST, name
