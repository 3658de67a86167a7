"""The program of a clinic with people of every role, for tests of its settings."""

from __future__ import annotations

from staffed_clinic import as_nurse, protocol, running, staffed, staffed_file, start

__all__ = ["as_nurse", "protocol", "running", "staffed", "staffed_file", "start"]
