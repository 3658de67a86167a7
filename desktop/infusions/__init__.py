"""Planned infusions and what was really given."""
