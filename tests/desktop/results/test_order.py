"""Which tests the entry shows at once."""

from clinical.protocol import load_protocol
from desktop.results.order import others, panel

PROTOCOL = load_protocol()


def test_the_panel_is_the_protocols_and_the_rest_is_on_offer() -> None:
    shown = panel(PROTOCOL, "ferric-carboxymaltose")
    assert set(PROTOCOL.panel.always) <= set(shown)
    assert set(PROTOCOL.panel.when_unknown) <= set(shown)
    assert {"iron", "tibc", "phosphate"} <= set(shown)
    assert len(shown) == len(set(shown))
    assert set(shown) | set(others(PROTOCOL, shown)) == set(PROTOCOL.analytes.by_name)
