"""Typing in a panel of results: collected on, laboratory, values with units, and what was concluded."""
