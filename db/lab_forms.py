"""Whether request forms for the laboratory are printed, or its work is ordered electronically: one setting."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from db import models as m

PAPER: Final = "paper"
ELECTRONIC: Final = "electronic"
CHOICES: Final = (PAPER, ELECTRONIC)
_KEY: Final = "laboratory-forms"


def lab_forms(session: Session) -> str:
    """What the clinic chose: `paper` (a form in the envelope of each appointment) until it says `electronic`."""
    found = session.scalar(select(m.Setting.value).where(m.Setting.key == _KEY))
    return str(found) if found in CHOICES else PAPER


def keep_lab_forms(session: Session, choice: str, at: datetime, user_id: int) -> None:
    """Keep the choice; one of `CHOICES`."""
    known = session.get(m.Setting, _KEY)
    if known is not None:
        known.value, known.changed_at, known.changed_by_id = choice, at, user_id
    elif choice != PAPER:
        session.add(m.Setting(key=_KEY, value=choice, changed_at=at, changed_by_id=user_id))
