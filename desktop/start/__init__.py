"""Before the clinic is open: log in, set up a clinic, or watch the demo clinic being made."""
