"""Figures beside their floors: what the same work costs with nothing but the library underneath, in the same run."""
