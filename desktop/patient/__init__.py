"""One patient: trends, results, courses with their infusions, the work-up, what is next, what happened."""
