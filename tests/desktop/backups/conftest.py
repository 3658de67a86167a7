"""The one small clinic, for the tests of its backups."""

from one_clinic import filled_file, one_clinic

__all__ = ["filled_file", "one_clinic"]
