"""The outcome as a person would say it, in one sentence, and one line that supports it.

Only words are made here; every number comes from the assessment. No cut-off is compared with anything.
"""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from clinical.outcome import Assessment, Finding, Outcome, Response
from desktop.wording import analyte_name, number, outcome_name, product_name, short_date
from desktop.wording.clinic_units import measured

_SHARES: tuple[tuple[Decimal, object], ...] = (
    (Decimal("0.10"), QT_TRANSLATE_NOOP("ExplainCard", "Only a tenth of the iron {who} needed was given.")),
    (Decimal("0.20"), QT_TRANSLATE_NOOP("ExplainCard", "Only a fifth of the iron {who} needed was given.")),
    (Decimal("0.25"), QT_TRANSLATE_NOOP("ExplainCard", "Only a quarter of the iron {who} needed was given.")),
    (Decimal("0.333"), QT_TRANSLATE_NOOP("ExplainCard", "Only a third of the iron {who} needed was given.")),
    (Decimal("0.50"), QT_TRANSLATE_NOOP("ExplainCard", "Only half of the iron {who} needed was given.")),
    (
        Decimal("0.667"),
        QT_TRANSLATE_NOOP("ExplainCard", "Only two thirds of the iron {who} needed was given."),
    ),
    (
        Decimal("0.75"),
        QT_TRANSLATE_NOOP("ExplainCard", "Only three quarters of the iron {who} needed was given."),
    ),
    (Decimal("0.90"), QT_TRANSLATE_NOOP("ExplainCard", "A tenth of the iron {who} needed is still owed.")),
    (
        Decimal("1.00"),
        QT_TRANSLATE_NOOP("ExplainCard", "The course ended before all the planned iron was given."),
    ),
)
"""Shares of the need that have a plain word; the nearest one is said."""

_SENTENCES: dict[Outcome, object] = {
    Outcome.DATA_INVALID: QT_TRANSLATE_NOOP(
        "ExplainCard", "A value or a date cannot be right; nothing can be said until it is corrected."
    ),
    Outcome.SAFETY_STOP: QT_TRANSLATE_NOOP("ExplainCard", "No more iron for now: it is not safe."),
    Outcome.TOO_EARLY: QT_TRANSLATE_NOOP("ExplainCard", "These bloods came too soon to judge the iron by."),
    Outcome.OTHER_CAUSE: QT_TRANSLATE_NOOP(
        "ExplainCard", "Something besides iron is holding {whose} blood count back."
    ),
    Outcome.INADEQUATE_DOSE: QT_TRANSLATE_NOOP("ExplainCard", "Too little iron was given."),
    Outcome.ONGOING_LOSS: QT_TRANSLATE_NOOP("ExplainCard", "The iron went in and is being lost again."),
    Outcome.FUNCTIONAL: QT_TRANSLATE_NOOP(
        "ExplainCard", "The iron is there, but {whose} body cannot use it."
    ),
    Outcome.CKD_EPO_DEFICIT: QT_TRANSLATE_NOOP(
        "ExplainCard", "The stores are full; the kidneys do not drive blood making enough."
    ),
    Outcome.HYPOPHOSPHATAEMIA: QT_TRANSLATE_NOOP(
        "ExplainCard", "The iron worked, but phosphate is low and can feel like failure."
    ),
    Outcome.STORES_REPLETE_SYMPTOMATIC: QT_TRANSLATE_NOOP(
        "ExplainCard", "Blood and stores are full; the symptoms have another cause."
    ),
    Outcome.INDETERMINATE: QT_TRANSLATE_NOOP("ExplainCard", "These results do not show why; more is needed."),
    Outcome.URGENT: QT_TRANSLATE_NOOP("ExplainCard", "A clinician must see this today."),
}

_RESPONDED: dict[Response, object] = {
    Response.COMPLETE: QT_TRANSLATE_NOOP(
        "ExplainCard", "The iron worked: haemoglobin and stores are where they should be."
    ),
    Response.ADEQUATE: QT_TRANSLATE_NOOP(
        "ExplainCard", "The iron worked, but the stores are not shown to be full."
    ),
}

_RESPONSES: dict[Response, object] = {
    Response.COMPLETE: QT_TRANSLATE_NOOP("ExplainCard", "Complete response"),
    Response.ADEQUATE: QT_TRANSLATE_NOOP("ExplainCard", "Adequate response"),
    Response.PARTIAL: QT_TRANSLATE_NOOP("ExplainCard", "Partial response"),
    Response.NONE: QT_TRANSLATE_NOOP("ExplainCard", "No response"),
    Response.WORSE: QT_TRANSLATE_NOOP("ExplainCard", "Worse than before"),
    Response.TOO_EARLY: QT_TRANSLATE_NOOP("ExplainCard", "Drawn too early to class"),
    Response.NOT_ASSESSABLE: QT_TRANSLATE_NOOP("ExplainCard", "The response cannot be classed"),
}


def say(text: object, **values: object) -> str:
    """A marked text of this card in the user's language, with its values put in."""
    sentence = QCoreApplication.translate("ExplainCard", str(text))
    return sentence.format(**values) if values else sentence


def pronouns(sex: str) -> dict[str, str]:
    """`who` and `whose` for a sentence about the patient; `they` where the sex is not known."""
    if sex == "female":
        return {"who": say("she"), "whose": say("her")}
    if sex == "male":
        return {"who": say("he"), "whose": say("his")}
    return {"who": say("they"), "whose": say("their")}


