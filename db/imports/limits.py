"""How much of a foreign file is read: beyond it the file, or the one message, is refused with a reason."""

from __future__ import annotations

from typing import Final

MESSAGE_BYTES: Final = 1_000_000
"""One message, FHIR document or table row: no laboratory report is longer, and a longer one is no report."""

MESSAGE_SEGMENTS: Final = 500
"""Segments of one HL7 message."""

FILE_BYTES: Final = 50_000_000
"""One file: a batch of about 50,000 results."""

FILE_MESSAGES: Final = 50_000

JSON_DEPTH: Final = 60
"""Levels of brackets in a JSON document; FHIR needs about twelve."""

TABLE_ROWS: Final = 100_000
TABLE_COLUMNS: Final = 300
CELL_CHARACTERS: Final = 10_000

XLSX_UNPACKED_BYTES: Final = 200_000_000
XLSX_RATIO: Final = 200
"""An XLSX that unpacks to more than this many times its size is a bomb."""

FIELD_CHARACTERS: Final = 200
"""A name, number or code is cut off for the report beyond this; the raw message keeps all of it."""

JSON_BYTES: Final = 20_000_000
"""One JSON document; it takes about ten times its size in memory."""
