"""The window of one clinic, for lists that go out."""

from one_clinic import filled_file, one_clinic

__all__ = ["filled_file", "one_clinic"]
