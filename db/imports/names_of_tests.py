"""The names laboratories give their tests: which analyte a name is exactly, speaks for, or speaks against."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Final

from clinical import analytes
from clinical.protocol.analytes import level_name
from db.imports.names_elsewhere import NAMES

if TYPE_CHECKING:
    from clinical.protocol import Protocol

_LONG_NAME = re.compile(
    r"\s*\[.*?\].*$|\s+(?:SerPl|Ser/Plas|Bld|Plas|Ser)-\w+$"
    r"|\s+in\s+(?:venous |arterial |capillary )?(?:blood|serum|plasma).*$",
    re.I,
)
_PLACE = re.compile(
    r"\s*[,(]?\s*\b(?:serum|plasma|blood|bld|ser|plas|ven|venous|whole blood|(?:en|im|in|no|au|nel|i)[\s.]+"
    r"(?:sangre|suero|plasma|serum|blut|bloed|sangue|soro|sang|siero|s))\b[\s)./]*$",
    re.I,
)
_SAID_BESIDES = re.compile(
    r"\s*[,(-]?\s*\b(?:levels?|estimation|measurement|assay|result|observation)\b[\s)./]*$", re.I
)
"""Words that add nothing. `concentration` is none of them: with it the mean cell haemoglobin is another quantity."""
_LEADING = re.compile(
    r"^\s*(?:(?:venous |whole )?blood|serum|plasma|serum/plasma|[spbfSPBF](?=-))[\s\-_.:,]+", re.I
)
_ELSEWHERE = re.compile(
    r"\b(?:urine|urin|harn\w*|orina|urina|urines?|urinalysis|urin[ae]status|ur|u24|24h?u|csf|cerebrospinal|liquor|stool|stuhl|faeces|feces|fecal|saliva|"
    r"sweat|dialysate|dialysis fluid|pleural|ascit\w*|peritoneal|synovial|amniotic|body fluid|semen|hair|"
    r"dried blood spot|milk)\b",
    re.I,
)
_OF_BLOOD = re.compile(r"\b(?:whole|blood|serum|plasma|full|blut|sangre|sang|sangue|bloed)\b", re.I)
_OCCULT = re.compile(r"\b(?:occult blood|occult|sang occulte|sangre oculta|okkultes blut)\b", re.I)
_WORD = re.compile(r"[^\W_]+")
_OFFICIAL: Final = {
    "iron satn": "transferrin-saturation",
    "iron sat": "transferrin-saturation",
    "fe sat": "transferrin-saturation",
    "transferrin satn": "transferrin-saturation",
    "hemoglobin entitic mass in reticulocytes": "reticulocyte-haemoglobin",
    "hgb retic": "reticulocyte-haemoglobin",
    "white blood cell": "wbc",
    "red blood cell": "rbc",
    "platelet": "platelets",
    "hemoglobin a1c": "",
    "haemoglobin a1c": "",
    "glycated haemoglobin": "",
    "mean cell haemoglobin concentration": "",
    "mean cell hemoglobin concentration": "",
    "mean corpuscular haemoglobin concentration": "",
    "mean corpuscular hemoglobin concentration": "",
}
"""Words of LOINC's own and other usual names that are no spelling of the protocol; empty for what is not followed."""
_SHORTEST: Final = 4
"""A spelling shorter than this (`fe`, `ca`, `hb`) is found only as a whole name, never inside one."""


