"""Findings in words: value, change, cut-off, date and source of every figure an assessment rests on.

A finding with a known code gets a plain label; one without is labelled by what was measured, so that a rule
added later is never hidden. Nothing is compared here: the test a figure meets comes with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from clinical.outcome import Assessment, Because, Finding, Outcome
from desktop.widgets.explain_card import figures
from desktop.widgets.explain_card.finding_labels import CHECKED, LABELS, RESPONSES, TESTED
from desktop.widgets.explain_card.sentences import say
from desktop.widgets.marks import Status
from desktop.wording import number, short_date
from desktop.wording.sources import short_source

CHANGE = "change"
"""Name under which a finding carries the difference to the baseline, always last."""
SHARES = frozenset({"dose-ratio"})
RESPONSE = "response"


@dataclass(frozen=True, slots=True)
class FindingLine:
    """One line of the findings.

    `mark` SPEAKS speaks for an outcome, PLANNED (a ring) would with a test that is missing, NOTE asks for
    attention, DONE was checked and is not the cause.
    """

    mark: Status
    label: str
    value: str
    change: str
    cut_off: str
    day: str
    source: str

    def spoken(self) -> str:
        """The line as one sentence for a screen reader."""
        parts = (self.label, self.value, self.change, self.cut_off, self.day, self.source)
        return ", ".join(part for part in parts if part)


def finding_lines(assessment: Assessment) -> tuple[FindingLine, ...]:
    """Every finding: those of the outcome, of contributing ones, what asks for attention, what was checked.

    A figure that two findings share is shown once, with the first.
    """
    seen: set[tuple[object, ...]] = set()
    lines: list[FindingLine] = []
    for finding in sorted(assessment.findings, key=lambda one: _weight(one, assessment)):
        lines += _lines(finding, assessment.as_of, seen)
    return tuple(lines)


def _weight(finding: Finding, assessment: Assessment) -> int:
    """Where a finding stands: the outcome first, then as they contribute, then notes, then what was checked."""
    order: tuple[Outcome, ...] = (assessment.outcome, *assessment.contributing)
    if finding.outcome is not None:
        return order.index(finding.outcome) if finding.outcome in order else len(order)
    return len(order) + (2 if finding.code in CHECKED else 1)


def _mark(finding: Finding) -> Status:
    if finding.outcome is None:
        return Status.DONE if finding.code in CHECKED else Status.NOTE
    return Status.PLANNED if finding.certainty == "possible" else Status.SPEAKS


def _lines(finding: Finding, today: date, seen: set[tuple[object, ...]]) -> Iterator[FindingLine]:
    """One line per figure; the dose is one figure, the change and the class of response belong to theirs."""
    mark, change = _mark(finding), _change(finding)
    shown = [one for one in finding.because if one.what not in {CHANGE, RESPONSE} and not _is_empty_day(one)]
    dose = [because for because in shown if because.what in {"given", "need", "planned"} | SHARES]
    rest = [because for because in shown if because not in dose]
    first = True
    if dose and any(because.what == "given" for because in dose):
        yield _dose_line(mark, finding, dose)
        first = False
    else:
        rest = shown
    if not shown:
        yield FindingLine(mark, _label(finding), "", "", "", "", short_source(finding.source))
    for because in rest:
        label = _label(finding) if first else _further(because)
        figure = (because.what, because.value, because.collected)
        if (figure if not first else (*figure, label)) in seen:
            change, first = "", False
            continue
        seen.update((figure, (*figure, label)))
        yield FindingLine(
            mark,
            label,
            figures.value(because),
            change if first or because.what == "haemoglobin" else "",
            figures.cut_off(because, beside=label),
            short_date(because.collected, today) if because.collected else "",
            short_source(finding.source),
        )
        change, first = "", False


def _is_empty_day(because: Because) -> bool:
    """A count of days before any infusion: it says nothing."""
    return because.what == "day" and because.value is None


def _label(finding: Finding) -> str:
    """The plain label of a finding."""
    response = next((one.value for one in finding.because if one.what == RESPONSE), None)
    if finding.code == "haemoglobin-response":
        text = RESPONSES.get(str(response))
        return say(text) if text else figures.name("haemoglobin")
    known = LABELS.get(finding.code)
    if known is not None:
        return say(known, share=_share(finding)) if "{share}" in str(known) else say(known)
    if finding.because:
        return _further(finding.because[0])
    return finding.code.replace("-", " ").capitalize()


def _further(because: Because) -> str:
    """The label of a figure by itself."""
    text = TESTED.get((because.what, because.test or ""))
    return say(text) if text else figures.name(because.what)


def _share(finding: Finding) -> str:
    """ "34 %": how much of the need was given."""
    for because in finding.because:
        if because.what in SHARES and isinstance(because.value, Decimal):
            return f"{number(because.value * 100, 0)} %"
    return ""


def _dose_line(mark: Status, finding: Finding, dose: list[Because]) -> FindingLine:
    """Given of needed in one line, with the cut-off of the share."""
    by_name = {because.what: because for because in dose}
    given, need = by_name["given"].value, by_name.get("need", by_name.get("planned"))
    value = f"{figures.plain(given)} mg"
    if need is not None and isinstance(need.value, Decimal):
        value = say(figures.OF, given=figures.plain(given), need=figures.plain(need.value))
    tested = next((because for because in dose if because.test is not None), None)
    limit = figures.cut_off(tested, beside=None) if tested else ""
    return FindingLine(mark, _label(finding), value, "", limit, "", short_source(finding.source))


def _change(finding: Finding) -> str:
    """ "↑ 13": the difference to the baseline, where the finding carries one."""
    for because in finding.because:
        if because.what == CHANGE and isinstance(because.value, Decimal):
            measured = next((one.what for one in finding.because if one.unit == because.unit), because.what)
            return figures.arrow(because.value, measured, because.unit)
    return ""
