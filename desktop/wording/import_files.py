"""Why a whole file or message was refused: what it is, in words."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QT_TRANSLATE_NOOP

WHAT: Mapping[str, object] = {
    "pdf": QT_TRANSLATE_NOOP("imports", "a PDF document"),
    "zip": QT_TRANSLATE_NOOP("imports", "a ZIP archive"),
    "gzip": QT_TRANSLATE_NOOP("imports", "a packed file (gzip)"),
    "bzip2": QT_TRANSLATE_NOOP("imports", "a packed file (bzip2)"),
    "7-zip": QT_TRANSLATE_NOOP("imports", "a 7-Zip archive"),
    "rar": QT_TRANSLATE_NOOP("imports", "a RAR archive"),
    "xz": QT_TRANSLATE_NOOP("imports", "a packed file (xz)"),
    "zstandard": QT_TRANSLATE_NOOP("imports", "a packed file (Zstandard)"),
    "tar": QT_TRANSLATE_NOOP("imports", "a TAR archive"),
    "old-office": QT_TRANSLATE_NOOP("imports", "an old Office file (.xls or .doc); save it as .xlsx or CSV"),
    "picture": QT_TRANSLATE_NOOP("imports", "a picture"),
    "program": QT_TRANSLATE_NOOP("imports", "a program"),
    "database": QT_TRANSLATE_NOOP("imports", "a database"),
    "rtf": QT_TRANSLATE_NOOP("imports", "an RTF document"),
    "binary": QT_TRANSLATE_NOOP("imports", "a file without readable text"),
    "text": QT_TRANSLATE_NOOP("imports", "plain text"),
    "astm": QT_TRANSLATE_NOOP("imports", "an ASTM message of an analyser"),
    "ldt": QT_TRANSLATE_NOOP("imports", "an LDT file"),
    "gdt": QT_TRANSLATE_NOOP("imports", "a GDT file"),
    "edifact": QT_TRANSLATE_NOOP("imports", "an EDIFACT message"),
    "x12": QT_TRANSLATE_NOOP("imports", "an X12 message"),
    "hl7-without-head": QT_TRANSLATE_NOOP("imports", "part of an HL7 message without its head (MSH)"),
    "html": QT_TRANSLATE_NOOP("imports", "a web page"),
    "xml": QT_TRANSLATE_NOOP("imports", "an XML document, which is not read"),
}

REFUSED_PATHS: Mapping[str, object] = {
    "control-character": QT_TRANSLATE_NOOP("imports", "its name has a control character in it"),
    "network-share": QT_TRANSLATE_NOOP(
        "imports", "it lies on a network share; copy it to this computer first"
    ),
    "address": QT_TRANSLATE_NOOP("imports", "it is an address and not a file"),
    "parent-folder": QT_TRANSLATE_NOOP("imports", "its path leads out of its folder (..)"),
    "link": QT_TRANSLATE_NOOP("imports", "it is a link to another place"),
    "device": QT_TRANSLATE_NOOP("imports", "it is no file but a device or a pipe"),
    "name": QT_TRANSLATE_NOOP("imports", "its name cannot be a file's"),
}

FILES: Mapping[str, object] = {
    "empty-file": QT_TRANSLATE_NOOP("imports", "the file is empty"),
    "no-such-file": QT_TRANSLATE_NOOP("imports", "there is no such file"),
    "cannot-be-read": QT_TRANSLATE_NOOP("imports", "the file cannot be read: {why}"),
    "path-refused": QT_TRANSLATE_NOOP("imports", "it was not opened: {what}"),
    "not-results": QT_TRANSLATE_NOOP("imports", "this is {what}, not a result message"),
    "not-a-result": QT_TRANSLATE_NOOP("imports", "this is {kind}, not a result message"),
    "json-not-fhir": QT_TRANSLATE_NOOP("imports", "this is JSON, but no FHIR resource"),
    "broken-json": QT_TRANSLATE_NOOP("imports", "this is broken JSON (at {where})"),
    "duplicate-key": QT_TRANSLATE_NOOP("imports", "this is JSON that says the same thing twice"),
    "json-too-deep": QT_TRANSLATE_NOOP("imports", "this is JSON nested too deeply to be a result"),
    "message-too-large": QT_TRANSLATE_NOOP("imports", "the message has {bytes} bytes, more than {limit}"),
    "too-many-segments": QT_TRANSLATE_NOOP(
        "imports", "the message has {segments} segments, more than {limit}"
    ),
    "too-many-messages": QT_TRANSLATE_NOOP("imports", "the file has more than {limit} messages"),
    "file-too-large": QT_TRANSLATE_NOOP("imports", "the file has more than {limit} bytes"),
    "too-many-files": QT_TRANSLATE_NOOP(
        "imports", "the folder has more than {limit} files; the rest was not read"
    ),
    "archive-bomb": QT_TRANSLATE_NOOP("imports", "the workbook unpacks to far more than it should"),
    "broken-workbook": QT_TRANSLATE_NOOP("imports", "the workbook is damaged"),
    "broken-table": QT_TRANSLATE_NOOP("imports", "the table is damaged at row {row}"),
    "table-too-large": QT_TRANSLATE_NOOP("imports", "the table has more rows or columns than are read"),
    "no-rows": QT_TRANSLATE_NOOP("imports", "the table has no rows below its headings"),
    "no-heading": QT_TRANSLATE_NOOP("imports", "the table has no headings"),
    "mapping-needed": QT_TRANSLATE_NOOP("imports", "the columns of this table must be named first"),
    "mapping-guessed": QT_TRANSLATE_NOOP(
        "imports", "the meaning of the columns was guessed from their headings"
    ),
    "mapping-not-confirmed": QT_TRANSLATE_NOOP(
        "imports", "nobody has said yet what the columns of this table mean"
    ),
    "mapping-unusable": QT_TRANSLATE_NOOP(
        "imports", "the mapping of columns does not fit this table ({why} {where})"
    ),
    "no-value-column": QT_TRANSLATE_NOOP("imports", "no column with values was recognised"),
    "no-date-column": QT_TRANSLATE_NOOP("imports", "no column with the day of collection was recognised"),
    "no-patient-column": QT_TRANSLATE_NOOP(
        "imports", "no column with a patient's number or name was recognised"
    ),
    "date-order-unclear": QT_TRANSLATE_NOOP(
        "imports", "whether the day or the month comes first is not clear"
    ),
    "column-without-unit": QT_TRANSLATE_NOOP("imports", "no unit is known for the column {column}"),
    "reading-too-long": QT_TRANSLATE_NOOP("imports", "reading it took too long and was stopped"),
    "reading-too-large": QT_TRANSLATE_NOOP("imports", "reading it needed too much memory and was stopped"),
    "reading-broke": QT_TRANSLATE_NOOP("imports", "reading it broke down; nothing of it was taken"),
    "reading-not-possible": QT_TRANSLATE_NOOP("imports", "the reader could not be started"),
}
