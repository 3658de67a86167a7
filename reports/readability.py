"""How easy a text is to read: sentence length, Flesch reading ease, Flesch–Kincaid grade (English)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_SENTENCE = re.compile(r"[.!?:]+(?:\s+|$)")
_WORD = re.compile(r"[A-Za-z][A-Za-z’'-]*")
_VOWELS = re.compile(r"[aeiouy]+")


@dataclass(frozen=True, slots=True)
class Readability:
    """Flesch reading ease (higher is easier), school grade, words a sentence on average and at most."""

    ease: float
    grade: float
    average: float
    longest: int


def syllables(word: str) -> int:
    """Vowel groups of an English word; a silent final e, es or ed does not count."""
    bare = word.lower().replace("ae", "e").replace("oe", "e")
    count = len(_VOWELS.findall(bare))
    if re.search(r"[^aeiouyl](e|es|ed)$", bare) and not re.search(r"([td]ed|[csxz]es|ches|shes)$", bare):
        count -= 1
    return max(count, 1)


def measure(lines: Iterable[str]) -> Readability:
    """Readability of lines of text; a line end ends a sentence. ValueError for a text without words."""
    sentences = [_WORD.findall(part) for line in lines for part in _SENTENCE.split(line)]
    counted = [words for words in sentences if words]
    if not counted:
        raise ValueError("there are no words to measure")
    words = [word for sentence in counted for word in sentence]
    average = len(words) / len(counted)
    weight = sum(map(syllables, words)) / len(words)
    return Readability(
        ease=206.835 - 1.015 * average - 84.6 * weight,
        grade=0.39 * average + 11.8 * weight - 15.59,
        average=average,
        longest=max(map(len, counted)),
    )
