"""Collecting cyclic garbage less often while many values are made that all stay.

A file's messages and what is stored of them live until the end of the import. Python would look through all of them
again and again for garbage, which took a quarter of the time.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

SELDOM: Final = (50_000, 20, 100)
"""New objects before the youngest are looked through, and how many times younger ones are before older ones."""


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """Look for garbage seldom in here. Where somebody else collects (in the window) nothing is changed."""
    before = gc.get_threshold()
    if not gc.isenabled() or before == SELDOM:
        yield
        return
    gc.set_threshold(*SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)
