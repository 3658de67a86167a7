"""The one clinic these screens are tested on, and its window with the lock."""

from locked_window import locked
from one_clinic import filled_file, one_clinic

__all__ = ["filled_file", "locked", "one_clinic"]