def sentence(assessment: Assessment, sex: str) -> str:
    """The outcome in one plain sentence, worded from the outcome and the values it rests on."""
    words = pronouns(sex)
    outcome = assessment.outcome
    if outcome is Outcome.RESPONDED:
        return say(_RESPONDED.get(assessment.response, _RESPONDED[Response.ADEQUATE]))
    if outcome is Outcome.NO_FOLLOW_UP_YET:
        return _waiting(assessment)
    if outcome is Outcome.INADEQUATE_DOSE and assessment.dose.ratio is not None:
        ratio = assessment.dose.ratio
        nearest = min(_SHARES, key=lambda share: abs(share[0] - ratio))
        return say(nearest[1], **words)
    if outcome is Outcome.FUNCTIONAL and any(
        because.what == "crp"
        for finding in assessment.findings
        for because in finding.because
        if finding.outcome is Outcome.FUNCTIONAL
    ):
        return say(
            QT_TRANSLATE_NOOP("ExplainCard", "The iron is there, but inflammation keeps it from being used.")
        )
    if outcome in (Outcome.URGENT, Outcome.SAFETY_STOP):
        figure = _leading_figure(assessment, outcome)
        if figure:
            return _with_figure(outcome, figure)
    return say(_SENTENCES[outcome], **words)


def _with_figure(outcome: Outcome, figure: str) -> str:
    """A stop or an alarm said with the figure that raised it."""
    if outcome is Outcome.URGENT:
        return say(
            QT_TRANSLATE_NOOP("ExplainCard", "{figure}: a clinician must see this today."), figure=figure
        )
    return say(QT_TRANSLATE_NOOP("ExplainCard", "No more iron for now: {figure}."), figure=_lower(figure))


def _lower(text: str) -> str:
    """First letter small, unless the word is an abbreviation such as TSAT."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def _leading_figure(assessment: Assessment, outcome: Outcome) -> str:
    """ "Haemoglobin 66 g/L": the first measured figure of the first finding that speaks for the outcome."""
    for finding in assessment.findings:
        if finding.outcome is outcome:
            for because in finding.because:
                if isinstance(because.value, Decimal):
                    amount = measured(because.what, because.value, because.unit)
                    return f"{analyte_name(because.what)} {amount}"
    return ""


def _waiting(assessment: Assessment) -> str:
    """The sentence while nothing has come back: no iron yet, window open or not, or late."""
    window = assessment.window
    if window is None:
        return say(QT_TRANSLATE_NOOP("ExplainCard", "No iron has been given yet."))
    if assessment.as_of < window.opens:
        return say(
            QT_TRANSLATE_NOOP("ExplainCard", "It is too soon to look: repeat bloods open on {day}."),
            day=short_date(window.opens, assessment.as_of),
        )
    if assessment.as_of <= window.closes:
        return say(QT_TRANSLATE_NOOP("ExplainCard", "The repeat bloods are due now."))
    return say(QT_TRANSLATE_NOOP("ExplainCard", "The repeat bloods have not come."))


def supporting(assessment: Assessment, product: str | None) -> str:
    """One line under the sentence: class, day and dose, then what else was found or not."""
    parts = [_course_line(assessment, product)]
    if assessment.outcome in (Outcome.NO_FOLLOW_UP_YET, Outcome.TOO_EARLY):
        parts.append(_window_line(assessment))
    elif others := contributing(assessment):
        parts.append(say(QT_TRANSLATE_NOOP("ExplainCard", "Also: {others}."), others=", ".join(others)))
    elif assessment.outcome is Outcome.INADEQUATE_DOSE:
        parts.append(
            say(QT_TRANSLATE_NOOP("ExplainCard", "Nothing yet points to ongoing loss or a second disease."))
        )
    return " ".join(part for part in parts if part)


def _course_line(assessment: Assessment, product: str | None) -> str:
    """ "Partial response on day 37 after 500 mg ferric carboxymaltose." """
    if assessment.window is None:
        return ""
    given = say(
        QT_TRANSLATE_NOOP("ExplainCard", "{mg} mg {product}"),
        mg=number(assessment.dose.given_mg),
        product=product_name(product) if product else say(QT_TRANSLATE_NOOP("ExplainCard", "iron")),
    )
    if assessment.index_day is None:
        return say(QT_TRANSLATE_NOOP("ExplainCard", "After {given}."), given=given)
    return say(
        QT_TRANSLATE_NOOP("ExplainCard", "{response} on day {day} after {given}."),
        response=say(_RESPONSES[assessment.response]),
        day=assessment.index_day,
        given=given,
    )


def _window_line(assessment: Assessment) -> str:
    """When the repeat bloods count, with the day the clinic aims for."""
    window = assessment.window
    if window is None:
        return ""
    return say(
        QT_TRANSLATE_NOOP("ExplainCard", "Repeat bloods count from {opens} to {closes}; best on {target}."),
        opens=short_date(window.opens, assessment.as_of),
        closes=short_date(window.closes, assessment.as_of),
        target=short_date(window.target, assessment.as_of),
    )


def contributing(assessment: Assessment) -> tuple[str, ...]:
    """The contributing outcomes in words; `(possible)` where no certain finding speaks for one.

    That the iron worked is said by the class of response and not repeated here.
    """
    words = []
    for outcome in assessment.contributing:
        if outcome is Outcome.RESPONDED:
            continue
        behind = [finding for finding in assessment.findings if finding.outcome is outcome]
        name = _lower(outcome_name(outcome.value))
        if behind and all(_is_possible(finding) for finding in behind):
            name = say(QT_TRANSLATE_NOOP("ExplainCard", "{name} (possible)"), name=name)
        words.append(name)
    return tuple(words)


def _is_possible(finding: Finding) -> bool:
    """True where a finding may hold but a test is missing."""
    return finding.certainty == "possible"
