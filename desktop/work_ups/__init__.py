"""Work-ups: what still has to be found out about whom, as a list with its checklist and as a board."""
