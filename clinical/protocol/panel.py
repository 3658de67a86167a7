"""Which tests the repeat laboratory visit asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from clinical.facts import Product
from clinical.protocol.tables import Table


@dataclass(frozen=True, slots=True)
class Panel:
    """Analytes always asked for, those asked for while unknown, and the products that add phosphate."""

    always: tuple[str, ...]
    when_unknown: tuple[str, ...]
    phosphate_products: frozenset[Product]
    source: str
    valid_from: date


def parse_panel(table: Table) -> Panel:
    """The panel; `ProtocolError` for an unknown product."""
    products = table.texts("phosphate_products")
    known = {product.value for product in Product}
    for name in products:
        if name not in known:
            raise table.error("phosphate_products", f"{name} is not a known product")
    panel = Panel(
        always=table.texts("always"),
        when_unknown=table.texts("when_unknown"),
        phosphate_products=frozenset(Product(name) for name in products),
        source=table.text("source"),
        valid_from=table.day("valid_from"),
    )
    table.done()
    return panel
