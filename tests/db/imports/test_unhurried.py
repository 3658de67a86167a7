"""Garbage is collected seldom during an import, and as before after it."""

from __future__ import annotations

import gc

import pytest

from db.imports.unhurried import SELDOM, collecting_seldom


def test_seldom_inside_and_as_before_afterwards() -> None:
    before = gc.get_threshold()
    with collecting_seldom():
        assert gc.get_threshold() == SELDOM
        with collecting_seldom():
            assert gc.get_threshold() == SELDOM
        assert gc.get_threshold() == SELDOM
    assert gc.get_threshold() == before


def test_as_before_after_a_fault_too() -> None:
    before = gc.get_threshold()
    with pytest.raises(KeyError), collecting_seldom():
        {}["nothing"]
    assert gc.get_threshold() == before


def test_who_collects_elsewhere_is_left_alone() -> None:
    before = gc.get_threshold()
    gc.disable()
    try:
        with collecting_seldom():
            assert (gc.get_threshold(), gc.isenabled()) == (before, False)
    finally:
        gc.enable()
