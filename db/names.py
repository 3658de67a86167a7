"""Names as they are kept and as they are looked for.

Kept: Unicode NFC, without control, bidirectional-override or other invisible format characters (they can
make one name look like another on screen and in print), runs of blanks made one. Looked for: without
diacritics, hyphens, apostrophes, blanks and case, so that "o'brien", "OBrien" and "O’Brien" find the same
person.
"""

from __future__ import annotations

import re
import unicodedata

_NOT_DECOMPOSED = str.maketrans(
    {"ø": "o", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ı": "i", "ħ": "h", "ŋ": "n"}
)
_WORD_BREAK = re.compile(r"[\s\-‐-―/,.()]+")
_ACCENT = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
_DIGITS = re.compile(r"\D+")
_JOINERS = frozenset("\u200c\u200d")  # needed to write Persian, Devanagari and other scripts
_FIRST_JOINED = "\u0600"  # the scripts that join begin here; between Latin, Greek or Cyrillic they only hide
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_BLANKS = frozenset({"Zs", "Zl", "Zp"})
_NEVER = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_MOST_MARKS = 4
"""Marks on one letter: no script needs more, and a heap of them writes over the lines above and below."""


def clean_name(text: str) -> str:
    """The name as it is kept: NFC, no control or invisible characters, single blanks, trimmed.

    Applying it again changes nothing.
    """
    cleaned, again = _cleaned(text), ""
    while cleaned != again:  # what is taken away may bring marks together that then compose
        cleaned, again = _cleaned(cleaned), cleaned
    return cleaned


def _cleaned(text: str) -> str:
    kept: list[str] = []
    marks = 0
    for mark in _UNSEEN.sub("", unicodedata.normalize("NFC", text)):
        kind = unicodedata.category(mark)
        if kind in _BLANKS or mark in "\t\n\r":
            kept.append(" ")
        elif mark in _JOINERS:
            if kept and kept[-1] >= _FIRST_JOINED and kept[-1] not in _JOINERS:
                kept.append(mark)
            continue
        elif kind in _NEVER:
            continue
        else:
            marks = marks + 1 if kind in {"Mn", "Me"} else 0
            if marks <= _MOST_MARKS:
                kept.append(mark)
    return unicodedata.normalize("NFC", " ".join("".join(kept).split())).strip("".join(_JOINERS))


def fold(text: str) -> str:
    """Letters and digits only, without marks or case: what a name or number is compared by."""
    if text.isascii():
        return text.casefold() if text.isalnum() else "".join(filter(str.isalnum, text.casefold()))
    bare = unicodedata.normalize("NFKD", text).casefold().translate(_NOT_DECOMPOSED)
    return "".join(mark for mark in unicodedata.normalize("NFKD", bare) if mark.isalnum() or _is_vowel(mark))


def _is_vowel(mark: str) -> bool:
    """A sign that makes another name of it (as in Devanagari), not an accent or an optional vowel point."""
    return unicodedata.category(mark) in {"Mn", "Mc"} and _ACCENT.match(mark) is None


def name_keys(surname: str, given: str) -> frozenset[str]:
    """Every key a person is found by.

    Each word of the name, each part joined, and surname+given both ways round.
    """
    whole_surname, whole_given = fold(surname), fold(given)
    words = (fold(word) for part in (surname, given) for word in _WORD_BREAK.split(part))
    keys = {*words, whole_surname, whole_given, whole_surname + whole_given, whole_given + whole_surname}
    return frozenset(key for key in keys if key)


def phone_key(text: str) -> str:
    """Digits of a telephone number; the leading zero or plus sign does not matter when looking."""
    return _DIGITS.sub("", text).lstrip("0")
