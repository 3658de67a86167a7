"""Pure clinical rules: facts in, an assessment out; no clock, no session, no sentence."""
