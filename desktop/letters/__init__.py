"""Letters: which are due, what each will say, and the archive of exactly what was printed."""
