"""Keeps the catalogues of the window: `python docs/write_languages.py`.

Reads every text of `desktop/` that is shown through a translation call, brings `resources/languages/*.po` up to date
(new texts without a translation, texts that are gone taken out) and compiles each to the `.mo` the program reads. The
texts of the command line are left out: it prints English.
"""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "languages"
LANGUAGES = ("es", "fr")
CALLS = frozenset({"tr", "say", "_tr", "translate", "QT_TRANSLATE_NOOP", "QT_TR_NOOP"})
"""Names of the calls that show a text or mark it: with one argument the text, with more the text is the second."""
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
"""The day in the heads of the catalogues: the same texts give the same bytes."""


def texts() -> dict[str, set[str]]:
    """Every text the window shows, and the files it stands in."""
    found: dict[str, set[str]] = {}
    window = ROOT / "desktop"
    for file in sorted(window.rglob("*.py")):
        name = file.relative_to(window).as_posix()
        if name.startswith("cli/"):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            text = _text_of(node)
            if text and text.strip():
                found.setdefault(text, set()).add(f"desktop/{name}")
    return found


def _text_of(node: ast.AST) -> str | None:
    """The text of a translation call; None for any other code, and for a text only known when the program runs."""
    if not isinstance(node, ast.Call) or not node.args:
        return None
    name = getattr(node.func, "id", getattr(node.func, "attr", ""))
    said = node.args[0 if len(node.args) == 1 else 1]
    shown = name in CALLS and isinstance(said, ast.Constant) and isinstance(said.value, str)
    return str(getattr(said, "value", "")) if shown else None


def translated(language: str) -> dict[str, str]:
    """What the catalogue of a language says now; a text without a translation is not in it."""
    file = FOLDER / f"{language}.po"
    if not file.exists():
        return {}
    with file.open("rb") as handle:
        catalogue = read_po(handle, locale=language)
    return {str(one.id): str(one.string) for one in catalogue if one.id and one.string}


def catalogue(language: str, said: Mapping[str, str]) -> Catalog:
    """The catalogue of every text of today, by the text, with no clock in it: the same texts give the same bytes."""
    made = Catalog(
        locale=language, project="Replete", version="1", header_comment="# The texts of the window.", fuzzy=False,
        creation_date=LONG_AGO, revision_date=LONG_AGO, last_translator="Replete", language_team="Replete",
        msgid_bugs_address="Replete",
    )  # fmt: skip
    for text, files in sorted(texts().items()):
        made.add(text, said.get(text, ""), locations=[(file, 0) for file in sorted(files)])
    return made


def compiled(made: Catalog) -> bytes:
    """The catalogue as the program reads it."""
    kept = io.BytesIO()
    write_mo(kept, made)
    return kept.getvalue()


def main() -> int:
    """Write both forms of each language, and say what has no translation yet."""
    FOLDER.mkdir(exist_ok=True)
    missing = 0
    for language in LANGUAGES:
        made = catalogue(language, translated(language))
        with (FOLDER / f"{language}.po").open("wb") as handle:
            write_po(handle, made, width=120)
        (FOLDER / f"{language}.mo").write_bytes(compiled(made))
        without = [str(one.id) for one in made if one.id and not one.string]
        missing += len(without)
        for text in without:
            print(f"{language}: {text!r}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
