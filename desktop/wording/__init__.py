"""Words for dates, numbers and codes on the screen, in the language of the user."""
