"""Wording of letters: read from data, checked when read, filled with values that are never taken for markup.

A text may say `{placeholder}` and `**important**`; `{{` and `}}` stand for braces. Each section of a file
allows its own placeholders; an unknown one is refused with the file and the key. In lists, a sentence one of
whose values is unknown is left out; a single text is not.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from reports.blocks import Span, Text, plain
from reports.errors import WordingError
from resources import read_text

Values = Mapping[str, str | None]

GENERAL = frozenset(
    {
        "clinic", "doses", "email", "given", "given_mg", "last_infusion", "made_on", "need_mg", "owed_mg",
        "patient", "phone", "product", "protocol", "share", "surname", "window_closes", "window_opens",
    }
)  # fmt: skip
"""Placeholders that any sentence may use."""

BY_SECTION: Mapping[str, frozenset[str]] = {
    "action": frozenset({"due", "owner", "dose", "to", "tests", "products"}),
    "because": frozenset({"what", "value", "collected", "test", "limit"}),
    "analyte": frozenset({"value", "unit", "limit"}),
    "level": frozenset({"value", "unit", "limit"}),
    "appointment": frozenset({"on", "time", "place", "opens", "closes", "tests", "dose"}),
    "page": frozenset({"page", "pages"}),
    "date": frozenset({"day", "month", "year", "weekday"}),
    "reference": frozenset({"number", "birth_date"}),
    "chart": frozenset({"series", "count", "first_day", "last_day"}),
    "trend": frozenset({"amount"}),
    "note": frozenset({"decided_by"}),
    "list": frozenset({"as_at", "filters", "row", "rows", "last_import", "printed_by", "audit_head"}),
}
"""Placeholders that the sentences of one section may use besides."""

_UNIT_AFTER_VALUE = re.compile(r"\} (?=(mg|%)(\W|$))")
"""A number and its unit stay on one line."""
_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|\*\*|[{}]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A literal run or a placeholder, with its weight."""

    text: str
    placeholder: bool
    bold: bool


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence with places to fill."""

    pieces: tuple[Piece, ...]
    placeholders: frozenset[str] = field(init=False)
    """Names of the values it needs."""

    def __post_init__(self) -> None:
        named = frozenset(piece.text for piece in self.pieces if piece.placeholder)
        object.__setattr__(self, "placeholders", named)

    def fill(self, values: Values) -> Text:
        """The sentence with its values; a value is text and nothing else. KeyError for an unknown value."""
        spans = []
        for piece in self.pieces:
            words = values.get(piece.text) if piece.placeholder else piece.text
            if words is None:
                raise KeyError(piece.text)
            spans.append(Span(words, piece.bold))
        return tuple(spans)


def parse_template(text: str, allowed: frozenset[str], source: str, key: str) -> Template:
    """Read one sentence. WordingError for an unknown placeholder, a lone brace or an unclosed `**`."""
    text = _UNIT_AFTER_VALUE.sub("}\u00a0", text)
    pieces: list[Piece] = []
    bold = False
    end = 0
    for match in _TOKEN.finditer(text):
        if match.start() > end:
            pieces.append(Piece(text[end : match.start()], placeholder=False, bold=bold))
        end = match.end()
        mark = match.group()
        if mark == "**":
            bold = not bold
        elif mark in ("{{", "}}"):
            pieces.append(Piece(mark[0], placeholder=False, bold=bold))
        elif match.group(1) is not None:
            if match.group(1) not in allowed:
                raise WordingError(source, key, "unknown-name", name=match.group(1))
            pieces.append(Piece(match.group(1), placeholder=True, bold=bold))
        else:
            raise WordingError(source, key, "single-mark", mark=mark)
    if bold:
        raise WordingError(source, key, "bold-open")
    if end < len(text):
        pieces.append(Piece(text[end:], placeholder=False, bold=False))
    return Template(tuple(pieces))


@dataclass(frozen=True, slots=True)
class Wording:
    """All sentences of one kind of letter in one language; a key is a path, as `outcome.responded.news`."""

    language: str
    kind: str
    version: str
    texts: Mapping[str, tuple[Template, ...]]

    def has(self, key: str) -> bool:
        """True where the key has a text."""
        return key in self.texts

    def line(self, key: str, values: Values) -> Text:
        """The one text of a key. WordingError where it is missing or a value it needs is unknown."""
        template = self._templates(key)[0]
        try:
            return template.fill(values)
        except KeyError as missing:
            raise WordingError(self._source, key, "value-unknown", name=missing.args[0]) from None

    def words(self, key: str, values: Values | None = None) -> str:
        """The text of a key without weight."""
        return plain(self.line(key, values or {}))

    def lines(self, key: str, values: Values) -> tuple[Text, ...]:
        """Every text of a key whose values are all known, in order."""
        return tuple(
            template.fill(values)
            for template in self._templates(key)
            if all(values.get(name) is not None for name in template.placeholders)
        )

    def nth(self, key: str, index: int) -> str:
        """One text of a list that needs no values, as the name of a month; counted from 0, without weight."""
        return plain(self._templates(key)[index].fill({}))

    @property
    def _source(self) -> str:
        return f"{self.language}/{self.kind}"

    def _templates(self, key: str) -> tuple[Template, ...]:
        if key not in self.texts:
            raise WordingError(self._source, key, "missing")
        return self.texts[key]


def parse_wording(language: str, kind: str, toml: str, base: Wording | None = None) -> Wording:
    """Read the wording of one kind from TOML; what it does not say is taken from `base`.

    Without a base, the file may name one (`extends`). WordingError names the file and the key of a fault: no
    version, broken TOML, unknown placeholder, wrong markup.
    """
    source = f"{language}/{kind}"
    try:
        document = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as fault:
        raise WordingError(source, "file", "unreadable", why=str(fault)) from None
    version = document.pop("version", None)
    if not isinstance(version, str) or not version:
        raise WordingError(source, "version", "no-version")
    extends = document.pop("extends", None)
    texts = {
        key: tuple(parse_template(text, allowed_in(key), source, key) for text in values)
        for key, values in flatten(document, source)
    }
    if base is None and isinstance(extends, str):
        base = load_wording(language, extends)
    if base is None:
        return Wording(language, kind, f"{source} {version}", texts)
    return Wording(language, kind, f"{source} {version}, {base.version}", {**base.texts, **texts})


@cache
def load_wording(language: str, kind: str) -> Wording:
    """The bundled wording of a kind of letter. WordingError where the language or the kind is not offered."""
    try:
        toml = read_text(f"letters/{language}/{kind}.toml")
    except (FileNotFoundError, ValueError):
        raise WordingError(f"{language}/{kind}", "file", "not-offered") from None
    return parse_wording(language, kind, toml)


def allowed_in(key: str) -> frozenset[str]:
    """Placeholders that the sentence of a key may use."""
    return GENERAL | BY_SECTION.get(key.split(".", 1)[0], frozenset())


def flatten(
    table: Mapping[str, object], source: str, prefix: str = ""
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every text with its path; a list is several sentences under one path."""
    for name, value in table.items():
        key = f"{prefix}{name}"
        if isinstance(value, str):
            yield key, (value,)
        elif isinstance(value, list) and all(isinstance(item, str) for item in value):
            yield key, tuple(value)
        elif isinstance(value, dict):
            yield from flatten(value, source, f"{key}.")
        else:
            raise WordingError(source, key, "not-a-text")
