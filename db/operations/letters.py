"""Letters: the exact bytes kept, what became of each recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NewLetter:
    """A letter as composed. `letter_id` is the printed reference that `queries.letters.source` foretold.

    `recipient` is the name and address as printed, with role and person id where known; `text` is the letter
    as plain text for search; `sha256` is checked against `pdf`.
    """

    kind: str
    course_id: int
    patient_id: int
    recipient: Mapping[str, object]
    assessment_id: int | None
    pdf: bytes
    sha256: str
    pages: int
    wording_version: str
    text: str
    letter_id: str
