"""Review: results that wait for a decision, and the reading of why for any course."""
