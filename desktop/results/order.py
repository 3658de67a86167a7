"""Which tests stand on the panel at once, and which come when asked for."""

from __future__ import annotations

from collections.abc import Iterable

from clinical.analytes import names
from clinical.protocol import Protocol

_BESIDE = {"transferrin-saturation": ("iron", "tibc"), "creatinine": ("egfr",)}
"""Tests a laboratory may send instead of one of the panel, shown after it."""


def panel(protocol: Protocol, product: str | None) -> tuple[str, ...]:
    """The protocol's panel in its order, phosphate early where the product asks for it."""
    wanted = [*protocol.panel.always]
    if product in {p.value for p in protocol.panel.phosphate_products}:
        wanted.append("phosphate")
    wanted += ["phosphate", *protocol.panel.when_unknown]
    order: list[str] = []
    for analyte in wanted:
        for name in (analyte, *_BESIDE.get(analyte, ())):
            if name not in order and name in protocol.analytes.by_name:
                order.append(name)
    return tuple(order)


def others(protocol: Protocol, shown: Iterable[str]) -> tuple[str, ...]:
    """Every other test the protocol knows."""
    there = set(shown)
    return tuple(name for name in names(protocol) if name not in there)
