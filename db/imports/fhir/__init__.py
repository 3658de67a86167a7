"""FHIR R4 results: Bundle, DiagnosticReport and Observation, as JSON or one resource a line, numbers as sent."""

from db.imports.fhir.reading import read, read_lines

__all__ = ["read", "read_lines"]
