"""Every reason for a checklist has words of its own, so that no code stands on a screen in any language."""

from __future__ import annotations

import pytest

from clinical.protocol import load_protocol
from desktop.wording.clinical import cause_name

OF_A_REFERRAL_ALONE = "referral"


@pytest.mark.parametrize("cause", [*load_protocol().work_up, OF_A_REFERRAL_ALONE])
def test_a_cause_is_said_in_words(cause: str) -> None:
    assert cause_name(cause)[:1].isupper()


def test_a_cause_without_words_is_seen_as_its_code() -> None:
    assert cause_name("not-worded-yet") == "not worded yet"
