"""The one clinic these screens are tested on."""

from one_clinic import filled_file, one_clinic

__all__ = ["filled_file", "one_clinic"]
