"""The small clinic for tests of the frame."""

from __future__ import annotations

from one_clinic import filled_file, one_clinic

__all__ = ["filled_file", "one_clinic"]
