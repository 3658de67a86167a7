"""Widgets used by two screens or more."""
