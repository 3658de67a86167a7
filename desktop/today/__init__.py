"""Today: one line per open next step, in the order of risk, and what to do about each."""
