"""How easy a text is to read: sentence length, reading ease by the measure of its language, school grade in English.

English: Flesch reading ease and Flesch–Kincaid grade. Spanish: Fernández Huerta (1959). French: Kandel and Moles
(1958). All three give 100 for very easy and 0 for very hard; 70 is easily understood by a pupil of twelve. There is
no school grade with a source for Spanish and French, so none is given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

_SENTENCE = re.compile(r"[.!?:]+(?:\s+|$)")
_WORD = re.compile(r"[^\W\d_]+(?:[’'-][^\W\d_]+)*[’']?")
_VOWELS = re.compile(r"[aeiouy]+")
_SPANISH = re.compile(r"[iuü]?[aeoáéó][iuüy]?|[íú]|[iuü]+|y(?![a-zñáéíóú])")
_FRENCH = re.compile(r"[aeiouyàâäéèêëîïôöùûüœæ]+")
_FRENCH_SILENT = re.compile(r"(?<=[^aeiouyàâäéèêëîïôöùûü])(e|es|ent)$|(?<=[iéu])(e|es)$")


@dataclass(frozen=True, slots=True)
class Readability:
    """Reading ease (higher is easier), school grade (English, else None), words a sentence on average and at most."""

    ease: float
    grade: float | None
    average: float
    longest: int


def syllables(word: str) -> int:
    """Vowel groups of an English word; a silent final e, es or ed does not count."""
    bare = word.lower().replace("ae", "e").replace("oe", "e")
    count = len(_VOWELS.findall(bare))
    if re.search(r"[^aeiouyl](e|es|ed)$", bare) and not re.search(r"([td]ed|[csxz]es|ches|shes)$", bare):
        count -= 1
    return max(count, 1)


def spanish_syllables(word: str) -> int:
    """Syllables of a Spanish word: strong vowels stand alone, weak ones join them unless they carry the accent."""
    bare = re.sub(r"([gq])u(?=[eiéí])", r"\1", word.lower())
    return max(len(_SPANISH.findall(bare)), 1)


def french_syllables(word: str) -> int:
    """Syllables of a French word as read aloud: vowel groups, without a silent ending."""
    parts = re.split(r"[’'-]", word.lower())
    return max(sum(len(_FRENCH.findall(_FRENCH_SILENT.sub("", part))) for part in parts), 1)


_COUNT: Mapping[str, Callable[[str], int]] = {
    "en": syllables,
    "es": spanish_syllables,
    "fr": french_syllables,
}
_EASE: Mapping[str, tuple[float, float, float]] = {
    "en": (206.835, 1.015, 84.6),
    "es": (206.84, 1.02, 60.0),
    "fr": (207.0, 1.015, 73.6),
}
"""Constant, weight of words a sentence, weight of syllables a word."""


def measure(lines: Iterable[str], language: str = "en") -> Readability:
    """Readability of lines of text; a line end ends a sentence.

    ValueError for a text without words or a language that has no measure here.
    """
    if language not in _EASE:
        raise ValueError(f"there is no measure for {language}")
    sentences = [_WORD.findall(part) for line in lines for part in _SENTENCE.split(line)]
    counted = [words for words in sentences if words]
    if not counted:
        raise ValueError("there are no words to measure")
    words = [word for sentence in counted for word in sentence]
    average = len(words) / len(counted)
    weight = sum(map(_COUNT[language], words)) / len(words)
    constant, by_length, by_weight = _EASE[language]
    return Readability(
        ease=constant - by_length * average - by_weight * weight,
        grade=0.39 * average + 11.8 * weight - 15.59 if language == "en" else None,
        average=average,
        longest=max(map(len, counted)),
    )
