"""The demo clinic whose pages are gone through by keyboard and by ear."""

from demo_program import demo_file, monkey

__all__ = ["demo_file", "monkey"]
