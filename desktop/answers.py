"""Answers on their way from a worker to the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import shiboken6
from PySide6.QtCore import QObject


def hand_over(tell: Callable[[Any], object], source: QObject, answer: object) -> None:
    """Tell an answer from a worker. Where the window went before its worker was ended, nobody wants it any more."""
    try:
        tell(answer)
    except RuntimeError:
        if shiboken6.isValid(source):
            raise
