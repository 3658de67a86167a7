"""Keeping the interpreter alive under PySide6 6.12 on Python 3.11.

That build of the bindings returns None without taking a reference, which is right from Python 3.12 on, where
None cannot die. On 3.11 every call of a Qt function without a result takes one reference away, and after some
thousand of them the interpreter ends with "deallocating None". Measured: 200 calls of
`QObject.setObjectName` lower `sys.getrefcount(None)` by 200.
"""

from __future__ import annotations

import ctypes
import sys

PLENTY = 1 << 60
"""More references than a program can lose in its life."""


def keep_none_alive() -> None:
    """Give None so many references that the lost ones do not matter; nothing to do from 3.12 on.

    The count is the first word of the object in CPython 3.11. Calling it again is harmless.
    """
    if sys.version_info >= (3, 12) or sys.implementation.name != "cpython":
        return
    if sys.getrefcount(None) < PLENTY // 2:
        ctypes.c_ssize_t.from_address(id(None)).value += PLENTY
