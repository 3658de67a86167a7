"""Telephone and national numbers as they are typed: what is doubtful about them, in words. Never refused."""

from __future__ import annotations

import re

from db import check_digits
from desktop.wording.plain import tr

FEWEST, MOST = 7, 15
"""Digits a telephone number has: local numbers begin at about seven, international ones end at fifteen (E.164)."""

_PHONE = re.compile(r"\+?[0-9 ()./\-\u2011]+(?:\s*(?:ext\.?|x|#)\s*[0-9]{1,6})?", re.IGNORECASE)


def phone_doubt(text: str) -> str:
    """What is doubtful about a telephone number; empty where nothing is, or nothing is typed."""
    typed = text.strip()
    if not typed:
        return ""
    if _PHONE.fullmatch(typed) is None:
        return tr("This is more than a telephone number. Compare with the paper.")
    digits = sum(sign.isdigit() for sign in re.split(r"(?i)ext|x|#", typed)[0])
    if digits < FEWEST:
        return tr("Too short for a telephone number. Compare with the paper.")
    if digits > MOST:
        return tr("Too long for a telephone number. Compare with the paper.")
    return ""


def national_doubt(country: str, text: str) -> str:
    """What is doubtful about a national number of the clinic's country; empty where nothing is, or nothing is known."""
    if check_digits.fits(country, text.strip()) is False:
        return tr("The check digit does not fit. Compare with the paper.")
    return ""


def national_hint(country: str, text: str) -> str:
    """The remark below a national number while it is typed."""
    found = check_digits.fits(country, text.strip())
    return {True: tr("Check digit fits."), False: tr("Check digit does not fit yet."), None: ""}[found]
