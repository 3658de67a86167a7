"""Clinicians outside the clinic: those who refer, and those who are written to."""
