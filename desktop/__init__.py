"""The shell: the window and the command line. Nothing imports it."""

from __future__ import annotations

import ctypes
import sys

if sys.version_info < (3, 12):
    # WORKAROUND: the wheels of PySide6 6.12 rely on None, True and False being immortal, as they are from Python
    # 3.12 on, and give one reference to them away with calls that return nothing and with signals that are
    # emitted; after some thousand calls Python 3.11 aborts. A reference count no program can use up does for 3.11
    # what 3.12 does by itself. tests/desktop/test_none_survives.py fails without it.
    for _constant in (None, True, False, NotImplemented):
        ctypes.c_ssize_t.from_address(id(_constant)).value += 1 << 60
