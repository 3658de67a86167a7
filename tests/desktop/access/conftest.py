"""The demo clinic whose pages are gone through by keyboard and by ear."""

from demo_program import demo_file, demo_journey, monkey

__all__ = ["demo_file", "demo_journey", "monkey"]
