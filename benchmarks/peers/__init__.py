"""Other programs beside Replete, where they can be installed; none of it belongs to the tests."""
