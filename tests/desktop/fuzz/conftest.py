"""The demo clinic that random keys and clicks are tried on."""

from demo_program import demo_file, demo_journey, monkey

__all__ = ["demo_file", "demo_journey", "monkey"]
