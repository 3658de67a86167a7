"""Why a laboratory result is held, refused, ignored or marked: a sentence a coordinator understands for each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from db.errors import Refused
from db.models import vocabulary as v
from desktop.wording.clinical import analyte_name
from desktop.wording.errors import error_words
from desktop.wording.import_files import FILES, REFUSED_PATHS, WHAT
from desktop.wording.import_states import STATES

if TYPE_CHECKING:
    from db.imports.records import Reason

tr = QCoreApplication.translate

_SENTENCES: Mapping[str, object] = {
    # who it is about
    "no-patient": QT_TRANSLATE_NOOP("imports", "the message names no patient"),
    "no-patient-number": QT_TRANSLATE_NOOP("imports", "no patient number was sent"),
    "no-patient-name": QT_TRANSLATE_NOOP("imports", "no patient name was sent"),
    "no-birth-date": QT_TRANSLATE_NOOP("imports", "no usable date of birth was sent"),
    "patient-not-in-file": QT_TRANSLATE_NOOP("imports", "its patient is not in the file"),
    # what was sent
    "delimiters-unclear": QT_TRANSLATE_NOOP("imports", "the message's own separators are not clear"),
    "characters-unclear": QT_TRANSLATE_NOOP(
        "imports", "some letters or signs cannot be read with certainty (character set)"
    ),
    "kind-unclear": QT_TRANSLATE_NOOP("imports", "the message does not say that it is a result message"),
    "result-before-order": QT_TRANSLATE_NOOP(
        "imports", "a result stands before any order it could belong to"
    ),
    "row-unclear": QT_TRANSLATE_NOOP(
        "imports", "the row has {cells} cells where the table has {columns} columns"
    ),
    "several-values": QT_TRANSLATE_NOOP("imports", "several values were sent for one result"),
    "value-and-reason": QT_TRANSLATE_NOOP(
        "imports", "a value was sent together with a reason why there is none"
    ),
    "report-withdrawn": QT_TRANSLATE_NOOP(
        "imports", "the laboratory withdrew or cancelled the report this result stands in"
    ),
    "no-observation": QT_TRANSLATE_NOOP("imports", "there is no result in it"),
    "wrapped-line": QT_TRANSLATE_NOOP("imports", "{lines} broken lines were put together again"),
    "batch-count": QT_TRANSLATE_NOOP("imports", "the batch says {said} messages, {found} are there"),
    "file-count": QT_TRANSLATE_NOOP("imports", "the file says {said} batches, {found} are there"),
    # what it means
    "not-followed": QT_TRANSLATE_NOOP("imports", "not a value that is followed here"),
    "not-laboratory": QT_TRANSLATE_NOOP("imports", "not a laboratory result"),
    "attachment": QT_TRANSLATE_NOOP("imports", "an attached document, kept with the message"),
    "attachment-broken": QT_TRANSLATE_NOOP(
        "imports", "the attached document is damaged; kept as it was sent"
    ),
    "pointer": QT_TRANSLATE_NOOP("imports", "a pointer to a document elsewhere, which is not opened"),
    "no-value": QT_TRANSLATE_NOOP("imports", "no value was sent"),
    "no-value-sent": QT_TRANSLATE_NOOP("imports", "the laboratory gave no value: {why}"),
    "other-specimen": QT_TRANSLATE_NOOP("imports", "not measured in blood"),
    "share-not-followed": QT_TRANSLATE_NOOP("imports", "a share in per cent, not the count that is followed"),
    "code-not-mapped": QT_TRANSLATE_NOOP(
        "imports", "the laboratory's own test is not known here yet; it may be {near}"
    ),
    "code-not-known": QT_TRANSLATE_NOOP("imports", "the code {code} is not known here, the name says {name}"),
    "code-and-name-disagree": QT_TRANSLATE_NOOP(
        "imports", "the code says {code}, the name says {name} ({text})"
    ),
    "names-disagree": QT_TRANSLATE_NOOP("imports", "its names say {one} and {other}"),
    "analyte-by-name": QT_TRANSLATE_NOOP("imports", "recognised by its name, not by a code"),
    "name-not-known": QT_TRANSLATE_NOOP("imports", "recognised by its code; the name is not known here"),
    # the value
    "unit-missing": QT_TRANSLATE_NOOP("imports", "no unit was sent for {analyte}"),
    "unit-unknown": QT_TRANSLATE_NOOP("imports", "the unit {unit} is not known for {analyte}"),
    "units-disagree": QT_TRANSLATE_NOOP("imports", "two units were sent that differ: {one} and {other}"),
    "unit-doubtful": QT_TRANSLATE_NOOP(
        "imports", "{value} {unit} is unlikely for {analyte}; {meant} may be meant"
    ),
    "implausible": QT_TRANSLATE_NOOP("imports", "{value} {unit} cannot be true for {analyte}"),
    "unusual": QT_TRANSLATE_NOOP("imports", "{value} {unit} is unusual for {analyte}"),
    "number-unclear": QT_TRANSLATE_NOOP("imports", "it is not clear which number is meant by “{sent}”"),
    "text-too-long": QT_TRANSLATE_NOOP("imports", "a long text was sent in place of a value: “{sent} …”"),
    "comparator-unusual": QT_TRANSLATE_NOOP(
        "imports", "the sign {comparator} before the number needs a look"
    ),
    "corrected-to-nothing": QT_TRANSLATE_NOOP("imports", "a correction without a value"),
    "number-in-text": QT_TRANSLATE_NOOP("imports", "the number was sent as text"),
    "comparator-in-number": QT_TRANSLATE_NOOP("imports", "the number was sent with a sign before it"),
    "remark-in-number": QT_TRANSLATE_NOOP("imports", "a remark was sent with the number"),
    "repeated-value": QT_TRANSLATE_NOOP("imports", "several values were sent in one place"),
    "decimal-comma": QT_TRANSLATE_NOOP("imports", "the comma was read as a decimal point"),
    # when, and how final
    "no-collection-time": QT_TRANSLATE_NOOP("imports", "the day the sample was taken was not sent"),
    "obx14-late": QT_TRANSLATE_NOOP("imports", "another time was sent with the value: {sent}"),
    "date-unclear": QT_TRANSLATE_NOOP("imports", "the date {sent} is not one certain day"),
    "status-missing": QT_TRANSLATE_NOOP("imports", "whether it is final was not sent"),
    "status-unknown": QT_TRANSLATE_NOOP("imports", "the status {sent} is not known"),
    **FILES,
}

_ANALYTES = ("near", "analyte", "name", "one", "other")
"""Values of a sentence that may name a test by its code."""


def reason_text(reason: Reason) -> str:
    """The reason as a sentence without a full stop; a code that has no sentence is shown as it is."""
    sentence = _SENTENCES.get(reason.code) or STATES.get(reason.code)
    if sentence is None:  # a refusal of the record, which has its words elsewhere
        return error_words(Refused(reason.code, **dict(reason.values))).rstrip(".")
    values = dict(reason.values)
    for name, table in (("what", REFUSED_PATHS if reason.code == "path-refused" else WHAT),):
        if values.get(name) in table:
            values[name] = tr("imports", str(table[values[name]]))
    for name in _ANALYTES if reason.code != "code-and-name-disagree" else (*_ANALYTES, "code"):
        if values.get(name) in v.ANALYTES:
            values[name] = _inside(analyte_name(values[name]))
    if reason.code == "not-a-result":
        values["kind"] = _kind(values.get("kind", ""))
    return _Filled(values).fill(tr("imports", str(sentence)))


def _inside(name: str) -> str:
    """A name as it stands inside a sentence: "ferritin", and "CRP" as ever."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def _kind(kind: str) -> str:
    """`ADT^A01` as `an ADT message`."""
    name = kind.split("^")[0] or "unnamed"
    words = (
        tr("imports", "an {name} message")
        if name[:1] in "AEFHILMNORSX"
        else tr("imports", "a {name} message")
    )
    return words.format(name=name)


class _Filled(dict[str, str]):
    """Values of a sentence; what was not given is left out."""

    def __missing__(self, key: str) -> str:
        return "…"

    def fill(self, sentence: str) -> str:
        """The sentence with its values."""
        return sentence.format_map(self)
