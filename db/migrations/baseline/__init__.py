"""The parts of the first schema, as it was when it was first released; never edited afterwards."""
