"""What leaves the record for other programs: a patient's courses as one FHIR R4 Bundle."""

from db.exports.course_facts import ExportFacts, export_facts
from db.exports.fhir import bundle, bundle_bytes

__all__ = ["ExportFacts", "bundle", "bundle_bytes", "export_facts"]
