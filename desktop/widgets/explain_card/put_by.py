"""What was half typed about one assessment while another patient is shown, until its own is shown again."""

from __future__ import annotations

from dataclasses import dataclass

from db.queries.assessments import ExplainView
from desktop.widgets.explain_card.drafts import Draft, StepDraft
from desktop.widgets.explain_card.panel import DecisionPanel, Typed


@dataclass(frozen=True, slots=True)
class PutBy:
    """The assessment and its sentence as they were read, the steps as edited (none where nothing was), the form as
    it stood, and the decision all that would have become."""

    about: tuple[int, int]
    sentence: str
    steps: tuple[StepDraft, ...]
    typed: Typed | None
    draft: Draft

    def still_about(self, view: ExplainView) -> bool:
        """Whether the assessment is the one it was typed about."""
        return self.about == (view.assessment_id, view.version)


def put_by(
    view: ExplainView, sentence: str, edited: tuple[StepDraft, ...], panel: DecisionPanel
) -> PutBy | None:
    """What stands on the card and is not saved; None where nothing is."""
    typed = panel.typed()
    if typed is None and not edited:
        return None
    draft = panel.draft() if typed is not None and typed.kind else Draft("accept", edited)
    return PutBy((view.assessment_id, view.version), sentence, edited, typed, draft)