class Names:
    """Names against one protocol; what was asked once is remembered as long as the file is read."""

    def __init__(self, protocol: Protocol) -> None:
        self._protocol = protocol
        spellings = {spelling: analyte.name for spelling, analyte in protocol.analytes.by_spelling.items()}
        spellings |= {level_name(words): name for words, name in _OFFICIAL.items()}
        followed = protocol.analytes.by_name  # a protocol may follow fewer than have names elsewhere
        spellings = {word: name for word, name in _elsewhere() if not name or name in followed} | spellings
        self._exact = spellings
        self._long = sorted(
            (pair for pair in spellings.items() if len(pair[0]) >= _SHORTEST), key=lambda pair: -len(pair[0])
        )

    def by_loinc(self, code: str) -> str | None:
        """The analyte of a LOINC code, or None."""
        return analytes.by_loinc(code, self._protocol)

    def exact(self, text: str) -> str | None:
        """The analyte that is called exactly this, also behind LOINC's long form and with its specimen."""
        text = text[:200]
        for form in _forms(text):
            name = self._exact.get(level_name(form)) if form.strip() else None
            if name is not None:
                return name or None
        return None

    def of_other_tests(self, texts: list[str]) -> set[str]:
        """The names that are exactly another test's, one that is not followed: glycated haemoglobin, free calcium."""
        forms = ((text, form) for text in texts for form in _forms(text[:200]))
        return {text for text, form in forms if form.strip() and self._exact.get(level_name(form)) == ""}

    def inside(self, text: str) -> set[str]:
        """Analytes whose longest spelling stands inside a name as whole words."""
        words = f" {' '.join(level_name(word) for word in _WORD.findall(text[:200]))} "
        joined = words.replace(" ", "")
        found: set[str] = set()
        for spelling, name in self._long:
            if spelling in joined and _as_words(spelling, words):
                found |= {name} - {""}
                joined = joined.replace(spelling, "")
                words = _without(words, spelling)
        return found

    def speaks_for(self, analyte: str, texts: list[str]) -> bool:
        """Whether one of the names has a spelling of this analyte in it."""
        return any(analyte in self.inside(text) for text in texts)

    def spoken_against(self, analyte: str, texts: list[str]) -> set[str]:
        """Other analytes that the names speak of, when none of them speaks of this one."""
        spoken = {name for text in texts for name in self.inside(text)}
        return set() if analyte in spoken else spoken

    def near(self, texts: list[str]) -> str:
        """An analyte that a name may mean, for asking the clinic; empty when there is none."""
        spoken = sorted({name for text in texts for name in self.inside(text)})
        return spoken[0] if len(spoken) == 1 else ""

    def other_specimen(self, specimen: str, texts: list[str], order: str = "") -> bool:
        """Whether it was measured in something other than blood: urine, stool, fluids.

        What the order is called counts where no specimen is named and the order speaks of nothing else besides:
        `Haemoglobin: negative` under a urinalysis is none of the blood's.
        """
        if order and not specimen and _ELSEWHERE.search(order):
            besides = _OCCULT.sub(" ", order)
            return not any(_OF_BLOOD.search(text) for text in (besides, *texts))
        if specimen and (
            _ELSEWHERE.search(specimen) or specimen.strip().upper() in ("UR", "U", "CSF", "STL", "SAL")
        ):
            return True
        return any(_ELSEWHERE.search(text) for text in texts)


@cache
def _elsewhere() -> tuple[tuple[str, str], ...]:
    """The names of other countries and laboratories, levelled, with what they mean."""
    return tuple((level_name(word), name) for name, words in NAMES.items() for word in words.split("|"))


def _forms(text: str) -> Iterator[str]:
    """A name as sent, then without what LOINC and laboratories say besides the analyte."""
    yield text
    short = _LONG_NAME.sub("", text)
    yield short
    for _ in range(3):
        shorter = _LEADING.sub("", _SAID_BESIDES.sub("", _PLACE.sub("", short)))
        if shorter == short:
            return
        short = shorter
        yield short


def _as_words(spelling: str, words: str) -> bool:
    """Whether the levelled spelling is made of whole words of the name, beside each other."""
    parts = words.split()
    for start in range(len(parts)):
        joined = ""
        for part in parts[start:]:
            joined += part
            if joined == spelling:
                return True
            if len(joined) >= len(spelling):
                break
    return False


def _without(words: str, spelling: str) -> str:
    parts = words.split()
    for start in range(len(parts)):
        for end in range(start + 1, len(parts) + 1):
            if "".join(parts[start:end]) == spelling:
                return f" {' '.join([*parts[:start], '/', *parts[end:]])} "
    return words
