"""HL7 v2 results: ORU^R01, R30, R32 and OUL^R22, versions 2.1 to 2.8, as laboratories really send them."""

from db.imports.hl7.reading import read

__all__ = ["read"]
