"""The small clinic for tests of the frame, and one with people of every role."""

from __future__ import annotations

from one_clinic import filled_file, one_clinic
from staffed_clinic import protocol, staffed, staffed_file, start

__all__ = ["filled_file", "one_clinic", "protocol", "staffed", "staffed_file", "start"]
