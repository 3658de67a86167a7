"""Overdue: whose repeat blood tests have not come, how late, what was tried, and the next try."""
