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


def clean_name(text: str) -> str:
    """The name as it is kept: NFC, no control or invisible format characters, single blanks, trimmed."""
    kept = (
        " " if unicodedata.category(mark) in {"Zs", "Zl", "Zp"} or mark in "\t\n\r" else mark
        for mark in unicodedata.normalize("NFC", text)
        if unicodedata.category(mark) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
        or mark in _JOINERS
        or mark in "\t\n\r"
    )
    return unicodedata.normalize("NFC", " ".join("".join(kept).split()))


def fold(text: str) -> str:
    """Letters and digits only, without marks or case: what a name or number is compared by."""
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
