"""Letters by kind: facts and wording in, a `Letter` out; `render` makes the PDF of it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

from reports.blocks import Letter, plain_text
from reports.document import render_letter
from reports.errors import PaperError
from reports.facts import LetterFacts, RenderedLetter
from reports.letters import (
    blood_test,
    lab_request,
    patient_results,
    plain_notice,
    referral,
    repeat_infusion,
    result_and_plan,
)
from reports.wording import Wording, load_wording

Compose = Callable[[LetterFacts, Wording], Letter]

KINDS: Mapping[str, Compose] = {
    patient_results.KIND: patient_results.compose,
    referral.KIND: referral.compose,
    result_and_plan.KIND: result_and_plan.compose,
    blood_test.APPOINTMENT: blood_test.compose,
    **dict.fromkeys(blood_test.REMINDERS, blood_test.compose),
    **dict.fromkeys(plain_notice.NOTICES, plain_notice.compose),
    repeat_infusion.KIND: repeat_infusion.compose,
    lab_request.KIND: lab_request.compose,
}
"""Every kind of letter that can be made."""


def compose(kind: str, facts: LetterFacts, wording: Wording | None = None) -> Letter:
    """The letter of a kind, in the language of its recipient unless another wording is given."""
    if kind not in KINDS:
        raise PaperError(f"There is no letter of the kind “{kind}”. There are: {', '.join(KINDS)}.")
    return KINDS[kind](facts, wording or load_wording(facts.recipient.language, kind))


def render(kind: str, facts: LetterFacts, wording: Wording | None = None) -> RenderedLetter:
    """A finished letter. The same facts and wording give the same bytes."""
    letter = compose(kind, facts, wording)
    pdf, pages = render_letter(letter)
    return RenderedLetter(
        kind=kind,
        pdf=pdf,
        sha256=hashlib.sha256(pdf).hexdigest(),
        pages=pages,
        title=letter.title,
        wording_version=letter.wording_version,
        text=plain_text(letter),
    )
