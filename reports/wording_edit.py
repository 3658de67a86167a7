"""A clinic's own words for a letter: sentences laid over those of the program, checked before they are kept.

What a clinic changes is kept as TOML that holds the changed sentences alone, so that new sentences of a later program
still arrive. A sentence can be changed, not invented: its key, and whether it is one text or several, stay.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reports.errors import WordingError
from reports.wording import Wording, allowed_in, flatten, load_wording, parse_wording
from resources import read_text

LONGEST = 2000
"""Characters of one sentence."""
OFFERED: Mapping[str, tuple[str, ...]] = {
    "patient-results": ("en", "es", "fr"),
    "patient-appointment": ("en", "es", "fr"),
    "reminder-1": ("en", "es", "fr"),
    "reminder-2": ("en", "es", "fr"),
    "repeat-infusion": ("en", "es", "fr"),
    "not-reached": ("en", "es", "fr"),
    "phosphate-check": ("en", "es", "fr"),
    "discharge": ("en", "es", "fr"),
    "referral": ("en",),
    "result-and-plan": ("en",),
    "lab-request": ("en",),
}
"""Kinds of letters with the languages each is written in."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """What can be changed: its texts now, whether it is only one, what it may name, whether the clinic changed it."""

    key: str
    texts: tuple[str, ...]
    single: bool
    placeholders: tuple[str, ...]
    changed: bool


def wording_of(language: str, kind: str, own: str | None) -> Wording:
    """The wording with the clinic's own sentences over it. WordingError names the fault."""
    base = load_wording(language, kind)
    return base if own is None else parse_wording(language, kind, own, base)


def sentences(language: str, kind: str, own: str | None) -> dict[str, Sentence]:
    """Every sentence of a kind of letter that can be changed, by key, in the order of the file."""
    changed = _texts(own) if own else {}
    made = {}
    for key, (texts, single) in _bundled(language, kind).items():
        now = changed.get(key, (texts, single))[0]
        names = tuple(sorted(allowed_in(key)))
        made[key] = Sentence(key, now, single, names, key in changed)
    return made


def with_sentence(language: str, kind: str, own: str | None, key: str, texts: Sequence[str]) -> str:
    """The clinic's words with one sentence changed, under a new number.

    WordingError for an unknown sentence, an unknown placeholder, broken markup or an empty text; GlyphError for a
    character that cannot be printed.
    """
    from reports.fonts import printable  # ReportLab, loaded with the first page or edit

    known = _bundled(language, kind)
    source = f"{language}/{kind}"
    if key not in known:
        raise WordingError(source, key, "no-such-sentence")
    cleaned = tuple(text.strip() for text in texts if text.strip())
    if not cleaned:
        raise WordingError(source, key, "empty")
    if known[key][1] and len(cleaned) > 1:
        raise WordingError(source, key, "one-sentence")
    for text in cleaned:
        if len(text) > LONGEST:
            raise WordingError(source, key, "too-long", most=LONGEST)
        printable(text, key)
    changed = {**_texts(own), key: (cleaned, known[key][1])} if own else {key: (cleaned, known[key][1])}
    made = _dump(_number(own) + 1, changed)
    wording_of(language, kind, made)
    return made


def without_sentence(own: str, key: str) -> str:
    """The clinic's words without one sentence: that of the program holds again."""
    return _dump(_number(own) + 1, {name: value for name, value in _texts(own).items() if name != key})


def _bundled(language: str, kind: str) -> dict[str, tuple[tuple[str, ...], bool]]:
    load_wording(language, kind)
    return _texts(read_text(f"letters/{language}/{kind}.toml"))


def _texts(toml: str) -> dict[str, tuple[tuple[str, ...], bool]]:
    """Texts by key, and whether each is a single one."""
    document = tomllib.loads(toml)
    document.pop("version", None)
    document.pop("extends", None)
    lists = {key for key, several in _kinds_of(document) if several}
    return {key: (texts, key not in lists) for key, texts in flatten(document, "wording")}


def _kinds_of(table: Mapping[str, object], prefix: str = "") -> list[tuple[str, bool]]:
    found = []
    for name, value in table.items():
        if isinstance(value, dict):
            found += _kinds_of(value, f"{prefix}{name}.")
        else:
            found.append((f"{prefix}{name}", isinstance(value, list)))
    return found


def _number(own: str | None) -> int:
    """The number of the clinic's words so far."""
    version = str(tomllib.loads(own).get("version", "")) if own else ""
    return int(version.rsplit(" ", 1)[-1]) if version.rsplit(" ", 1)[-1].isdigit() else 0


def _dump(number: int, texts: Mapping[str, tuple[tuple[str, ...], bool]]) -> str:
    """TOML of the changed sentences."""
    lines = [f'version = "clinic {number}"']
    for key in sorted(texts):
        said, single = texts[key]
        quoted = [json.dumps(text, ensure_ascii=False) for text in said]
        path = ".".join(json.dumps(part, ensure_ascii=False) for part in key.split("."))
        lines.append(f"{path} = {quoted[0] if single else '[' + ', '.join(quoted) + ']'}")
    return "\n".join(lines) + "\n"
