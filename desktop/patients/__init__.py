"""Patients: everybody on record, found by any part of name, number, date of birth or phone."""
