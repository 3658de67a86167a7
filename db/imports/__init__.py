"""Results from outside: pure readers of HL7 v2, FHIR R4 and tables; then matching, storing and the balance sheet."""
